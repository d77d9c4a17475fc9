import { expect, test } from 'vitest';
import { found, rule, setOf } from '../../../../../test/support/sigma-rules.ts';
import { gateOf } from './logsource.ts';

/** The log sources of the specification (taxonomy appendix 2.1) and of SigmaHQ's own check of rules: product / category / service, and a format that has it. */
const TAXONOMY = `django/application/ python|python/application/ python|rpc_firewall/application/ evtx|ruby_on_rails/application/ text|spring/application/ java|sql/application/ postgres|jvm/application/ java|nodejs/application/ node|velocity/application/ java
opencanary/application/ jsonl|kubernetes/application/audit json|kubernetes/application/ jsonl|qualys/application/ text|modsecurity/application/ apache-error|modsecurity// apache-error
/antivirus/ evtx|/database/ mysql-error|aws//cloudtrail json|azure//activitylogs json|azure//auditlogs json|azure//riskdetection json|azure//pim json|azure//signinlogs csv|bitbucket//audit jsonl|cisco//duo jsonl|gcp//gcp.audit json|gcp//google_workspace.admin json|google_workspace//google_workspace.admin json
github//audit jsonl|m365//audit csv|m365//exchange json|m365//threat_detection json|m365//threat_management json|okta//okta json|onelogin//onelogin.events json
linux/file_event/ auditd|linux/network_connection/ rfc3164|linux/process_creation/ auditd|linux/process_termination/ rfc5424|linux/raw_access_read/ rfc3164|linux/sysmon_status/ rfc3164|linux/file_delete/ auditd
linux//auditd auditd|linux//auth rfc3164|linux//clamav rfc3164|linux//cron rfc3164|linux//guacamole rfc3164|linux//sudo rfc5424|linux//sshd journald|linux//syslog rfc3164|linux//vsftpd text|linux//modsecurity apache-error|linux// shell-history
macos/file_event/ jsonl|macos/process_creation/ jsonl|macos/network_connection/ json|macos/process_termination/ json|macos/raw_access_read/ json|macos/sysmon_status/ json|macos/file_delete/ json
cisco//aaa rfc3164|cisco//bgp rfc3164|cisco//ldp rfc3164|cisco//syslog rfc3164|huawei//bgp rfc3164|juniper//bgp rfc3164|fortinet//event logfmt|fortigate//event rfc3164|fortios//sslvpnd rfc3164|paloalto/file_event/globalprotect csv|zeek//dce_rpc zeek|zeek//dns zeek|zeek//http jsonl|zeek//kerberos zeek|zeek//rdp zeek|zeek//smb_files zeek|zeek//x509 zeek
/dns/ rfc3164|/firewall/ cef|/proxy/ access|/webserver/ access|//apache apache-error|//nginx nginx-error|//netflow csv|/network/connection zeek|/network/dns jsonl|apache//access access|apache//error apache-error|windows//iis w3c
${'process_creation file_change network_connection sysmon_status process_termination driver_load image_load create_remote_thread raw_access_thread raw_access_read process_access file_event registry_event registry_add registry_delete registry_set registry_rename create_stream_hash pipe_created wmi_event dns_query file_delete clipboard_capture clipboard_change process_tampering file_delete_detected file_block file_block_executable file_block_shredding file_executable_detected sysmon_error file_access file_rename ps_classic_start ps_classic_provider_start ps_classic_script ps_module ps_script'.split(' ').map((category) => `windows/${category}/ evtx`).join('|')}
${'application application-experience applocker appmodel-runtime appxdeployment-server appxpackaging-om bitlocker bits-client capi2 certificateservicesclient-lifecycle-system codeintegrity-operational dhcp diagnosis-scripted dns-client dns-server dns-server-analytic dns-server-audit driver-framework firewall-as hyper-v-worker iis-configuration kernel-event-tracing kernel-shimengine ldap lsa-server msexchange-management ntfs ntlm openssh powershell powershell-classic printservice-admin printservice-operational security security-mitigations sense servicebus-client shell-core smbclient-connectivity smbclient-security sysmon system taskscheduler terminalservices-localsessionmanager vhdmp windefend wmi'.split(' ').map((service) => `windows//${service} evtx`).join('|')}`;

