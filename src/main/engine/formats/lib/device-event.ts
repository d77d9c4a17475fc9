/**
 * What CEF and LEEF share: one event a line, perhaps behind a syslog header: a mark, fields between pipes that name the device, and key=value
 * pairs. Texts here are byte texts (see lines.ts): a place in them is a place in the record.
 */
import { FIELD, type FieldCode, type Format, type Sample, type Sink, type SourceContext } from '../format.ts';
import { openWithEnd } from './incomplete-times.ts';
import { attributeValue } from './line-format.ts';
import { byteText, decode, lineParser } from './lines.ts';
import { epochUs } from './numbers.ts';
import { recogniseLines } from './recognition.ts';
import { reportSyslogHeader } from './syslog-header.ts';
import { readTime, type Clock } from './time.ts';

export interface Span {
  start: number;
  end: number;
}
export interface Pair extends Span {
  key: string;
}
export interface DeviceEvent {
  /** version of the notation, vendor, product, version of the product, code of the event */
  header: readonly Span[];
  /** what the header calls the event */
  name: Span;
  /** the header's severity, where it has one */
  severity: Span | null;
  pairs: readonly Pair[];
}

export interface Dialect {
  id: string;
  title: string;
  description: string;
  /** where an event begins in a line, perhaps with the character before it (of a byte order mark the last byte, too) */
  mark: RegExp;
  /** The event behind the mark, which ends at `from`; null when the header is not whole. */
  read(text: string, from: number): DeviceEvent | null;
  /** keys that fill columns, best first */
  columns: readonly (readonly [FieldCode, string])[];
  /** hosts that are only a party to the event: they count where no syslog header says who wrote it */
  parties: ReadonlySet<string>;
  /** keys of times, best first */
  times: readonly string[];
  readTime(buf: Uint8Array, start: number, end: number, clock: Clock, valueOf: (key: string) => string): number;
  /** the key of the severity where the header has none */
  severityKey: string;
  unescape(text: string): string;
  /** pairs whose value names another one: key of the name to key of the value */
  labels?(key: string): string | null;
  /** what makes the name say more */
  describe(valueOf: (key: string) => string): string;
  samples: readonly Sample[];
}

/** name of the column's attribute by the place in the header */
const HEADER_NAMES = ['version', 'observer.vendor', 'observer.product', 'observer.version', 'event.code'] as const;
const SEVERITY_WORDS: Readonly<Record<string, number>> = { low: 1, medium: 2, high: 3, 'very-high': 4, critical: 4, info: 0, informational: 0 };
/** What the numbers are called: 0-3 low, 4-6 medium, 7-8 high, 9-10 very high (CEF implementation standard, header information). */
const LEVELS = ['Low', 'Low', 'Low', 'Low', 'Medium', 'Medium', 'Medium', 'High', 'High', 'Very-High', 'Very-High'] as const;
const CODES = [0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4] as const;

/** Pieces [from, ...) of `text` between pipes that no backslash precedes; null when there are fewer than `count`, each followed by a pipe (the last may end the text). */
export function pipeFields(text: string, from: number, count: number): { fields: Span[]; rest: number } | null {
  const fields: Span[] = [];
  let start = from;
  for (let i = from; i <= text.length; i++) {
    if (i === text.length || text[i] === '|') {
      fields.push({ start, end: i });
      start = i + 1;
      if (fields.length === count) return { fields, rest: Math.min(start, text.length) };
    } else if (text[i] === '\\') {
      i++;
    }
  }
  return null;
}

/** Tells the severity 0..10 or the word for it. */
function reportSeverity(text: string, sink: Sink): void {
  const number = /^\d{1,2}(?:\.0)?$/.test(text) ? Number(text) : -1;
  const code = number >= 0 ? CODES[number] : SEVERITY_WORDS[text.toLowerCase().replace(/[ _]/g, '-')];
  if (code === undefined) return;
  sink.severity(code);
  sink.text(FIELD.level, number >= 0 ? LEVELS[number] : text);
}

/** A time as devices write it: any shape that readTime knows, or a number since 1970. */
export function deviceTime(buf: Uint8Array, start: number, end: number, clock: Clock): number {
  const us = readTime(buf, start, end, clock);
  if (us === us) return us;
  clock.end = end;
  clock.zoned = true;
  return epochUs(buf, start, end);
}

/** A Format of such events. */
export function deviceFormat(dialect: Dialect): Format {
  const { id, title, description, mark, samples } = dialect;
  // What a key is for, as its place in the list of columns and then times.
  const roles = new Map([...dialect.columns.map(([, key]) => key), ...dialect.times].map((key, role) => [key, role]));
  return {
    id, title, description, samples,
    signal: 'logs',
    parallel: true,
    // More than what reads only the syslog header.
    recognise: (head) => recogniseLines(head, { matches: (line) => mark.test(line), weight: 0.998, what: `${id.toUpperCase()} events` }),
    open: (context: SourceContext) => openWithEnd(context, (clock) => lineParser({
      report(buf, start, _lineEnd, end, sink) {
        sink.begin(start, end);
        report(dialect, roles, buf, start, end, sink, clock);
        sink.end();
      },
    })),
  };
}

