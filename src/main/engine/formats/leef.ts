/**
 * IBM Log Event Extended Format 1.0 and 2.0: LEEF:1.0|vendor|product|version|event|key=value<tab>…; 2.0 adds a field with the mark
 * between the pairs (a character, or its code as x5E). Bare or behind a syslog header. devTimeFormat says how devTime is written.
 */
import { FIELD } from './format.ts';
import { deviceFormat, deviceTime, pipeFields, type DeviceEvent, type Pair } from './lib/device-event.ts';
import { javaTime } from './lib/java-time.ts';

const MARK = /(?:^|[\s\]>:\u00bf\ufeff])LEEF: ?(?=[12](?:\.0)?\|)/;
const CODE = /^(?:0x|x|\\x|\\u)([\da-f]{2,4})$/i;

/** The mark between pairs that the sixth field names; null when it is none: then the pairs begin there. */
function delimiterOf(field: string): string | null {
  if (field === '') return '\t';
  const code = CODE.exec(field);
  if (code) return String.fromCharCode(Number.parseInt(code[1], 16));
  if (field === '\\t') return '\t';
  return field.length === 1 ? field : null;
}

function read(text: string, from: number): DeviceEvent | null {
  const header = pipeFields(text, from, 5);
  if (!header) return null;
  let { rest } = header;
  let delimiter = '\t';
  const next = text.indexOf('|', rest);
  if (text[from] === '2' && next >= 0) {
    const named = delimiterOf(text.slice(rest, next));
    if (named !== null) {
      delimiter = named;
      rest = next + 1;
    }
  }
  const pairs: Pair[] = [];
  for (let start = rest; start < text.length; ) {
    const found = text.indexOf(delimiter, start);
    const end = found < 0 ? text.length : found;
    const equals = text.indexOf('=', start);
    if (equals > start && equals < end) pairs.push({ key: text.slice(start, equals).trim(), start: equals + 1, end });
    // A piece without a name goes on the value before it.
    else if (pairs.length > 0 && end > start) pairs[pairs.length - 1].end = end;
    start = end + delimiter.length;
  }
  return { header: header.fields, name: header.fields[4], severity: null, pairs };
}

export const leef = deviceFormat({
  id: 'leef',
  title: 'LEEF',
  description: 'Events in IBM Log Event Extended Format (QRadar), bare or behind a syslog header.',
  mark: MARK,
  read,
  columns: [
    [FIELD.ip, 'src'], [FIELD.ip, 'identSrc'], [FIELD.ip, 'dst'],
    [FIELD.user, 'usrName'], [FIELD.user, 'accountName'],
    [FIELD.host, 'devHostName'], [FIELD.host, 'identHostName'],
    [FIELD.url, 'url'], [FIELD.url, 'request'],
  ],
  parties: new Set(['identHostName']),
  times: ['devTime'],
  readTime(buf, start, end, clock, valueOf) {
    const written = valueOf('devTimeFormat');
    const us = written === '' ? NaN : (javaTime(written)?.(buf, start, end, clock) ?? NaN);
    return us === us ? us : deviceTime(buf, start, end, clock);
  },
  severityKey: 'sev',
  // LEEF has no escapes.
  unescape: (text) => text,
  describe: (valueOf) => [valueOf('cat'), valueOf('action') || valueOf('reason')].filter((part) => part !== '').join(' '),
  samples: [
    {
      record: 'LEEF:1.0|Acme|MailGate|4.0 SP1|15345|src=192.0.2.0\tdst=172.50.123.1\tsev=5\tcat=anomaly\tsrcPort=81\tusrName=joe.black',
      time: null,
      severity: 'medium',
      message: '15345 anomaly',
      fields: { ip: '192.0.2.0', user: 'joe.black', service: 'MailGate', level: 'Medium' },
      attributes: { 'observer.vendor': 'Acme', 'observer.version': '4.0 SP1', 'event.code': 15345, dst: '172.50.123.1', srcPort: 81, cat: 'anomaly', 'leef.version': '1.0' },
    },
    {
      record: '<13>Jan 18 11:07:53 192.168.1.1 LEEF:2.0|Acme|Proxy|1.0|deny|^|devTime=2026/01/18 11:07:52.5 +0200^devTimeFormat=yyyy/MM/dd HH:mm:ss.SSS Z^src=10.0.0.9^url=http://x.test/?a=b^sev=9^msg=over the limit',
      time: '2026-01-18T09:07:52.500000Z',
      severity: 'critical',
      message: 'deny: over the limit',
      fields: { host: '192.168.1.1', ip: '10.0.0.9', url: 'http://x.test/?a=b', service: 'Proxy' },
      attributes: { devTimeFormat: 'yyyy/MM/dd HH:mm:ss.SSS Z' },
    },
    { record: '<13>1 2026-01-18T11:07:53Z host1 app - - - LEEF:2.0|Acme|Proxy|1.0|login|x7C|devTime=Jan 18 2026 11:07:50|usrName=ann|cat=auth', time: '2026-01-18T11:07:50.000000Z', message: 'login auth', fields: { host: 'host1', user: 'ann' } },
    { record: 'LEEF:2.0|Acme|Proxy|1.0|logout|\t|devTime=1768734473000\tusrName=ann', time: '2026-01-18T11:07:53.000000Z', message: 'logout', fields: { user: 'ann' } },
  ],
});
