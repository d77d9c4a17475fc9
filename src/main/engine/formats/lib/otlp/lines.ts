/**
 * ResourceSpans and ResourceLogs of OTLP as lines, one a span or log record (opentelemetry-proto trace.proto and logs.proto). The scope goes by
 * the names OpenTelemetry gives it outside OTLP: otel.scope.name, otel.scope.version.
 */
import { fitLine } from '../fit-line.ts';
import { AttributeNames } from '../traces/attribute-names.ts';
import { idOf } from '../traces/ids.ts';
import { sharedPairs } from '../traces/shared-pairs.ts';
import { isoTime, listOf, MAX_SERVICE, objectOf, spanLine, textOf, type Pairs } from '../traces/span-line.ts';
import type { OtlpKind } from './fields.ts';
import { anyValue, attributesOf, timeOf } from './values.ts';

type Object = Readonly<Record<string, unknown>>;

/** The lines of one element of resourceSpans or resourceLogs. Throws an Error for anything else. */
export function* resourceLines(kind: OtlpKind, element: unknown): Generator<string, void, void> {
  const outer = objectOf(element);
  if (!outer) throw new Error('This is no OTLP: an object with resource and scopes is missing.');
  if (kind === 'metrics') throw new Error('These are OTLP metrics among spans or logs. Only spans and logs are read from a file that mixes them.');
  const { service, rest } = resourceOf(outer);
  const scopes = kind === 'spans' ? (outer.scopeSpans ?? outer.instrumentationLibrarySpans) : (outer.scopeLogs ?? outer.instrumentationLibraryLogs);
  for (const item of listOf(scopes)) {
    const group = objectOf(item) ?? {};
    const own = scopeOf(outer, group);
    for (const one of listOf(kind === 'spans' ? group.spans : (group.logRecords ?? group.logs))) {
      const record = objectOf(one);
      if (!record) throw new Error('A span or log record in this part is no object.');
      yield kind === 'spans' ? spanOf(record, service, rest, own) : logLine(record, service, rest, own);
    }
  }
}

/** What a resource says of all its records. */
export function resourceOf(outer: Object): { service: string; rest: Pairs } {
  const resource = attributesOf(objectOf(outer.resource)?.attributes);
  return { service: textOf(resource.find(([name]) => name === 'service.name')?.[1]).slice(0, MAX_SERVICE), rest: sharedPairs(resource.filter(([name]) => name !== 'service.name')) };
}
/** What a scope says of all its records. */
export function scopeOf(outer: Object, group: Object): Pairs {
  const scope = objectOf(group.scope) ?? objectOf(group.instrumentationLibrary) ?? {};
  return sharedPairs([
    ['otel.scope.name', textOf(scope.name)], ['otel.scope.version', textOf(scope.version)], ['otel.schema_url', textOf(group.schemaUrl) || textOf(outer.schemaUrl)],
    ...attributesOf(scope.attributes).map(([name, value]): [string, unknown] => [`otel.scope.${name}`, value]),
  ]);
}

const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
function kindOf(value: unknown): string {
  if (typeof value === 'number') return KINDS[value] ?? '';
  return textOf(value).replace(/^SPAN_KIND_/, '').toLowerCase().replace('unspecified', '');
}
function statusOf(value: unknown): { status: 'ERROR' | 'OK' | ''; statusMessage: string } {
  const said = objectOf(value);
  const code = said?.code;
  const failed = code === 2 || code === '2' || code === 'STATUS_CODE_ERROR';
  return { status: failed ? 'ERROR' : code === 1 || code === '1' || code === 'STATUS_CODE_OK' ? 'OK' : '', statusMessage: textOf(said?.message) };
}
function countOf(value: unknown): number | '' {
  return typeof value === 'number' && value > 0 ? value : '';
}

