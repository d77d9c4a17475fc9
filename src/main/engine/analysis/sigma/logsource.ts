/**
 * The log sources of Sigma: which records each means here, and what the fields of its rules are called in them (Sigma specification, "Log sources"
 * and the taxonomy appendix). A rule takes the first row of the table that its product, service and category fit.
 */
import type { LogSource } from './rule.ts';
import { ALSO_CALLED, cloudFields, CLOUDS } from './cloud-fields.ts';
import { ASKED, DNS, FIREWALL, isConnection, isQuery, NETWORK, PAIRS, TARGETED } from './network-fields.ts';
import { NO_FIELDS, type FieldMap, type RecordView } from './record-view.ts';
import { methodOf, urlOf, WEB_FIELDS } from './web-fields.ts';
import { CATEGORIES, CHANNELS, inCategory, WINDOWS, windowsEvent } from './windows.ts';

export interface Gate {
  /** whether records of a format can be it */
  format(id: string): boolean;
  /** what fields are called in a record; null = the record is not of this log source */
  record(view: RecordView): FieldMap | null;
  /** what a person should know of it, '' = nothing */
  note: string;
  /** texts one of which a record of it in a format is sure to hold, as prefilter.ts sees them; [] = none */
  sure(format: string): readonly string[];
}
type Fields = Gate['record'];

const JSONS = ['jsonl', 'json', 'http-json', 'otlp-logs', 'csv', 'typed', 'state-dump'];
const OBJECTS = [...JSONS, 'journald', 'logfmt', 'cef', 'leef', 'zeek', 'w3c', 'github-push'];
const SYSLOG = ['rfc3164', 'rfc5424', 'syslog', 'journald', 'cri', 'dmesg', 'generic', 'text', 'cef', 'leef', 'jsonl'];
const LINUX = [...SYSLOG, 'auditd', 'shell-history', 'dpkg', 'json', 'http-json', 'otlp-logs', 'compose'];
const WEB = ['access', 'w3c', 'haproxy', 'nginx-error', 'apache-error', 'uwsgi', 'zeek', 'jsonl', 'json', 'csv', 'logfmt', 'http-json', 'otlp-logs', 'node', 'cef', 'leef'];
const DATABASES = ['mysql-error', 'mysql-slow', 'postgres', 'redis'];
/** How applications write: logs of their own, and text. */
const TEXTS = ['jsonl', 'json', 'http-json', 'otlp-logs', 'logfmt', 'generic', 'text', 'rfc3164', 'rfc5424', 'cri', 'compose', 'journald'];

/** Formats of lines of text: what a rule is about has to be told from what they hold. */
const LINES = new Set(['rfc3164', 'rfc5424', 'syslog', 'cri', 'dmesg', 'generic', 'text']);
const inLines = (...texts: readonly string[]) => () => (format: string): readonly string[] => (LINES.has(format) ? texts : []);

