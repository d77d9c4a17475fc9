/** A series of a case on steps of one length: events of a scope, or a stored metric. */
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { MOST_TREND_STEPS, type EventMeasure, type TrendReply, type TrendSubject } from '../../../../shared/contract/trends.ts';
import { FLAG } from '../../../../shared/event.ts';
import { formatCount, formatDuration } from '../../../../shared/numbers.ts';
import { inOrder, rates } from '../../metrics/statistics.ts';
import { seriesTitle } from '../../metrics/series.ts';
import { offsetAt } from '../../search/result-set.ts';
import { SeriesStore } from '../../store/series-store.ts';
import { sketchIndex, sketchQuantile } from '../../store/sketch.ts';
import type { AnalysisContext } from '../analysis.ts';
import { resultOf, roundStep } from '../case-series.ts';
import { ERROR, requestColumns, requestMarks } from '../requests.ts';

export interface CaseSteps {
  title: string;
  measured: TrendReply['measured'];
  start: number;
  step: number;
  /** NaN = nothing is known; counts are 0 where nothing happened */
  values: Float64Array;
  /** what came in the `ahead` steps after them; NaN beyond the end of the case */
  came: Float64Array;
}

/** So many values are wanted when nobody chose a step: enough to see a season, few enough to look back in seconds. */
const WANTED = 500;
const P95 = 0.95;

/** A round step that makes at most about WANTED values, and is no finer than values come. */
export function stepFor(span: number, interval = 0): number {
  return roundStep(Math.max(span / WANTED, interval * 0.95));
}

interface Grid {
  start: number;
  step: number;
  n: number;
}
function gridOver(from: number, to: number, step: number): Grid {
  // Steps begin at round times of UTC; the one that the range begins or ends in is not whole and would look like a fall.
  const start = Math.ceil(from / step) * step;
  const n = Math.max(0, Math.floor((to - start) / step));
  if (n > MOST_TREND_STEPS) throw new TidemarkError('invalid_input', `Steps of ${formatDuration(step)} make ${formatCount(n)} values, at most ${formatCount(MOST_TREND_STEPS)} are looked at: choose a longer step or a shorter range.`);
  return { start, step, n };
}

/** @param ahead how many steps after the last are wanted, from how many there are */
export async function caseSteps(context: AnalysisContext, subject: TrendSubject, scope: Scope, step: number | null, ahead: (n: number) => number): Promise<CaseSteps> {
  return subject.of === 'events' ? await eventSteps(context, subject.measure, scope, step, ahead) : metricSteps(context, subject.id, scope, step, ahead);
}

const TITLES: Readonly<Record<EventMeasure, string>> = { events: 'Events', errors: 'Errors', latency: '95th percentile of latency' };

async function eventSteps(context: AnalysisContext, measure: EventMeasure, scope: Scope, wanted: number | null, ahead: (n: number) => number): Promise<CaseSteps> {
  const extent = context.catalog.extent();
  const from = Math.max(scope.from ?? Number.NEGATIVE_INFINITY, extent?.from ?? 0);
  const end = (extent?.to ?? 0) + 1;
  const to = Math.min(scope.to ?? Number.POSITIVE_INFINITY, end);
  const step = wanted ?? stepFor(Math.max(1, to - from));
  const grid = gridOver(from, to, step);
  const whole = { ...grid, n: grid.n + ahead(grid.n) };
  const result = await resultOf(context, { ...scope, from: grid.start, to: grid.start + whole.n * step }, 'Reading events', (done) => done * 0.1);
  const counts = new Float64Array(whole.n);
  const latencies = new Map<number, Map<number, number>>();
  for (const part of result.parts) {
    const { segment } = part;
    const { time, flags } = segment.hot;
    const columns = measure === 'events' ? null : requestColumns(context.catalog, segment);
    const marks = columns && measure === 'errors' ? requestMarks(columns) : null;
    for (let k = 0; k < part.count; k++) {
      const i = offsetAt(part, k);
      if ((flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
      const at = Math.floor((time[i] - grid.start) / step);
      if (at < 0 || at >= whole.n) continue;
      if (measure === 'latency') {
        const latency = columns?.latency?.[i] ?? Number.NaN;
        if (!(latency >= 0)) continue;
        let sketch = latencies.get(at);
        if (!sketch) latencies.set(at, (sketch = new Map()));
        const index = sketchIndex(latency);
        sketch.set(index, (sketch.get(index) ?? 0) + 1);
      } else if (!marks || (marks[i] & ERROR) !== 0) counts[at]++;
    }
    await context.turns.next();
  }
  const values = measure !== 'latency' ? counts : Float64Array.from(counts, (_, at) => {
    const sketch = latencies.get(at);
    return sketch ? sketchQuantile([...sketch].map(([index, n]) => ({ index, n })).sort((a, b) => a.index - b.index), P95) : Number.NaN;
  });
  // Beyond the end of the case nothing happened because nothing was read.
  for (let at = grid.n; at < whole.n; at++) if (grid.start + (at + 1) * step > end) values[at] = Number.NaN;
  const measured = measure === 'latency' ? { name: 'latency', unit: 'ms' } : { name: measure, unit: '' };
  return { title: `${TITLES[measure]}${scope.query.trim() === '' ? '' : ` of ${scope.query}`}`, measured: { ...measured, kind: 'gauge', cumulative: false }, start: grid.start, step, values: values.subarray(0, grid.n), came: values.slice(grid.n) };
}

function metricSteps({ db }: AnalysisContext, id: number, scope: Scope, wanted: number | null, ahead: (n: number) => number): CaseSteps {
  const store = new SeriesStore(db);
  const row = store.get(id);
  if (!row) throw new TidemarkError('not_found', 'This series is not in the case any more; choose another one.');
  const from = Math.max(scope.from ?? Number.NEGATIVE_INFINITY, row.t0 ?? 0);
  const end = (row.t1 ?? 0) + 1;
  const to = Math.min(scope.to ?? Number.POSITIVE_INFINITY, end);
  const stored = store.samples(id, from, null);
  const { times, values } = row.cumulative ? rates(stored) : inOrder(stored);
  const step = wanted ?? stepFor(Math.max(1, to - from), interval(times));
  const grid = gridOver(Math.floor(from / step) * step, to <= from ? from : Math.ceil(to / step) * step, step);
  const n = grid.n + ahead(grid.n);
  const sums = new Float64Array(n);
  const counts = new Float64Array(n);
  for (let i = 0; i < times.length; i++) {
    const at = Math.floor((times[i] - grid.start) / step);
    // A step that the range ends in is what was known then.
    if (at < 0 || at >= n || !Number.isFinite(values[i]) || (at < grid.n && times[i] >= to)) continue;
    sums[at] += values[i];
    counts[at]++;
  }
  const means = sums.map((sum, at) => (counts[at] > 0 ? sum / counts[at] : Number.NaN));
  const { name, labels, unit, kind, cumulative } = row;
  return { title: seriesTitle({ name, labels }), measured: { name, unit, kind, cumulative }, start: grid.start, step, values: means.subarray(0, grid.n), came: means.slice(grid.n) };
}

/** The usual distance between samples. */
function interval(times: Float64Array): number {
  const gaps: number[] = [];
  for (let i = 1; i < times.length && gaps.length < 1000; i++) if (times[i] > times[i - 1]) gaps.push(times[i] - times[i - 1]);
  return gaps.length === 0 ? 0 : gaps.sort((a, b) => a - b)[gaps.length >> 1];
}
