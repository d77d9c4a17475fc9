/** Who and what in a case is a threat: users, hosts and addresses, each with one score and the parts it is made of. */
import { z } from 'zod';
import type { Severity } from '../event.ts';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import { call } from './rpc.ts';
import { scope } from './scope.ts';

export const ENTITY_TYPES = ['user', 'host', 'ip'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/** indicator: lists of what is known to be bad; rule: Sigma rules; sequence: events that make an attack one after the other; the others: behaviour. */
export type ThreatPartName = 'indicator' | 'rule' | 'sequence' | 'failed logins' | 'spread' | 'own patterns' | 'first seen' | 'errors';
export interface ThreatPart {
  part: ThreatPartName;
  /** 0..1, how much it says */
  value: number;
  /** how much it can say at most, 0..1 */
  weight: number;
  why: string;
  /** opens its events */
  query: string;
}
/** The finding's score is the threat, 0..1. */
export interface ThreatEntity extends Finding {
  type: EntityType;
  value: string;
  count: number;
  /** most telling first; together they are 1 - product of (1 - weight x value) */
  parts: ThreatPart[];
}
export interface ThreatReply {
  /** highest score first */
  rows: ThreatEntity[];
  /** entities looked at, by type, and those whose score is over 0 beyond the rows */
  looked: Record<EntityType, number>;
  more: number;
  /** what there was to go by, and what was missing */
  notes: string[];
}

/** What is known of one user, host or address. */
export interface EntityPage {
  type: EntityType;
  value: string;
  count: number;
  first: number;
  last: number;
  /** counts of severities, info first */
  severities: number[];
  /** events over the range, buckets of equal length */
  from: number;
  step: number;
  buckets: Uint32Array;
  /** by hour of the day in UTC */
  hours: Uint32Array;
  /** others that are in events with it, most events first; `first`: since when */
  related: { type: EntityType | 'service'; value: string; count: number; first: number }[];
  patterns: { pattern: string; count: number; severity: Severity; first: number }[];
  rules: { title: string; level: string; author: string; count: number; tactics: string[]; techniques: string[] }[];
  indicators: { value: string; list: string; note: string; count: number }[];
}

export const threat = {
  overview: call(z.object({ scope, limit: z.number().int().min(1).max(1000).default(200), run })).returns<ThreatReply>(),
  /** Throws not_found when no event of the scope has it. */
  entity: call(z.object({ scope, type: z.enum(ENTITY_TYPES), value: z.string().min(1).max(2000), run })).returns<EntityPage>(),
};
