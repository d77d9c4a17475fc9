/**
 * ArcSight Common Event Format, versions 0 and 1: CEF:0|vendor|product|version|class|name|severity|key=value …, bare or behind a syslog
 * header. In the header \| and \\ are escapes, in the extension \=, \\, \n and \r. A blank, a name and '=' begin the next pair.
 */
import { FIELD } from './format.ts';
import { deviceFormat, deviceTime, pipeFields, type DeviceEvent, type Pair } from './lib/device-event.ts';

const MARK = /(?:^|[\s\]>:\u00bf\ufeff])CEF: ?(?=\d+(?:\.\d+)?\|)/;
/** Keys are short; without a bound a line of nothing but '=' would be gone through again for each. */
const MAX_KEY = 128;
const KEY = /^[A-Za-z_][\w.[\]-]*$/;

const ESCAPE = /\\([\\=|nr])/g;
function unescape(text: string): string {
  return text.includes('\\') ? text.replace(ESCAPE, (_all, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : c)) : text;
}

function read(text: string, from: number): DeviceEvent | null {
  const header = pipeFields(text, from, 7);
  if (!header) return null;
  const { fields, rest } = header;
  const pairs: Pair[] = [];
  let open: Pair | null = null;
  // Where the key before an '=' begins is found backwards, as far as the value before it goes.
  for (let equals = text.indexOf('=', rest); equals >= 0; equals = text.indexOf('=', equals + 1)) {
    const least = Math.max(open ? open.start : rest, equals - MAX_KEY);
    let at = equals;
    while (at > least && text.charCodeAt(at - 1) > 32) at--;
    if (at === least && at > rest) continue;
    const key = text.slice(at, equals);
    if (!KEY.test(key)) continue;
    if (open) open.end = trimmed(text, open.start, at);
    open = { key, start: equals + 1, end: equals + 1 };
    pairs.push(open);
  }
  if (open) open.end = trimmed(text, open.start, text.length);
  return { header: fields.slice(0, 5), name: fields[5], severity: fields[6], pairs };
}

/** `end` without the blanks before it. */
function trimmed(text: string, start: number, end: number): number {
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return end;
}

/** The custom fields: cs1Label names cs1, deviceCustomDate1Label names deviceCustomDate1. */
function labels(key: string): string | null {
  return key.endsWith('Label') && key.length > 5 ? key.slice(0, -5) : null;
}

export const cef = deviceFormat({
  id: 'cef',
  title: 'CEF',
  description: 'Events in ArcSight Common Event Format, bare or behind a syslog header.',
  mark: MARK,
  read,
  columns: [
    [FIELD.ip, 'src'], [FIELD.ip, 'sourceAddress'], [FIELD.ip, 'c6a2'], [FIELD.ip, 'sourceTranslatedAddress'], [FIELD.ip, 'dvc'], [FIELD.ip, 'dst'],
    [FIELD.user, 'suser'], [FIELD.user, 'sourceUserName'], [FIELD.user, 'duser'], [FIELD.user, 'destinationUserName'], [FIELD.user, 'suid'], [FIELD.user, 'duid'],
    [FIELD.host, 'dvchost'], [FIELD.host, 'deviceHostName'], [FIELD.host, 'shost'], [FIELD.host, 'sourceHostName'], [FIELD.host, 'dhost'], [FIELD.host, 'destinationHostName'],
    [FIELD.url, 'request'], [FIELD.url, 'requestUrl'],
  ],
  parties: new Set(['shost', 'sourceHostName', 'dhost', 'destinationHostName']),
  times: ['rt', 'deviceReceiptTime', 'end', 'endTime', 'start', 'startTime'],
  readTime: deviceTime,
  severityKey: '',
  unescape,
  labels,
  describe: () => '',
  samples: [
    {
      record: 'Sep 19 08:26:10 gate CEF:0|Northgate|threatmanager|1.0|100|worm successfully stopped|10|src=10.0.0.1 dst=2.1.2.2 spt=1232',
      time: '2025-09-19T08:26:10.000000Z',
      severity: 'critical',
      message: 'worm successfully stopped',
      fields: { host: 'gate', service: 'threatmanager', ip: '10.0.0.1', level: 'Very-High' },
      attributes: { 'observer.vendor': 'Northgate', 'observer.version': '1.0', 'event.code': 100, severity: 10, dst: '2.1.2.2', spt: 1232, 'cef.version': '0' },
    },
    {
      record: '<134>1 2026-05-01T12:00:00.5Z fw1 filter 77 - - CEF:1|Acme|Wall \\| One|7|drop-3|refused a \\| b|Medium|rt=1777636800123 shost=lap-7 suser=ann request=https://x.test/a?b\\=c&d=e act=blocked a | b\\=c cs1Label=Rule Name cs1=no way cs2=bare msg=two\\nlines',
      time: '2026-05-01T12:00:00.123000Z',
      severity: 'medium',
      message: 'refused a | b: two\nlines',
      fields: { host: 'fw1', service: 'Wall | One', user: 'ann', url: 'https://x.test/a?b=c&d=e', level: 'Medium' },
      attributes: { 'Rule Name': 'no way', cs2: 'bare', act: 'blocked a | b=c', shost: 'lap-7', procid: 77, name: 'refused a | b' },
    },
    {
      record: 'CEF: 0|Acme|Sensor|2|4|Port scan|3|start=Nov 21 2025 03:04:05.250 UTC dhost=db-1 duser=root dst=10.1.1.1 reason=',
      time: '2025-11-21T03:04:05.250000Z',
      severity: 'low',
      message: 'Port scan',
      fields: { host: 'db-1', user: 'root', ip: '10.1.1.1', service: 'Sensor', level: 'Low' },
      attributes: { reason: '' },
    },
    { record: '2026-05-01T12:00:00+02:00 10.9.8.7 CEF:0|A|B|1|login|Failed logon|8|', time: '2026-05-01T10:00:00.000000Z', severity: 'high', message: 'Failed logon', fields: { host: '10.9.8.7' } },
    { record: 'May  1 12:00:00 h agent[12]: CEF:0|A|B|1|x|unsure|Unknown|externalId=12', message: 'unsure', fields: { host: 'h' }, attributes: { pid: 12, externalId: 12 } },
  ],
});
