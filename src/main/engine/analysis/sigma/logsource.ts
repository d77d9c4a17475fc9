/**
 * Which records a log source means here, and what the fields of its rules are called in them (Sigma specification, "Log sources" and the
 * taxonomy appendix). What nothing here tells apart (a cloud product, a SIEM's own category) is looked for in all records that are objects of
 * names and values: their field names do the telling.
 */
import type { LogSource } from './rule.ts';
import { NO_FIELDS, type FieldMap, type RecordView } from './record-view.ts';
import { CATEGORIES, CHANNELS, inCategory, windowsEvent } from './windows.ts';

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

const OBJECTS = new Set(['jsonl', 'json', 'http-json', 'journald', 'otlp-logs', 'csv', 'logfmt', 'cef', 'leef', 'zeek', 'w3c', 'typed', 'github-push', 'state-dump']);
const SYSLOG = new Set(['rfc3164', 'rfc5424', 'syslog', 'journald', 'cri', 'dmesg', 'generic', 'text', 'cef', 'leef', 'jsonl']);
const LINUX = new Set([...SYSLOG, 'auditd', 'shell-history', 'dpkg', 'json', 'http-json', 'otlp-logs', 'compose']);
const WEB = new Set(['access', 'w3c', 'haproxy', 'nginx-error', 'apache-error', 'uwsgi', 'zeek', 'jsonl', 'json', 'csv', 'logfmt', 'http-json', 'otlp-logs', 'node', 'cef', 'leef']);
const JSONS = new Set(['jsonl', 'json', 'http-json', 'otlp-logs', 'csv', 'typed', 'state-dump']);
/** Formats of services, and how their programs are called. */
const SERVICES: Readonly<Record<string, { formats?: readonly string[]; programs?: readonly string[] }>> = {
  nginx: { formats: ['nginx-error', 'access'], programs: ['nginx'] }, apache: { formats: ['apache-error', 'access'], programs: ['apache', 'apache2', 'httpd'] }, iis: { formats: ['w3c'] }, tomcat: { formats: ['access', 'java'], programs: ['tomcat'] },
  auth: { programs: ['sshd', 'sudo', 'su', 'login', 'pam', 'systemd-logind', 'polkitd', 'useradd', 'usermod', 'groupadd', 'passwd', 'cron'] }, cron: { programs: ['cron', 'crond', 'crontab'] }, sudo: { programs: ['sudo'] }, sshd: { programs: ['sshd', 'sshd-session'] },
  clamav: { programs: ['clamd', 'clamav', 'clamscan', 'freshclam'] }, guacamole: { programs: ['guacd', 'guacamole'] }, vsftpd: { programs: ['vsftpd'] }, modsecurity: { formats: ['apache-error', 'nginx-error'] }, mysql: { formats: ['mysql-error', 'mysql-slow'] },
  postgresql: { formats: ['postgres'] }, redis: { formats: ['redis'] },
};
/** Products whose services are all told in syslog. */
const DEVICES = new Set(['cisco', 'juniper', 'huawei', 'fortigate', 'fortios', 'paloalto', 'checkpoint', 'sonicwall', 'unix', 'linux']);
const APPLICATIONS: Readonly<Record<string, readonly string[]>> = {
  django: ['python'], python: ['python'], spring: ['java'], java: ['java'], jvm: ['java'], velocity: ['java'], opencanary: ['jsonl', 'json'], nodejs: ['node', 'jsonl'], ruby_on_rails: ['generic', 'text', 'jsonl'], sql: ['mysql-error', 'mysql-slow', 'postgres'], kubernetes: ['jsonl', 'json', 'http-json'],
};

const has = (view: RecordView, ...names: string[]): boolean => names.every((name) => view.leaves.has(name));
const where = (formats: ReadonlySet<string> | ((id: string) => boolean), record: Gate['record'], note = '', sure: Gate['sure'] = () => []): Gate => ({ format: typeof formats === 'function' ? formats : (id) => formats.has(id), record, note, sure });

