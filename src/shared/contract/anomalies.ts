/** What in a case is out of the ordinary, and what each detector has to say of it. */
import { z } from 'zod';
import type { Severity } from '../event.ts';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import { call, push } from './rpc.ts';
import { scope } from './scope.ts';

/** What one detector says of a stretch of a series. */
export interface AnomalyVote {
  detector: string;
  title: string;
  /** 0..1, 0.5 = its bar; null when it does not judge this series */
  score: number | null;
  voted: boolean;
  /** its reason with numbers; that it saw nothing; or why it does not judge */
  why: string;
}
/** A series and where in it the finding is. */
export interface AnomalyChart {
  /** start of the first bucket and length of each, microseconds UTC */
  start: number;
  step: number;
  /** NaN = nothing is known */
  values: Float64Array;
  /** buckets of the finding, both included */
  first: number;
  last: number;
}

export const ANOMALY_KINDS = ['series', 'behaviour'] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

export interface AnomalyFinding extends Finding {
  kind: AnomalyKind;
  /** one of each detector; empty for behaviour, which has one */
  votes: AnomalyVote[];
  chart: AnomalyChart | null;
}
export interface AnomalyDetector {
  id: string;
  title: string;
  explain: string;
  /** judges each moment by what came before it alone */
  pastOnly: boolean;
}
export interface AnomalyReply {
  /** the strongest first; those whose like was called wrong are marked as quieted */
  findings: AnomalyFinding[];
  /** findings beyond those given */
  more: number;
  /** of each kind: what was looked at, in words */
  looked: Record<AnomalyKind, string>;
  detectors: AnomalyDetector[];
}
/** What was found as events and samples came in, by the minutes before it alone. */
export interface LiveAnomaly extends AnomalyFinding {
  /** microseconds UTC, by the clock on the wall */
  foundAt: number;
}
export interface LiveAnomalies {
  /** the latest first */
  findings: LiveAnomaly[];
  /** of all that are kept: those whose like nobody called wrong, and all */
  open: number;
  total: number;
  /** microseconds UTC: events of services were judged in [from, to); null = none yet */
  judged: { from: number; to: number } | null;
  /** events and samples that came for a time that had been judged; judging anew takes them in */
  late: number;
  /** services and metric series beyond those that are followed */
  passedOver: number;
  /** it is being judged now */
  running: boolean;
  /** why judging ended early, '' = it did not */
  error: string;
  /** the window is told of what is found while events come in */
  notice: boolean;
  detectors: AnomalyDetector[];
}
/** Found just now, while events came in. */
export interface FoundAnomalies {
  findings: { title: string; severity: Severity }[];
  /** of how many */
  total: number;
}

/** So many findings are given of each kind. */
export const MOST_ANOMALIES = 60;

export const anomalies = {
  /** Looks at series of services, patterns and metrics, and at what users, hosts, addresses and services do for the first time. */
  find: call(z.object({ scope, run })).returns<AnomalyReply>(),
  /** What was found as it came in. */
  live: call(z.object({ limit: z.number().int().min(1).max(2000).default(200) })).returns<LiveAnomalies>(),
  /** Waits until all that is closed was judged. Giving up the call stops it; it goes on where it was. */
  settled: call(z.object({})).returns<void>(),
  /** Forgets what detectors know and judges all there is from the start, with what came late. */
  anew: call(z.object({})).returns<void>(),
  /** Whether the window is to be told of what is found while events come in; off until somebody switches it on. */
  setNotice: call(z.object({ notice: z.boolean() })).returns<void>(),
  found: push<FoundAnomalies>(),
};
