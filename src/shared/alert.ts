/** Alert rules and alerts: what is measured, when it is too much, and what became of it. Times are microseconds UTC of the events. */
import type { Finding } from './finding.ts';
import type { Severity } from './event.ts';

/** What a rule can measure in its window. What a request and an error is: engine/analysis/requests.ts. */
export const METRICS = [
  { id: 'error_rate', title: 'Error rate', unit: '%', of: 'requests' },
  { id: 'error_count', title: 'Errors', unit: '', of: 'events' },
  { id: 'total_requests', title: 'Requests', unit: '', of: 'requests' },
  { id: 'latency_p50', title: 'Latency, median', unit: 'ms', of: 'latencies' },
  { id: 'latency_p95', title: 'Latency, 95th percentile', unit: 'ms', of: 'latencies' },
  { id: 'latency_p99', title: 'Latency, 99th percentile', unit: 'ms', of: 'latencies' },
  { id: 'latency_avg', title: 'Latency, mean', unit: 'ms', of: 'latencies' },
  { id: 'event_count', title: 'Events', unit: '', of: 'events' },
  { id: 'series', title: 'Stored metric', unit: '', of: 'samples' },
] as const;
export type Metric = (typeof METRICS)[number]['id'];
export const METRIC_IDS = METRICS.map(({ id }) => id) as [Metric, ...Metric[]];
export function metricOf(id: Metric): (typeof METRICS)[number] {
  return METRICS.find((metric) => metric.id === id) ?? METRICS[0];
}

export const OPERATORS = ['>', '>=', '<', '<=', '=='] as const;
export type Operator = (typeof OPERATORS)[number];
/** How severe, in the words of the rules; what it is on the scale of events stands beside it. */
export const ALERT_LEVELS = { INFO: 'info', WARNING: 'medium', CRITICAL: 'critical' } as const satisfies Record<string, Severity>;
export type AlertLevel = keyof typeof ALERT_LEVELS;
export const GROUP_FIELDS = ['', 'service', 'host'] as const;
export type GroupField = (typeof GROUP_FIELDS)[number];
/** What a window in which nothing can be measured does: nothing, count as over the threshold, or leave things as they were. */
export const NO_DATA = ['ok', 'alert', 'keep'] as const;
export type NoData = (typeof NO_DATA)[number];
export const WINDOWS = ['sliding', 'tumbling'] as const;
type WindowKind = (typeof WINDOWS)[number];
/** Who is told when it fires while events are coming in: the window, by a notice; the log of the engine. */
export const CHANNELS = ['notice', 'log'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a person says of a rule. */
export interface AlertRuleEdit {
  name: string;
  metric: Metric;
  /** of metric series: words that the name and labels of the series have; '' otherwise */
  series: string;
  operator: Operator;
  threshold: number;
  /** seconds */
  window: number;
  windows: WindowKind;
  /** seconds for which it must hold without a break before it fires; 0 = at once */
  hold: number;
  level: AlertLevel;
  /** which events; '' = all */
  query: string;
  groupBy: GroupField;
  noData: NoData;
  channels: Channel[];
  enabled: boolean;
}
export interface AlertRule extends AlertRuleEdit {
  id: number;
  /** counts up with each edit */
  version: number;
  updatedAt: number;
  updatedBy: string;
}

/** What a person says of a rule, without its row. */
export function editOf({ id: _id, version: _version, updatedAt: _at, updatedBy: _by, ...edit }: AlertRule): AlertRuleEdit {
  return edit;
}

/** pending: over the threshold, not yet for long enough. active: it fired. acknowledged: somebody looks after it. resolved: it is over. */
export const ALERT_STATES = ['pending', 'active', 'acknowledged', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** One stretch of time in which a rule fired for a group, as it is stored. */
export interface AlertStretch {
  id: number;
  rule: number;
  /** service, host or series; '' = it is about everything the rule looks at, or about events without the field */
  group: string;
  /** first moment over the threshold */
  started: number;
  /** when it fired; null while it is pending */
  fired: number | null;
  /** last moment over the threshold, so far */
  ended: number;
  /** since when it has been over by itself; null = it is not, as far as the events go */
  over: number | null;
  /** the worst value and its moment; null = there was nothing to measure */
  peak: number | null;
  peakAt: number;
  /** when it was first noticed here: a wall clock, as are the next two */
  raisedAt: number;
  acknowledgedAt: number | null;
  acknowledgedBy: string;
  /** null while it is open; resolvedBy '' = by itself */
  resolvedAt: number | null;
  resolvedBy: string;
}

/** A stretch with its rule as it is now, and as the finding that people see. */
export interface Alert extends AlertStretch {
  ruleName: string;
  ruleVersion: number;
  metric: Metric;
  operator: Operator;
  threshold: number;
  level: AlertLevel;
  severity: Severity;
  groupBy: GroupField;
  state: AlertState;
  /** id of the silence that keeps it quiet; null = none */
  silence: number | null;
  finding: Finding;
}

/** Keeps alerts quiet that started in [from, until). Empty fields match everything. */
export interface SilenceEdit {
  /** id of a rule; null = every rule */
  rule: number | null;
  /** null = every group */
  group: string | null;
  from: number | null;
  until: number | null;
  reason: string;
}
export interface Silence extends SilenceEdit {
  id: number;
  createdAt: number;
  createdBy: string;
}

/** One line of the audit trail: who did what to an alert, a rule or a silence, and when (wall clock). */
export interface AlertChange {
  id: number;
  at: number;
  /** '' = the engine */
  by: string;
  /** raised, fired, acknowledged, unacknowledged, resolved, reopened, withdrawn, returned; created, changed, removed, restored */
  what: string;
  /** what somebody wrote, or the rule as it was, as JSON */
  note: string;
}
