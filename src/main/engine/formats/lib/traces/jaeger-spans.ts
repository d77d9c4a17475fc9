/**
 * Spans as Jaeger writes them: the answers of its HTTP API and what its window saves ({"data": [{traceID, spans, processes}]}, or one such
 * trace), the window's own transformed traces, and the documents of its storage (Elasticsearch: a span a line with its process inline).
 * Old fixtures in protobuf's JSON (traceId in base64, tags with vType) are read too.
 *
 * Spans name their process by an id whose table stands behind them, so they wait for it: up to HELD_BYTES of a trace.
 */
import { idOf } from './ids.ts';
import type { Choose } from '../json-elements.ts';
import { undecodable } from '../undecodable.ts';
import type { ElementReader } from './element-lines.ts';
import { sharedPairs } from './shared-pairs.ts';
import { listOf, nanoseconds, objectOf, spanLine, textOf, wholeNumber, type Pairs, type Span, type SpanEvent, type SpanLink } from './span-line.ts';

const HELD_BYTES = 64 << 20;
type Object = Readonly<Record<string, unknown>>;

const ENTERED = /^(?:|\*|data|data\.\*|hits|hits\.hits|(?:(?:data|data\.\*|\*)\.)?spans)$/;
const TAKEN = /^(?:(?:(?:data|data\.\*|\*)\.)?(?:spans\.\*|processes)|hits\.hits\.\*)$/;
/** A file of traces. */
export const chooseTraces: Choose = (path) => (TAKEN.test(path) ? 'take' : ENTERED.test(path) ? 'enter' : 'skip');
/** A file of spans, one a line or in a list. */
export const chooseSpans: Choose = (path, opener) => (path === '' && opener === 91 ? 'enter' : path === '' || path === '*' ? 'take' : 'skip');

/** A stored document may stand in Elasticsearch's wrapping. */
function unwrap(value: unknown): Object | null {
  const found = objectOf(value);
  return objectOf(found?._source) ?? found;
}
export function isJaegerSpan(value: unknown): boolean {
  const span = unwrap(value);
  return span !== null && ('spanID' in span || 'spanId' in span) && 'operationName' in span && 'startTime' in span;
}

/** Reads what chooseTraces or chooseSpans take. */
export class JaegerReader implements ElementReader {
  private held: Object[] = [];
  private heldBytes = 0;
  private released = 0;
  private processes: Object = {};

  *value(path: string, value: unknown, bytes: number): Generator<string, void, void> {
    if (path.endsWith('processes')) {
      this.processes = objectOf(value) ?? {};
      yield* this.release();
      return;
    }
    const span = unwrap(value);
    if (!span || !isJaegerSpan(span)) throw new Error('This is no span of Jaeger: it has no spanID, operationName and startTime.');
    const id = textOf(span.processID);
    if (span.process !== undefined || id === '' || id in this.processes) {
      yield spanLine(toSpan(span, this.processes));
      return;
    }
    this.held.push(span);
    this.heldBytes += bytes;
    if (this.heldBytes < HELD_BYTES) return;
    this.released += this.held.length;
    yield* this.release();
  }

  *left(path: string): Generator<string, void, void> {
    // A trace ends with the object around its spans, not with their list.
    if (path.endsWith('spans')) return;
    yield* this.release();
    this.processes = {};
    if (this.released > 0) yield undecodable(`The processes of a trace stand behind more than ${HELD_BYTES >> 20} MiB of its spans: ${this.released} spans before them were read without their service.`, 0, new Uint8Array(0));
    this.released = 0;
  }

  private *release(): Generator<string, void, void> {
    for (const span of this.held) yield spanLine(toSpan(span, this.processes));
    this.held = [];
    this.heldBytes = 0;
  }
}

/** Tags are [{key, type, value}], old ones [{key, vStr | vBool | …}], or an object of names (Elasticsearch, tags as fields). */
function tagsOf(value: unknown): [string, unknown][] {
  const object = objectOf(value);
  if (object) return Object.entries(object).map(([name, inner]) => [name.replaceAll('@', '.'), inner]);
  const pairs: [string, unknown][] = [];
  for (const item of listOf(value)) {
    const tag = objectOf(item);
    if (tag) pairs.push([textOf(tag.key), tag.value ?? tag.vStr ?? tag.vBool ?? tag.vInt64 ?? tag.vFloat64 ?? tag.vBinary ?? null]);
  }
  return pairs;
}
function take(pairs: [string, unknown][], name: string): unknown {
  const at = pairs.findIndex(([key]) => key === name);
  return at < 0 ? undefined : pairs.splice(at, 1)[0][1];
}
/** What a process says of itself; worked out once for all spans that name it. */
const resources = new WeakMap<Object, Pairs>();
function resourceOf(process: Object): Pairs {
  let pairs = resources.get(process);
  if (!pairs) {
    pairs = sharedPairs(tagsOf(process.tags).map(([name, value]) => [PROCESS_NAMES.get(name) ?? name, value]));
    resources.set(process, pairs);
  }
  return pairs;
}
const PROCESS_NAMES = new Map([['hostname', 'host.name'], ['ip', 'host.ip']]);