function report(dialect: Dialect, roles: ReadonlyMap<string, number>, buf: Uint8Array, start: number, end: number, sink: Sink, clock: Clock): void {
  const text = byteText(buf, start, end);
  const marked = dialect.mark.exec(text);
  const event = marked ? dialect.read(text, marked.index + marked[0].length) : null;
  if (!marked || !event) {
    const us = readTime(buf, start, end, clock);
    if (us === us) sink.time(us, start, clock.end, !clock.zoned);
    return;
  }
  const begin = marked.index + (/^[CL]/.test(marked[0]) ? 0 : 1);
  const header = reportSyslogHeader(buf, start, start + begin, sink, clock);
  const plain = (span: Span): string => {
    const raw = text.slice(span.start, span.end);
    return dialect.unescape(isAscii(raw) ? raw : decode(buf, start + span.start, start + span.end));
  };
  // Of each role the best pair: asking every pair what it is for costs less than looking for every key.
  const found = new Array<Pair | undefined>(roles.size);
  for (const pair of event.pairs) {
    const role = pair.end > pair.start ? roles.get(pair.key) : undefined;
    if (role !== undefined) found[role] ??= pair;
  }
  const valueOf = (key: string): string => {
    const pair = event.pairs.find((one) => one.key === key && one.end > one.start);
    return pair ? plain(pair) : '';
  };
  const shown = new Set<Span>();
  const fill = (code: FieldCode, span: Span): void => {
    shown.add(span);
    if (text.slice(span.start, span.end).includes('\\')) sink.text(code, plain(span));
    else sink.field(code, start + span.start, start + span.end);
  };

  fill(FIELD.service, event.header[2]);
  let filled = 0;
  dialect.columns.forEach(([code, key], role) => {
    const pair = found[role];
    if (!pair || (filled & (1 << code)) !== 0 || (begin > 0 && dialect.parties.has(key))) return;
    filled |= 1 << code;
    fill(code, pair);
  });
  const severity = event.severity ? plain(event.severity) : valueOf(dialect.severityKey);
  reportSeverity(severity.trim(), sink);

  let timed = false;
  for (let role = dialect.columns.length; role < found.length && !timed; role++) {
    const pair = found[role];
    const us = pair ? dialect.readTime(buf, start + pair.start, start + pair.end, clock, valueOf) : NaN;
    if (!pair || us !== us) continue;
    sink.time(us, start + pair.start, start + pair.end, !clock.zoned);
    shown.add(pair);
    timed = true;
  }
  if (!timed && header.us === header.us) sink.time(header.us, header.start, header.end, header.zoneAssumed);

  reportMessage(buf, start, text, event.name, [plain(event.name).trim(), dialect.describe(valueOf)].filter((part) => part !== '').join(' '), valueOf('msg'), sink);
  if (sink.detail) reportAttributes(dialect, event, plain, shown, sink);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** name: msg, or one of them where the other adds nothing. */
function reportMessage(buf: Uint8Array, start: number, text: string, span: Span, name: string, said: string, sink: Sink): void {
  if (said !== '' && said !== name) sink.messageText(said.startsWith(name) ? said : `${name}: ${said}`);
  // Characters that are bytes: it stands there as it is.
  else if (name !== '' && name === text.slice(span.start, span.end)) sink.message(start + span.start, start + span.end);
  else if (name !== '') sink.messageText(name);
}

/** Everything that no column shows; cs1Label=Rule cs1=x is Rule=x. */
function reportAttributes(dialect: Dialect, event: DeviceEvent, plain: (span: Span) => string, shown: ReadonlySet<Span>, sink: Sink): void {
  event.header.forEach((span, i) => {
    if (i === 0) sink.attribute(`${dialect.id}.version`, plain(span).trim());
    else sink.attribute(HEADER_NAMES[i], attributeValue(plain(span)));
  });
  if (!event.header.includes(event.name)) sink.attribute('name', plain(event.name));
  if (event.severity) sink.attribute('severity', attributeValue(plain(event.severity)));
  const names = new Map<string, string>();
  const labels = new Set<Pair>();
  const keys = new Set(event.pairs.map(({ key }) => key));
  for (const pair of event.pairs) {
    const of = dialect.labels?.(pair.key) ?? null;
    const label = of === null ? '' : plain(pair).trim();
    if (of === null || label === '' || !keys.has(of)) continue;
    names.set(of, label);
    labels.add(pair);
  }
  for (const pair of event.pairs) if (!shown.has(pair) && !labels.has(pair)) sink.attribute(names.get(pair.key) ?? pair.key, attributeValue(plain(pair)));
}
