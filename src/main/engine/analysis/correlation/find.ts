/** Everything in a scope that goes together, of all eight kinds. */
import { CORRELATION_KINDS, MOST_OF_KIND, type CorrelationFinding, type CorrelationKind, type CorrelationReply, type SequenceRule } from '../../../../shared/contract/correlation.ts';
import { SEVERITIES } from '../../../../shared/event.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { MAX_EXAMPLES } from '../../../../shared/finding.ts';
import { formatCount, formatDuration, formatPercent } from '../../../../shared/numbers.ts';
import { printValue } from '../../../../shared/query/print.ts';
import { messageOrNull } from '../../search/rows.ts';
import { quietedLikes } from '../../store/finding-marks.ts';
import { enabledSequences } from './sequence-rules.ts';
import type { AnalysisContext } from '../analysis.ts';
import { busyRange } from '../busy-range.ts';
import { eventSeries, gridOf, metricSeries, rangeOf, resultOf, type CaseSeries, type Grid } from '../case-series.ts';
import { benjaminiHochberg } from '../statistics/corrections.ts';
import { changeEffect } from './changes.ts';
import { coincidences, pairFinding, relatedPairs } from './pairs.ts';
import { findSequences, StepResults } from './sequences.ts';
import { failingTogether, type FailingPair } from './shared-ids.ts';

const NONE = 'There is nothing in this range.';
/** A range so many times as long as the one with nearly all events is stretched by stray ones. */
const MOSTLY_EMPTY = 20;
const MOST_CHANGES = 200;
/** How far before and after a change is looked. */
const CHANGE_WINDOW = 30 * 60e6;

export async function findCorrelations({ scope, kinds }: { scope: Scope; kinds: CorrelationKind[] }, context: AnalysisContext): Promise<CorrelationReply> {
  const wanted: ReadonlySet<CorrelationKind> = new Set(kinds.length === 0 ? CORRELATION_KINDS : kinds);
  const looked = Object.fromEntries(CORRELATION_KINDS.map((kind) => [kind, wanted.has(kind) ? NONE : 'Not looked for.'])) as CorrelationReply['looked'];
  const range = rangeOf(context, scope);
  const quieted = quietedLikes(context.db);
  const findings: CorrelationFinding[] = [];
  if (range) {
    const result = await resultOf(context, scope, 'Reading events', (done) => done * 0.1);
    const busy = busyRange(result, range, MOSTLY_EMPTY);
    const grid = gridOf(busy.from, busy.to);
    const series = [...(await eventSeries(context, result, grid, scope.query, (share) => context.progress(0.1 + share * 0.3, 'Reading events'))), ...(await metricSeries(context, grid))];
    const { related, compared } = await relatedPairs(series, wanted, context.turns, (share) => context.progress(0.4 + share * 0.1, 'Comparing series'));
    findings.push(...related.map((each) => pairFinding(each, grid, quieted)));
    const grids = `${formatCount(series.length)} series in buckets of ${formatDuration(grid.step)}, ${formatCount(compared)} pairs compared.`;
    for (const kind of ['temporal', 'pattern', 'cost', 'performance'] as const) if (wanted.has(kind)) looked[kind] = grids;
    if (wanted.has('cost') && !series.some(({ measure }) => measure === 'cost' || measure === 'resource')) looked.cost = 'No metric of this range is of cost or resources; sequences were looked for.';
    if (wanted.has('anomaly')) {
      const { findings: found, bursting } = coincidences(series, grid, quieted);
      findings.push(...found);
      looked.anomaly = `${formatCount(series.length)} series looked at, ${formatCount(bursting)} of them with moments far from usual.`;
    }
    if (wanted.has('causal')) {
      const { pairs, ids, truncated } = await failingTogether(context, result, (share) => context.progress(0.5 + share * 0.2, 'Looking at what fails together'));
      findings.push(...pairsOfFailures(pairs, scope, range, quieted));
      const changes = await changeFindings(context, scope, series, grid, quieted);
      findings.push(...changes.findings);
      looked.causal = `${formatCount(ids)}${truncated ? ' of the first' : ''} traces and requests, ${formatCount(changes.changes)} commits and runs of pipelines.`;
    }
    const rules = enabledSequences(context.db).filter(({ kind }) => wanted.has(kind));
    const steps = new StepResults(context, scope);
    const cut = new Set<CorrelationKind>();
    for (const [i, rule] of rules.entries()) {
      const { findings: found, truncated } = await findSequences(context, steps, rule, quieted, (share) => context.progress(0.72 + ((i + share) / rules.length) * 0.28, `Looking for "${rule.title}"`));
      findings.push(...found);
      if (truncated) cut.add(rule.kind);
    }
    for (const kind of ['security', 'compliance'] as const) if (wanted.has(kind)) looked[kind] = `${formatCount(rules.filter((rule) => rule.kind === kind).length)} sequences looked for.`;
    for (const kind of cut) looked[kind] += ' One of its sequences has more events or values than are looked at: narrow the range to see them all.';
  }
  return { ...bounded(findings), looked };
}

/** The gravest and strongest of each kind, those somebody called wrong last. */
function bounded(findings: readonly CorrelationFinding[]): Pick<CorrelationReply, 'findings' | 'more'> {
  const byKind = CORRELATION_KINDS.map((kind) => ({
    kind,
    list: findings.filter((finding) => finding.kind === kind).sort((a, b) => Number(a.quieted) - Number(b.quieted) || SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || b.score - a.score || (a.key < b.key ? -1 : 1)),
  }));
  return {
    findings: byKind.flatMap(({ list }) => list.slice(0, MOST_OF_KIND)),
    more: Object.fromEntries(byKind.map(({ kind, list }) => [kind, Math.max(0, list.length - MOST_OF_KIND)])) as CorrelationReply['more'],
  };
}

