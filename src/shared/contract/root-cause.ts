/** Where trouble comes from: services ranked by how much of what changed they explain, each with its evidence. */
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import { call } from './rpc.ts';
import { time, type Scope } from './scope.ts';

/** Where evidence comes from. A score is made of one part of each. */
export const EVIDENCE_PARTS = ['logs', 'traces', 'metrics', 'change'] as const;
export type EvidencePart = (typeof EVIDENCE_PARTS)[number];

export interface CauseEvidence {
  part: EvidencePart;
  /** what was seen: step, failure, line, delay, silent, slower, metric, gone, named, change */
  kind: string;
  /** a sentence with the numbers */
  text: string;
  /** how strong, 0..1 */
  score: number;
  /** when it began, microseconds UTC; null when that cannot be told */
  at: number | null;
  /** opens its events; null for metrics */
  scope: Scope | null;
  /** ids of some of them */
  events: number[];
  /** the series, for metrics: the same one may have been read from several files */
  series: number[];
}

/** A service that may be the cause. */
export interface Suspect extends Finding {
  service: string;
  /** from 1 */
  rank: number;
  parts: Record<EvidencePart, number>;
  /** strongest first */
  reasons: CauseEvidence[];
  /** who called it and shows the same trouble because of that */
  explains: string[];
}

export const IMPACT_AXES = ['performance', 'cost', 'security', 'business'] as const;
export type ImpactAxis = (typeof IMPACT_AXES)[number];

/** Service `caller` calls `callee`, in the time of the trouble. */
export interface CauseEdge {
  caller: string;
  callee: string;
  calls: number;
  /** lost on the way, median in microseconds */
  delay: number;
}
export interface NearbyChange {
  event: number;
  time: number;
  /** git or CI */
  what: string;
  text: string;
  /** the services it names */
  services: string[];
}
export interface CausePeriod {
  from: number;
  to: number;
}
export interface RootCauseReply {
  /** when it started, microseconds UTC; null when nothing tells, and then there are no suspects */
  at: number | null;
  /** given = somebody said so; recording = a recording begins there; detected = something changes there; begin = the case begins there, nothing else tells */
  atFrom: 'given' | 'recording' | 'detected' | 'begin' | 'none';
  atWhy: string;
  /** what was taken for normal and what for the trouble, by signal; null = there is nothing of it on both sides */
  periods: Record<'traces' | 'logs' | 'metrics', { normal: CausePeriod; incident: CausePeriod } | null>;
  suspects: Suspect[];
  /** suspects beyond those given */
  more: number;
  edges: CauseEdge[];
  /** one sentence or more for each axis; what nothing in the case tells is said */
  impact: Record<ImpactAxis, string[]>;
  /** newest first */
  changes: NearbyChange[];
  /** what was left out, and what the data cannot show */
  notes: string[];
}
/** So many suspects are given. */
export const MOST_SUSPECTS = 20;

export const rootCause = {
  /**
   * Ranks services. at: when somebody says it started (where that does not tell, a time near it is tried: the reply's), null = it is found; normal: a time to compare with, null = what was before.
   */
  rank: call(z.object({
    at: time.nullable().default(null),
    normal: z.object({ from: time, to: time }).nullable().default(null),
    run,
  })).returns<RootCauseReply>(),
};
