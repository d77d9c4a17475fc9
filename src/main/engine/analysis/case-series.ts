/** Time series out of a case, on one grid: what services, patterns and metrics do, bucket by bucket, so that they can be compared. */
import { FLAG } from '../../../shared/event.ts';
import type { Series } from '../../../shared/contract/metrics.ts';
import type { Scope } from '../../../shared/contract/scope.ts';
import { withFilter } from '../../../shared/query/print.ts';
import type { Segment } from '../search/catalog.ts';
import { offsetAt, type ResultSet, type SegmentHits } from '../search/result-set.ts';
import type { Turns } from '../search/turns.ts';
import { HOT } from '../store/segment.ts';
import { SeriesStore } from '../store/series-store.ts';
import { rates } from '../metrics/statistics.ts';
import type { AnalysisContext } from './analysis.ts';
import { NumberColumn } from './number-column.ts';
import { ERROR, requestColumns, requestMarks } from './requests.ts';

/** The class of what a series measures, which decides what it is compared with and how it is told. */
export type SeriesClass = 'events' | 'errors' | 'latency' | 'pattern' | 'resource' | 'cost' | 'metric';

export interface CaseSeries {
  /** stable: kind and subject */
  id: string;
  title: string;
  measure: SeriesClass;
  /** the service, pattern or metric it is of */
  subject: string;
  /** service it belongs to, '' when it is told of none */
  service: string;
  /** one value a bucket; NaN = nothing is known (counts are 0 where nothing happened) */
  values: Float64Array;
  /** opens the events it counts; null for metrics */
  query: string | null;
}

export interface Grid {
  /** microseconds UTC */
  from: number;
  to: number;
  step: number;
  buckets: number;
}

/** Steps people know, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 604_800];
const BUCKETS = 360;
const MOST_SERVICES = 40;
const MOST_PATTERNS = 80;
const MOST_METRICS = 160;
/** A pattern with fewer events can be like anything. */
const LEAST_EVENTS = 8;

/** The shortest step people know that is at least so long, in microseconds: a second to a week, then whole weeks. */
export function roundStep(least: number): number {
  const seconds = least / 1e6;
  return (STEPS.find((each) => each >= seconds) ?? Math.ceil(seconds / 604_800) * 604_800) * 1e6;
}

/** A grid of about 360 buckets over [from, to) whose step is a round one of a second or more. */
export function gridOf(from: number, to: number): Grid {
  const step = roundStep((to - from) / BUCKETS);
  const start = Math.floor(from / step) * step;
  const buckets = Math.max(1, Math.ceil((to - start) / step));
  return { from: start, to: start + buckets * step, step, buckets };
}

/** The range of a scope, bounded by what the case has; null when it has nothing. */
export function rangeOf(context: AnalysisContext, scope: Scope): { from: number; to: number } | null {
  const extent = context.catalog.extent();
  const samples = context.db.prepare<[], { from: number | null; to: number | null }>('SELECT min(t0) AS "from", max(t1) AS "to" FROM series').get();
  const from = scope.from ?? Math.min(extent?.from ?? Infinity, samples?.from ?? Infinity);
  const to = scope.to ?? Math.max(extent?.to ?? -Infinity, samples?.to ?? -Infinity) + 1;
  return from < to && Number.isFinite(from) && Number.isFinite(to) ? { from, to } : null;
}

/** Events of a scope, segment by segment, with turns for others in between. */
export async function resultOf(context: AnalysisContext, scope: Scope, what: string, share: (done: number) => number = (done) => done): Promise<ResultSet> {
  const { result } = context.searcher.open(scope);
  const segments = [...context.catalog.segments.values()];
  for (const [i, segment] of segments.entries()) {
    result.add(segment);
    await context.turns.next();
    context.progress(share(i / segments.length), what);
  }
  return result;
}