export function gateOf({ product, service, category }: LogSource): Gate {
  if (product === 'windows' || (product === '' && category in CATEGORIES && !['dns_query', 'network_connection', 'process_creation', 'file_event'].includes(category)) || (product === '' && service === 'sysmon')) return windowsGate(service, category);
  if (product === 'aws') return where(JSONS, (view) => (has(view, 'eventsource', 'eventname') && (service === '' || service === 'cloudtrail') ? NO_FIELDS : null), '', () => ['eventsource']);
  if (product === 'kubernetes' || service === 'kubernetes' || (category === 'application' && product === 'kubernetes')) {
    return where(JSONS, (view) => (has(view, 'auditid') || has(view, 'verb', 'objectref.resource') ? K8S : null), '', () => ['auditid', 'objectref']);
  }
  if (product === 'zeek' || product === 'bro') return where(new Set(['zeek', 'jsonl', 'json']), (view) => (isZeek(view, service) ? ZEEK : null));
  if (category === 'webserver' || category === 'proxy' || category === 'web') return webGate(service, category);
  if (service in SERVICES && category === '') return serviceGate(service);
  if (product === 'linux' || product === 'unix') return linuxGate(service, category);
  if (category === 'process_creation' || category === 'file_event' || category === 'network_connection' || category === 'dns_query') return where((id) => id === 'evtx' || OBJECTS.has(id) || id === 'auditd', (view) => inCategory(CATEGORIES[category], view, NO_FIELDS) ?? (windowsEvent(view) ? null : NO_FIELDS));
  if (category === 'dns') return where(OBJECTS, (view) => (isZeek(view, 'dns') ? ZEEK : view.ending('query', 'qname', 'questionname', 'recordtype', 'answers') ? NO_FIELDS : null));
  if (category === 'antivirus') return where((id) => OBJECTS.has(id) || SYSLOG.has(id) || id === 'evtx', () => NO_FIELDS);
  if (category === 'database') return where((id) => ['mysql-error', 'mysql-slow', 'postgres', 'redis'].includes(id) || OBJECTS.has(id), () => NO_FIELDS);
  const formats = APPLICATIONS[product];
  if (formats) return where(new Set([...formats, 'jsonl', 'json', 'http-json', 'generic', 'text']), () => NO_FIELDS);
  if (DEVICES.has(product)) return where(SYSLOG, () => NO_FIELDS);
  const named = [product, service, category].filter(Boolean).join(' / ');
  return where(OBJECTS, (view) => (view.structured ? NO_FIELDS : null), `Nothing here tells records of ${named} from others: the rule is tried on all records that are objects of names and values.`);
}

function windowsGate(service: string, category: string): Gate {
  const formats = (id: string): boolean => id === 'evtx' || JSONS.has(id);
  const channels = CHANNELS[service];
  if (service !== '' && !channels) return where(formats, (view) => (windowsEvent(view)?.channel.replaceAll(/[^a-z0-9]/g, '').includes(service.replaceAll(/[^a-z0-9]/g, '')) ? NO_FIELDS : null), `The channel of the service "${service}" is not known: channels with its name in theirs are taken.`);
  const events = CATEGORIES[category];
  if (category !== '' && !events) return where(formats, (view) => (windowsEvent(view) ? NO_FIELDS : null), `Which events the category "${category}" means is not known: the rule is tried on all events of Windows.`);
  return where(formats, (view) => {
    const event = windowsEvent(view);
    if (!event || (channels && !channels.includes(event.channel))) return null;
    return events ? inCategory(events, view, NO_FIELDS) : NO_FIELDS;
  });
}

function linuxGate(service: string, category: string): Gate {
  if (service === 'auditd') return where(new Set(['auditd']), () => NO_FIELDS);
  if (category === 'process_creation') return where((id) => id === 'auditd' || JSONS.has(id) || id === 'evtx' || SYSLOG.has(id), (view) => (view.format === 'auditd' ? (has(view, 'commandline') ? NO_FIELDS : null) : view.structured && view.ending('commandline', 'image') ? NO_FIELDS : null));
  if (category !== '') return where((id) => id === 'auditd' || JSONS.has(id), (view) => (view.structured ? NO_FIELDS : null), `Records of the category "${category}" on Linux are told by their fields alone.`);
  if (service === '' || service === 'syslog' || service === 'builtin') return where(LINUX, () => NO_FIELDS);
  return serviceGate(service);
}