test.each(TAXONOMY.split(/[|\n]/))('%s is known', (line) => {
  const [source, format] = line.split(' ');
  const [product, category, service] = source.split('/');
  const gate = gateOf({ product, category, service, at: 0 });
  expect(gate.note).toBe('');
  expect(gate.format(format)).toBe(true);
});

test('what nothing here knows is tried on everything that is not of Windows, and says so', () => {
  const set = setOf(rule('s: {a: 1}\nt: [overflow]\ncondition: s or t', 'product: teapot, service: spout'));
  expect(set.listed[0].note).toContain('teapot / spout');
  expect(found(set, 'text', 'a heap overflow')).toEqual(['R']);
  expect(found(set, 'jsonl', '{"a":1}')).toEqual(['R']);
  expect(found(set, 'jsonl', '{"a":1,"EventID":1,"Channel":"Security"}')).toEqual([]);
});

const windows = (channel: string, id: number, data: object, where = 'EventData'): string => JSON.stringify({ Event: { System: { Provider: { '#attributes': { Name: 'P' } }, EventID: id, Channel: channel, Computer: 'ws1' }, [where]: data } });
const hits = (selection: string, logsource: string, format: string, record: string): boolean => {
  const set = setOf(rule(`s: ${selection}`, logsource));
  expect(set.problems).toEqual([]);
  return found(set, format, record).length === 1;
};

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
test.each([
  ['process_creation', 1], ['network_connection', 3], ['process_termination', 5], ['driver_load', 6], ['image_load', 7], ['create_remote_thread', 8], ['raw_access_thread', 9], ['process_access', 10], ['file_event', 11], ['registry_set', 13],
  ['registry_rename', 14], ['create_stream_hash', 15], ['pipe_created', 17], ['pipe_created', 18], ['wmi_event', 19], ['wmi_event', 20], ['wmi_event', 21], ['dns_query', 22], ['file_delete', 23], ['file_delete', 26], ['process_tampering', 25], ['file_executable_detected', 29],
])('%s is event %d of Sysmon and no other', (category, id) => {
  const source = `product: windows, category: ${category}`;
  expect(hits('{f: x}', source, 'evtx', windows(SYSMON, id, { f: 'x' }))).toBe(true);
  expect(hits('{f: x}', source, 'evtx', windows(SYSMON, 99, { f: 'x' }))).toBe(false);
  expect(hits('{f: x}', source, 'evtx', windows('System', id, { f: 'x' }))).toBe(false);
});

