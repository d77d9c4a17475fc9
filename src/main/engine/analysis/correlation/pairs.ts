/** Pairs of series that move together, told by the kind of question they answer. */
import type { CorrelationFinding, CorrelationKind } from '../../../../shared/contract/correlation.ts';
import { formatDuration, formatPercent } from '../../../../shared/numbers.ts';
import { benjaminiHochberg } from '../statistics/corrections.ts';
import type { Turns } from '../../search/turns.ts';
import type { CaseSeries, Grid } from '../case-series.ts';
import { bursts, type Burst } from './bursts.ts';
import { LEAST_COMMON, lagged, prepare, type Lagged } from './lagged.ts';

/** False discoveries among those told, and the least correlation worth telling. */
const FALSE_SHARE = 0.01;
const LEAST_R = 0.3;
/** Lags looked at: so many buckets either way. */
const MOST_LAG = 20;

export interface Related {
  a: CaseSeries;
  b: CaseSeries;
  kind: CorrelationKind;
  found: Lagged;
  /** corrected for all pairs that were compared */
  q: number;
}

/** What a pair would tell; null = nothing that anybody asked for. */
function kindOf(a: CaseSeries, b: CaseSeries): CorrelationKind | null {
  const has = (...measures: CaseSeries['measure'][]): boolean => measures.includes(a.measure) || measures.includes(b.measure);
  const both = (...measures: CaseSeries['measure'][]): boolean => measures.includes(a.measure) && measures.includes(b.measure);
  // Counts of one and the same service are parts of each other.
  if (a.subject === b.subject) return a.measure !== b.measure && has('latency') && has('errors', 'events') ? 'performance' : null;
  if (both('pattern')) return 'pattern';
  if (has('pattern')) return null;
  if (has('cost')) return 'cost';
  if (has('resource') && has('events')) return 'cost';
  if (has('latency')) return 'performance';
  if (has('resource') && has('errors')) return 'performance';
  return both('metric') ? null : 'temporal';
}

/** Compares all series with all, and keeps what chance does not explain: at most one in a hundred of those told is false (Benjamini, Hochberg 1995). */
export async function relatedPairs(series: readonly CaseSeries[], wanted: ReadonlySet<CorrelationKind>, turns: Turns, progress: (share: number) => void): Promise<{ related: Related[]; compared: number }> {
  const usable = series.filter(({ values }) => values.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0) >= LEAST_COMMON);
  const prepared = usable.map(({ values }) => prepare(values));
  const tested: Omit<Related, 'q'>[] = [];
  for (let i = 0; i < usable.length; i++) {
    for (let j = i + 1; j < usable.length; j++) {
      const kind = kindOf(usable[i], usable[j]);
      if (kind === null || !wanted.has(kind)) continue;
      const found = lagged(prepared[i], prepared[j], MOST_LAG);
      if (!found) continue;
      // The one that is ahead comes first.
      const [a, b] = found.lag < 0 ? [usable[j], usable[i]] : [usable[i], usable[j]];
      tested.push({ a, b, kind, found: { ...found, lag: Math.abs(found.lag) } });
    }
    await turns.next();
    progress(i / usable.length);
  }
  const q = benjaminiHochberg(tested.map(({ found }) => found.p));
  return { related: tested.map((each, i) => ({ ...each, q: q[i] })).filter((each) => each.q <= FALSE_SHARE && Math.abs(each.found.r) >= LEAST_R), compared: tested.length };
}

export function pairFinding({ a, b, kind, found, q }: Related, grid: Grid, quieted: ReadonlySet<string>): CorrelationFinding {
  const like = `correlation:${kind}:${[a.id, b.id].sort().join(' ~ ')}`;
  const delay = found.lag * grid.step;
  const opens = b.query ?? a.query;
  return {
    key: like, like, kind, detector: 'lagged correlation', title: found.lag === 0 ? `${capital(a.title)} and ${b.title} move ${found.r > 0 ? 'together' : 'against each other'}` : `${capital(b.title)} ${found.r > 0 ? 'follow' : 'move against'} ${a.title}, ${formatDuration(delay)} later`,
    why: `Rank correlation ${found.r.toFixed(2)}${found.lag === 0 ? '' : ` at a lag of ${formatDuration(delay)}`} over ${found.n} buckets of ${formatDuration(grid.step)}, each series' own memory taken out; by chance, at any of ${2 * MOST_LAG + 1} lags, in ${formatPercent(found.p)} of cases. It shows that they move together, not that one causes the other.`,
    evidence: [{ label: 'r', value: found.r.toFixed(3) }, { label: 'Lag', value: formatDuration(delay) }, { label: 'p, corrected for all pairs', value: q < 1e-12 ? '< 1e-12' : q.toPrecision(2) }, { label: 'Buckets', value: String(found.n) }],
    severity: b.measure === 'errors' || a.measure === 'errors' ? 'medium' : 'low', score: Math.abs(found.r), from: grid.from, to: grid.to,
    scope: { query: opens ?? '', from: grid.from, to: grid.to }, events: [], quieted: quieted.has(like), pair: pairOf(a, b, grid, delay),
  };
}