/** By the program that wrote the record, or the file it was written to. */
function serviceGate(service: string): Gate {
  const { formats = [], programs = service === 'nginx' ? [] : [service] } = SERVICES[service] ?? {};
  return where((id) => formats.includes(id) || SYSLOG.has(id) || id === 'otlp-logs', (view) => {
    if (formats.includes(view.format)) return NO_FIELDS;
    const [program] = view.column('service') ?? view.first('syslog_identifier', '_comm', 'process.name', 'program', 'service', 'service.name') ?? [];
    const name = program?.toLowerCase().replace(/\[.*$|\d+$/, '');
    // Text without a program in it may be the log of the service itself.
    return name === undefined ? (view.format === 'text' || view.format === 'generic' ? NO_FIELDS : null) : programs.some((one) => name === one || name.startsWith(`${one}-`) || name.endsWith(`/${one}`)) ? NO_FIELDS : null;
  });
}

function isZeek(view: RecordView, service: string): boolean {
  if (view.format === 'zeek') {
    const [path] = view.column('service') ?? [];
    return service === '' || path === undefined || path === service;
  }
  const [path] = view.first('_path', 'event.dataset') ?? [];
  return path !== undefined ? service === '' || path.replace(/^zeek\./, '') === service : has(view, 'uid', 'id.orig_h');
}
const ZEEK: FieldMap = { uri: (view) => view.own('uri'), host: (view) => view.own('host'), user_agent: (view) => view.first('user_agent'), status_code: (view) => view.own('status_code') };
const K8S: FieldMap = { username: (view) => view.first('user.username'), 'user.username': (view) => view.first('user.username') };

// ---- web servers and proxies

const urlOf = (view: RecordView): string | null => {
  const known = view.memo.get(urlOf);
  if (known !== undefined) return known as string | null;
  const [found] = view.column('url') ?? view.first('url.original', 'url', 'uri', 'request_uri', 'cs-uri') ?? [];
  view.memo.set(urlOf, found ?? null);
  return found ?? null;
};
const pathOf = (url: string): string => url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
const queryOf = (url: string): string => {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
};
const hostOf = (url: string): string | null => /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]*)/i.exec(url)?.[1] ?? /^([\w.-]+):\d+$/.exec(url)?.[1] ?? null;
const ofUrl = (part: (url: string) => string | null) => (view: RecordView): readonly string[] | null => {
  const url = urlOf(view);
  const found = url === null ? null : part(url);
  return found === null ? null : [found];
};
const agent: FieldMap[string] = (view) => view.first('cs(user-agent)', 'cs-user-agent', 'c-useragent', 'user_agent', 'user_agent.original', 'http_user_agent', 'useragent') ?? view.ending('useragent');
const referer: FieldMap[string] = (view) => view.first('cs(referer)', 'cs-referer', 'referrer', 'referer', 'http_referer', 'http.request.referrer') ?? view.ending('referer', 'referrer');
const cookie: FieldMap[string] = (view) => view.first('cs(cookie)', 'cs-cookie', 'cookie', 'request_cookie') ?? view.ending('cookie', 'cookies');
const method: FieldMap[string] = (view) => view.first('cs-method', 'method', 'http.request.method', 'request_method', 'http_method', 'verb') ?? view.ending('method');
/** In an access log rules mean the request's target by the query as well; logs with a field of their own (IIS) have it there. */
const query: FieldMap[string] = (view) => {
  if (view.format === 'w3c' || view.leaves.has('cs-uri-query') || view.leaves.has('url.query')) return view.first('cs-uri-query', 'url.query');
  const url = urlOf(view);
  return url === null ? null : [queryOf(url), url];
};
const stem = ofUrl(pathOf);
const host: FieldMap[string] = (view) => ofUrl(hostOf)(view) ?? view.first('cs-host', 'vhost', 'url.domain', 'host', 'server') ?? (view.format === 'zeek' ? view.column('host') : null);
const status: FieldMap[string] = (view) => view.column('status') ?? view.first('sc-status', 'status', 'status_code', 'http.response.status_code');
const whole = ofUrl((url) => url);
const WEB_FIELDS: FieldMap = {
  'cs-method': method, 'c-method': method, 'cs-uri': whole, 'c-uri': whole, 'cs-uri-stem': stem, 'c-uri-stem': stem, 'c-uri-path': stem, 'cs-uri-query': query, 'c-uri-query': query, 'cs-uri-path': stem,
  'c-uri-extension': ofUrl((url) => /\.([^./]+)$/.exec(pathOf(url))?.[1] ?? ''), 'c-useragent': agent, 'cs-user-agent': agent, 'cs(user-agent)': agent, useragent: agent, 'cs-referer': referer, 'cs-referrer': referer, 'c-referer': referer, 'cs-cookie': cookie, 'cs-cookie-string': cookie,
  'cs-host': host, 'r-dns': host, 'c-dns': host, 'cs-uri-host': host, 'sc-status': status, 'c-ip': (view) => view.column('ip') ?? view.own('c-ip'), 'cs-username': (view) => view.column('user'),
  'sc-bytes': (view) => view.first('sc-bytes', 'bytes', 'body_bytes_sent', 'http.response.bytes'), 'cs-version': (view) => view.first('cs-version', 'protocol', 'http.version'),
};

function webGate(service: string, category: string): Gate {
  const wanted = SERVICES[service]?.formats;
  const formats = (id: string): boolean => WEB.has(id) && (!wanted || wanted.includes(id) || OBJECTS.has(id));
  return where(formats, (view) => {
    if (view.format === 'nginx-error' || view.format === 'apache-error') return category === 'webserver' ? WEB_FIELDS : null;
    const url = urlOf(view);
    // Without a request it is no record of a web server; keywords of rules about one are not looked for in others.
    if (url === null) return view.format === 'access' || view.format === 'w3c' ? WEB_FIELDS : null;
    if (category !== 'proxy') return WEB_FIELDS;
    // What goes through a proxy names its host in the target; Zeek sees both kinds, and W3C logs of proxies say what they did.
    const [verb] = method(view) ?? [];
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) || verb === 'CONNECT' || view.format === 'zeek' || view.first('s-action', 'sc-filter-result', 'cs-uri-scheme', 'cs-host', 'r-dns', 'x-cache') !== null ? WEB_FIELDS : null;
  }, '', (format) => (category === 'proxy' && format === 'access' ? ['get http', 'post http', 'head http', 'put http', 'options http', 'delete http', 'patch http', 'propfind http', 'get ftp', 'connect '] : []));
}
