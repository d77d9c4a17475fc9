/** Which events of Windows a category or service of Sigma means, and what their fields are called there (Sigma taxonomy; SigmaHQ's sysmon and windows-audit pipelines). */
import type { FieldMap, RecordView } from './record-view.ts';

/** Channels of services, in lower case. */
export const CHANNELS: Readonly<Record<string, readonly string[]>> = {
  application: ['application'], security: ['security'], system: ['system'], sysmon: ['microsoft-windows-sysmon/operational'],
  powershell: ['microsoft-windows-powershell/operational', 'powershellcore/operational'], 'powershell-classic': ['windows powershell'],
  taskscheduler: ['microsoft-windows-taskscheduler/operational'], wmi: ['microsoft-windows-wmi-activity/operational'], windefend: ['microsoft-windows-windows defender/operational'],
  'dns-server': ['dns server'], 'dns-server-audit': ['microsoft-windows-dns-server/audit'], 'dns-server-analytic': ['microsoft-windows-dns-server/analytical'], 'dns-client': ['microsoft-windows-dns client events/operational', 'microsoft-windows-dns-client/operational'],
  'driver-framework': ['microsoft-windows-driverframeworks-usermode/operational'], ntlm: ['microsoft-windows-ntlm/operational'], dhcp: ['microsoft-windows-dhcp-server/operational'],
  'msexchange-management': ['msexchange management'], applocker: ['microsoft-windows-applocker/msi and script', 'microsoft-windows-applocker/exe and dll', 'microsoft-windows-applocker/packaged app-deployment', 'microsoft-windows-applocker/packaged app-execution'],
  'printservice-admin': ['microsoft-windows-printservice/admin'], 'printservice-operational': ['microsoft-windows-printservice/operational'], 'codeintegrity-operational': ['microsoft-windows-codeintegrity/operational'],
  'smbclient-security': ['microsoft-windows-smbclient/security'], 'smbclient-connectivity': ['microsoft-windows-smbclient/connectivity'], 'smbserver-connectivity': ['microsoft-windows-smbserver/connectivity'], 'smbserver-security': ['microsoft-windows-smbserver/security'],
  'firewall-as': ['microsoft-windows-windows firewall with advanced security/firewall'], 'bits-client': ['microsoft-windows-bits-client/operational'], 'security-mitigations': ['microsoft-windows-security-mitigations/kernel mode', 'microsoft-windows-security-mitigations/user mode'],
  diagnosis: ['microsoft-windows-diagnosis-scripted/operational'], 'diagnosis-scripted': ['microsoft-windows-diagnosis-scripted/operational'], 'shell-core': ['microsoft-windows-shell-core/operational'], openssh: ['openssh/operational'],
  ldap_debug: ['microsoft-windows-ldap-client/debug'], ldap: ['microsoft-windows-ldap-client/debug'], vhdmp: ['microsoft-windows-vhdmp/operational'], 'appxdeployment-server': ['microsoft-windows-appxdeploymentserver/operational'],
  'appxpackaging-om': ['microsoft-windows-appxpackaging/operational'], 'appmodel-runtime': ['microsoft-windows-appmodel-runtime/admin'], 'lsa-server': ['microsoft-windows-lsa/operational'], 'terminalservices-localsessionmanager': ['microsoft-windows-terminalservices-localsessionmanager/operational'],
  'terminalservices-remoteconnectionmanager': ['microsoft-windows-terminalservices-remoteconnectionmanager/operational'], 'microsoft-servicebus-client': ['microsoft-servicebus-client'], 'servicebus-client': ['microsoft-servicebus-client/operational', 'microsoft-servicebus-client/admin'],
  'certificateservicesclient-lifecycle-system': ['microsoft-windows-certificateservicesclient-lifecycle-system/operational'], capi2: ['microsoft-windows-capi2/operational'], sense: ['microsoft-windows-sense/operational'],
  'application-experience': ['microsoft-windows-application-experience/program-telemetry', 'microsoft-windows-application-experience/program-compatibility-assistant', 'microsoft-windows-application-experience/program-inventory'],
  'kernel-event-tracing': ['microsoft-windows-kernel-eventtracing', 'microsoft-windows-kernel-eventtracing/admin'], 'kernel-shimengine': ['microsoft-windows-kernel-shimengine/operational', 'microsoft-windows-kernel-shimengine/diagnostic'],
  'iis-configuration': ['microsoft-iis-configuration/operational'], winrm: ['microsoft-windows-winrm/operational'], 'group-policy': ['microsoft-windows-grouppolicy/operational'], 'hyper-v-worker': ['microsoft-windows-hyper-v-worker', 'microsoft-windows-hyper-v-worker-admin', 'microsoft-windows-hyper-v-worker-operational', 'microsoft-windows-hyper-v-worker/admin', 'microsoft-windows-hyper-v-worker/operational'],
  bitlocker: ['microsoft-windows-bitlocker/bitlocker management'], ntfs: ['microsoft-windows-ntfs/operational'],
};

