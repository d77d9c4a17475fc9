/**
 * Spans in a table: one a row, with the ids of trace, span and parent, who did what, and when, as studies and warehouses keep them.
 * What the columns mean is told from their names; where a table has both an end and a duration, the end decides, because it has its unit.
 */
import { readRow, MAX_ROW_BYTES, type Cell } from '../csv-table.ts';
import { decodeUtf8 } from '../json-text.ts';
import { normalise, meaningOf, MEANING } from '../spellings.ts';
import { createClock, readTime, type Clock } from '../time.ts';
import { undecodable } from '../undecodable.ts';
import { workloadOf } from '../workload.ts';
import { idOf } from './ids.ts';
import { spanLine, type Pairs } from './span-line.ts';

const COMMA = 44;
const DELIMITERS = [COMMA, 9, 59, 124] as const;
const MAX_COLUMNS = 1000;
const PARENT = new Set(['parentid', 'parentspanid', 'parentspan', 'parent.id', 'parent', 'parentspan.id', 'pid', 'refspanid']);
const OPERATION = new Set(['operationname', 'operation', 'spanname', 'name', 'methodname', 'resource', 'endpoint', 'interface']);
const KIND = new Set(['spankind', 'kind', 'span.kind']);
const END = new Set(['endtimeunixnano', 'endtime', 'end', 'endts', 'endtimestamp', 'endtimemillis', 'endedat', 'finishtime']);
const START = new Set(['starttimeunixnano', 'starttime', 'start', 'startts', 'starttimestamp', 'starttimemillis', 'startedat']);
const POD = new Set(['podname', 'pod', 'k8s.pod.name', 'kubernetes.pod.name', 'cmdbid']);
const STATUS = new Set(['otel.statuscode', 'statuscode', 'status', 'error', 'iserror', 'httpstatuscode', 'http.statuscode', 'success']);

interface Columns {
  delimiter: number;
  names: string[];
  trace: number;
  span: number;
  parent: number;
  service: number;
  pod: number;
  operation: number;
  kind: number;
  start: number;
  end: number;
  duration: number;
  /** nanoseconds; 0 = as the start's, if that is a number */
  durationUnit: number;
  status: number;
}

/** What the header says; null when it is none of a table of spans: it has to name a trace, a span, its parent, and when it was. */
export function spanColumns(head: Uint8Array): Columns | null {
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const cells: Cell[] = [];
  for (const delimiter of DELIMITERS) {
    const end = readRow(head, start, Math.min(head.length, MAX_ROW_BYTES), delimiter, cells);
    if (end < 0 || cells.length < 5 || cells.length > MAX_COLUMNS) continue;
    const columns = columnsOf(delimiter, cells.map((cell) => textOf(head, cell).trim()));
    if (columns) return columns;
  }
  return null;
}

function columnsOf(delimiter: number, names: string[]): Columns | null {
  const keys = names.map((name) => normalise(name.replace(/\s*[([][^)\]]*[)\]]$/, '')));
  const meanings = names.map((name) => meaningOf(name, { path: '', wrapped: false }).spelling);
  const named = (set: ReadonlySet<string>): number => keys.findIndex((key) => set.has(key));
  const meaning = (wanted: number): number => {
    let best = -1;
    meanings.forEach((each, i) => {
      if (each?.meaning === wanted && (best < 0 || each.rank < (meanings[best]?.rank ?? 255))) best = i;
    });
    return best;
  };
  // Of several spellings of a time, the finest: nanoseconds before what may be milliseconds.
  const finest = (set: ReadonlySet<string>): number => {
    const all = keys.flatMap((key, i) => (set.has(key) ? [i] : []));
    return all.find((i) => keys[i].endsWith('nano')) ?? all.find((i) => !keys[i].endsWith('millis')) ?? all.at(0) ?? -1;
  };
  const duration = meaning(MEANING.latency);
  const start = finest(START);
  const columns = {
    delimiter, names, trace: meaning(MEANING.traceId), span: meaning(MEANING.spanId), parent: named(PARENT), service: keys.findIndex((key) => /^(?:service|service\.?name|servicename|app|application)$/.test(key)), pod: named(POD),
    operation: named(OPERATION), kind: named(KIND), start: start >= 0 ? start : meaning(MEANING.time), end: finest(END), duration, durationUnit: (meanings[duration]?.parameter ?? 0) * 1000, status: named(STATUS),
  };
  const { trace, span, parent, service, pod, end } = columns;
  return trace >= 0 && span >= 0 && parent >= 0 && (service >= 0 || pod >= 0) && columns.start >= 0 && (end >= 0 || duration >= 0) ? columns : null;
}