function pairsOfFailures(pairs: readonly FailingPair[], scope: Scope, range: { from: number; to: number }, quieted: ReadonlySet<string>): CorrelationFinding[] {
  const q = benjaminiHochberg(pairs.map(({ p }) => p));
  return pairs.flatMap((pair, i) => {
    if (q[i] > 0.01) return [];
    const { cause, effect, both, effectOnly, causeOnly, neither, first, delay, ids } = pair;
    const share = both / (both + effectOnly);
    const otherwise = causeOnly / Math.max(1, causeOnly + neither);
    if (share < 0.3 || share < otherwise * 2) return [];
    const like = `correlation:causal:${cause} > ${effect}`;
    const query = `(service:${printValue('service', cause)} OR service:${printValue('service', effect)}) severity>=high`;
    return [{
      key: like, like, kind: 'causal' as const, detector: 'shared ids', title: `When ${effect} fails, ${cause} has failed in the same request`,
      why: `In ${formatPercent(share)} of the ${formatCount(both + effectOnly)} requests in which ${effect} fails, ${cause} fails too, and first in ${formatPercent(first)} of them (median ${formatDuration(delay)} earlier); in the requests in which ${effect} works, ${cause} fails in ${formatPercent(otherwise)}.`,
      evidence: [{ label: 'Both fail', value: formatCount(both) }, { label: `Only ${effect}`, value: formatCount(effectOnly) }, { label: `Only ${cause}`, value: formatCount(causeOnly) }, { label: 'Neither', value: formatCount(neither) }, { label: 'Requests', value: ids.slice(0, 3).join(', ') }],
      severity: 'high' as const, score: share * first, from: range.from, to: range.to, scope: { query: scope.query.trim() === '' ? query : `(${scope.query}) ${query}`, from: range.from, to: range.to },
      events: [], quieted: quieted.has(like), pair: null,
    }];
  });
}

/** Changes on the record after which a service fails more often than before. */
async function changeFindings(context: AnalysisContext, scope: Scope, series: readonly CaseSeries[], grid: Grid, quieted: ReadonlySet<string>): Promise<{ findings: CorrelationFinding[]; changes: number }> {
  const changes = await resultOf(context, { query: 'signal:(git OR ci)', from: grid.from, to: grid.to }, 'Looking at changes', (done) => 0.7 + done * 0.02);
  const services = series.filter(({ measure }) => measure === 'errors').flatMap((errors) => {
    const events = series.find(({ measure, subject }) => measure === 'events' && subject === errors.subject);
    return events ? [{ errors, events }] : [];
  });
  const width = Math.max(3, Math.min(Math.floor(grid.buckets / 4), Math.round(CHANGE_WINDOW / grid.step)));
  const tested = changes.slice(0, MOST_CHANGES).flatMap((located) => {
    const at = located.segment.hot.time[located.offset];
    const bucket = Math.floor((at - grid.from) / grid.step);
    return services.flatMap(({ errors, events }) => {
      const effect = changeEffect({ errors: errors.values, events: events.values }, bucket, width);
      return effect ? [{ located, at, errors, effect }] : [];
    });
  });
  const q = benjaminiHochberg(tested.map(({ effect }) => effect.p));
  const findings = tested.flatMap(({ located, at, errors, effect }, i) => {
    if (q[i] > 0.01) return [];
    const { before, after, ratio } = effect;
    const message = (messageOrNull(context.catalog, located.segment, located.offset) ?? '').slice(0, 120);
    const like = `correlation:change:${errors.subject}:${message}`;
    const window = width * grid.step;
    return [{
      key: `${like}@${at}`, like, kind: 'causal' as const, detector: 'change and effect', title: `${errors.subject} fails ${ratio.toFixed(1)} times as often after "${message}"`,
      why: `In the ${formatDuration(window)} before the change ${formatCount(before.errors)} of ${formatCount(before.events)} events of ${errors.subject} were errors, in the ${formatDuration(window)} after it ${formatCount(after.errors)} of ${formatCount(after.events)}; by chance in ${formatPercent(effect.p)} of cases. Other things may have happened at the same time.`,
      evidence: [{ label: 'Before', value: formatPercent(before.errors / before.events) }, { label: 'After', value: formatPercent(after.errors / after.events) }, { label: 'p, corrected', value: q[i].toPrecision(2) }],
      severity: 'high' as const, score: Math.min(1, 1 - 1 / ratio), from: at - window, to: at + window, scope: { query: errors.query ?? '', from: at, to: at + window }, events: [located.id].slice(0, MAX_EXAMPLES),
      quieted: quieted.has(like), pair: null,
    }];
  });
  return { findings, changes: changes.total };
}

/** What one rule finds, whether it is stored or not. */
export async function trySequence({ scope, rule }: { scope: Scope; rule: SequenceRule }, context: AnalysisContext): Promise<CorrelationFinding[]> {
  const { findings } = await findSequences(context, new StepResults(context, scope), { ...rule, id: null }, quietedLikes(context.db), (share) => context.progress(share, 'Looking for it'));
  return findings.slice(0, MOST_OF_KIND);
}
