/**
 * OpenTelemetry metrics as OTLP JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), one document or one a line, as the
 * collector's file exporter writes them, or in protobuf: one message, or each behind its length. Histograms and summaries become flat series as in the Prometheus text format:
 * _count, _sum, _bucket (cumulative over `le`), _min, _max. Labels: attributes of the resource and the point, and the scope's name.
 */
import { isObject, type JsonObject } from '../../formats/lib/json-access.ts';
import { countsUp, type MetricKind } from '../series.ts';
import { withHead } from '../../formats/lib/encoded-lines.ts';
import { binaryParts } from '../../formats/lib/otlp/binary-parts.ts';
import { wireOf, type Wire } from '../../formats/lib/otlp/wire.ts';
import { listOf, numberOf, objectOf, partBytes, readElements, textOf, type JsonShape, type RejectPart } from './json-metrics.ts';
import { CountingSink, joinLabels, makeHead, Unreadable, type MetricCounts, type MetricParser, type MetricSink } from './parser.ts';

export const OTLP_SHAPE: JsonShape = { lists: ['resourceMetrics'], facts: [] };
/** More buckets than any SDK makes (160 by default). */
const MAX_BUCKETS = 10_000;
const NO_RECORDED_VALUE = 1;
const HEAD_BYTES = 64 << 10;

export const otlpMetrics: MetricParser = {
  id: 'otlp-metrics',
  title: 'OpenTelemetry metrics (OTLP)',
  async read(stream, sink) {
    const { head, chunks } = await withHead(stream, HEAD_BYTES);
    const wire = otlpMetricsWire(head, head.length < HEAD_BYTES);
    if (wire) return await readBinary(chunks, wire, sink);
    return await readElements(chunks, OTLP_SHAPE, sink, { element: (_path, value, out, reject) => readResource(value, out, reject) });
  },
};

/** How metrics stand in a stream of protobuf that begins like `head`; null when it is none. `whole`: it ends with the head. */
export function otlpMetricsWire(head: Uint8Array, whole: boolean): Wire | null {
  const wire = wireOf(head, whole, 'metrics');
  return wire?.kind === 'metrics' ? wire : null;
}

async function readBinary(chunks: AsyncIterable<Uint8Array>, wire: Wire, sink: MetricSink): Promise<MetricCounts> {
  const out = new CountingSink(sink);
  const protobuf = await import('../../formats/lib/otlp/protobuf.ts');
  for await (const { kind, offset, bytes, damage } of binaryParts(chunks, wire)) {
    const { length } = bytes;
    if (damage !== '') {
      out.reject({ offset, length, reason: damage, bytes });
      continue;
    }
    if (kind !== 'metrics') {
      out.reject({ offset, length, reason: `These are OTLP ${kind} among metrics. Only metrics are read from a file that begins with them.`, bytes });
      continue;
    }
    let resource: unknown;
    try {
      resource = protobuf.readResource(bytes, kind);
      readResource(resource, out, (reason, part) => out.reject({ offset, length, reason, bytes: partBytes(part) }));
    } catch (error) {
      // Before the resource is there it is protobuf that was damaged.
      if (resource !== undefined && !(error instanceof Unreadable)) throw error;
      out.reject({ offset, length, reason: error instanceof Error ? error.message : 'This cannot be read.', bytes });
    }
  }
  return out.counts;
}

function readResource(value: unknown, out: CountingSink, reject: RejectPart): void {
  if (!isObject(value)) throw new Unreadable('This is no resource with metrics.');
  const resource = attributes(objectOf(value.resource).attributes);
  for (const scopeMetrics of [...listOf(value.scopeMetrics), ...listOf(value.instrumentationLibraryMetrics)].map(objectOf)) {
    const scope = textOf(objectOf(scopeMetrics.scope ?? scopeMetrics.instrumentationLibrary).name);
    const around = scope === '' ? resource : joinLabels(resource, [['otel.scope.name', scope]]);
    for (const metric of listOf(scopeMetrics.metrics).map(objectOf)) readMetric(metric, around, out, reject);
  }
}