test.each([
  ['{NewValue|contains: Exclusions}', 'service: windefend', windows('Microsoft-Windows-Windows Defender/Operational', 5007, { 'New Value': String.raw`HKLM\SOFTWARE\Exclusions\x` })],
  ['{"New Value|contains": Exclusions}', 'service: windefend', windows('Microsoft-Windows-Windows Defender/Operational', 5007, { 'New Value': 'Exclusions' })],
  ['{Signature|startswith: Hack, Filename|endswith: .exe}', 'category: antivirus', windows('Microsoft-Windows-Windows Defender/Operational', 1116, { 'Threat Name': 'HackTool', Path: String.raw`file:_C:\a.exe` })],
  ['{Data|contains: HostApplication=powershell}', 'category: ps_classic_start', windows('Windows PowerShell', 400, { Data: { '#text': ['Available', 'None', '\tHostName=ConsoleHost\r\n\tHostApplication=powershell -enc\r\n'] } })],
  ['{HostApplication|startswith: powershell, HostName: ConsoleHost}', 'category: ps_classic_start', windows('Windows PowerShell', 400, { Data: { '#text': ['x', '\tHostName=ConsoleHost\r\n\tHostApplication=powershell -enc\r\n'] } })],
  ['{HostApplication|contains: evil}', 'category: ps_module', windows('Microsoft-Windows-PowerShell/Operational', 4103, { ContextInfo: '        Host Name = ConsoleHost\r\n        Host Application = evil.exe\r\n' })],
  [String.raw`{TargetObject: 'HKLM\SOFTWARE\Run\evil', Details: calc, EventType: SetValue}`, 'category: registry_set', windows('Security', 4657, { ObjectName: String.raw`\REGISTRY\MACHINE\SOFTWARE\Run`, ObjectValueName: 'evil', OperationType: '%%1905', NewValue: 'calc' })],
  [String.raw`{TargetObject|endswith: '\Run\evil'}`, 'category: registry_delete', windows('Security', 4657, { ObjectName: String.raw`\REGISTRY\MACHINE\SOFTWARE\Run`, ObjectValueName: 'evil', OperationType: '%%1906' })],
  [String.raw`{User: 'NT AUTHORITY\SYSTEM', IntegrityLevel: [High, S-1-16-16384]}`, 'category: process_creation', windows('Security', 4688, { SubjectDomainName: 'NT AUTHORITY', SubjectUserName: 'SYSTEM', MandatoryLabel: 'S-1-16-16384' })],
  ['{EventID: 4688, ProcessCommandLine|contains: whoami}', 'service: security', windows('Security', 4688, { CommandLine: 'whoami /all' })],
  [String.raw`{Image|startswith: 'C:\Users', DestinationPort: 443, Initiated: 'true'}`, 'category: network_connection', windows('Security', 5156, { Application: String.raw`\device\harddiskvolume3\Users\a.exe`, DestPort: 443, Direction: '%%14593' })],
  ['{md5: ab12}', 'category: create_stream_hash', windows(SYSMON, 15, { Hash: 'MD5=AB12,IMPHASH=00' })],
  ['{Provider_Name: P, Param1: doc}', 'service: printservice-operational', windows('Microsoft-Windows-PrintService/Operational', 307, { DocumentPrinted: { Param1: 'doc' } }, 'UserData')],
  ['{subjectName|contains: Contoso, Param: 7}', 'service: capi2', windows('Microsoft-Windows-CAPI2/Operational', 11, { CertGetCertificateChain: { '#attributes': { xmlns: 'x' }, Certificate: { '#attributes': { subjectName: 'CN=Contoso' } }, Param: 7 } }, 'UserData')],
  ['{EventLog: RPCFW, EventID: 3}', 'service: ""', windows('RPCFW', 3, {})],
])('%s of Windows, %s', (selection, source, record) => expect(hits(selection, source.startsWith('category: antivirus') ? source : `product: windows, ${source}`, 'evtx', record)).toBe(true));

test('antivirus is what Defender says of threats, and not every signature', () => {
  expect(hits('{Signature: "*"}', 'category: antivirus', 'evtx', windows(SYSMON, 7, { Signature: 'Microsoft' }))).toBe(false);
  expect(hits('{Signature|contains: Mimikatz}', 'category: antivirus', 'jsonl', '{"signature":"HackTool.Mimikatz"}')).toBe(true);
});

