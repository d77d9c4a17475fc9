/** Rules and values of alerts in words, for the window, the command line and findings alike. */
import { metricOf, type AlertRuleEdit, type Metric, type Operator } from './alert.ts';
import { formatDuration } from './numbers.ts';

export const OPERATOR_WORDS: Readonly<Record<Operator, string>> = { '>': 'over', '>=': 'at least', '<': 'under', '<=': 'at most', '==': 'exactly' };

/** Whether a rule asks for little: its worst value is the least. */
export function asksForLittle(operator: Operator): boolean {
  return operator === '<' || operator === '<=';
}

/** Made once: making one takes longer than writing a thousand numbers. */
const FORMATS = [0, 1, 3].map((digits) => new Intl.NumberFormat('en-GB', { maximumFractionDigits: digits }));

/** With the unit of the metric: "66.7 %". */
export function valueText(value: number, metric: Metric): string {
  const format = FORMATS[Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 1 : 2];
  const { unit } = metricOf(metric);
  return `${format.format(value)}${unit === '' ? '' : ` ${unit}`}`;
}
export function secondsText(seconds: number): string {
  return formatDuration(seconds * 1e6);
}
/** "Error rate over 5 % in 1 min, for 30 s, by service" */
export function ruleText({ metric, series, operator, threshold, window, windows, hold, groupBy, query }: AlertRuleEdit): string {
  const of = metric === 'series' ? series : metricOf(metric).title;
  return [
    `${of} ${OPERATOR_WORDS[operator]} ${valueText(threshold, metric)} in ${windows === 'tumbling' ? 'each ' : ''}${secondsText(window)}`,
    hold > 0 ? `, for ${secondsText(hold)}` : '', groupBy === '' || metric === 'series' ? '' : `, by ${groupBy}`, query === '' || metric === 'series' ? '' : `, of ${query}`,
  ].join('');
}