interface Point {
  labels: [string, string][];
  timeUs: number;
  data: JsonObject;
}
interface Metric {
  name: string;
  unit: string;
  /** values count up; those of an interval (delta) do not */
  cumulative: boolean;
  out: CountingSink;
}

function readMetric(metric: JsonObject, around: [string, string][], out: CountingSink, reject: RejectPart): void {
  const name = textOf(metric.name);
  if (textOf(metric.description) !== '') out.help(name, textOf(metric.description));
  const found = SHAPES.find(([key]) => isObject(metric[key]));
  if (!found) return reject(`The metric ${name.slice(0, 80)} is none of gauge, sum, histogram, exponentialHistogram, summary.`, metric);
  const [key, read] = found;
  const data = objectOf(metric[key]);
  const cumulative = key === 'summary' || (key !== 'gauge' && [2, 'AGGREGATION_TEMPORALITY_CUMULATIVE'].includes(data.aggregationTemporality as string | number));
  for (const item of listOf(data.dataPoints)) {
    try {
      const point = objectOf(item);
      const labels = joinLabels(around, attributes(point.attributes));
      const timeUs = nanoTime(point.timeUnixNano);
      const into: Metric = { name, unit: textOf(metric.unit), cumulative, out };
      read(into, { labels, timeUs, data: point }, data);
      readExemplars(into, point, labels);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      reject(`${error.message} (a point of ${name.slice(0, 80)})`, item);
    }
  }
  return undefined;
}

const SHAPES: readonly [key: string, read: (metric: Metric, point: Point, data: JsonObject) => void][] = [
  ['gauge', (metric, point) => send(metric, '', 'gauge', point, pointValue(point.data))],
  ['sum', (metric, point, { isMonotonic }) => send(metric, '', isMonotonic === true && metric.cumulative ? 'counter' : 'gauge', point, pointValue(point.data))],
  ['histogram', readHistogram],
  ['exponentialHistogram', readExponential],
  ['summary', readSummary],
];

function send({ name, unit, cumulative, out }: Metric, suffix: string, kind: MetricKind, { labels, timeUs }: Point, value: number, extra: [string, string][] = []): void {
  const full = name + suffix;
  // Unit and kind of a count are not those of what is counted.
  out.sample(makeHead(full, extra.length > 0 ? joinLabels(labels, extra) : labels, kind, /_(?:count|bucket)$/.test(suffix) ? '' : unit, cumulative && countsUp(full, kind)), timeUs, value);
}

function pointValue(point: JsonObject): number {
  if (missing(point)) return NaN;
  return numberOf(point.asDouble ?? point.asInt, 'The value');
}
/** The series has ended: NaN is said of it. */
function missing({ flags }: JsonObject): boolean {
  return typeof flags === 'number' && (flags & NO_RECORDED_VALUE) !== 0;
}

function countAndSum(metric: Metric, kind: MetricKind, point: Point): number {
  if (missing(point.data)) {
    send(metric, '_count', kind, point, NaN);
    return NaN;
  }
  const count = numberOf(point.data.count ?? 0, 'The count');
  send(metric, '_count', kind, point, count);
  if (point.data.sum != null) send(metric, '_sum', kind, point, numberOf(point.data.sum, 'The sum'));
  if (point.data.min != null) send(metric, '_min', 'gauge', point, numberOf(point.data.min, 'The minimum'));
  if (point.data.max != null) send(metric, '_max', 'gauge', point, numberOf(point.data.max, 'The maximum'));
  return count;
}

function readHistogram(metric: Metric, point: Point): void {
  const counts = listOf(point.data.bucketCounts);
  const bounds = listOf(point.data.explicitBounds);
  if (counts.length > MAX_BUCKETS || (counts.length > 0 && counts.length !== bounds.length + 1)) throw new Unreadable(`The histogram has ${counts.length} buckets and ${bounds.length} bounds.`);
  const numbers = counts.map((count) => numberOf(count, 'The count of a bucket'));
  const les = bounds.map((bound) => numberOf(bound, 'A bound'));
  if (Number.isNaN(countAndSum(metric, 'histogram', point))) return;
  let total = 0;
  numbers.forEach((count, i) => {
    total += count;
    send(metric, '_bucket', 'histogram', point, total, [['le', i < les.length ? String(les[i]) : '+Inf']]);
  });
}