interface Events {
  channels: readonly string[];
  ids: readonly string[];
  /** a field and the values one of which it must have */
  where?: readonly [string, readonly string[]];
  fields?: FieldMap;
}
const SYSMON = ['microsoft-windows-sysmon/operational'];
const POWERSHELL = ['microsoft-windows-powershell/operational', 'powershellcore/operational'];
const SECURITY = ['security'];
const sysmon = (...ids: number[]): Events => ({ channels: SYSMON, ids: ids.map(String) });

const own = (...names: string[]) => (view: RecordView): readonly string[] | null => view.first(...names.map((name) => name.toLowerCase()));
/** A name with its domain, as Sysmon writes users. */
const account = (prefix: string) => (view: RecordView): readonly string[] | null => {
  const [name] = view.first(`${prefix}username`) ?? [];
  const [domain] = view.first(`${prefix}domainname`) ?? [];
  return name === undefined ? null : [domain === undefined ? name : `${domain}\\${name}`];
};
const decimal = (name: string) => (view: RecordView): readonly string[] | null => view.first(name)?.map((value) => (/^0x[0-9a-f]{1,12}$/i.test(value) ? String(Number(value)) : value)) ?? null;
const INTEGRITY = new Map([['S-1-16-0', 'Untrusted'], ['S-1-16-4096', 'Low'], ['S-1-16-8192', 'Medium'], ['S-1-16-8448', 'Medium Plus'], ['S-1-16-12288', 'High'], ['S-1-16-16384', 'System']]);
/** Hives of the kernel as Sysmon abbreviates them. */
const hive = (path: string): string => path.replace(/^\\REGISTRY\\MACHINE/i, 'HKLM').replace(/^\\REGISTRY\\USER/i, 'HKU');
/** What the security log has of a value of the registry as codes and in parts, as Sysmon writes it. */
export function registryTexts(view: RecordView): readonly string[] {
  return [...(registryPath(view) ?? []), ...(view.first('operationtype') ?? []).map((operation) => OPERATIONS.get(operation) ?? '')];
}
/** The path of a value, which the security log has in two parts. */
function registryPath(view: RecordView): readonly string[] | null {
  const [key] = view.first('objectname') ?? [];
  const [value] = view.first('objectvaluename') ?? [];
  return key === undefined ? null : [hive(value === undefined ? key : `${key}\\${value}`)];
}

/** Values that PowerShell writes in lines of one text, as HostApplication=… or Host Application = …; by name without blanks. */
function powershellLines(view: RecordView): ReadonlyMap<string, string[]> {
  const known = view.memo.get(powershellLines) as Map<string, string[]> | undefined;
  if (known) return known;
  const lines = new Map<string, string[]>();
  view.memo.set(powershellLines, lines);
  if (windowsEvent(view)?.channel.includes('powershell') !== true) return lines;
  for (const text of [...(view.leaves.get('data') ?? []), ...(view.leaves.get('contextinfo') ?? [])]) {
    for (const [, name, value] of text.matchAll(/^[ \t]*([A-Za-z][A-Za-z ]{1,30}?)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm)) lines.set(name.replaceAll(' ', '').toLowerCase(), [value]);
  }
  return lines;
}
/** What rules call fields that events have under another name, or inside of a text. */
export const WINDOWS: FieldMap = {
  '*': (view, name) => (name === 'eventlog' ? (view.event ? [view.event.channel] : view.first('channel')) : name === 'processcommandline' ? view.first('commandline') : null) ?? powershellLines(view).get(name) ?? null,
};
const CREATED: FieldMap = {
  ...WINDOWS,
  image: own('NewProcessName'), parentimage: own('ParentProcessName'), commandline: own('CommandLine', 'ProcessCommandLine'), user: account('subject'), processid: decimal('newprocessid'), parentprocessid: decimal('processid'),
  logonid: own('SubjectLogonId'), integritylevel: (view) => view.first('mandatorylabel')?.flatMap((sid) => [INTEGRITY.get(sid) ?? sid, sid]) ?? null,
};
/** What is done to a value, as Sysmon calls it. */
const OPERATIONS = new Map([['%%1904', 'SetValue'], ['%%1905', 'SetValue'], ['%%1906', 'DeleteValue'], ['New registry value created', 'SetValue'], ['Existing registry value modified', 'SetValue'], ['Registry value deleted', 'DeleteValue']]);
const REGISTRY: FieldMap = {
  ...WINDOWS,
  image: own('ProcessName'), details: own('NewValue'), user: account('subject'), targetobject: registryPath,
  eventtype: (view) => view.first('operationtype')?.map((operation) => OPERATIONS.get(operation) ?? operation) ?? null,
};
/** Paths of devices as paths of drives: the drive's letter is not in the event. */
const CONNECTED: FieldMap = {
  ...WINDOWS,
  image: (view) => view.first('application')?.map((path) => path.replace(/^\\device\\harddiskvolume\d+/i, 'C:')) ?? null, destinationip: own('DestAddress'), destinationport: own('DestPort'), sourceip: own('SourceAddress'), sourceport: own('SourcePort'),
  initiated: (view) => view.first('direction')?.map((direction) => (direction === '%%14593' ? 'true' : 'false')) ?? null, protocol: (view) => view.first('protocol')?.map((number) => (number === '6' ? 'tcp' : number === '17' ? 'udp' : number)) ?? null,
};