function toSpan(span: Object, processes: Object): Span {
  const processId = textOf(span.processID);
  const found = objectOf(span.process) ?? (Object.hasOwn(processes, processId) ? objectOf(processes[processId]) : null);
  const tags = [...tagsOf(span.tags), ...(objectOf(span.tag) ? tagsOf(span.tag) : [])];
  const kind = textOf(take(tags, 'span.kind'));
  const code = textOf(take(tags, 'otel.status_code')).toUpperCase();
  const traceId = idOf(span.traceID ?? span.traceId);
  const { parentSpanId, follows, links } = referencesOf(span, traceId);
  const failed = code === 'ERROR' || tags.some(([key, value]) => key === 'error' && (value === true || value === 'true'));
  const events = listOf(span.logs).map(eventOf);
  const warnings = listOf(span.warnings);
  return {
    start: timeOf(span.startTime), duration: durationOf(span.duration), traceId, spanId: idOf(span.spanID ?? span.spanId), parentSpanId,
    operation: textOf(span.operationName), service: textOf(found?.serviceName), kind,
    status: failed ? 'ERROR' : code === 'OK' ? 'OK' : '',
    statusMessage: textOf(take(tags, 'otel.status_description')) || (failed ? firstText(tags, ['error.message', 'error.object']) || errorOf(events) : ''),
    own: [['opentracing.ref_type', follows ? 'follows_from' : ''], ['trace_flags', wholeOf(span.flags)], ['jaeger.process_id', found ? '' : processId], ['jaeger.warnings', warnings.length > 0 ? warnings : '']],
    attributes: tags,
    resource: found ? resourceOf(found) : [],
    events: events.map(withException), links,
  };
}
function wholeOf(value: unknown): number | '' {
  return typeof value === 'number' ? value : '';
}
/** Microseconds since 1970, or ISO 8601 with up to nine digits. */
function timeOf(value: unknown): bigint | null {
  const iso = typeof value === 'string' ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(value) : null;
  if (!iso) return nanoseconds(value, 1000);
  const ms = Date.parse(`${iso[1]}Z`);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt((iso[2] ?? '').padEnd(9, '0'));
}
/** Microseconds, or text with its unit. */
function durationOf(value: unknown): bigint | null {
  const said = typeof value === 'string' ? /^(\d{1,15}(?:\.\d{1,9})?)(ns|us|ms|s)$/.exec(value) : null;
  if (!said) return nanoseconds(value, 1000);
  const unit = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }[said[2]] ?? 1;
  return wholeNumber(Math.round(Number(said[1]) * unit));
}

/** The parent is the first CHILD_OF of the same trace, else the first FOLLOWS_FROM (model.Span.ParentSpanID in Jaeger); all else is a link. */
function referencesOf(span: Object, traceId: string): { parentSpanId: string; follows: boolean; links: SpanLink[] } {
  const references = listOf(span.references).flatMap((item) => {
    const reference = objectOf(item);
    return reference ? [{ type: textOf(reference.refType), traceId: idOf(reference.traceID ?? reference.traceId), spanId: idOf(reference.spanID ?? reference.spanId) }] : [];
  });
  const inTrace = references.filter((reference) => reference.traceId === traceId || reference.traceId === '');
  const parent = inTrace.find(({ type }) => type !== 'FOLLOWS_FROM') ?? inTrace.at(0);
  const own = idOf(span.parentSpanID ?? span.parentSpanId);
  return {
    parentSpanId: own !== '' && !/^0+$/.test(own) ? own : (parent?.spanId ?? ''),
    follows: parent?.type === 'FOLLOWS_FROM',
    links: references.filter((reference) => reference !== parent).map((reference) => ({ traceId: reference.traceId, spanId: reference.spanId, attributes: reference.type === '' ? [] : [['opentracing.ref_type', reference.type.toLowerCase()]] })),
  };
}

function eventOf(item: unknown): SpanEvent {
  const log = objectOf(item) ?? {};
  const fields = tagsOf(log.fields);
  const name = take(fields, 'event');
  return { time: timeOf(log.timestamp), name: textOf(log.name) || textOf(name), attributes: fields };
}
function firstText(pairs: Pairs, names: readonly string[]): string {
  for (const name of names) {
    const found = pairs.find(([key]) => key === name);
    if (found && textOf(found[1]) !== '') return textOf(found[1]);
  }
  return '';
}
const isError = (event: SpanEvent): boolean => event.name === 'error' || event.name === 'exception';
function errorOf(events: readonly SpanEvent[]): string {
  const event = events.find(isError);
  return event ? firstText(event.attributes, ['exception.message', 'message', 'error.object']) : '';
}
/** OpenTracing's names for what OpenTelemetry calls an exception. */
const EXCEPTION_NAMES = new Map([['error.kind', 'exception.type'], ['message', 'exception.message'], ['error.object', 'exception.message'], ['stack', 'exception.stacktrace']]);
function withException(event: SpanEvent): SpanEvent {
  if (!isError(event) || event.attributes.some(([key]) => key.startsWith('exception.'))) return event;
  const taken = new Set<string>();
  return {
    ...event,
    attributes: event.attributes.map(([key, value]) => {
      const name = EXCEPTION_NAMES.get(key) ?? key;
      if (name === key || taken.has(name)) return [key, value];
      taken.add(name);
      return [name, value];
    }),
  };
}