/**
 * Buckets of base 2^(2^-scale): bucket i of the positive ones holds values above base^i up to base^(i + 1), the negative ones mirror them.
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
function readExponential(metric: Metric, point: Point): void {
  const scale = numberOf(point.data.scale ?? 0, 'The scale');
  if (!Number.isInteger(scale) || Math.abs(scale) > 20) throw new Unreadable('The scale is not from -20 to 20.');
  const positive = side(point.data.positive);
  const negative = side(point.data.negative);
  const zero = numberOf(point.data.zeroCount ?? 0, 'The count of zeroes');
  const count = countAndSum(metric, 'histogram', point);
  if (Number.isNaN(count)) return;
  const bound = (index: number): number => 2 ** (index * 2 ** -scale);
  let total = 0;
  const bucket = (le: string, more: number): void => {
    total += more;
    send(metric, '_bucket', 'histogram', point, total, [['le', le]]);
  };
  for (let i = negative.counts.length - 1; i >= 0; i--) bucket(String(-bound(negative.offset + i)), negative.counts[i]);
  if (zero > 0 || negative.counts.length > 0) bucket(textOf(point.data.zeroThreshold) || '0', zero);
  positive.counts.forEach((more, i) => bucket(String(bound(positive.offset + i + 1)), more));
  send(metric, '_bucket', 'histogram', point, count, [['le', '+Inf']]);
}
function side(value: unknown): { offset: number; counts: number[] } {
  const { offset, bucketCounts } = objectOf(value);
  const counts = listOf(bucketCounts);
  if (counts.length > MAX_BUCKETS) throw new Unreadable(`The histogram has ${counts.length} buckets.`);
  return { offset: numberOf(offset ?? 0, 'The offset of the buckets'), counts: counts.map((count) => numberOf(count, 'The count of a bucket')) };
}

function readSummary(metric: Metric, point: Point): void {
  const quantiles = listOf(point.data.quantileValues).map(objectOf);
  if (quantiles.length > MAX_BUCKETS) throw new Unreadable(`The summary has ${quantiles.length} quantiles.`);
  const values = quantiles.map(({ quantile, value }) => [String(numberOf(quantile ?? 0, 'A quantile')), numberOf(value ?? 0, 'The value of a quantile')] as const);
  if (Number.isNaN(countAndSum(metric, 'summary', point))) return;
  for (const [quantile, value] of values) send(metric, '', 'summary', point, value, [['quantile', quantile]]);
}

function readExemplars({ name, unit, out }: Metric, point: JsonObject, labels: [string, string][]): void {
  const exemplars = listOf(point.exemplars).map(objectOf);
  if (exemplars.length === 0) return;
  const head = makeHead(name, labels, 'untyped', unit, false);
  for (const exemplar of exemplars) {
    out.exemplar(head, nanoTime(exemplar.timeUnixNano), numberOf(exemplar.asDouble ?? exemplar.asInt, 'The value of an exemplar'), textOf(exemplar.traceId));
  }
}

/** Nanoseconds as text of digits, or as a number that has lost the last of them. */
function nanoTime(value: unknown): number {
  const text = typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.round(value)).toString() : value;
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text)) throw new Unreadable('The time is not a number of nanoseconds.');
  return text.length > 3 ? Number(text.slice(0, -3)) : 0;
}

/** [{key, value: {stringValue: …}}] */
function attributes(list: unknown): [string, string][] {
  return listOf(list).map(objectOf).map(({ key, value }) => [textOf(key), anyValue(value)]);
}
function anyValue(value: unknown): string {
  const item = objectOf(value);
  const plain = item.stringValue ?? item.intValue ?? item.doubleValue ?? item.boolValue ?? item.bytesValue;
  if (plain !== undefined) return textOf(plain);
  const nested = item.arrayValue ?? item.kvlistValue;
  return nested === undefined ? '' : (JSON.stringify(nested) ?? '');
}