function pairOf(a: CaseSeries, b: CaseSeries, grid: Grid, lag: number): CorrelationFinding['pair'] {
  return { start: grid.from, step: grid.step, a: { title: a.title, values: a.values }, b: { title: b.title, values: b.values }, lag };
}
function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

interface Burster {
  series: CaseSeries;
  found: Burst[];
}

/** Bursts of different subjects that begin within three buckets of each other; one finding a moment. */
export function coincidences(series: readonly CaseSeries[], grid: Grid, quieted: ReadonlySet<string>): { findings: CorrelationFinding[]; bursting: number } {
  const bursting: Burster[] = series
    .filter(({ measure }) => measure !== 'pattern')
    .map((each) => ({ series: each, found: bursts(each.values, each.measure === 'events' || each.measure === 'errors') }))
    // What bursts all the time is how it is.
    .filter(({ found }) => found.length > 0 && found.length <= 12);
  const all = bursting.flatMap(({ series: of, found }) => found.map((burst) => ({ of, burst }))).sort((x, y) => x.burst.from - y.burst.from || (x.of.id < y.of.id ? -1 : 1));
  const groups: (typeof all)[] = [];
  // Together means beginning together: a long burst must not tie everything to itself that happens while it lasts.
  let begun = Number.NEGATIVE_INFINITY;
  for (const each of all) {
    if (each.burst.from > begun + 3) {
      groups.push([]);
      begun = each.burst.from;
    }
    groups[groups.length - 1].push(each);
  }
  const findings = groups.flatMap((group) => {
    const subjects = new Map<string, (typeof all)[number]>();
    for (const each of group) {
      const known = subjects.get(each.of.subject);
      if (!known || Math.abs(known.burst.z) < Math.abs(each.burst.z)) subjects.set(each.of.subject, each);
    }
    if (subjects.size < 2) return [];
    const list = [...subjects.values()].sort((x, y) => x.burst.from - y.burst.from);
    const from = grid.from + Math.min(...list.map(({ burst }) => burst.from)) * grid.step;
    const to = grid.from + Math.max(...list.map(({ burst }) => burst.to)) * grid.step;
    const like = `correlation:anomaly:${list.map(({ of }) => of.id).sort().join(' ~ ')}`;
    const [first, second] = list;
    return [{
      key: `${like}@${from}`, like, kind: 'anomaly' as const, detector: 'coinciding bursts', title: `${list.length} things are unusual at the same time, ${first.of.title} first`,
      why: `${list.slice(0, 6).map(({ of, burst }) => `${of.title} at ${figure(burst.peak)} (usually ${figure(burst.usual)})`).join('; ')}${list.length > 6 ? ` and ${list.length - 6} more` : ''}: each more than 5 robust spreads from its median, within ${formatDuration(to - from)}.`,
      evidence: list.slice(0, 8).map(({ of, burst }) => ({ label: of.title, value: `${burst.z > 0 ? '+' : ''}${burst.z.toFixed(1)} spreads after ${formatDuration((burst.from - first.burst.from) * grid.step)}` })),
      severity: list.some(({ of }) => of.measure === 'errors') ? 'high' as const : 'medium' as const, score: 1 - 1 / list.length, from, to,
      scope: { query: list.find(({ of }) => of.query !== null)?.of.query ?? '', from, to }, events: [], quieted: quieted.has(like), pair: pairOf(first.of, second.of, grid, (second.burst.from - first.burst.from) * grid.step),
    }];
  });
  return { findings, bursting: bursting.length };
}
function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-GB');
}
