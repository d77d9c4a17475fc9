/** Counts every event of a scope under its service, minute by minute, and gathers the kinds of events that may be of high risk. */
import { MOST_SERVICES } from '../../../../shared/contract/services.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { SEGMENT_SIZE } from '../../../../shared/event.ts';
import type { SegmentHits } from '../../search/result-set.ts';
import { HOT } from '../../store/segment.ts';
import type { AnalysisContext } from '../analysis.ts';
import { resultOf } from '../case-series.ts';
import { ERROR, isBelievable, requestColumns, requestMarks } from '../requests.ts';
import { RiskGatherer } from './risk.ts';
import { ServiceTally, type Limits } from './tallies.ts';

const MINUTE = 60e6;
/** Minutes of services that are kept apart: above it, minutes are made longer. */
const MOST_CELLS = 2_000_000;
/** Longer minutes. */
const STEPS = [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 1440 * MINUTE];

export interface Gathered {
  /** half-open, whole minutes of the answer */
  from: number;
  to: number;
  step: number;
  /** by name */
  tallies: Map<string, ServiceTally>;
  /** services that are not among them: those with the fewest events */
  more: number;
  risks: RiskGatherer;
  unreadable: number;
}

export async function gather(scope: Scope, limitsOf: (service: string) => Limits, context: AnalysisContext): Promise<Gathered> {
  const { catalog, searcher, turns } = context;
  const result = await resultOf(context, scope, 'finding the events', (done) => done * 0.2);
  const parts = result.parts.toSorted((a, b) => a.segment.t0 - b.segment.t0);
  const names = catalog.names[HOT.service];
  const { events, from: first, to: last } = await extentOf(parts, names.length, context);
  const ranked = [...events.entries()].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const kept = ranked.slice(0, MOST_SERVICES);
  const stretch = { from: scope.from ?? first, to: scope.to ?? last + 1 };
  const total = kept.reduce((sum, [, n]) => sum + n, 0);
  // As many minutes as there are events at most, however long the range is.
  const step = STEPS.find((width) => Math.min(total, (kept.length * (last - first)) / width) <= MOST_CELLS) ?? STEPS[STEPS.length - 1];
  const from = kept.length === 0 ? (Number.isFinite(stretch.from) ? stretch.from : 0) : Math.floor(Math.max(stretch.from, first) / step) * step;
  const to = kept.length === 0 ? Math.max(from + 1, Number.isFinite(stretch.to) ? stretch.to : from + step) : Math.ceil(Math.min(stretch.to, last + 1) / step) * step;
  const tallies = new Map<number, ServiceTally>(kept.map(([id]) => [id, new ServiceTally(limitsOf(id === 0 ? '' : names[id]))]));
  const risks = new RiskGatherer(context);
  let unreadable = result.unreadable + searcher.notLoaded;
  for (const [i, part] of parts.entries()) {
    try {
      count(part, tallies, risks, from, step, context);
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'TidemarkError') throw error;
      // The case file is damaged there; told with the answer.
      unreadable += part.count;
    }
    context.progress(0.25 + (0.65 * i) / parts.length, 'counting requests and errors');
    await turns.next();
  }
  return { from, to, step, tallies: new Map([...tallies].map(([id, tally]) => [id === 0 ? '' : names[id], tally])), more: ranked.length - kept.length, risks, unreadable };
}

/** Believable events by id of their service, and the first and last time among them. */
async function extentOf(parts: readonly SegmentHits[], services: number, { turns }: AnalysisContext): Promise<{ events: Uint32Array; from: number; to: number }> {
  const events = new Uint32Array(services);
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { segment, hits, count: n } of parts) {
    const { time, flags, codes } = segment.hot;
    const dict = segment.dicts[HOT.service];
    for (let k = 0; k < n; k++) {
      const i = hits === 'all' ? k : hits[k];
      if (!isBelievable(flags[i])) continue;
      events[dict[codes[HOT.service][i]]]++;
      if (time[i] < from) from = time[i];
      if (time[i] > to) to = time[i];
    }
    await turns.next();
  }
  return { events, from, to };
}

const marks = new Uint8Array(SEGMENT_SIZE);
const NOTHING = new Float32Array(SEGMENT_SIZE).fill(Number.NaN);

function count({ segment, hits, count: n }: SegmentHits, tallies: ReadonlyMap<number, ServiceTally>, risks: RiskGatherer, from: number, step: number, { catalog }: AnalysisContext): void {
  const columns = requestColumns(catalog, segment);
  requestMarks(columns, marks);
  const latency = columns.latency ?? NOTHING;
  const bits = new Uint32Array(latency.buffer, latency.byteOffset, latency.length);
  const { time, flags, codes, order } = segment.hot;
  const dict = segment.dicts[HOT.service];
  const byCode = Array.from(dict, (id) => tallies.get(id));
  const service = codes[HOT.service];
  const ofRisk = risks.begin(segment);
  for (let k = 0; k < n; k++) {
    const i = hits === 'all' ? (order ? order[k] : k) : hits[k];
    if (!isBelievable(flags[i])) continue;
    const mark = marks[i];
    byCode[service[i]]?.add(Math.floor((time[i] - from) / step), time[i], mark, latency[i], bits[i], segment.id * SEGMENT_SIZE + i);
    if ((mark & ERROR) !== 0 || ofRisk.has(i)) risks.add(segment, i, ofRisk);
  }
}
