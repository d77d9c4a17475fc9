/** An alert as people see it: with its rule, its state, what keeps it quiet, and as a finding that says why and leads to its events. */
import { ALERT_LEVELS, metricOf, type Alert, type AlertRule, type AlertRuleEdit, type Silence } from '../../../../shared/alert.ts';
import { asksForLittle, OPERATOR_WORDS, ruleText, secondsText, valueText } from '../../../../shared/alert-text.ts';
import { formatDuration } from '../../../../shared/numbers.ts';
import { stateOf, type AlertRow } from '../../store/alerts.ts';
import { printName, printValue } from '../../../../shared/query/print.ts';
import { ERROR_STATUS } from '../requests.ts';

/** Queries by rule and group: a value is written as a query by reading it back, which many alerts of one group need not do each. */
const queries = new WeakMap<AlertRule, Map<string, string>>();
function queryOf(rule: AlertRule, group: string): string {
  let known = queries.get(rule);
  if (!known) queries.set(rule, (known = new Map()));
  let query = known.get(group);
  if (query === undefined) known.set(group, (query = eventsOf(rule, group)));
  return query;
}

/** The events that the rule counts, of one group, as a query. */
function eventsOf({ query, groupBy, metric, operator, threshold }: AlertRuleEdit, group: string): string {
  const parts: string[] = [];
  if (metric === 'series') return '';
  if (query.trim() !== '') parts.push(`(${query.trim()})`);
  if (groupBy !== '') parts.push(group === '' ? `-has:${groupBy}` : `${printName(groupBy)}:${printValue(groupBy, group)}`);
  // Of few requests there is nothing to show but those that there are.
  if (metric.startsWith('error') && !asksForLittle(operator)) parts.push(`(severity:>=high OR status:>=${ERROR_STATUS})`);
  if (metric.startsWith('latency') && !asksForLittle(operator)) parts.push(`latency_ms:>${Math.max(0, threshold)}`);
  return parts.length === 1 && parts[0].startsWith('(') ? parts[0].slice(1, -1) : parts.join(' ');
}

/** The first silence that keeps an alert quiet. */
function silenceOf({ rule, group, started }: Pick<AlertRow, 'rule' | 'group' | 'started'>, silences: readonly Silence[]): number | null {
  const found = silences.find((one) => (one.rule === null || one.rule === rule) && (one.group === null || one.group === group) && (one.from === null || started >= one.from) && (one.until === null || started < one.until));
  return found?.id ?? null;
}

/** What marking an alert wrong quiets: its rule for its group. */
function likeOf(rule: number, group: string): string {
  return `alerts:${rule}:${group}`;
}

export function alertOf(row: AlertRow, rule: AlertRule, silences: readonly Silence[], quieted: ReadonlySet<string>): Alert {
  const { id, group, version, started, fired, ended, over, peak, peakAt, raisedAt, acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy } = row;
  const { metric, operator, threshold, level, groupBy, window } = rule;
  const severity = ALERT_LEVELS[level];
  const like = likeOf(rule.id, group);
  const to = ended + 1_000_000;
  const whose = metric === 'series' || groupBy === '' ? '' : group === '' ? ` of events without a ${groupBy}` : ` of ${group}`;
  const worst = peak === null ? 'there was nothing to measure' : `the ${asksForLittle(operator) ? 'least' : 'most'} was ${valueText(peak, metric)}`;
  const why = `${metric === 'series' ? group : metricOf(metric).title}${whose} ${/^(?:Requests|Errors|Events)$/.test(metricOf(metric).title) ? 'were' : 'was'} ${OPERATOR_WORDS[operator]} ${valueText(threshold, metric)} in windows of ${secondsText(window)}, for ${formatDuration(to - started)}; ${worst}.`;
  return {
    id, rule: rule.id, ruleName: rule.name, ruleVersion: version, metric, operator, threshold, level, severity, group, groupBy, state: stateOf(row), started, fired, ended, over, peak, peakAt,
    raisedAt, acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy, silence: silenceOf(row, silences),
    finding: {
      key: `${like}:${started}`, like, detector: rule.name, title: group === '' ? rule.name : `${rule.name}: ${group}`, why, severity, score: scoreOf(peak, threshold, operator),
      evidence: [
        { label: 'Rule', value: ruleText(rule) },
        { label: asksForLittle(operator) ? 'Least' : 'Most', value: peak === null ? 'nothing to measure' : valueText(peak, metric) },
      ],
      from: started, to, scope: { query: queryOf(rule, group), from: started - window * 1e6, to }, events: [], quieted: quieted.has(like),
    },
  };
}

/** How far beyond the threshold it was, 0..1: half at the threshold, nine tenths at ten times of it. */
function scoreOf(peak: number | null, threshold: number, operator: AlertRuleEdit['operator']): number {
  if (peak === null) return 0.5;
  const [much, little] = asksForLittle(operator) ? [threshold, peak] : [peak, threshold];
  if (!(much > 0)) return 0.5;
  return little <= 0 ? 1 : Math.min(1, Math.max(0.5, 1 - 0.5 / Math.max(1, much / little) ** 0.7));
}