/** Series of services (events, errors, median latency) and of patterns, from the events of a result. */
export async function eventSeries(context: AnalysisContext, result: ResultSet, grid: Grid, query: string, progress: (share: number) => void = () => undefined): Promise<CaseSeries[]> {
  const { catalog, turns } = context;
  const services = mostOf(totals(result, HOT.service), MOST_SERVICES, 1);
  const patterns = mostOf(totals(result, HOT.template), MOST_PATTERNS, LEAST_EVENTS);
  const counts = services.map(() => new Float64Array(grid.buckets));
  const errors = services.map(() => new Float64Array(grid.buckets));
  const [places, latencies] = [new NumberColumn(), new NumberColumn()];
  const ofPattern = patterns.map(() => new Float64Array(grid.buckets));
  const placeOfService = new Map(services.map((id, place) => [id, place]));
  const placeOfPattern = new Map(patterns.map((id, place) => [id, place]));
  for (const [at, part] of result.parts.entries()) {
    const { segment } = part;
    await turns.next();
    progress(at / result.parts.length);
    const { time, flags, codes } = segment.hot;
    const columns = requestColumns(catalog, segment);
    const marks = requestMarks(columns);
    const service = placesByCode(segment, HOT.service, placeOfService);
    const pattern = placesByCode(segment, HOT.template, placeOfPattern);
    for (let k = 0; k < part.count; k++) {
      const i = offsetAt(part, k);
      if ((flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
      const bucket = Math.floor((time[i] - grid.from) / grid.step);
      if (bucket < 0 || bucket >= grid.buckets) continue;
      const p = pattern[codes[HOT.template][i]];
      if (p >= 0) ofPattern[p][bucket]++;
      const s = service[codes[HOT.service][i]];
      if (s < 0) continue;
      counts[s][bucket]++;
      if ((marks[i] & ERROR) !== 0) errors[s][bucket]++;
      const latency = columns.latency?.[i] ?? Number.NaN;
      if (!(latency >= 0)) continue;
      places.push(s * grid.buckets + bucket);
      latencies.push(latency);
    }
  }
  const middle = await medians(turns, places.values, latencies.values, services.length * grid.buckets);
  const found: CaseSeries[] = [];
  // Before its first event and after its last one nothing is known of a service: it may not have been recorded.
  const spans = counts.map(spanOf);
  services.forEach((id, place) => {
    const name = catalog.names[HOT.service][id];
    const add = (measure: ServiceMeasure, values: Float64Array): void => void found.push({ ...serviceSeries(measure, name, query), service: name, values: measure === 'latency' ? values : within(values, spans[place]) });
    add('events', counts[place]);
    if (errors[place].some((count) => count > 0)) add('errors', errors[place]);
    const latency = middle.slice(place * grid.buckets, (place + 1) * grid.buckets);
    if (latency.filter((value) => !Number.isNaN(value)).length > 2) add('latency', latency);
  });
  patterns.forEach((id, place) => {
    const name = catalog.names[HOT.template][id];
    found.push({ id: `pattern:${name}`, title: `"${name}"`, measure: 'pattern', subject: name, service: '', values: within(ofPattern[place], spanOf(ofPattern[place])), query: withFilter(query, 'template', name, 'include') });
  });
  return found;
}

const SERVICE_FILTERS = { events: '', errors: ' severity>=high', latency: ' has:latency_ms' } as const;
export type ServiceMeasure = keyof typeof SERVICE_FILTERS;
/** What a series is, without its values. */
export type SeriesFacts = Omit<CaseSeries, 'values' | 'service'>;

/** A series of a service, within a query. */
export function serviceSeries(measure: ServiceMeasure, name: string, query: string): SeriesFacts {
  return { id: `${measure}:${name}`, title: `${measure} of ${name}`, measure, subject: name, query: withFilter(query, 'service', name, 'include') + SERVICE_FILTERS[measure] };
}

function spanOf(counts: Float64Array): { first: number; last: number } {
  return { first: counts.findIndex((count) => count > 0), last: counts.findLastIndex((count) => count > 0) };
}
function within(counts: Float64Array, { first, last }: { first: number; last: number }): Float64Array {
  return counts.map((count, i) => (i < first || i > last ? Number.NaN : count));
}

/** The median of the values of each place below `size`, NaN = there are none. Values of a place are brought together and sorted, the upper of two taken. */
async function medians(turns: Turns, places: Float64Array, values: Float64Array, size: number): Promise<Float64Array> {
  const from = new Uint32Array(size + 1);
  for (const place of places) from[place + 1]++;
  for (let place = 0; place < size; place++) from[place + 1] += from[place];
  const filled = from.slice();
  const grouped = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) grouped[filled[places[i]]++] = values[i];
  const middle = new Float64Array(size).fill(Number.NaN);
  for (let place = 0; place < size; place++) {
    const own = grouped.subarray(from[place], from[place + 1]).sort();
    if (own.length > 0) middle[place] = own[own.length >> 1];
    await turns.next();
  }
  return middle;
}

function totals(result: ResultSet, field: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const part of result.parts) {
    const codes = byCode(part, field);
    codes.forEach((n, code) => {
      const id = part.segment.dicts[field][code];
      if (code > 0 && n > 0) counts.set(id, (counts.get(id) ?? 0) + n);
    });
  }
  return counts;
}
function byCode(part: SegmentHits, field: number): Uint32Array {
  const counts = new Uint32Array(part.segment.dicts[field].length);
  const codes = part.segment.hot.codes[field];
  for (let k = 0; k < part.count; k++) counts[codes[offsetAt(part, k)]]++;
  return counts;
}
function mostOf(counts: ReadonlyMap<number, number>, most: number, least: number): number[] {
  return [...counts].filter(([, n]) => n >= least).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most).map(([id]) => id);
}
/** Place of each code of a segment, -1 = not among those looked at. */
function placesByCode(segment: Segment, field: number, of: ReadonlyMap<number, number>): Int32Array {
  return Int32Array.from(segment.dicts[field], (id, code) => (code === 0 ? -1 : (of.get(id) ?? -1)));
}