/** Events of categories. */
export const CATEGORIES: Readonly<Record<string, readonly Events[]>> = {
  process_creation: [sysmon(1), { channels: SECURITY, ids: ['4688'], fields: CREATED }], file_change: [sysmon(2)],
  network_connection: [sysmon(3), { channels: SECURITY, ids: ['5156'], fields: CONNECTED }], sysmon_status: [sysmon(4, 16)], process_termination: [sysmon(5)], driver_load: [sysmon(6)], image_load: [sysmon(7)],
  create_remote_thread: [sysmon(8)], raw_access_thread: [sysmon(9)], raw_access_read: [sysmon(9)], process_access: [sysmon(10)], file_event: [sysmon(11)], file_create: [sysmon(11)], file_creation: [sysmon(11)], create_stream_hash: [sysmon(15)], pipe_created: [sysmon(17, 18)], wmi_event: [sysmon(19, 20, 21)],
  registry_add: [{ ...sysmon(12), where: ['eventtype', ['createkey']] }], registry_delete: [{ ...sysmon(12), where: ['eventtype', ['deletekey', 'deletevalue']] }, { channels: SECURITY, ids: ['4657'], where: ['operationtype', ['%%1906', 'registry value deleted']], fields: REGISTRY }],
  registry_set: [sysmon(13), { channels: SECURITY, ids: ['4657'], where: ['operationtype', ['%%1904', '%%1905', 'new registry value created', 'existing registry value modified']], fields: REGISTRY }], registry_rename: [sysmon(14)],
  registry_event: [sysmon(12, 13, 14), { channels: SECURITY, ids: ['4657'], fields: REGISTRY }], dns_query: [sysmon(22)], file_delete: [sysmon(23, 26)], file_delete_detected: [sysmon(26)], clipboard_capture: [sysmon(24)], clipboard_change: [sysmon(24)],
  process_tampering: [sysmon(25)], file_block: [sysmon(27)], file_block_executable: [sysmon(27)], file_block_shredding: [sysmon(28)], file_executable_detected: [sysmon(29)], sysmon_error: [sysmon(255)],
  file_rename: [{ channels: ['microsoft-windows-kernel-file/analytic'], ids: ['19', '27'] }], file_access: [{ channels: ['microsoft-windows-kernel-file/analytic'], ids: ['12'] }],
  ps_module: [{ channels: POWERSHELL, ids: ['4103'] }], ps_script: [{ channels: POWERSHELL, ids: ['4104'] }], ps_classic_start: [{ channels: ['windows powershell'], ids: ['400'] }],
  ps_classic_provider_start: [{ channels: ['windows powershell'], ids: ['600'] }], ps_classic_script: [{ channels: ['windows powershell'], ids: ['800'] }],
};

export interface WindowsEvent {
  channel: string;
  id: string;
}
/** The channel and number of a record of Windows, in lower case; null = it is none. Sysmon for Linux writes the same events: they are none. */
export function windowsEvent(view: RecordView): WindowsEvent | null {
  const known = view.memo.get(windowsEvent);
  if (known !== undefined) return known as WindowsEvent | null;
  if (!view.structured) return null;
  const { event } = view;
  const id = event ? event.id || undefined : view.first('eventid')?.[0];
  const channel = event ? event.channel || undefined : view.first('channel')?.[0];
  const [provider] = view.first('provider_name', 'sourcename') ?? [];
  let found: WindowsEvent | null = null;
  if (id !== undefined && (channel !== undefined || provider !== undefined) && provider !== 'Linux-Sysmon') {
    const guessed = /^microsoft-windows-sysmon$/i.test(provider ?? '') ? SYSMON[0] : /^microsoft-windows-security-auditing$/i.test(provider ?? '') ? 'security' : '';
    found = { channel: channel?.toLowerCase() ?? guessed, id };
  }
  view.memo.set(windowsEvent, found);
  return found;
}

/** What fields are called in a record when it is an event of a category; null = it is none. */
export function inCategory(events: readonly Events[], view: RecordView): FieldMap | null {
  const event = windowsEvent(view);
  if (!event) return null;
  const found = events.find(({ channels, ids, where }) => ids.includes(event.id) && channels.includes(event.channel) && (!where || (view.first(where[0]) ?? []).some((value) => where[1].includes(value.toLowerCase()))));
  return found ? (found.fields ?? WINDOWS) : null;
}