/** A process that ends in whoami.exe, as tools write events of Sysmon. */
test.each([
  ['Winlogbeat', { winlog: { channel: SYSMON, event_id: 1, provider_name: 'Microsoft-Windows-Sysmon', event_data: { Image: String.raw`C:\whoami.exe` } } }],
  ['Wazuh', { data: { win: { system: { eventID: '1', channel: SYSMON }, eventdata: { image: String.raw`C:\whoami.exe` } } } }],
  ['Velociraptor', { System: { Provider: { Name: 'Microsoft-Windows-Sysmon' }, EventID: { Value: 1 }, Channel: SYSMON }, EventData: { Image: String.raw`C:\whoami.exe` } }],
  ['EvtxECmd', { EventId: 1, Channel: SYSMON, Provider: 'Microsoft-Windows-Sysmon', Payload: JSON.stringify({ EventData: { Data: [{ '@Name': 'RuleName', '#text': '-' }, { '@Name': 'Image', '#text': String.raw`C:\whoami.exe` }] } }) }],
  ['XML as JSON', { Event: { System: { Provider: { '@Name': 'Microsoft-Windows-Sysmon' }, EventID: '1', Channel: SYSMON }, EventData: { '@Name': 'x', Data: [{ '@Name': 'Image', '#text': String.raw`C:\whoami.exe` }] } } }],
  ['evtx_dump with attributes apart', { Event: { System: { Provider_attributes: { Name: 'Microsoft-Windows-Sysmon' }, EventID: 1, Channel: SYSMON }, EventData: { Image: String.raw`C:\whoami.exe` } } }],
  ['NXLog', { EventID: 1, SourceName: 'Microsoft-Windows-Sysmon', Channel: SYSMON, Image: String.raw`C:\whoami.exe` }],
])('events of Windows are read as %s writes them', (_, record) => {
  const text = JSON.stringify(record);
  expect(hits(String.raw`{EventID: 1, Image|endswith: '\whoami.exe'}`, 'product: windows, category: process_creation', 'jsonl', text)).toBe(true);
  expect(hits('{Provider_Name: Microsoft-Windows-Sysmon}', 'product: windows', 'jsonl', text)).toBe(!text.includes('"win"'));
});

test.each(['constructor', '__proto__', 'hasownproperty'])('%s is a name like any other', (name) => {
  for (const source of [`product: ${name}`, `product: windows, service: ${name}`, `product: windows, category: ${name}`, `product: linux, service: ${name}`, `product: linux, category: ${name}`, `category: ${name}`]) {
    const set = setOf(rule(`s: {${name}: 1, x|exists: false}`, source));
    expect(set.problems).toEqual([]);
    for (const format of ['evtx', 'jsonl', 'rfc3164', 'auditd', 'csv']) expect(() => found(set, format, format === 'rfc3164' ? 'Oct  1 00:00:01 h a: 1' : windows('Security', 1, { [name]: 1 }))).not.toThrow();
  }
  expect(hits(`{${name}: 1, y: null}`, 'product: windows, service: security', 'evtx', windows('Security', 4624, JSON.parse(`{"${name}":1}`) as object))).toBe(true);
  expect(hits('{IntegrityLevel: x}', 'product: windows, category: process_creation', 'evtx', windows('Security', 4688, { MandatoryLabel: name }))).toBe(false);
  expect(hits('{EventType: x}', 'product: windows, category: registry_event', 'evtx', windows('Security', 4657, { OperationType: name }))).toBe(false);
  expect(hits('{Protocol: x}', 'product: windows, category: network_connection', 'evtx', windows('Security', 5156, { Protocol: name }))).toBe(false);
});

test('what an event is about goes before its frame', () => {
  const cleared = windows('System', 104, { LogFileCleared: { SubjectUserName: 'ada', Channel: 'Application' } }, 'UserData');
  expect(hits('{EventID: 104, Channel: Application}', 'product: windows, service: system', 'evtx', cleared)).toBe(true);
  expect(hits('{EventID: 104, Channel: [Security, System]}', 'product: windows, service: system', 'evtx', cleared)).toBe(false);
  expect(hits('{EventID: 104, Channel: Application}', 'product: windows, service: application', 'evtx', cleared)).toBe(false);
});

test('a name of EventData as a whole is no field', () => {
  const record = windows('Microsoft-Windows-TaskScheduler/Operational', 142, { '#attributes': { Name: 'TaskDisabled' }, TaskName: 'SR' });
  expect(hits('{TaskName: SR}', 'product: windows, service: taskscheduler', 'evtx', record)).toBe(true);
});

