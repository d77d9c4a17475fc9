/** Sigma rules in a case and what they found. */
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import { call, push } from './rpc.ts';
import { scope } from './scope.ts';

/** What is wrong with a rule, by name. */
type ProblemCode =
  | 'yaml' | 'too_large' | 'no_title' | 'no_logsource' | 'no_detection' | 'no_condition' | 'bad_structure' | 'unknown_action'
  | 'condition_syntax' | 'unknown_selection' | 'unknown_aggregation' | 'no_timeframe' | 'bad_timespan'
  | 'unknown_modifier' | 'modifier_conflict' | 'bad_value' | 'bad_regex' | 'bad_cidr' | 'placeholder'
  | 'unknown_correlation' | 'bad_correlation' | 'unknown_rule' | 'ambiguous_rule' | 'bad_filter' | 'bad_level'
  | 'unknown_transformation' | 'unknown_pipeline_condition' | 'bad_pipeline' | 'pipeline_refused';

/** Why a rule is not run. */
export interface RuleProblem {
  code: ProblemCode;
  /** a sentence */
  message: string;
  file: string;
  /** title, or id where it has none; '' = no rule could be made out */
  rule: string;
  /** both from 1 */
  line: number;
  column: number;
}

export const RULE_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type RuleLevel = (typeof RULE_LEVELS)[number];

/** What a rule says of itself; '' = nothing. */
export interface RuleFacts {
  ruleId: string;
  title: string;
  level: RuleLevel | '';
  status: string;
  /** the Detection Rule License, which most rules are under, wants it named with every match */
  author: string;
  license: string;
  description: string;
  references: string[];
  tags: string[];
  falsePositives: string[];
  kind: 'rule' | 'correlation' | 'filter';
  /** product / category / service */
  logsource: string;
  /** what a person should know of where it is tried, '' = nothing */
  note: string;
}
/** In the order of an attack. Rules call "stealth" and "defense-impairment" what ATT&CK split "defense-evasion" into. */
export const ATTACK_TACTICS: readonly { tag: string; id: string; name: string }[] = [
  { tag: 'reconnaissance', id: 'TA0043', name: 'Reconnaissance' }, { tag: 'resource-development', id: 'TA0042', name: 'Resource Development' }, { tag: 'initial-access', id: 'TA0001', name: 'Initial Access' },
  { tag: 'execution', id: 'TA0002', name: 'Execution' }, { tag: 'persistence', id: 'TA0003', name: 'Persistence' }, { tag: 'privilege-escalation', id: 'TA0004', name: 'Privilege Escalation' },
  { tag: 'defense-evasion', id: 'TA0005', name: 'Defense Evasion' }, { tag: 'stealth', id: 'stealth', name: 'Stealth' }, { tag: 'defense-impairment', id: 'defense-impairment', name: 'Defense Impairment' },
  { tag: 'credential-access', id: 'TA0006', name: 'Credential Access' }, { tag: 'discovery', id: 'TA0007', name: 'Discovery' }, { tag: 'lateral-movement', id: 'TA0008', name: 'Lateral Movement' },
  { tag: 'collection', id: 'TA0009', name: 'Collection' }, { tag: 'command-and-control', id: 'TA0011', name: 'Command and Control' }, { tag: 'exfiltration', id: 'TA0010', name: 'Exfiltration' }, { tag: 'impact', id: 'TA0040', name: 'Impact' },
];
/** Tactics and techniques of ATT&CK that the tags of a rule name. */
export interface Attack {
  /** by id, with the name where it is known; else '' */
  tactics: { id: string; name: string }[];
  techniques: { id: string; name: string }[];
}
/** A rule of a case. */
export interface SigmaRule extends RuleFacts, Attack {
  id: number;
  file: number;
  fileName: string;
  enabled: boolean;
  /** it runs for correlations alone and reports nothing itself */
  silent: boolean;
  /** events it matched */
  events: number;
}
/** What a rule found. */
export interface SigmaFinding extends Finding {
  rule: SigmaRule;
  /** events in all */
  count: number;
}
export interface SigmaStatus {
  files: number;
  rules: number;
  enabled: number;
  problems: number;
  /** what is being done with rules: reading files, compiling; '' = nothing */
  preparing: string;
  /** segments that rules are run on; null = nothing waits */
  matching: { done: number; total: number } | null;
  /** why running rules ended early, '' = it did not */
  error: string;
}
/** What came of adding rules. */
export interface SigmaAdded {
  files: number;
  rules: number;
  /** files that the case has already */
  unchanged: number;
  /** files that hold no rule */
  ignored: number;
  problems: RuleProblem[];
}
export interface SigmaTried {
  problems: RuleProblem[];
  /** one for each rule that ran, most events first */
  rules: (RuleFacts & { events: number; examples: { event: number; time: number; message: string }[] })[];
  /** events it was run on */
  looked: number;
}

/** What rules found in one go over the events of a case: columns of the same length, in the order of the case. */
export interface SigmaDetected {
  problems: RuleProblem[];
  /** those that ran */
  rules: RuleFacts[];
  /** files that hold no rule */
  ignored: number;
  /** index in `rules` */
  rule: Int32Array;
  event: Float64Array;
  /** the number the source itself gives the record (EventRecordID), else the number of the record in its source, from 1 */
  record: Float64Array;
  looked: number;
}

/** Bytes of rules that may be typed in. */
const MOST_TYPED = 1 << 20;
const text = z.string().max(MOST_TYPED);
const id = z.number().int().positive();

export const sigma = {
  status: call(z.object({})).returns<SigmaStatus>(),
  /** All rules, by title. */
  rules: call(z.object({})).returns<SigmaRule[]>(),
  /** What does not run, and why. */
  problems: call(z.object({})).returns<RuleProblem[]>(),
  /** Reads files and folders of rules; events that are there are looked through after it. Throws invalid_input when nothing of it is a rule that runs. */
  add: call(z.object({ paths: z.array(z.string().min(1).max(4096)).min(1).max(1000) })).returns<SigmaAdded>(),
  /** The file of a rule, as it was written. */
  source: call(z.object({ file: id })).returns<{ name: string; path: string; text: string }>(),
  /** Stores rules that were typed; `replaces`: the file that they take the place of. Throws invalid_input when one of them does not run. */
  save: call(z.object({ text, name: z.string().trim().min(1).max(200), replaces: id.nullable() })).returns<SigmaAdded>(),
  /** What is wrong with rules as they are typed. */
  check: call(z.object({ text, replaces: id.nullable() })).returns<{ problems: RuleProblem[]; rules: RuleFacts[] }>(),
  /** Runs rules that are not in the case. */
  tryRules: call(z.object({ text, replaces: id.nullable(), scope, run })).returns<SigmaTried>(),
  /** Runs rules of files and folders, or those of the case when none are given, over its events; keeps nothing. Throws invalid_input when no rule runs. */
  detect: call(z.object({ paths: z.array(z.string().min(1).max(4096)).max(1000).default([]), scope, run })).returns<SigmaDetected>(),
  enable: call(z.object({ rules: z.array(id).max(20_000), enabled: z.boolean() })).returns<void>(),
  remove: call(z.object({ file: id, removed: z.boolean().default(true) })).returns<void>(),
  /** One for each rule with events, highest level first. */
  findings: call(z.object({})).returns<SigmaFinding[]>(),
  /** Waits until all events were looked through; goes on with it when it was stopped. Giving up the call stops it. */
  settled: call(z.object({})).returns<void>(),
  stop: call(z.object({})).returns<void>(),
  progress: push<SigmaStatus>(),
};