/** Programs that write what a service of Unix means, and formats that are its own. */
const SERVICES: Readonly<Record<string, { formats?: readonly string[]; programs?: readonly string[]; says?: RegExp }>> = {
  nginx: { formats: ['nginx-error', 'access'], programs: ['nginx'] }, apache: { formats: ['apache-error', 'access'], programs: ['apache', 'apache2', 'httpd'] }, tomcat: { formats: ['access', 'java'], programs: ['tomcat'] },
  auth: {
    programs: ['sshd', 'sshd-session', 'sudo', 'su', 'doas', 'login', 'pam', 'systemd-logind', 'polkitd', 'pkexec', 'polkit-agent-helper-1', 'useradd', 'userdel', 'usermod', 'groupadd', 'groupdel', 'groupmod', 'passwd', 'chpasswd', 'chage', 'chfn', 'chsh', 'newgrp', 'gpasswd', 'unix_chkpwd', 'cron', 'crond', 'runuser', 'sssd', 'gdm', 'lightdm', 'sddm', 'xrdp-sesman'],
    says: /\bpam_\w+\(|\bauthentication failure\b/i,
  },
  cron: { programs: ['cron', 'crond', 'crontab', 'anacron', 'atd'] }, sudo: { programs: ['sudo'] }, sshd: { programs: ['sshd', 'sshd-session', 'sshd-auth'] },
  clamav: { programs: ['clamd', 'clamav', 'clamscan', 'clamdscan', 'clamonacc', 'freshclam'] }, guacamole: { programs: ['guacd', 'guacamole'] }, vsftpd: { programs: ['vsftpd'] }, modsecurity: { formats: ['apache-error', 'nginx-error'], programs: ['modsecurity', 'apache', 'apache2', 'httpd', 'nginx'] },
  mysql: { formats: ['mysql-error', 'mysql-slow'] }, postgresql: { formats: ['postgres'] }, redis: { formats: ['redis'] },
};
/** Formats of applications of their own, beside TEXTS. */
const APPLICATIONS: Readonly<Record<string, readonly string[]>> = {
  django: ['python'], python: ['python'], spring: ['java'], java: ['java'], jvm: ['java'], velocity: ['java'], nodejs: ['node'], ruby_on_rails: [], sql: DATABASES, qualys: ['csv'], cowrie: [],
};
/** Makers of devices, which tell everything in syslog. */
const DEVICES = ['cisco', 'juniper', 'huawei', 'fortinet', 'fortigate', 'fortios', 'paloalto', 'checkpoint', 'sonicwall', 'sophos', 'watchguard', 'barracuda', 'citrix', 'f5', 'vmware', 'esxi', 'mikrotik', 'ubiquiti', 'netgear', 'pfsense', 'opnsense'];

/** What a table has under a name that comes from a rule or a record. */
function known<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

interface Row {
  /** one of these; [''] = none is named; left out = any */
  product?: readonly string[];
  service?: readonly string[];
  category?: readonly string[];
  formats: (source: LogSource) => readonly string[];
  /** what records it means, for a rule */
  fields: (source: LogSource) => Fields;
  note?: (source: LogSource) => string;
  sure?: (source: LogSource) => Gate['sure'];
}
const any = (...formats: readonly string[]) => () => formats;
/** Records that are none of Windows. */
const other = (map: FieldMap, test: (view: RecordView) => boolean = () => true): (() => Fields) => () => (view) => (windowsEvent(view) === null && test(view) ? map : null);
const HOST_CATEGORIES = ['process_creation', 'process_termination', 'file_event', 'file_create', 'file_delete', 'file_change', 'file_rename', 'network_connection', 'dns_query', 'raw_access_read', 'sysmon_status'];

/** What Sysmon for Linux writes into syslog is sure to hold. */
const SYSMON_XML = 'linux-sysmon';

const ROWS: readonly Row[] = [
  { category: ['webserver', 'web', 'proxy'], formats: ({ service }) => webFormats(service), fields: ({ category }) => webFields(category), sure: ({ category }) => (format) => (category === 'proxy' && format === 'access' ? THROUGH : []) },
  { service: ['iis'], formats: any('w3c', ...JSONS), fields: () => webFields('webserver') },
  { category: ['antivirus'], formats: any('evtx', ...OBJECTS, ...SYSLOG), fields: () => antivirus },
  { category: ['dns'], formats: any('evtx', ...OBJECTS, ...SYSLOG), fields: () => (view) => (isZeek(view, 'dns') || isQuery(view) ? DNS : null), sure: inLines(...ASKED) },
  { product: ['windows', 'rpc_firewall'], formats: any('evtx', ...JSONS), fields: windowsFields, note: windowsNote },
  { product: [''], category: Object.keys(CATEGORIES).filter((category) => !HOST_CATEGORIES.includes(category)), formats: any('evtx', ...JSONS), fields: windowsFields },
  { product: [''], service: ['sysmon'], formats: any('evtx', ...JSONS), fields: windowsFields },
  { product: [''], category: HOST_CATEGORIES, formats: any('evtx', 'auditd', ...OBJECTS, ...SYSLOG), fields: ({ category }) => (view) => (windowsEvent(view) ? inCategory(known(CATEGORIES, category) ?? [], view) : linuxFields(category)(view)), sure: inLines(SYSMON_XML) },
  { product: ['zeek'], formats: any('zeek', 'jsonl', 'json'), fields: ({ service }) => (view) => (isZeek(view, service) ? ZEEK : null) },
  { category: ['network'], formats: any(...OBJECTS, ...SYSLOG), fields: ({ service }) => (view) => (windowsEvent(view) === null && (service === 'dns' ? isZeek(view, 'dns') || isQuery(view) : view.structured || isConnection(view)) ? NETWORK : null), sure: inLines(...TARGETED, ...ASKED) },
  { category: ['firewall'], formats: any(...OBJECTS, ...SYSLOG), fields: other(FIREWALL, (view) => view.structured || isConnection(view)), sure: inLines(...TARGETED) },
  { product: [''], service: ['netflow'], formats: any(...OBJECTS, ...SYSLOG), fields: other(FIREWALL, isConnection), sure: inLines(...TARGETED) },
  { product: ['cisco'], service: ['duo'], formats: any(...OBJECTS), fields: other(NO_FIELDS) },
  { product: DEVICES, formats: any(...new Set([...OBJECTS, ...SYSLOG])), fields: other(PAIRS) },
  ...Object.entries(CLOUDS).map(([product, cloud]): Row => ({ product: [product], formats: any(...OBJECTS), fields: () => cloudFields(cloud), sure: () => (product === 'aws' ? () => ['eventsource'] : () => []) })),
  { service: ['kubernetes'], formats: any(...OBJECTS), fields: () => cloudFields(CLOUDS.kubernetes) },
  { product: ['macos'], category: HOST_CATEGORIES, formats: any(...OBJECTS), fields: ({ category }) => hostFields(category) },
  { product: ['linux', 'unix'], service: ['auditd'], formats: any('auditd'), fields: () => () => NO_FIELDS },
  { product: ['linux', 'unix'], category: HOST_CATEGORIES, formats: any('auditd', ...OBJECTS, ...SYSLOG), fields: ({ category }) => linuxFields(category), sure: inLines(SYSMON_XML) },
  { product: ['linux', 'unix'], service: ['', 'syslog', 'builtin'], formats: any(...LINUX), fields: other(NO_FIELDS) },
  { product: ['macos'], formats: any(...TEXTS), fields: other(NO_FIELDS) },
  { product: Object.keys(APPLICATIONS), formats: ({ product }) => [...(known(APPLICATIONS, product) ?? []), ...TEXTS], fields: other(NO_FIELDS) },
  { category: ['database'], formats: any(...DATABASES, ...OBJECTS, ...TEXTS), fields: other(NO_FIELDS) },
  { product: Object.keys(SERVICES), formats: ({ product }) => serviceFormats(product), fields: ({ product }) => serviceFields(product) },
  { product: ['', 'linux', 'unix', 'macos', ...Object.keys(SERVICES)], service: Object.keys(SERVICES), formats: ({ service }) => serviceFormats(service), fields: ({ service }) => serviceFields(service) },
  { product: ['linux', 'unix'], formats: ({ service }) => serviceFormats(service), fields: ({ service }) => serviceFields(service) },
];

/** The records that a log source means. */
export function gateOf(given: LogSource): Gate {
  const product = known(ALSO_CALLED, given.product) ?? given.product;
  const source = { ...given, product };
  const fits = (wanted: readonly string[] | undefined, value: string): boolean => wanted === undefined || wanted.includes(value);
  const row = ROWS.find((one) => fits(one.product, source.product) && fits(one.service, source.service) && fits(one.category, source.category));
  const named = [given.product, given.service, given.category].filter(Boolean).join(' / ');
  if (!row) return { format: (id) => id !== 'evtx', record: other(PAIRS)(), note: `Nothing here tells records of ${named} from others: the rule is tried on all records that are not of Windows.`, sure: () => [] };
  const formats = new Set(row.formats(source));
  return { format: (id) => formats.has(id), record: row.fields(source), note: row.note?.(source) ?? '', sure: row.sure?.(source) ?? (() => []) };
}

// ---- Windows

function windowsFields({ product, service, category }: LogSource): Fields {
  const channels = product === 'rpc_firewall' ? ['rpcfw'] : known(CHANNELS, service);
  const events = known(CATEGORIES, category);
  const bare = service.replaceAll(/[^a-z0-9]/g, '');
  return (view) => {
    const event = windowsEvent(view);
    if (!event || (channels ? !channels.includes(event.channel) : !event.channel.replaceAll(/[^a-z0-9]/g, '').includes(bare))) return null;
    return events ? inCategory(events, view) : WINDOWS;
  };
}
function windowsNote({ product, service, category }: LogSource): string {
  if (product === 'rpc_firewall') return '';
  if (service !== '' && !known(CHANNELS, service)) return `The channel of the service "${service}" is not known: channels with its name in theirs are taken.`;
  return category !== '' && !known(CATEGORIES, category) ? `Which events the category "${category}" means is not known: the rule is tried on all events of Windows.` : '';
}
/** Events of Microsoft Defender that name a threat or a file. */
const DEFENDER = new Set(['1006', '1007', '1008', '1009', '1010', '1011', '1012', '1015', '1017', '1018', '1019', '1115', '1116', '1117', '1118', '1119']);
const THREAT: FieldMap = { ...WINDOWS, signature: (view) => view.own('signature') ?? view.own('threatname'), filename: (view) => view.own('filename') ?? view.own('path'), action: (view) => view.own('actionname') ?? view.own('action') };
const antivirus: Fields = (view) => {
  const event = windowsEvent(view);
  if (!event) return PAIRS;
  return CHANNELS.windefend.includes(event.channel) && DEFENDER.has(event.id) ? THREAT : null;
};

// ---- Unix

/** Sysmon for Linux has the events of Sysmon. */
function onLinux(view: RecordView): boolean {
  return view.first('provider_name')?.[0] === 'Linux-Sysmon' || view.first('channel')?.[0].startsWith('Linux-Sysmon') === true;
}
/** Fields that records of a category have, whatever program wrote them. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  process_creation: ['commandline', 'image', 'executable', 'cmdline'], file_event: ['targetfilename'], file_create: ['targetfilename'], file_delete: ['targetfilename'], file_change: ['targetfilename'], file_rename: ['targetfilename'], network_connection: ['destinationip', 'destinationport', 'destinationhostname'], dns_query: ['queryname'],
};
const ECS: FieldMap = {
  '*'(view, name) {
    const names = known(IN_ECS, name);
    return names ? view.first(...names) : null;
  },
};
/** Sysmon's names in the Elastic Common Schema, which agents for Linux and macOS write. */
const IN_ECS: Readonly<Record<string, readonly string[]>> = {
  image: ['process.executable', 'executable', 'exe'], commandline: ['process.command_line', 'cmdline'], parentimage: ['process.parent.executable'], parentcommandline: ['process.parent.command_line'], currentdirectory: ['process.working_directory', 'cwd'], user: ['user.name'],
  processid: ['process.pid'], parentprocessid: ['process.parent.pid'], targetfilename: ['file.path'], destinationip: ['destination.ip'], destinationport: ['destination.port'], destinationhostname: ['destination.domain'], sourceip: ['source.ip'], sourceport: ['source.port'], queryname: ['dns.question.name'],
};
function hostFields(category: string): Fields {
  const telling = known(TELLING, category) ?? [];
  return (view) => (windowsEvent(view) === null && view.structured && (telling.length === 0 || telling.some((name) => (view.own(name) ?? ECS['*'](view, name)) !== null)) ? ECS : null);
}
/** A file that the audit log says was made or taken away. */
const AUDITED: Readonly<Record<string, string>> = { file_event: 'CREATE', file_create: 'CREATE', file_delete: 'DELETE' };
const PATH: FieldMap = { targetfilename: (view) => view.own('name') };
/** An address that a program connected to. */
const SOCKADDR: FieldMap = { destinationip: (view) => view.own('saddr.ip'), destinationport: (view) => view.own('saddr.port') };
function linuxFields(category: string): Fields {
  const ids = new Set((known(CATEGORIES, category) ?? []).flatMap((events) => events.ids));
  const host = hostFields(category);
  return (view) => {
    if (view.format === 'auditd') {
      if (category === 'process_creation') return view.leaves.has('commandline') ? NO_FIELDS : null;
      if (category === 'network_connection') return view.leaves.has('saddr.ip') ? SOCKADDR : null;
      const made = known(AUDITED, category);
      return made !== undefined && view.own('type')?.includes('PATH') === true && view.own('nametype')?.includes(made) === true ? PATH : null;
    }
    if (onLinux(view)) return ids.has(view.first('eventid')?.[0] ?? '') ? NO_FIELDS : null;
    return host(view);
  };
}

function serviceFormats(service: string): readonly string[] {
  return [...(known(SERVICES, service)?.formats ?? []), ...SYSLOG, 'otlp-logs'];
}
/** By the program that wrote the record, or the format that is its own. */
function serviceFields(service: string): Fields {
  const { formats = [], programs = [service], says } = known(SERVICES, service) ?? {};
  return (view) => {
    if (formats.includes(view.format)) return NO_FIELDS;
    if (windowsEvent(view)) return null;
    const [program] = view.column('service') ?? view.first('syslog_identifier', '_comm', 'process.name', 'program', 'service', 'service.name', 'deviceprocessname') ?? [];
    const name = program?.toLowerCase().replace(/[[(].*$|\d+$/, '');
    // Text without a program in it may be the log of the service itself.
    if (name === undefined) return view.format === 'text' || view.format === 'generic' ? NO_FIELDS : null;
    return programs.some((one) => name === one || name.startsWith(`${one}-`) || name.endsWith(`/${one}`)) || says?.test(view.text) === true ? NO_FIELDS : null;
  };
}

// ---- the network

function isZeek(view: RecordView, service: string): boolean {
  if (view.format === 'zeek') {
    const [path] = view.column('service') ?? [];
    return service === '' || path === undefined || path === service;
  }
  const [path] = view.first('_path', 'event.dataset') ?? [];
  return path !== undefined ? service === '' || path.replace(/^zeek\./, '') === service : view.own('uid') !== null && view.own('id.orig_h') !== null;
}
const ZEEK: FieldMap = { uri: (view) => view.own('uri'), host: (view) => view.own('host'), user_agent: (view) => view.first('user_agent'), status_code: (view) => view.own('status_code') };

function webFormats(service: string): readonly string[] {
  const wanted = service === 'iis' ? ['w3c'] : known(SERVICES, service)?.formats;
  return wanted ? WEB.filter((format) => wanted.includes(format) || OBJECTS.includes(format)) : WEB;
}
/** What an access log has of a request that went through a proxy. */
const THROUGH = ['get http', 'post http', 'head http', 'put http', 'options http', 'delete http', 'patch http', 'propfind http', 'get ftp', 'connect '];
function webFields(category: string): Fields {
  return (view) => {
    if (view.format === 'nginx-error' || view.format === 'apache-error') return category === 'proxy' ? null : WEB_FIELDS;
    const url = urlOf(view);
    // Without a request it is no record of a web server; keywords of rules about one are not looked for in others.
    if (url === null) return view.format === 'access' || view.format === 'w3c' ? WEB_FIELDS : null;
    if (category !== 'proxy') return WEB_FIELDS;
    // What goes through a proxy names its host in the target; Zeek sees both kinds, and W3C logs of proxies say what they did.
    const [verb] = methodOf(view) ?? [];
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) || verb === 'CONNECT' || view.format === 'zeek' || view.first('s-action', 'sc-filter-result', 'cs-uri-scheme', 'cs-host', 'r-dns', 'x-cache') !== null ? WEB_FIELDS : null;
  };
}