const LINUX = '<14>Oct  1 00:00:01 h sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="x"/><EventID>1</EventID><Channel>Linux-Sysmon/Operational</Channel></System><EventData><Data Name="Image">/usr/bin/bash</Data><Data Name="CommandLine">bash -c &quot;id &gt; /dev/tcp/1&quot;</Data></EventData></Event>';
test('systems are told from each other', () => {
  const shell = "{Image|endswith: [/bash, bash.exe], CommandLine|contains: ' > /dev/tcp'}";
  const ran = windows(SYSMON, 1, { Image: String.raw`C:\bash.exe`, CommandLine: 'bash -c id > /dev/tcp/1' });
  const mac = '{"process":{"executable":"/bin/bash","command_line":"bash -c id > /dev/tcp/1"}}';
  const on = (product: string): boolean[] => [hits(shell, `product: ${product}, category: process_creation`, 'rfc3164', LINUX), hits(shell, `product: ${product}, category: process_creation`, 'evtx', ran), hits(shell, `product: ${product}, category: process_creation`, 'jsonl', mac)];
  expect(on('linux')).toEqual([true, false, true]);
  expect(on('windows')).toEqual([false, true, false]);
  expect(on('macos')).toEqual([false, false, true]);
  expect(on('""')).toEqual([true, true, true]);
});

