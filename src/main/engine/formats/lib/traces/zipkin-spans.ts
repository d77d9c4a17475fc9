/**
 * Spans as Zipkin writes them, v2 and v1 (openzipkin/zipkin-api: zipkin2-api.yaml, zipkin-api.yaml).
 *
 * Client and server may share a span id ("shared"): both halves stay spans of their own. A v1 span that holds both halves at once (cs and
 * sr annotations) becomes two, as Zipkin's own V1SpanConverter does.
 */
import type { Choose } from '../json-elements.ts';
import type { ElementReader } from './element-lines.ts';
import { idOf } from './ids.ts';
import { listOf, nanoseconds, objectOf, spanLine, textOf, wholeNumber, type Span } from './span-line.ts';

type Object = Readonly<Record<string, unknown>>;

/** A list of spans, a list of traces that are lists of spans, or a span a line. */
export const chooseZipkin: Choose = (path, opener) => {
  if (path === '*.*') return 'take';
  if (path !== '' && path !== '*') return 'skip';
  return opener === 91 ? 'enter' : 'take';
};

export function isZipkinSpan(value: unknown): boolean {
  const span = objectOf(value);
  if (!span || !isHex(span.traceId, 32) || !isHex(span.id, 16)) return false;
  return ['localEndpoint', 'timestamp', 'duration', 'annotations', 'binaryAnnotations', 'parentId', 'kind'].some((key) => key in span) && !('spanId' in span);
}
function isHex(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= most && /^[0-9a-fA-F]+$/.test(value);
}

export const zipkinReader: ElementReader = {
  *value(_path, value) {
    const span = objectOf(value);
    if (!span || textOf(span.id) === '' || textOf(span.traceId) === '') throw new Error('This is no span of Zipkin: it has no traceId and id.');
    const isV1 = 'binaryAnnotations' in span || listOf(span.annotations).some((item) => objectOf(objectOf(item)?.endpoint) !== null);
    for (const one of isV1 ? fromV1(span) : [fromV2(span)]) yield spanLine(one);
  },
};

/** What both versions say alike. */
function base(span: Object): Span {
  return {
    start: nanoseconds(span.timestamp, 1000), duration: nanoseconds(span.duration, 1000),
    traceId: idOf(span.traceId), spanId: idOf(span.id), parentSpanId: idOf(span.parentId),
    operation: textOf(span.name), service: '', kind: '', status: '', statusMessage: '', attributes: [], resource: [], events: [], links: [],
  };
}

/** The endpoint that wrote the span, and the one at the other end. */
function endpoints(local: Object | null, remote: Object | null, kind: string): { resource: [string, unknown][]; peer: [string, unknown][] } {
  const named = (prefix: string, endpoint: Object | null): [string, unknown][] => [[`${prefix}.ip`, textOf(endpoint?.ipv4) || textOf(endpoint?.ipv6) || undefined], [`${prefix}.port`, wholeNumber(endpoint?.port) ? Number(endpoint?.port) : undefined]];
  // Who calls a server is a client; whom a client calls has an address, but is nobody's client.
  const side = kind === 'SERVER' || kind === 'CONSUMER' ? 'client' : 'peer';
  return { resource: named('host', local), peer: [['peer.service', textOf(remote?.serviceName) || undefined], ...named(side, remote)] };
}
function flags(span: Object): [string, unknown][] {
  return [['zipkin.shared', span.shared === true ? true : ''], ['zipkin.debug', span.debug === true ? true : '']];
}

function fromV2(span: Object): Span {
  const kind = textOf(span.kind);
  const local = objectOf(span.localEndpoint);
  const tags = Object.entries(objectOf(span.tags) ?? {});
  const { resource, peer } = endpoints(local, objectOf(span.remoteEndpoint), kind);
  return {
    ...base(span), kind, service: textOf(local?.serviceName), resource, own: flags(span), attributes: [...tags, ...peer], ...statusOf(tags),
    events: listOf(span.annotations).map((item) => ({ time: nanoseconds(objectOf(item)?.timestamp, 1000), name: textOf(objectOf(item)?.value), attributes: [] })),
  };
}