function spanOf(span: Object, service: string, resource: Pairs, scope: Pairs): string {
  const start = timeOf(span.startTimeUnixNano);
  const end = timeOf(span.endTimeUnixNano);
  return spanLine({
    start, duration: start !== null && end !== null && end >= start ? end - start : null,
    traceId: idOf(span.traceId), spanId: idOf(span.spanId), parentSpanId: idOf(span.parentSpanId),
    operation: textOf(span.name), service, kind: kindOf(span.kind), ...statusOf(span.status),
    own: [
      // An end before the start is no duration; it stays as it was written.
      ['end_time', start !== null && end !== null && end < start ? isoTime(end) : ''],
      ['trace_state', textOf(span.traceState)], ['trace_flags', countOf(span.flags)],
      ['otel.dropped_attributes_count', countOf(span.droppedAttributesCount)], ['otel.dropped_events_count', countOf(span.droppedEventsCount)], ['otel.dropped_links_count', countOf(span.droppedLinksCount)],
      ...scope,
    ],
    attributes: attributesOf(span.attributes), resource,
    events: listOf(span.events).map((item) => {
      const event = objectOf(item) ?? {};
      return { time: timeOf(event.timeUnixNano), name: textOf(event.name), attributes: attributesOf(event.attributes) };
    }),
    links: listOf(span.links).map((item) => {
      const link = objectOf(item) ?? {};
      return { traceId: idOf(link.traceId), spanId: idOf(link.spanId), attributes: [...attributesOf(link.attributes), ...(textOf(link.traceState) === '' ? [] : [['trace_state', textOf(link.traceState)] as const])] };
    }),
  });
}

export const SEVERITY_NAMES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
/** The level's own word where the record says one; else that of its number: 1..4 trace, 5..8 debug, … 21..24 fatal. */
function levelOf(log: Object): string {
  const number = typeof log.severityNumber === 'string' ? SEVERITY_NAMES.findIndex((name) => textOf(log.severityNumber).toLowerCase().startsWith(`severity_number_${name}`)) * 4 + 1 : log.severityNumber;
  const name = typeof number === 'number' && number >= 1 && number <= 24 ? SEVERITY_NAMES[(number - 1) >> 2] : '';
  return name || textOf(log.severityText);
}

/** What a line of a log record says by itself, and may take from attributes when it does not. */
export const LEFT = ['level', 'service.name', 'message', 'trace_id', 'span_id', 'event.duration'] as const;

export function logLine(log: Object, service: string, resource: Pairs, scope: Pairs): string {
  const entries = new Map<string, unknown>();
  const set = (name: string, value: unknown): void => {
    if (value !== '' && value !== null && value !== undefined) entries.set(name, value);
  };
  const body = anyValue(log.body);
  const fields = objectOf(body);
  const time = isoTime(timeOf(log.timeUnixNano));
  const observed = isoTime(timeOf(log.observedTimeUnixNano));
  set('timestamp', time ?? observed);
  set('level', levelOf(log));
  set('service.name', service);
  set('message', fields ? (fields.message ?? fields.msg ?? fields.log) : typeof body === 'object' && body !== null ? JSON.stringify(body) : body);
  set('trace_id', idOf(log.traceId));
  set('span_id', idOf(log.spanId));
  set('otel.event_name', textOf(log.eventName));
  set('otel.observed_timestamp', time === null || observed === time ? '' : observed);
  set('otel.severity_text', entries.get('level') === textOf(log.severityText) ? '' : textOf(log.severityText));
  set('otel.severity_number', log.severityNumber);
  set('trace_flags', countOf(log.flags));
  set('otel.dropped_attributes_count', countOf(log.droppedAttributesCount));
  for (const [name, value] of scope) set(name, value);
  const names = new AttributeNames(entries, LEFT);
  for (const [name, value] of attributesOf(log.attributes)) names.add(name, value, 'attributes');
  if (fields) for (const [name, value] of Object.entries(fields)) if (value !== entries.get('message')) names.add(`body.${name}`, value, 'attributes');
  for (const [name, value] of resource) names.add(name, value, 'resource');
  return fitLine(entries);
}
