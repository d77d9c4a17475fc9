/** Rules over a case: all that are on, one that is being tried, and the picture of one alert. In the analyse worker. */
import type { AlertRule, AlertRuleEdit } from '../../../../shared/alert.ts';
import type { AlertDrawing, Backtest } from '../../../../shared/contract/alerts.ts';
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Catalog } from '../../search/catalog.ts';
import { seriesTitle } from '../../metrics/series.ts';
import { SeriesStore } from '../../store/series-store.ts';
import { hasTable } from '../../store/tables.ts';
import type { AnalysisContext } from '../analysis.ts';
import { PANE } from '../windows/panes.ts';
import { worse, type Episode } from './episodes.ts';
import { Drawing, evaluate, type Stretch } from './evaluate.ts';
import { Gathered, type Live } from './gather.ts';
import type { Measured } from './measured.ts';
import type { RequestPanes } from './request-panes.ts';
import { SeriesPanes } from './series-panes.ts';

/** Alerts of one rule that are kept: the latest. */
const MOST_EPISODES = 1000;
/** Alerts that a back-test lists. */
const MOST_LISTED = 500;
const MOST_SERIES = 200;
/** Gathered scopes that are kept. */
const KEPT = 16;

export interface EpisodeOf extends Episode {
  group: string;
}
interface RuleRun {
  rule: number;
  episodes: EpisodeOf[];
  /** why it could not be run; null = it was */
  failed: string | null;
}
export interface EvaluateReply {
  runs: RuleRun[];
  /** events that came later than their windows were judged; those windows were judged again */
  late: number;
}

/** What a rule measures, group by group. */
interface Subject {
  groups: { group: string; measured: Measured; stretches: Stretch[] }[];
  basis: Backtest['basis'];
  left: number;
  unreadable: number;
}

const kept = new WeakMap<Catalog, Map<string, Gathered>>();

async function gathered(query: string, by: AlertRuleEdit['groupBy'], context: AnalysisContext, share: (done: number) => void): Promise<Gathered> {
  const { catalog, searcher, turns } = context;
  let known = kept.get(catalog);
  if (!known) kept.set(catalog, (known = new Map()));
  const key = JSON.stringify([query, by, catalog.clockVersion, query === '' ? 0 : [catalog.templateVersion, catalog.derived.version, searcher.pinVersion]]);
  let found = known.get(key);
  known.delete(key);
  if (!found?.holds(catalog)) found = new Gathered(searcher, query, by);
  for (const oldest of known.keys()) if (known.size >= KEPT) known.delete(oldest);
  await found.refresh(catalog, turns, share);
  // Only when it is whole: a question that was cancelled leaves nothing behind.
  known.set(key, found);
  return found;
}

async function subjectOf(rule: AlertRuleEdit, live: Live | null, context: AnalysisContext, share: (done: number) => void): Promise<Subject> {
  if (rule.metric === 'series') return await seriesOf(rule, context);
  const found = await gathered(rule.query, rule.groupBy, context, share);
  const groups = [...found.groups].map(([group, measured]) => ({ group, measured, stretches: found.stretchesOf(measured, rule, live) }));
  const sum = (of: (panes: RequestPanes) => number): number => groups.reduce((total, { measured }) => total + of(measured), 0);
  return { groups, basis: { events: sum(({ totals }) => totals.events), requests: sum(({ totals }) => totals.requests), latencies: sum(({ timed }) => timed), series: 0 }, left: found.left, unreadable: found.unreadable + context.searcher.notLoaded };
}

async function seriesOf(rule: AlertRuleEdit, { db, turns }: AnalysisContext): Promise<Subject> {
  const subject: Subject = { groups: [], basis: { events: 0, requests: 0, latencies: 0, series: 0 }, left: 0, unreadable: 0 };
  if (rule.series.trim() === '' || !hasTable(db, 'series')) return subject;
  const store = new SeriesStore(db);
  const { rows, total } = store.list(rule.series, MOST_SERIES);
  subject.basis.series = total;
  subject.left = total - rows.length;
  for (const row of rows) {
    if (row.t0 !== null && row.t1 !== null) subject.groups.push({ group: seriesTitle(row), measured: new SeriesPanes(store.samples(row.id, null, null), row.cumulative ? rule.window : null), stretches: [{ from: row.t0, to: row.t1 }] });
    await turns.next();
  }
  return subject;
}

