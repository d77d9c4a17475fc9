/** What is said of a trend and of the look back. Pure. */
import type { TrendReply } from '../../../shared/contract/trends.ts';
import { formatValue, type Measure } from '../../../shared/measure.ts';
import { formatDuration } from '../../../shared/numbers.ts';

function probability(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;
}
/** "Rises by 3.2 MB an hour (95 %: 2.9 to 3.4), p < 0.001". */
export function trendWords(trend: TrendReply['trend'], measure: Measure): string {
  if (!trend) return 'Too few values to tell a trend.';
  const { direction, p, slope, lower, upper } = trend;
  if (direction === 'none') return `No trend beyond chance (Mann-Kendall ${probability(p)}).`;
  // By the day where an hour changes next to nothing against what a reader can tell apart.
  const size = (value: number): string => formatValue(Math.abs(value), { ...measure, perSecond: false });
  const [least, most] = Math.abs(lower) < Math.abs(upper) ? [lower, upper] : [upper, lower];
  return `${direction === 'rising' ? 'Rises' : 'Falls'} by ${size(slope)} an hour (95 %: ${size(least)} to ${size(most)}; Mann-Kendall ${probability(p)}, Theil-Sen).`;
}
/** What the back-test was made from. */
export function lookBackWords({ origins, step, forecast }: Pick<TrendReply, 'origins' | 'step' | 'forecast'>): string {
  if (origins === 0) return '';
  const steps = forecast?.values.length ?? 0;
  return `What each method would have said from ${origins} earlier moment${origins === 1 ? '' : 's'}, ${formatDuration(steps * step)} ahead`;
}
/** Whether the forecast is worth having, in a sentence; '' when nothing is known. */
export function verdictWords({ methods, forecast, coverage }: Pick<TrendReply, 'methods' | 'forecast' | 'coverage'>, measure: Measure): { text: string; good: boolean } {
  const own = methods.find(({ id }) => id === forecast?.method);
  const simplest = methods.filter(({ reference }) => reference).sort((a, b) => a.mae - b.mae)[0];
  if (!own || !simplest || Number.isNaN(own.mae)) return { text: '', good: false };
  const good = own.mae < simplest.mae;
  const share = coverage.find(({ level }) => level === 0.95)?.share ?? Number.NaN;
  const inside = Number.isNaN(share) ? '' : `; ${Math.round(share * 100)} % of what came lay in the interval of 95 %`;
  const against = `${formatValue(own.mae, measure)} against ${formatValue(simplest.mae, measure)} of "${simplest.title}"`;
  return { text: good ? `Wrong by ${against}${inside}.` : `Not better than a simple rule: wrong by ${against}${inside}. Rather trust that rule.`, good };
}