/** Zipkin counts a span with a tag `error` as failed, whatever the tag says; some writers use it for "false" all the same. */
function statusOf(tags: readonly [string, unknown][]): Pick<Span, 'status' | 'statusMessage'> {
  const tag = tags.find(([name]) => name === 'error');
  if (!tag || tag[1] === false || tag[1] === 'false') return { status: '', statusMessage: '' };
  const said = textOf(tag[1]);
  return { status: 'ERROR', statusMessage: said === 'true' ? '' : said };
}

interface Annotation {
  us: unknown;
  value: string;
  endpoint: Object | null;
}
const CORE: Readonly<Record<string, string>> = { cs: 'CLIENT', cr: 'CLIENT', sr: 'SERVER', ss: 'SERVER', ms: 'PRODUCER', mr: 'CONSUMER' };
const BEGINS = new Set(['cs', 'sr', 'ms', 'mr']);
const ADDRESSES = new Set(['sa', 'ca', 'ma']);

function fromV1(span: Object): Span[] {
  const annotations = listOf(span.annotations).flatMap((item): Annotation[] => {
    const found = objectOf(item);
    return found ? [{ us: found.timestamp, value: textOf(found.value), endpoint: objectOf(found.endpoint) }] : [];
  });
  const binary = listOf(span.binaryAnnotations).map(objectOf).filter((item) => item !== null);
  const kinds = [...new Set(annotations.flatMap(({ value }) => (Object.hasOwn(CORE, value) ? [CORE[value]] : [])))].toSorted();
  return (kinds.length === 0 ? [''] : kinds).map((kind, index) => half(span, kind, index === 0, annotations, binary, kinds.length > 1));
}

/** One side of a v1 span. The first takes the span's own time, tags and annotations that no core annotation's endpoint claims. */
function half(span: Object, kind: string, first: boolean, annotations: readonly Annotation[], binary: readonly Object[], split: boolean): Span {
  const core = annotations.filter(({ value }) => Object.hasOwn(CORE, value) && CORE[value] === kind);
  const own = core.find(({ endpoint }) => endpoint !== null)?.endpoint ?? null;
  const service = textOf(own?.serviceName);
  const others = new Set(annotations.filter(({ value, endpoint }) => Object.hasOwn(CORE, value) && CORE[value] !== kind && endpoint !== null).map(({ endpoint }) => textOf(endpoint?.serviceName)));
  const mine = (endpoint: Object | null): boolean => !split || (endpoint !== null && textOf(endpoint.serviceName) === service) || (first && !others.has(textOf(endpoint?.serviceName)));
  const isAddress = (item: Object): boolean => ADDRESSES.has(textOf(item.key)) && (item.value === true || item.value === 'true');
  const address = binary.find((item) => isAddress(item) && textOf(item.key) === (kind === 'CLIENT' || kind === '' ? 'sa' : kind === 'SERVER' ? 'ca' : 'ma'));
  const tagged = binary.filter((item) => !isAddress(item) && mine(objectOf(item.endpoint)));
  const tags = tagged.flatMap((item): [string, unknown][] => (textOf(item.key) === 'lc' && textOf(item.value) === '' ? [] : [[textOf(item.key), item.value]]));
  const local = own ?? objectOf(tagged.find((item) => objectOf(item.endpoint) !== null)?.endpoint) ?? annotations.find(({ endpoint }) => endpoint !== null && kind === '')?.endpoint ?? null;
  const { resource, peer } = endpoints(local, objectOf(address?.endpoint), kind);
  const times = core.map(({ us }) => nanoseconds(us, 1000));
  const began = core.find(({ value }) => BEGINS.has(value));
  const ended = core.find(({ value }) => !BEGINS.has(value));
  const plain = base(span);
  const start = first && plain.start !== null ? plain.start : nanoseconds(began?.us, 1000) ?? times[0] ?? plain.start;
  const end = nanoseconds(ended?.us, 1000);
  return {
    ...plain, kind, start, duration: first && plain.duration !== null ? plain.duration : end !== null && start !== null ? end - start : null,
    service: textOf(local?.serviceName), resource, own: [...flags(span), ['zipkin.shared', (split && kind === 'SERVER') || span.shared === true ? true : '']],
    attributes: [...tags, ...peer], ...statusOf(tags),
    events: annotations.filter(({ value, endpoint }) => !Object.hasOwn(CORE, value) && mine(endpoint)).map(({ us, value }) => ({ time: nanoseconds(us, 1000), name: value, attributes: [] })),
  };
}
