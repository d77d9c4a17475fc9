/** What is odd in the series of a case: services, patterns and metrics, each judged by all detectors. */
import type { AnomalyFinding } from '../../../../shared/contract/anomalies.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import type { Severity } from '../../../../shared/event.ts';
import { formatDuration } from '../../../../shared/numbers.ts';
import type { CaseSeries, Grid, SeriesClass } from '../case-series.ts';
import type { AnalysisContext } from '../analysis.ts';
import { boundedKey, boundedTitle } from './bounded-names.ts';
import { short } from './detector.ts';
import { findStretches } from './ensemble.ts';
import type { Stretch } from './ensemble.ts';
import { spreadOf } from './spread.ts';

/** Of each series; who has more to tell is told about by its strongest. */
const MOST_OF_SERIES = 3;
/** A count has to be this many times the scatter of chance (Poisson) from its usual, or a lone event after silence would be a finding. */
const CHANCE = 5;
export const SEVERITY: Readonly<Record<SeriesClass, Severity>> = { errors: 'high', latency: 'medium', events: 'medium', resource: 'medium', cost: 'medium', metric: 'medium', pattern: 'low' };

export const isCount = (measure: SeriesClass): boolean => measure === 'events' || measure === 'errors' || measure === 'pattern';

/** Looks at each series in turn. Deterministic; lets others have the thread between series. */
export async function seriesFindings(series: readonly CaseSeries[], grid: Grid, scope: Scope, quieted: ReadonlySet<string>, context: AnalysisContext, share: (done: number) => void): Promise<AnomalyFinding[]> {
  const times = Float64Array.from({ length: grid.buckets }, (_, i) => grid.from + i * grid.step);
  const found: AnomalyFinding[] = [];
  for (const [i, each] of series.entries()) {
    const values = isCount(each.measure) ? withoutPartial(each.values) : each.values;
    const spread = spreadOf(values);
    if (spread !== null) {
      const stretches = findStretches({ times, values, step: grid.step }).filter((stretch) => {
        const { sum, expected } = sumOf(values, stretch, spread.median);
        return !isCount(each.measure) || beyondChance(sum, expected);
      });
      for (const stretch of stretches.slice(0, MOST_OF_SERIES)) found.push(findingOf(each, values, stretch, spread.median, grid, scope, quieted));
    }
    share((i + 1) / series.length);
    await context.turns.next();
  }
  return found;
}

/** The buckets in which a series begins and ends are seldom whole: what is missing there is no drop. */
function withoutPartial(values: Float64Array): Float64Array {
  const first = values.findIndex((value) => !Number.isNaN(value));
  const last = values.findLastIndex((value) => !Number.isNaN(value));
  return values.map((value, i) => (i === first || i === last ? Number.NaN : value));
}

function extremeOf(values: Float64Array, { first, last }: Stretch, usual: number): number {
  let extreme = Number.NaN;
  for (let row = first; row <= last; row++) if (!Number.isNaN(values[row]) && !(Math.abs(values[row] - usual) <= Math.abs(extreme - usual))) extreme = values[row];
  return extreme;
}

/** Events of a stretch in all, and how many there would usually be. */
function sumOf(values: Float64Array, { first, last }: Stretch, usual: number): { sum: number; expected: number } {
  const known = values.subarray(first, last + 1).filter((value) => !Number.isNaN(value));
  return { sum: known.reduce((sum, value) => sum + value, 0), expected: usual * known.length };
}
/** All of a stretch counts: ten events too many in each of ten buckets are a hundred. */
export function beyondChance(sum: number, expected: number): boolean {
  return Math.abs(sum - expected) >= CHANCE * Math.sqrt(Math.max(1, expected));
}

function findingOf(series: CaseSeries, values: Float64Array, stretch: Stretch, usual: number, grid: Grid, scope: Scope, quieted: ReadonlySet<string>): AnomalyFinding {
  const { first, last, votes, voters, judges, score } = stretch;
  const extreme = extremeOf(values, stretch, usual);
  const from = grid.from + first * grid.step;
  const to = grid.from + (last + 1) * grid.step;
  const direction = extreme >= usual ? 'high' : 'low';
  const like = `anomalies:series:${boundedKey(series.id)}:${direction}`;
  const name = boundedTitle(series.title);
  // Detectors stand in the order of how plainly they speak.
  const plainest = votes.filter(({ voted }) => voted)[0];
  const counted = isCount(series.measure);
  const { sum, expected } = sumOf(values, stretch, usual);
  const unit = counted ? ` in ${formatDuration(grid.step)}` : series.measure === 'latency' && series.query !== null ? ' ms' : '';
  return {
    key: `${like}@${from}`, like, kind: 'series', detector: 'ensemble',
    title: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}: ${counted ? `${short(sum)} in ${formatDuration(to - from)}, usually ${short(expected)}` : `${short(extreme)}${unit}, usually ${short(usual)}`}`,
    why: `${voters} of ${judges} detectors agree. ${plainest.title}: ${plainest.why}.`,
    evidence: [{ label: direction === 'high' ? 'Highest' : 'Lowest', value: `${short(extreme)}${unit}` }, { label: 'Usually', value: `${short(usual)}${unit}` }, { label: 'Lasts', value: formatDuration(to - from) }],
    severity: series.measure === 'errors' && direction === 'low' ? 'low' : SEVERITY[series.measure], score: (score + voters / judges) / 2, from, to,
    scope: { query: series.query ?? scope.query, from, to }, events: [], quieted: quieted.has(like), votes,
    chart: { start: grid.from, step: grid.step, values: series.values, first, last },
  };
}
