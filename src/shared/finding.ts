/** What the analyses find. Every finding says why, leads to its events, and can be marked wrong, which quiets its like. */
import type { Scope } from './contract/scope.ts';
import type { Severity } from './event.ts';

export interface Finding {
  /** the same for the same finding in the same data, whenever it is asked for */
  key: string;
  /** what marking it wrong quiets: who found it and what it is about, without its time */
  like: string;
  /** id of the detector, rule or method that found it */
  detector: string;
  title: string;
  /** one sentence with the numbers it rests on */
  why: string;
  evidence: { label: string; value: string }[];
  severity: Severity;
  /** 0..1, how sure or how strong; comparable within one detector */
  score: number;
  /** microseconds UTC, half-open */
  from: number;
  to: number;
  /** opens its events */
  scope: Scope;
  /** ids of some of its events, at most MAX_EXAMPLES */
  events: number[];
  /** somebody said that its like is wrong */
  quieted: boolean;
}

/** Events that a finding names; its scope has them all. */
export const MAX_EXAMPLES = 20;

export const VERDICTS = ['wrong', 'right'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What somebody said of a finding. */
export interface FindingMark {
  id: number;
  like: string;
  key: string;
  title: string;
  verdict: Verdict;
  note: string;
  /** microseconds UTC */
  markedAt: number;
  markedBy: string;
}