/** The rows as span lines (span-line.ts). Throws when the stream does not begin with a header of spans. */
export async function* csvSpanLines(chunks: AsyncIterable<Uint8Array>, context: { modified: number }): AsyncGenerator<string, void, void> {
  const clock = createClock({ zone: 'UTC', modified: context.modified });
  let rest = new Uint8Array(0);
  let offset = 0;
  let columns: Columns | null = null;
  const cells: Cell[] = [];
  function* rows(final: boolean): Generator<string, void, void> {
    let at = 0;
    while (at < rest.length) {
      const delimiter = columns?.delimiter ?? COMMA;
      let end = readRow(rest, at, rest.length, delimiter, cells);
      const whole = end >= 0 && (end < rest.length || final);
      if (!whole && !final && rest.length - at <= MAX_ROW_BYTES) break;
      if (!columns) {
        columns = spanColumns(rest.subarray(at));
        if (!columns) throw new Error('This is no table of spans: its header has to name a trace, a span, its parent, a service or pod, a start, and an end or a duration.');
      } else if (end < 0) {
        const newline = rest.indexOf(10, at);
        end = newline < 0 ? rest.length : newline;
        yield undecodable('A quoted cell is not closed.', offset + at, rest.slice(at, end));
      } else if (cells.length > 1 || cells[0].end > cells[0].start) {
        const texts = cells.map((cell) => textOf(rest, cell));
        const said = texts.every((text, i) => text.trim() === columns?.names[i]) ? '' : rowLine(columns, texts, clock);
        if (said !== '') yield typeof said === 'string' ? said : undecodable(said.reason, offset + at, rest.slice(at, end));
      }
      at = Math.min(end + 1, rest.length);
    }
    rest = rest.slice(at);
    offset += at;
  }
  for await (const chunk of chunks) {
    const joined = new Uint8Array(rest.length + chunk.length);
    joined.set(rest);
    joined.set(chunk, rest.length);
    rest = joined;
    yield* rows(false);
  }
  yield* rows(true);
}

function rowLine(columns: Columns, texts: readonly string[], clock: Clock): string | { reason: string } {
  if (texts.length < columns.names.length) return { reason: `The row has ${texts.length} cells, the header ${columns.names.length}.` };
  const at = (column: number): string => (column < 0 ? '' : (texts[column] ?? '').trim());
  const traceId = idOf(at(columns.trace));
  const spanId = idOf(at(columns.span));
  if (traceId === '' || spanId === '') return { reason: 'The row names no trace and span.' };
  const start = timeNs(at(columns.start), clock);
  const end = timeNs(at(columns.end), clock);
  const pod = at(columns.pod);
  const parent = at(columns.parent);
  const taken = new Set([columns.trace, columns.span, columns.parent, columns.service, columns.pod, columns.operation, columns.kind, columns.start, columns.end, columns.duration]);
  const attributes: Pairs = columns.names.flatMap((name, i): [string, unknown][] => (taken.has(i) || texts[i] === '' ? [] : [[name, texts[i]]]));
  return spanLine({
    start, duration: start !== null && end !== null && end >= start ? end - start : durationNs(columns, at(columns.duration), at(columns.start)),
    traceId, spanId, parentSpanId: isNoParent(parent) ? '' : idOf(parent), operation: at(columns.operation),
    service: at(columns.service) || workloadOf(pod), kind: at(columns.kind).replace(/^SPAN_KIND_/i, ''), ...statusOf(columns, at(columns.status)),
    attributes, resource: pod === '' ? [] : [['k8s.pod.name', pod]], events: [], links: [],
  });
}

/** How tables write that a span has no parent. */
function isNoParent(text: string): boolean {
  return /^(?:root|none|null|nil|nan|0*|-1?)$/i.test(text);
}

function timeNs(text: string, clock: Clock): bigint | null {
  if (/^\d{9,20}$/.test(text)) return BigInt(text) * numberUnit(text.length);
  const bytes = encoder.encode(text.slice(0, 64));
  const us = readTime(bytes, 0, bytes.length, clock);
  if (us === us) return BigInt(Math.round(us)) * 1000n;
  return /^\d{9,11}\.\d+$/.test(text) ? BigInt(Math.round(Number(text) * 1e6)) * 1000n : null;
}
const encoder = new TextEncoder();
/** Nanoseconds of one of an epoch number's units, told by its size. */
function numberUnit(digits: number): bigint {
  return digits <= 11 ? 1_000_000_000n : digits <= 14 ? 1_000_000n : digits <= 17 ? 1000n : 1n;
}

/** A duration without a unit counts in that of the start (Jaeger: both microseconds), else in milliseconds. */
function durationNs(columns: Columns, text: string, start: string): bigint | null {
  if (!/^\d{1,18}(?:\.\d{1,18})?$/.test(text)) return null;
  const unit = columns.durationUnit > 0 ? columns.durationUnit : /^\d{13,20}$/.test(start) ? Number(numberUnit(start.length)) : 1_000_000;
  return BigInt(Math.round(Number(text) * unit));
}

function statusOf({ status, names }: Columns, text: string): { status: 'ERROR' | ''; statusMessage: string } {
  const key = status < 0 ? '' : normalise(names[status]);
  const failed = key === 'success' ? /^(?:false|0|no)$/i.test(text) : key.endsWith('error') ? !/^(?:|false|0|no|none|null|ok)$/i.test(text) : /^(?:5\d\d|.*error.*|fail.*|status_code_error)$/i.test(text) || (/otel/.test(key) && text === '2');
  return { status: failed ? 'ERROR' : '', statusMessage: '' };
}

function textOf(buf: Uint8Array, { start, end, escaped }: Cell): string {
  const text = decodeUtf8(buf, start, end);
  return escaped ? text.replaceAll('""', '"') : text;
}
