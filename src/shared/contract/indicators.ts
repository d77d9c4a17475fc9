/** Indicators of compromise: lists that people load, and the events that they were met in. */
import { z } from 'zod';
import { call, push } from './rpc.ts';

export interface IndicatorList {
  id: number;
  name: string;
  format: 'stix' | 'misp' | 'csv';
  path: string;
  sha256: string;
  size: number;
  /** microseconds UTC */
  addedAt: number;
  addedBy: string;
  toolVersion: string;
  /** hits of a list that is off are in no answer; they are there again when it is on */
  enabled: boolean;
  /** read = stored + duplicates + rejected, always */
  read: number;
  stored: number;
  duplicates: number;
  rejected: number;
  /** why indicators were rejected, most frequent first, with one of them */
  reasons: { reason: string; count: number; example: string }[];
}
/** What a list says of an indicator besides its value. */
export interface IndicatorFacts {
  /** its name or a remark */
  note: string;
  labels: string[];
  /** 0 to 100; null when nobody said */
  confidence: number | null;
  tlp: string;
  /** microseconds UTC */
  validFrom: number | null;
  validUntil: number | null;
  revoked: boolean;
  /** where more is to be found: an id of the list's own, an address */
  reference: string;
}
export interface Indicator extends IndicatorFacts {
  id: number;
  list: number;
  listName: string;
  /** ip, cidr, domain, url or hash */
  type: string;
  value: string;
}
/** An indicator that events of the case have. */
export interface IndicatorHit extends Indicator {
  events: number;
  /** microseconds UTC, by corrected clocks */
  first: number;
  last: number;
}
export interface IndicatorHits {
  rows: IndicatorHit[];
  /** indicators that were met, whether given or not */
  total: number;
}
export interface IndicatorsStatus {
  lists: IndicatorList[];
  /** a list that is being read: bytes */
  reading: { name: string; done: number; total: number; stored: number; rejected: number } | null;
  /** events that were there before a list are looked through: segments */
  matching: { done: number; total: number } | null;
  /** why looking through ended early, '' = it did not */
  error: string;
}

export const indicators = {
  /** Reads a list (STIX 2.1, MISP, CSV or a value a line) into the case, and begins to look through the events for it. Answers when the list is stored; nothing of it is when the call is given up. */
  add: call(z.object({ path: z.string().min(1).max(4096), name: z.string().trim().max(200).default('') })).returns<IndicatorList>(),
  status: call(z.object({})).returns<IndicatorsStatus>(),
  enable: call(z.object({ id: z.number().int(), enabled: z.boolean() })).returns<void>(),
  remove: call(z.object({ id: z.number().int() })).returns<void>(),
  /** Indicators that were met, most events first. */
  hits: call(z.object({ text: z.string().max(500).default(''), list: z.number().int().nullable().default(null), limit: z.number().int().min(1).max(5000).default(200) })).returns<IndicatorHits>(),
  /** Waits until all events were looked through; goes on with it when it was stopped. Giving up the call stops it. */
  settled: call(z.object({})).returns<void>(),
  /** Stops looking through events; `settled` goes on. */
  stop: call(z.object({})).returns<void>(),
  progress: push<IndicatorsStatus>(),
};
