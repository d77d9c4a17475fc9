/**
 * Formats said by regular expressions with named groups.
 *
 * A pattern runs over the first line (or the first `spans` lines) of a record, as text in which one character is one byte, so
 * that a group's place in the text is its place in the buffer. Colour codes are taken out first. The group names are:
 * time, level, message, service, host, user, ip, url, request_id, trace_id, span_id (columns), status, latency_ms, latency_s,
 * latency_us (numbers); any other name is an attribute ('__' in it stands for a dot).
 */
import { FIELD, FIELD_COUNT, NUMBER, type FieldCode, type Format, type Parser, type Sample, type Sink, type SourceContext } from '../format.ts';
import type { Signal } from '../../../../shared/event.ts';
import { positioned, type PositionedPattern } from './capture-positions.ts';
import { openWithEnd } from './incomplete-times.ts';
import { byteText, decode, lineParser, skipAnsi, skipMark } from './lines.ts';
import { recogniseLines } from './recognition.ts';
import { severityAt } from './severity.ts';
import { createClock, readTime, type Clock } from './time.ts';

export interface LineFormatOptions {
  id: string;
  title: string;
  description: string;
  signal?: Signal;
  samples: readonly Sample[];
  sampleContext?: Partial<SourceContext>;
  sampleHead?: string;
  /** Tried in order; anchored with ^. */
  patterns: readonly RegExp[];
  /** Cheap test whether a line starts a record. Default: a pattern matches it. 'line': every line does. */
  starts?: 'line' | ((buf: Uint8Array, start: number, end: number) => boolean);
  /** how many lines of a record the patterns see, default 1 */
  spans?: number;
  /** completes 'N of M lines are ...' */
  what: string;
  /** confidence when every line matches, default 0.9 */
  weight?: number;
  /** least share of matching lines, see LineTest */
  least?: number;
  /** Another way to read the time group; default readTime. Same rules as readTime. */
  readTime?(buf: Uint8Array, start: number, end: number, clock: Clock, context: SourceContext): number;
  /** Severity code of the level group, or -1 for none; default severityAt. */
  severityAt?(buf: Uint8Array, start: number, end: number): number;
  /** the level column's text when the record writes a letter or number for it */
  levelText?(level: string): string;
  /** What the groups do not say. `text` gives a group's text ('' when it took no part). Called before sink.end. */
  also?(text: (group: string) => string, sink: Sink, context: SourceContext): void;
  /** groups that `also` asks for and that are no columns */
  asks?: readonly string[];
}

const COLUMNS: Readonly<Record<string, FieldCode>> = {
  service: FIELD.service, host: FIELD.host, user: FIELD.user, ip: FIELD.ip, url: FIELD.url,
  request_id: FIELD.requestId, trace_id: FIELD.traceId, span_id: FIELD.spanId,
};
const LATENCIES: Readonly<Record<string, number>> = { latency_ms: 1, latency_s: 1000, latency_us: 0.001 };

/** What becomes of a group: a FIELD code, or one of these. */
const ROLE = { time: 16, message: 17, status: 18, latency: 19, attribute: 20 } as const;
function roleOf(name: string): number {
  if (name === 'time' || name === 'message' || name === 'status') return ROLE[name];
  if (name === 'level') return FIELD.level;
  return COLUMNS[name] ?? (LATENCIES[name] === undefined ? ROLE.attribute : ROLE.latency);
}
interface Compiled {
  pattern: PositionedPattern;
  /** roles of the pattern's groups */
  roles: readonly number[];
}

/** Patterns see no more of a line than this: it bounds what a bad pattern can cost. */
const MAX_PATTERN_BYTES = 16 * 1024;