test.each([
  ['{type: PATH}', 'product: linux, service: auditd', 'auditd', 'type=PATH msg=audit(1490995752.404:20): item=0 name="/etc/cron.d/x" nametype=CREATE', true],
  ['{TargetFilename|startswith: /etc/cron.d/}', 'product: linux, category: file_event', 'auditd', 'type=PATH msg=audit(1490995752.404:20): item=0 name="/etc/cron.d/x" nametype=CREATE', true],
  ['{TargetFilename|startswith: /etc/cron.d/}', 'product: linux, category: file_event', 'auditd', 'type=PATH msg=audit(1490995752.404:20): item=0 name="/etc/cron.d/x" nametype=NORMAL', false],
  ["{Image|endswith: /curl, CommandLine|contains: '-k'}", 'product: linux, category: process_creation', 'auditd', 'type=EXECVE msg=audit(1490995752.404:20): argc=2 a0="curl" a1="-k"', true],
  ['{DestinationIp|cidr: 203.0.113.0/24, DestinationPort: 53}', 'product: linux, category: network_connection', 'auditd', 'type=SOCKADDR msg=audit(1490995752.404:20614539): saddr=02000035CB0071090000000000000000', true],
  ['[not found in]', 'product: linux, service: auth', 'rfc3164', '<86>Oct  1 00:00:01 h pkexec[12]: not found in', true],
  ['[authentication failure]', 'product: linux, service: auth', 'rfc3164', '<86>Oct  1 00:00:01 h dovecot[12]: pam_unix(x:auth): authentication failure', true],
  ['[REPLACE]', 'product: linux, service: cron', 'rfc3164', 'Oct  1 00:00:01 h crontab[12]: (root) REPLACE (root)', true],
  ['[REPLACE]', 'product: linux, service: cron', 'rfc3164', 'Oct  1 00:00:01 h app[12]: (root) REPLACE (root)', false],
  ['{dst_port: [21, 23], action: accept}', 'category: firewall', 'cef', 'CEF:0|A|B|1|x|allowed|3|src=10.0.0.1 dst=2.1.2.2 dpt=23 act=accept', true],
  ['{src_ip: 10.0.0.1, dst_port: 23}', 'category: firewall', 'rfc3164', 'Mar  3 04:05:06 box kernel: [UFW BLOCK] IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 PROTO=TCP SPT=55 DPT=23', true],
  ['{action: Add, cfgpath: system.admin}', 'product: fortigate, service: event', 'rfc3164', '<189>Mar  3 04:05:06 fw date=2026-03-03 devname="fw" type="event" action="Add" cfgpath="system.admin" cfgobj="x"', true],
  ['{query|endswith: .evil.example, record_type: TXT}', 'category: dns', 'rfc3164', 'Mar  3 04:05:06 ns named[9]: client @0x7f 10.0.0.1#1234 (a.evil.example): query: a.evil.example IN TXT + (10.0.0.2)', true],
  ['{query: a.evil.example}', 'category: dns', 'jsonl', '{"dns":{"rrname":"a.evil.example","rrtype":"A"}}', true],
  ['{destination.port: 22, source.ip: 10.0.0.1}', 'category: network, service: connection', 'jsonl', '{"uid":"C","id.orig_h":"10.0.0.1","id.resp_p":22}', true],
  ['{data.protoPayload.methodName: io.k8s.core.v1.pods.create, data.protoPayload.resource.type: k8s_cluster}', 'product: gcp, service: gcp.audit', 'json', '{"protoPayload":{"methodName":"io.k8s.core.v1.pods.create"},"resource":{"type":"k8s_cluster"}}', true],
  ['{gcp.audit.method_name|endswith: .delete}', 'product: gcp, service: gcp.audit', 'json', '{"protoPayload":{"methodName":"v1.sinks.delete"}}', true],
  ['{eventSource: Exchange, eventName: Add-FederatedDomain, status: success}', 'product: m365, service: exchange', 'json', '{"Workload":"Exchange","Operation":"Add-FederatedDomain","ResultStatus":"True"}', true],
  ['{Operation: Set-Mailbox, Parameters|contains: Forwarding}', 'product: m365, service: exchange', 'jsonl', JSON.stringify({ AuditData: JSON.stringify({ Operation: 'Set-Mailbox', Parameters: [{ Name: 'ForwardingSmtpAddress' }] }) }), true],
  ['{properties.message: x, status: y}', 'product: azure, service: auditlogs', 'json', '{"operationName":"a","properties":{"message":"x","status":"y"}}', true],
  ['{OperationName: Delete}', 'product: azure, service: activitylogs', 'json', '{"operationName":{"value":"Delete","localizedValue":"Löschen"}}', true],
  ['{eventtype: user.session.start, securitycontext.isproxy: "true"}', 'product: okta, service: okta', 'json', '{"eventType":"user.session.start","securityContext":{"isProxy":true}}', true],
  ['{apiGroup: apps, verb: patch, resource: deployments}', 'product: kubernetes, service: audit', 'json', '{"auditID":"1","verb":"patch","objectRef":{"resource":"deployments","apiGroup":"apps"}}', true],
  ['{verb: create, hostPath: "*", capabilities: SYS_ADMIN}', 'product: kubernetes, service: audit', 'json', '{"auditID":"1","verb":"create","requestObject":{"spec":{"volumes":[{"hostPath":{"path":"/"}}],"containers":[{"securityContext":{"capabilities":{"add":["SYS_ADMIN"]}}}]}}}', true],
  ['{eventName: CreateUser}', 'product: aws, service: cloudtrail', 'json', '{"detail-type":"AWS API Call via CloudTrail","detail":{"eventSource":"iam.amazonaws.com","eventName":"CreateUser"}}', true],
  ['{eventName: CreateUser}', 'product: aws, service: cloudtrail', 'json', '{"eventName":"CreateUser"}', false],
])('%s (%s) in %s', (selection, source, format, record, wanted) => expect(hits(selection, source, format, record)).toBe(wanted));

test('targets that extended logs have in pieces are put together', () => {
  const head = '#Fields: date time c-ip cs-method cs-uri-scheme cs-host cs-uri-path cs-uri-query s-action\n';
  const line = '2026-10-01 00:32:17 10.0.0.1 GET http evil.example /a ?x=1 TCP_MISS';
  const matches = (selection: string): boolean => found(setOf(rule(`s: ${selection}`, 'category: proxy')), 'w3c', line, head).length === 1;
  expect(matches("{c-uri: 'http://evil.example/a?x=1', cs-host|endswith: .example, c-uri-query|contains: 'x=1'}")).toBe(true);
  expect(matches("{c-uri|contains: 'evil.example/b'}")).toBe(false);
});
