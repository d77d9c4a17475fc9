/** Patterns of messages: how often each is met and when, what is new, gone or rare in a range beside another, and merging and splitting by hand. */
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import { call } from './rpc.ts';
import { scope, time } from './scope.ts';

/** Patterns that are listed; where there are more, those with the most and the fewest events are. */
export const MOST_PATTERNS = 5000;
/** Findings that are told. */
export const MOST_PATTERN_FINDINGS = 200;
/** Templates of a pattern and values of a variable that are told. */
export const MOST_TEMPLATES = 500;
export const MOST_VALUES = 12;

export interface PatternRow {
  /** of the template that stands for it; the same as long as no merge takes it in */
  id: number;
  text: string;
  /** how many templates are of it */
  templates: number;
  /** events in the range, and in the range it is compared with */
  count: number;
  other: number;
  /** of all events of the query, whatever their time */
  first: number;
  last: number;
  /** in the range, by severity (info first), and by bucket */
  severities: Uint32Array;
  line: Uint32Array;
  /** those with the most of its events in the range, and how many there are */
  services: { service: string; count: number }[];
  serviceCount: number;
  /** met in the range, but not in the other */
  isNew: boolean;
  /** met in the other, but not in the range */
  isGone: boolean;
  isRare: boolean;
  /** how many times as often as in the other range, per second; NaN when one of them has none */
  ratio: number;
}

export interface PatternList {
  from: number;
  to: number;
  /** what it is compared with; null when there is nothing to compare */
  other: { from: number; to: number } | null;
  /** events in the range and in the other */
  total: number;
  otherTotal: number;
  /** most events first */
  patterns: PatternRow[];
  /** patterns there are beyond those */
  more: number;
  findings: Finding[];
  /** whether templates came in that are not grouped yet */
  grouped: boolean;
  /** events that could not be read, because the case file is damaged there */
  unreadable: number;
}

export interface PatternVariable {
  /** what it is called or stands behind: "port", "uid"; '' when nothing tells */
  name: string;
  /** ip, num, path, text, ... */
  type: string;
  /** how many different values were seen, and how often the most frequent */
  distinct: number;
  values: { value: string; count: number }[];
}
export interface PatternDetail {
  id: number;
  text: string;
  /** of it, with how many events in the range */
  templates: { id: number; text: string; count: number }[];
  moreTemplates: number;
  variables: PatternVariable[];
  /** events in the range, how many of them were looked at for values, and how many had the form of the pattern */
  count: number;
  sampled: number;
  aligned: number;
  /** ids of some, spread over the range */
  examples: number[];
}

export interface PatternChange {
  id: number;
  kind: 'merge' | 'split';
  text: string;
  templates: number;
  madeAt: number;
  madeBy: string;
}

const id = z.number().int().min(1);
const text = z.string().min(1).max(4000);
const bounds = z.object({ from: time.nullable(), to: time.nullable() });

export const patterns = {
  /** `other`: the range to compare with; 'before' = everything before the range; null = none. Where it holds the range itself, the rest of it is meant. */
  list: call(z.object({ scope, other: z.union([bounds, z.literal('before')]).nullable().default(null), buckets: z.number().int().min(1).max(200).default(48), run })).returns<PatternList>(),
  /** Throws not_found when there is no such pattern. */
  detail: call(z.object({ scope, id, run })).returns<PatternDetail>(),
  /** Makes one pattern of several. Without a text one is made of theirs. */
  merge: call(z.object({ patterns: z.array(id).min(2).max(200), text: text.optional() })).returns<{ id: number; pattern: number; text: string }>(),
  /** Makes a pattern of its own of some templates of one. Throws invalid_input when they are all of it, or not of it. */
  split: call(z.object({ pattern: id, templates: z.array(id).min(1).max(MOST_TEMPLATES), text: text.optional() })).returns<{ id: number; pattern: number; text: string }>(),
  /** Merges and splits that hold, newest first. */
  changes: call(z.object({})).returns<PatternChange[]>(),
  /** Takes one back. Throws not_found when that was done already. */
  undo: call(z.object({ id })).returns<void>(),
  /** Groups templates that came in; done by itself in the window. */
  group: call(z.object({})).returns<void>(),
};