/** A Format from patterns. Parallel, because where a record starts can be told from its line alone. */
export function lineFormat(options: LineFormatOptions): Format {
  const tests = options.patterns.map((pattern) => new RegExp(pattern.source, pattern.flags.replace(/[gyd]/g, '')));
  const { starts } = options;
  // At ingest only groups count that fill columns (or that `also` asks for).
  const compiled: Compiled[][] = [];
  const patternsFor = (detail: boolean): Compiled[] => (compiled[Number(detail)] ??= options.patterns.map((written) => {
    const pattern = positioned(written, (name) => detail || roleOf(name) !== ROLE.attribute || options.asks?.includes(name) === true);
    return { pattern, roles: pattern.names.map(roleOf) };
  }));
  const startsRecord = starts === 'line' ? undefined
    : starts ?? ((buf: Uint8Array, start: number, end: number) => {
      const line = plainBytes(buf, start, Math.min(end, start + MAX_PATTERN_BYTES));
      return tests.some((test) => test.test(line));
    });
  return {
    id: options.id,
    title: options.title,
    description: options.description,
    signal: options.signal ?? 'logs',
    samples: options.samples,
    sampleContext: options.sampleContext,
    sampleHead: options.sampleHead,
    parallel: true,
    recognise(head) {
      const spans = options.spans ?? 1;
      let at = 0;
      return recogniseLines(head, {
        matches: (line) => {
          const seen = spans === 1 ? line : [line, ...head.lines.slice(at + 1, at + spans)].join('\n');
          at++;
          return tests.some((test) => test.test(seen));
        },
        multiline: starts !== 'line',
        weight: options.weight ?? 0.9,
        what: options.what,
        least: options.least,
      });
    },
    open: (context) => openWithEnd(context, (clock) => openParser(options, patternsFor, startsRecord, context, clock)),
  };
}

/** The text of the first group of that name that took part, or ''. */
function textOfGroup({ names, from, to }: PositionedPattern, name: string, text: string): string {
  for (let slot = 0; slot < names.length; slot++) if (names[slot] === name && from[slot] >= 0) return text.slice(from[slot], to[slot]);
  return '';
}

function plainBytes(buf: Uint8Array, start: number, end: number): string {
  const text = byteText(buf, start, end);
  return text.includes('\u001b') ? byteText(...withoutAnsi(buf, start, end).whole) : text;
}

/** A copy of bytes without escape sequences, and where each byte of it stood. */
function withoutAnsi(buf: Uint8Array, start: number, end: number): { whole: [Uint8Array, number, number]; places: Uint32Array } {
  const bytes = new Uint8Array(end - start);
  const places = new Uint32Array(end - start + 1);
  let length = 0;
  for (let p = start; p < end; ) {
    if (buf[p] === 27) {
      p = skipAnsi(buf, p, end);
    } else {
      places[length] = p;
      bytes[length++] = buf[p++];
    }
  }
  places[length] = end;
  return { whole: [bytes, 0, length], places };
}

