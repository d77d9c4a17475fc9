/** What in a case is out of the ordinary, and what each detector has to say of it. */
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import { call } from './rpc.ts';
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
/** So many findings are given of each kind. */
export const MOST_ANOMALIES = 60;

export const anomalies = {
  /** Looks at series of services, patterns and metrics, and at what users, hosts, addresses and services do for the first time. */
  find: call(z.object({ scope, run })).returns<AnomalyReply>(),
};
