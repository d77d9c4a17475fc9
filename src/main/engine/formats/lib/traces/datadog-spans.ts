/**
 * Spans as Datadog's tracers send them to the agent (Datadog trace API v0.3 to v0.5 in JSON): a list of traces, each a list of spans, also one
 * list of spans, {"traces": […]} and one trace or span a line. Ids are decimal and stay so: Datadog's logs write dd.trace_id alike.
 */
import type { Choose } from '../json-elements.ts';
import type { ElementReader } from './element-lines.ts';
import { listOf, objectOf, spanLine, textOf, wholeNumber, type Span } from './span-line.ts';

type Object = Readonly<Record<string, unknown>>;

export const chooseDatadog: Choose = (path, opener) => {
  if (/^(?:\*\.\*|traces\.\*\.\*|spans\.\*)$/.test(path)) return 'take';
  if (path === '' || path === 'traces' || path === 'traces.*' || path === 'spans') return 'enter';
  return path === '*' ? (opener === 91 ? 'enter' : 'take') : 'skip';
};
/** A span a line. */
export const chooseDatadogSpans: Choose = (path) => (path === '' ? 'take' : 'skip');

export function isDatadogSpan(value: unknown): boolean {
  const span = objectOf(value);
  return span !== null && 'trace_id' in span && 'span_id' in span && 'resource' in span && wholeNumber(span.start) !== null && 'duration' in span && ('name' in span || 'service' in span);
}

export const datadogReader: ElementReader = {
  *value(_path, value) {
    const span = objectOf(value);
    if (!span || !isDatadogSpan(span)) throw new Error('This is no span of Datadog: it has no trace_id, span_id, name, resource, start and duration.');
    yield spanLine(toSpan(span));
  },
};

/** Datadog's names for what OpenTelemetry calls an exception. */
const ERRORS = new Map([['error.type', 'exception.type'], ['error.stack', 'exception.stacktrace']]);
const RESOURCE = new Set(['env', 'version', 'language', 'runtime-id', '_dd.hostname']);

function toSpan(span: Object): Span {
  const meta = Object.entries(objectOf(span.meta) ?? {});
  const metrics = Object.entries(objectOf(span.metrics) ?? {});
  const find = (name: string): string => textOf(meta.find(([key]) => key === name)?.[1]);
  const failed = (wholeNumber(span.error) ?? 0n) !== 0n || span.error === true;
  const parent = textOf(span.parent_id);
  const resource = textOf(span.resource);
  const name = textOf(span.name);
  return {
    start: wholeNumber(span.start), duration: wholeNumber(span.duration), traceId: textOf(span.trace_id), spanId: textOf(span.span_id),
    parentSpanId: parent === '0' ? '' : parent,
    // The name is the kind of work (web.request), the resource which one (GET /cart).
    operation: resource === '' || resource === name ? name : name === '' ? resource : `${name} ${resource}`,
    service: textOf(span.service), kind: find('span.kind'), status: failed ? 'ERROR' : '', statusMessage: failed ? find('error.message') || find('error.msg') : '',
    own: [['resource.name', resource], ['operation.name', name], ['span.type', textOf(span.type)], ['host.name', find('_dd.hostname')]],
    attributes: [...meta.filter(([key]) => key !== 'span.kind' && !RESOURCE.has(key)).map(([key, value]): [string, unknown] => [failed ? (ERRORS.get(key) ?? key) : key, value]), ...metrics],
    resource: meta.filter(([key]) => RESOURCE.has(key)).map(([key, value]) => [key === 'env' ? 'deployment.environment' : key === 'version' ? 'service.version' : key, value]),
    events: [],
    links: listOf(span.span_links).flatMap((item) => {
      const link = objectOf(item);
      return link ? [{ traceId: textOf(link.trace_id), spanId: textOf(link.span_id), attributes: Object.entries(objectOf(link.attributes) ?? {}) }] : [];
    }),
  };
}