function openParser(
  options: LineFormatOptions,
  patternsFor: (detail: boolean) => Compiled[],
  starts: ((buf: Uint8Array, start: number, end: number) => boolean) | undefined,
  context: SourceContext,
  clock: Clock,
): Required<Parser> {
  const read: NonNullable<LineFormatOptions['readTime']> = options.readTime ?? readTime;
  const severity = options.severityAt ?? severityAt;
  const spans = options.spans ?? 1;
  // The text of the bytes given to parse(), made once a call: a line's text is then a slice of it, which copies nothing.
  let chunk = '';
  let chunkAt = 0;
  let chunkEnd = 0;
  let chunkOf: Uint8Array | null = null;

  function textOf(buf: Uint8Array, start: number, end: number): string {
    if (chunkOf !== buf) {
      chunk = byteText(buf, chunkAt, chunkEnd);
      chunkOf = buf;
    }
    return chunk.slice(start - chunkAt, end - chunkAt);
  }

  function report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink): void {
    sink.begin(start, end);
    let head = lineEnd;
    for (let line = 1; line < spans && head < end; line++) {
      const newline = buf.indexOf(10, head + 1);
      head = newline < 0 || newline > end ? end : newline;
    }
    const view = Math.min(head, start + MAX_PATTERN_BYTES);
    const text = textOf(buf, start, view);
    if (text.includes('\u001b')) {
      const { whole, places } = withoutAnsi(buf, start, view);
      match(whole[0], 0, whole[2], byteText(...whole), places, buf, end, sink);
    } else {
      match(buf, start, view, text, null, buf, end, sink);
    }
    sink.end();
  }

  /** Runs the patterns over bytes [start, end) and reports; `places` maps them to `original` where they are a copy. */
  function match(
    bytes: Uint8Array, start: number, end: number, text: string, places: Uint32Array | null,
    original: Uint8Array, recordEnd: number, sink: Sink,
  ): void {
    for (const { pattern, roles } of patternsFor(sink.detail)) {
      if (!pattern.match(text)) continue;
      for (let slot = 0; slot < roles.length; slot++) {
        const role = roles[slot];
        const from = start + pattern.from[slot];
        const to = start + pattern.to[slot];
        if (from < start || from === to) continue;
        if (role === ROLE.time) {
          const us = read(bytes, from, to, clock, context);
          if (us === us) sink.time(us, places ? places[from] : from, places ? places[to - 1] + 1 : to, !clock.zoned);
        } else if (role === ROLE.message) {
          // A message that ends with its line goes on over the lines behind it.
          const last = to === end || bytes[to] === 10 || (bytes[to] === 13 && bytes[to + 1] === 10) ? recordEnd : -1;
          if (!places) sink.message(from, last < 0 ? to : last);
          else sink.messageText(decode(bytes, from, last < 0 ? to : end) + (last < 0 ? '' : decode(original, places[end], recordEnd)));
        } else {
          reportGroup(role, pattern.names[slot], bytes, from, to, places, sink);
        }
      }
      options.also?.((group) => textOfGroup(pattern, group, text), sink, context);
      return;
    }
    const us = readTime(bytes, start, end, clock);
    if (us === us) sink.time(us, places ? places[start] : start, places ? places[clock.end - 1] + 1 : clock.end, !clock.zoned);
  }

  function reportGroup(role: number, name: string, bytes: Uint8Array, from: number, to: number, places: Uint32Array | null, sink: Sink): void {
    if (role === FIELD.level) {
      const code = severity(bytes, from, to);
      if (code >= 0) sink.severity(code);
    }
    if (role < FIELD_COUNT) {
      if (role === FIELD.level && options.levelText) sink.text(FIELD.level, options.levelText(byteText(bytes, from, to)));
      else if (places) sink.text(role as FieldCode, decode(bytes, from, to));
      else sink.field(role as FieldCode, from, to);
    } else if (role === ROLE.attribute) {
      if (sink.detail) sink.attribute(name.replaceAll('__', '.'), attributeValue(decode(bytes, from, to)));
    } else {
      const value = Number(byteText(bytes, from, to));
      if (!Number.isFinite(value)) return;
      if (role === ROLE.status) sink.number(NUMBER.status, value);
      else sink.number(NUMBER.latencyMs, value * LATENCIES[name]);
    }
  }

  const lines = lineParser({ starts, report });
  return {
    parse(buf, start, end, stopAt, final, sink) {
      chunkOf = null;
      chunkAt = start;
      chunkEnd = end;
      const consumed = lines.parse(buf, start, end, stopAt, final, sink);
      chunk = '';
      return consumed;
    },
    sync: lines.sync,
  };
}

/** Whole numbers without leading zeros become numbers, everything else stays text. */
export function attributeValue(text: string): string | number {
  return /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** A `starts` for lines that begin with a time stamp, perhaps behind colour codes and one opening bracket. */
export function timeFirst(): (buf: Uint8Array, start: number, end: number) => boolean {
  // Only whether there is a stamp counts here, so any zone and year will do.
  const clock = createClock({ zone: 'UTC', modified: Date.UTC(2026, 0, 1) * 1000 });
  return (buf, start, end) => {
    let p = skipAnsi(buf, skipMark(buf, start, end), end);
    if (buf[p] === 91) p = skipAnsi(buf, p + 1, end);
    const us = readTime(buf, p, Math.min(end, p + 64), clock);
    return us === us;
  };
}