const COST = /cost|price|billing|usd|eur\b|spend|instances?_|replicas|node_count/i;
const LATENCY = /latency|duration|response_?time|elapsed|_seconds\b|p9[059]|p50/i;
const ERRORS = /error|fail|exception|5xx|drop/i;
const RESOURCE = /cpu|mem|disk|heap|network|bytes|load\d*|iops|fd|thread|connections?|queue|gc|swap|io_/i;

/** The class of a metric, by its name and unit; the words are those of OpenTelemetry and Prometheus. */
function metricClass(name: string, unit: string): SeriesClass {
  if (COST.test(name)) return 'cost';
  if (ERRORS.test(name)) return 'errors';
  if (LATENCY.test(name) && !/cpu/i.test(name)) return 'latency';
  return RESOURCE.test(name) || /^(by|bytes|percent|%|cores?)$/i.test(unit) ? 'resource' : 'metric';
}

/** Stored metric series on the grid (counters as rates a second); those that never change tell nothing and are left out. */
export async function metricSeries(context: AnalysisContext, grid: Grid): Promise<CaseSeries[]> {
  const store = new SeriesStore(context.db);
  const samples = store.reader();
  const found: CaseSeries[] = [];
  for (const row of store.list('', 5000).rows) {
    if (found.length >= MOST_METRICS) break;
    if (row.n < LEAST_EVENTS || row.kind === 'histogram') continue;
    const stored = samples(row.id, grid.from, grid.to);
    const { times, values } = row.cumulative ? rates(stored) : stored;
    const sums = new Float64Array(grid.buckets);
    const ns = new Uint32Array(grid.buckets);
    for (let i = 0; i < times.length; i++) {
      const bucket = Math.floor((times[i] - grid.from) / grid.step);
      if (bucket < 0 || bucket >= grid.buckets || !Number.isFinite(values[i])) continue;
      sums[bucket] += values[i];
      ns[bucket]++;
    }
    await context.turns.next();
    const line = sums.map((sum, i) => (ns[i] === 0 ? Number.NaN : sum / ns[i]));
    const known = line.filter((value) => !Number.isNaN(value));
    if (known.length < LEAST_EVENTS || known.every((value) => value === known[0])) continue;
    const service = row.labels.find(([name]) => ['service', 'service_name', 'service.name', 'job', 'app'].includes(name))?.[1] ?? '';
    found.push({ ...metricFacts(row), service, values: line });
  }
  return found;
}

/** A metric series, by its name and labels. */
export function metricFacts({ name, labels, unit }: Pick<Series, 'name' | 'labels' | 'unit'>): SeriesFacts {
  const said = labels.map(([label, value]) => `${label}=${value}`).join(' ');
  return { id: `metric:${name}{${said}}`, title: said === '' ? name : `${name} of ${said}`, measure: metricClass(name, unit), subject: name, query: null };
}
