/** Everything out of the ordinary in a scope. */
import { ANOMALY_KINDS, MOST_ANOMALIES, type AnomalyFinding, type AnomalyReply } from '../../../../shared/contract/anomalies.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { SEVERITIES } from '../../../../shared/event.ts';
import { formatCount, formatDuration } from '../../../../shared/numbers.ts';
import { formatTime } from '../../../../shared/time.ts';
import { quietedLikes } from '../../store/finding-marks.ts';
import type { AnalysisContext } from '../analysis.ts';
import { eventSeries, gridOf, metricSeries, rangeOf, resultOf } from '../case-series.ts';
import { busyRange } from '../busy-range.ts';
import { behaviourFindings } from './behaviour-findings.ts';
import { DETECTORS } from './registry.ts';
import { seriesFindings } from './series-findings.ts';

export async function findAnomalies({ scope }: { scope: Scope }, context: AnalysisContext): Promise<AnomalyReply> {
  const detectors = DETECTORS.map(({ id, title, explain, pastOnly }) => ({ id, title, explain, pastOnly }));
  const range = rangeOf(context, scope);
  if (!range) return { findings: [], more: 0, looked: { series: 'There is nothing in this range.', behaviour: 'There is nothing in this range.' }, detectors };
  const quieted = quietedLikes(context.db);
  const result = await resultOf(context, scope, 'Reading events', (done) => done * 0.2);
  const busy = busyRange(result, range);
  const grid = gridOf(busy.from, busy.to);
  const behaviour = await behaviourFindings(result, scope, quieted, context, (done) => context.progress(0.2 + done * 0.3, 'Learning who does what'));
  // A query is about events; which metrics belong to them it does not say.
  const metrics = scope.query.trim() === '' ? await metricSeries(context, grid) : [];
  const series = [...(await eventSeries(context, result, grid, scope.query, (done) => context.progress(0.5 + done * 0.2, 'Counting events'))), ...metrics];
  const odd = await seriesFindings(series, grid, scope, quieted, context, (done) => context.progress(0.7 + done * 0.3, `Judging ${formatCount(series.length)} series`));
  const all = [...odd, ...behaviour.findings];
  const findings = ANOMALY_KINDS.flatMap((kind) => all.filter((finding) => finding.kind === kind).sort(strongestFirst).slice(0, MOST_ANOMALIES)).sort(strongestFirst);
  return {
    findings, more: all.length - findings.length, detectors,
    looked: {
      series: `${formatCount(series.length)} series of services${scope.query.trim() === '' ? ', patterns and metrics' : ' and patterns (metrics only without a query)'} in buckets of ${formatDuration(grid.step)}, by ${detectors.length} detectors${busy.cut ? `; between ${stamp(busy.from)} and ${stamp(busy.to)}, where nearly all events are` : ''}.`,
      behaviour: `${formatCount(behaviour.events)} acts of ${formatCount(behaviour.entities)} services, users and addresses${behaviour.truncated ? '; there are more, which were not looked at: narrow the range' : ''}.`,
    },
  };
}

/** To the minute, UTC. */
function stamp(time: number): string {
  return formatTime(time, 'UTC', 'minute');
}
/** A step of severity is worth a tenth of the score: errors before counts, but what all agree on before what few do. */
function weightOf({ severity, score }: AnomalyFinding): number {
  return score + SEVERITIES.indexOf(severity) / 10;
}
/** What somebody called wrong comes last. */
function strongestFirst(a: AnomalyFinding, b: AnomalyFinding): number {
  return Number(a.quieted) - Number(b.quieted) || weightOf(b) - weightOf(a) || a.from - b.from || (a.key < b.key ? -1 : 1);
}