/** All rules. One that cannot be run fails alone. `live` null: nothing is coming in, so nothing is waited for. */
export async function evaluateRules({ rules, live }: { rules: AlertRule[]; live: Live | null }, context: AnalysisContext): Promise<EvaluateReply> {
  const runs: RuleRun[] = [];
  const before = lateOf(context.catalog);
  for (const [i, rule] of rules.entries()) {
    const progress = (share: number): void => context.progress((i + share) / rules.length, rule.name);
    progress(0);
    try {
      const { groups } = await subjectOf(rule, live, context, progress);
      const episodes: EpisodeOf[] = [];
      for (const { group, measured, stretches } of groups) {
        for (const episode of evaluate(rule, measured, stretches)) episodes.push({ ...episode, group });
        await context.turns.next();
      }
      episodes.sort((a, b) => a.started - b.started);
      runs.push({ rule: rule.id, episodes: episodes.slice(-MOST_EPISODES), failed: null });
    } catch (error) {
      if (!(error instanceof TidemarkError) || error.code === 'cancelled') throw error;
      runs.push({ rule: rule.id, episodes: [], failed: error.message });
    }
  }
  for (const { watermark } of kept.get(context.catalog)?.values() ?? []) watermark.judged(watermark.at(live === null));
  return { runs, late: lateOf(context.catalog) - before };
}
function lateOf(catalog: Catalog): number {
  return [...(kept.get(catalog)?.values() ?? [])].reduce((most, { watermark }) => Math.max(most, watermark.late), 0);
}

export async function backtest({ rule, from, to, buckets }: { rule: AlertRuleEdit; from: number | null; to: number | null; buckets: number }, context: AnalysisContext): Promise<Backtest> {
  const { groups, basis, left, unreadable } = await subjectOf(rule, null, context, (share) => context.progress(share * 0.9, 'reading the events'));
  const firsts = groups.flatMap(({ measured }) => measured.first(rule.metric) ?? []);
  const first = from ?? firsts.reduce((least, pane) => Math.min(least, pane * PANE), Number.POSITIVE_INFINITY);
  const last = to ?? groups.reduce((most, { stretches }) => Math.max(most, (stretches.at(-1)?.to ?? Number.NEGATIVE_INFINITY) + PANE), Number.NEGATIVE_INFINITY);
  const some = Number.isFinite(first) && Number.isFinite(last) && last > first;
  const drawing = new Drawing(some ? first : 0, some ? last : 1, buckets);
  const found: Backtest['alerts'] = [];
  const byGroup: Backtest['groups'] = [];
  for (const { group, measured, stretches } of some ? groups : []) {
    const episodes = evaluate(rule, measured, stretches, { from, to }, drawing);
    let summed: (typeof byGroup)[number] | null = null;
    for (const { started, fired, ended, resolved, peak } of episodes) {
      if (fired === null) continue;
      found.push({ group, started, fired, ended, peak: orNull(peak), open: resolved === null });
      summed ??= { group, alerts: 0, duration: 0, peak: null };
      summed.alerts++;
      summed.duration += ended - started + PANE;
      summed.peak = orNull(worse(summed.peak ?? Number.NaN, peak, rule.operator));
    }
    if (summed) byGroup.push(summed);
    await context.turns.next();
  }
  found.sort((a, b) => a.started - b.started || (a.group < b.group ? -1 : 1));
  byGroup.sort((a, b) => b.duration - a.duration || (a.group < b.group ? -1 : 1));
  const duration = byGroup.reduce((sum, one) => sum + one.duration, 0);
  return { drawing: drawn(drawing), groups: byGroup, looked: groups.length, alerts: found.slice(0, MOST_LISTED), total: found.length, duration, basis, idle: some ? '' : idleOf(rule, basis), left, unreadable };
}

function idleOf(rule: AlertRuleEdit, { events, requests, series }: Backtest['basis']): string {
  if (rule.metric === 'series') return rule.series.trim() === '' ? 'Say which metric it is about.' : series === 0 ? 'No stored metric has all of these words in its name or labels.' : 'The metric has no samples.';
  if (events === 0) return rule.query === '' ? 'The case has no events yet.' : 'No event fits the query.';
  if (requests === 0) return 'None of these events is a request: none has a status, and none says how long it took.';
  return 'None of these requests says how long it took.';
}

/** The value of a rule for one group in a range. */
export async function drawAlert({ rule, group, from, to, buckets }: { rule: AlertRuleEdit; group: string; from: number; to: number; buckets: number }, context: AnalysisContext): Promise<AlertDrawing> {
  const { groups } = await subjectOf(rule, null, context, (share) => context.progress(share, 'reading the events'));
  const drawing = new Drawing(from, to, buckets);
  const one = groups.find((each) => each.group === group);
  if (one) evaluate(rule, one.measured, one.stretches, { from, to }, drawing);
  return drawn(drawing);
}

function drawn({ from, to, worst }: Drawing): AlertDrawing {
  return { from, to, worst };
}
function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
