/** Alert rules, the alerts they make of the events of the case, and what people do about them. */
import { z } from 'zod';
import { ALERT_LEVELS, ALERT_STATES, CHANNELS, GROUP_FIELDS, METRIC_IDS, NO_DATA, OPERATORS, WINDOWS, type Alert, type AlertChange, type AlertLevel, type AlertRule, type AlertState, type Silence } from '../alert.ts';
import { run } from './analysis.ts';
import { call, push } from './rpc.ts';
import { time } from './scope.ts';

const id = z.number().int();
const ids = z.array(id).min(1).max(1000);
const note = z.string().max(4000).default('');
/** a week */
const LONGEST = 604_800;

export const ruleEdit = z.object({
  name: z.string().trim().min(1).max(200),
  metric: z.enum(METRIC_IDS),
  series: z.string().max(1000),
  operator: z.enum(OPERATORS),
  threshold: z.number(),
  window: z.number().int().min(1).max(LONGEST),
  windows: z.enum(WINDOWS),
  hold: z.number().int().min(0).max(LONGEST),
  level: z.enum(Object.keys(ALERT_LEVELS) as [AlertLevel, ...AlertLevel[]]),
  query: z.string().max(65_536),
  groupBy: z.enum(GROUP_FIELDS),
  noData: z.enum(NO_DATA),
  channels: z.array(z.enum(CHANNELS)).max(CHANNELS.length),
  enabled: z.boolean(),
});
const silenceEdit = z.object({ rule: id.nullable(), group: z.string().max(2000).nullable(), from: time.nullable(), until: time.nullable(), reason: z.string().trim().min(1).max(2000) });

/** Buckets of a drawing. */
const buckets = z.number().int().min(10).max(2000).default(300);

export interface AlertList {
  /** open ones first, then by severity, then the latest first */
  alerts: Alert[];
  /** of the whole case, whatever was asked for; silenced ones and those marked wrong are not among them */
  counts: Record<AlertState, number>;
  /** alerts that fit, given or not */
  total: number;
  /** when rules were last run over the case (wall clock), null = not since it was opened */
  evaluatedAt: number | null;
  /** rules that could not be run, and why */
  failed: { rule: number; message: string }[];
  /** why none could be run, '' = they could */
  trouble: string;
}
/** The worst value of a metric in each bucket of a range; NaN = nothing to measure. */
export interface AlertDrawing {
  from: number;
  to: number;
  worst: Float64Array;
}
export interface AlertDetail {
  alert: Alert;
  drawing: AlertDrawing;
  /** oldest first */
  changes: AlertChange[];
}
interface BacktestGroup {
  group: string;
  alerts: number;
  /** microseconds over the threshold, all alerts together */
  duration: number;
  /** null = nothing could be measured */
  peak: number | null;
}
export interface Backtest {
  drawing: AlertDrawing;
  /** by time over the threshold, longest first; those without an alert are not among them */
  groups: BacktestGroup[];
  /** groups that were looked at */
  looked: number;
  /** the first ones in time, at most 500 */
  alerts: { group: string; started: number; fired: number; ended: number; peak: number | null; open: boolean }[];
  total: number;
  /** microseconds over the threshold, all alerts together */
  duration: number;
  /** what there is to measure by */
  basis: { events: number; requests: number; latencies: number; series: number };
  /** why it cannot fire at all, '' = it can */
  idle: string;
  /** events in groups beyond those that are judged */
  left: number;
  unreadable: number;
}
export interface AlertStatistics {
  total: number;
  open: number;
  byLevel: Record<AlertLevel, number>;
  byRule: { rule: number; name: string; level: AlertLevel; alerts: number; open: number; duration: number; silenced: number; wrong: boolean }[];
  /** most alerts first */
  noisiest: { rule: number; name: string; group: string; alerts: number; duration: number }[];
  /** fired again within an hour after they were over, at least three times */
  flapping: { rule: number; name: string; group: string; times: number; from: number; to: number }[];
  /** microseconds from when an alert was noticed here until somebody acknowledged it, by the wall clock; null = nobody did */
  meanToAcknowledge: number | null;
  /** microseconds from when the rule began to hold until it was over, by the time of the events; null = none is over */
  meanToResolve: number | null;
  acknowledged: number;
  resolved: number;
}
/** Alerts that fired just now. */
export interface FiredAlerts {
  alerts: { id: number; title: string; level: AlertLevel }[];
  /** of how many */
  total: number;
}

export const alerts = {
  /** state null = all. */
  list: call(z.object({ state: z.enum([...ALERT_STATES, 'open']).nullable().default(null), rule: id.nullable().default(null), limit: z.number().int().min(1).max(5000).default(1000) })).returns<AlertList>(),
  get: call(z.object({ id, buckets, run })).returns<AlertDetail>(),
  /** Runs all rules that are on over the whole case. What was found before stays; running again adds nothing. */
  evaluate: call(z.object({ run })).returns<{ raised: number; resolved: number; withdrawn: number; late: number }>(),
  acknowledge: call(z.object({ ids, note })).returns<void>(),
  unacknowledge: call(z.object({ ids })).returns<void>(),
  resolve: call(z.object({ ids, note })).returns<void>(),
  reopen: call(z.object({ ids })).returns<void>(),
  rules: call(z.object({})).returns<AlertRule[]>(),
  /** id null = a new one. Every edit is kept. */
  saveRule: call(z.object({ id: id.nullable(), rule: ruleEdit })).returns<AlertRule>(),
  removeRule: call(z.object({ id })).returns<void>(),
  restoreRule: call(z.object({ id })).returns<AlertRule>(),
  /** The newest edits, newest first. */
  ruleChanges: call(z.object({ id, limit: z.number().int().min(1).max(500).default(50) })).returns<AlertChange[]>(),
  /** What a rule would have done in a range, saved or not; null = from the first event to the last. */
  backtest: call(z.object({ rule: ruleEdit, from: time.nullable().default(null), to: time.nullable().default(null), buckets, run })).returns<Backtest>(),
  silences: call(z.object({})).returns<Silence[]>(),
  silence: call(z.object({ silence: silenceEdit })).returns<Silence>(),
  unsilence: call(z.object({ id })).returns<void>(),
  restoreSilence: call(z.object({ id })).returns<Silence>(),
  /** Of the alerts that started in a range of event time; null = no bound. */
  statistics: call(z.object({ from: time.nullable().default(null), to: time.nullable().default(null) })).returns<AlertStatistics>(),
  /** Fired while events came in, by rules whose channels have the window. */
  fired: push<FiredAlerts>(),
};
