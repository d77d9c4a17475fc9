/** What is usual in a case, as far as the features of one event are told against it: how often names come, how patterns go on over time, how long things take. */
import { FLAG } from '../../../../../shared/event.ts';
import { MAD_TO_SIGMA, median, medianDeviation } from '../../statistics/descriptive.ts';
import type { Catalog, Segment } from '../../../search/catalog.ts';
import type { Turns } from '../../../search/turns.ts';
import { COLD_FIELDS, HOT, type ColdColumns } from '../../../store/segment.ts';
import { Random } from '../random.ts';
import { seriesFeatures, type SeriesFeatures } from '../series-features.ts';

/** Steps that the time of the case is cut into to see how patterns go on; a power of two. */
const STEPS = 256;
/** Patterns whose course is kept; the others are too many to matter each. */
const MOST_COURSES = 8192;
/** Different users, and addresses, that are counted. */
const MOST_VALUES = 200_000;
/** Latencies kept for each service. */
const KEPT_LATENCIES = 2000;

export const USER = COLD_FIELDS.indexOf('user');
export const IP = COLD_FIELDS.indexOf('ip');

interface LatencyProfile {
  /** of ln(1 + ms) */
  median: number;
  /** the median's equivalent of a standard deviation */
  spread: number;
}

export interface CaseProfile {
  events: number;
  /** by id of the name: events that have it */
  templates: Float64Array;
  services: Float64Array;
  hosts: Float64Array;
  users: Map<string, number>;
  ips: Map<string, number>;
  /** how the counts of a pattern go on over the time of the case, by its id */
  courses: Map<number, SeriesFeatures>;
  /** microseconds of a step of these courses */
  step: number;
  /** by id of the service */
  latencies: Map<number, LatencyProfile>;
  /** by segment: by code of the pattern there, its last time before the segment; -Infinity = none */
  before: Map<number, Float64Array>;
}

const kept = new WeakMap<Catalog, { version: number; profile: CaseProfile }>();

/** The profile of all events of the case; made anew when the case has others. */
export async function profileOf(catalog: Catalog, turns: Turns): Promise<CaseProfile> {
  const known = kept.get(catalog);
  if (known?.version === catalog.version) return known.profile;
  const { version } = catalog;
  const profile = await makeProfile(catalog, turns);
  kept.set(catalog, { version, profile });
  return profile;
}

/** null where the case file is damaged. */
export function coldOrNull(catalog: Catalog, segment: Segment): ColdColumns | null {
  try {
    return catalog.cold(segment);
  } catch {
    // Its events are judged by what is in memory.
    return null;
  }
}

async function makeProfile(catalog: Catalog, turns: Turns): Promise<CaseProfile> {
  const segments = [...catalog.segments.values()].sort((a, b) => a.t0 - b.t0 || a.id - b.id);
  const counts = [HOT.template, HOT.service, HOT.host].map((field) => new Float64Array(catalog.names[field].length + 1));
  const [templates, services, hosts] = counts;
  const extent = catalog.extent();
  const step = extent ? Math.max(1, (extent.to - extent.from + 1) / STEPS) : 1;
  const series = new Map<number, Float32Array>();
  const users = new Map<string, number>();
  const ips = new Map<string, number>();
  const latencies = new Map<number, { seen: number; values: number[] }>();
  const before = new Map<number, Float64Array>();
  const last = new Map<number, number>();
  const random = new Random(1);
  let events = 0;
  for (const segment of segments) {
    const { n, hot, dicts } = segment;
    const dict = dicts[HOT.template];
    const codes = hot.codes[HOT.template];
    events += n;
    before.set(segment.id, Float64Array.from(dict, (id) => last.get(id) ?? Number.NEGATIVE_INFINITY));
    const lastHere = new Float64Array(dict.length).fill(Number.NEGATIVE_INFINITY);
    const courses = Array.from(dict, (id, code) => (code === 0 ? undefined : courseOf(series, id)));
    for (let i = 0; i < n; i++) {
      if ((hot.flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
      const code = codes[i];
      if (hot.time[i] > lastHere[code]) lastHere[code] = hot.time[i];
      const course = courses[code];
      if (course && extent) course[Math.min(STEPS - 1, Math.max(0, Math.floor((hot.time[i] - extent.from) / step)))]++;
    }
    for (let code = 1; code < dict.length; code++) if (lastHere[code] > (last.get(dict[code]) ?? Number.NEGATIVE_INFINITY)) last.set(dict[code], lastHere[code]);
    [HOT.template, HOT.service, HOT.host].forEach((field, k) => {
      for (let i = 0; i < n; i++) counts[k][dicts[field][hot.codes[field][i]]]++;
    });
    const cold = coldOrNull(catalog, segment);
    if (cold) {
      countValues(cold, USER, users);
      countValues(cold, IP, ips);
      if (cold.latency) keepLatencies(cold.latency, segment, latencies, random);
    }
    await turns.next();
  }
  const found = new Map<number, SeriesFeatures>();
  for (const [id, course] of series) {
    found.set(id, seriesFeatures(course));
    await turns.next();
  }
  return { events, templates, services, hosts, users, ips, courses: found, step, latencies: new Map([...latencies].map(([service, { values }]) => [service, latencyProfile(values)])), before };
}

function courseOf(series: Map<number, Float32Array>, id: number): Float32Array | undefined {
  let course = series.get(id);
  if (!course && series.size < MOST_COURSES) series.set(id, (course = new Float32Array(STEPS)));
  return course;
}

function countValues(cold: ColdColumns, field: number, into: Map<string, number>): void {
  const column = cold.fields[field];
  if (!column) return;
  const counts = new Uint32Array(column.values.length);
  for (let i = 0; i < cold.n; i++) counts[column.codes[i]]++;
  for (let code = 1; code < counts.length; code++) {
    const text = column.values.text(code);
    const known = into.get(text);
    if (known !== undefined || into.size < MOST_VALUES) into.set(text, (known ?? 0) + counts[code]);
  }
}

/** An even share of them, however many come (Vitter's algorithm R, 1985). */
function keepLatencies(latency: Float32Array, segment: Segment, into: Map<number, { seen: number; values: number[] }>, random: Random): void {
  for (let i = 0; i < segment.n; i++) {
    if (Number.isNaN(latency[i])) continue;
    const service = segment.dicts[HOT.service][segment.hot.codes[HOT.service][i]];
    let list = into.get(service);
    if (!list) into.set(service, (list = { seen: 0, values: [] }));
    list.seen++;
    if (list.values.length < KEPT_LATENCIES) list.values.push(Math.log1p(Math.max(0, latency[i])));
    else {
      const place = random.below(list.seen);
      if (place < KEPT_LATENCIES) list.values[place] = Math.log1p(Math.max(0, latency[i]));
    }
  }
}

function latencyProfile(values: number[]): LatencyProfile {
  const usual = median(values);
  const spread = MAD_TO_SIGMA * medianDeviation(values, usual);
  // What always takes the same time would make the least more of it infinitely unusual.
  return { median: usual, spread: Math.max(spread, 0.05) };
}
