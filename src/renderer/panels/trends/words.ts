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
  const size = (value: number): string => formatValue(Math.abs(value), { ...measure, perSecond: false });
  const [least, most] = Math.abs(lower) < Math.abs(upper) ? [lower, upper] : [upper, lower];
  return `${direction === 'rising' ? 'Rises' : 'Falls'} by ${size(slope)} an hour (95 %: ${size(least)} to ${size(most)}; Mann-Kendall ${probability(p)}, Theil-Sen).`;
}
/** What the back-test was made from. */
export function lookBackWords({ origins, step, compared }: Pick<TrendReply, 'origins' | 'step' | 'compared'>): string {
  return origins === 0 ? '' : `What each method would have said from ${origins} earlier moment${origins === 1 ? '' : 's'}, up to ${formatDuration(compared * step)} ahead`;
}
/** How far the look back bears the forecast; '' when all the way. */
export function beyondWords({ origins, step, compared, forecast }: Pick<TrendReply, 'origins' | 'step' | 'compared' | 'forecast'>): string {
  const ahead = forecast?.values.length ?? 0;
  return origins > 0 && ahead > compared ? `The history is too short to compare more than ${formatDuration(compared * step)}: how wrong the forecast is beyond that is not known.` : '';
}
/** Whether the forecast is worth having, in a sentence; '' when nothing is known. */
export function verdictWords({ methods, forecast, coverage }: Pick<TrendReply, 'methods' | 'forecast' | 'coverage'>, measure: Measure): { text: string; good: boolean } {
  const own = methods.find(({ id }) => id === forecast?.method);
  const simplest = methods.filter(({ reference }) => reference).sort((a, b) => a.mae - b.mae)[0];
  if (!own || !simplest || Number.isNaN(own.mae)) return { text: '', good: false };
  const good = own.mae < simplest.mae || own.mae === 0;
  const share = coverage.find(({ level }) => level === 0.95)?.share ?? Number.NaN;
  const inside = Number.isNaN(share) ? '' : `; ${Math.round(share * 100)} % of what came lay in the interval of 95 %`;
  const errors = `wrong by ${formatValue(own.mae, measure)} on average, "${simplest.title}" by ${formatValue(simplest.mae, measure)}`;
  return { text: good ? `${errors[0].toUpperCase()}${errors.slice(1)}${inside}.` : `No better than a simple rule: ${errors}${inside}. Rather trust that rule.`, good };
}
