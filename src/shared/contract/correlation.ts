/** What in a case goes together, and how sure that is. */
import { z } from 'zod';
import { SEVERITIES } from '../event.ts';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import { call } from './rpc.ts';
import { scope } from './scope.ts';

/** The eight kinds, by the question they answer. */
export const CORRELATION_KINDS = ['causal', 'temporal', 'pattern', 'anomaly', 'cost', 'security', 'performance', 'compliance'] as const;
export type CorrelationKind = (typeof CORRELATION_KINDS)[number];

/** Two series that were compared, on one grid. NaN = nothing is known. */
export interface CorrelatedPair {
  /** start of the first bucket and length of each, microseconds */
  start: number;
  step: number;
  a: { title: string; values: Float64Array };
  b: { title: string; values: Float64Array };
  /** microseconds by which b follows a */
  lag: number;
}
export interface CorrelationFinding extends Finding {
  kind: CorrelationKind;
  pair: CorrelatedPair | null;
}
export interface CorrelationReply {
  /** strongest first within a kind */
  findings: CorrelationFinding[];
  /** of each kind: what was looked at, and what was left out or cannot be told, in words */
  looked: Record<CorrelationKind, string>;
  /** findings there are beyond those given, by kind */
  more: Record<CorrelationKind, number>;
}
/** So many findings are given of each kind. */
export const MOST_OF_KIND = 40;

/** A rule that finds steps one after the other. */
export const sequenceRule = z.object({
  title: z.string().trim().min(1).max(200),
  kind: z.enum(CORRELATION_KINDS),
  severity: z.enum(SEVERITIES),
  /** the field whose value all steps have in common, '' = any events of the case */
  by: z.string().trim().max(200),
  /** seconds that may pass between one step and the next: a longer silence ends the session */
  within: z.number().min(1).max(30 * 86_400),
  /** each a query, and how many events of it there must be; `absent`: there must be none in the time before the last step */
  steps: z.array(z.object({ query: z.string().trim().min(1).max(2000), least: z.number().int().min(1).max(100_000).default(1), absent: z.boolean().default(false) })).min(1).max(8),
});
export type SequenceRule = z.infer<typeof sequenceRule>;
export interface StoredSequenceRule extends SequenceRule {
  /** negative: comes with the product and cannot be changed, only switched off */
  id: number;
  enabled: boolean;
  /** '' for those that come with the product */
  createdBy: string;
}

export const correlation = {
  /** Looks for all kinds, or some of them. */
  find: call(z.object({ scope, kinds: z.array(z.enum(CORRELATION_KINDS)).max(8).default([]), run })).returns<CorrelationReply>(),
  rules: call(z.object({})).returns<StoredSequenceRule[]>(),
  /** Adds a rule (id null) or replaces one. Throws query when a step cannot be read. */
  saveRule: call(z.object({ id: z.number().int().positive().nullable(), rule: sequenceRule })).returns<StoredSequenceRule>(),
  switchRule: call(z.object({ id: z.number().int(), enabled: z.boolean() })).returns<void>(),
  removeRule: call(z.object({ id: z.number().int().positive(), removed: z.boolean().default(true) })).returns<void>(),
  /** What a rule finds, before it is saved. */
  tryRule: call(z.object({ scope, rule: sequenceRule, run })).returns<CorrelationFinding[]>(),
};
