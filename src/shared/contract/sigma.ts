/** Sigma rules in a case and what they found. */

/** What is wrong with a rule, by name. */
export type ProblemCode =
  | 'yaml' | 'too_large' | 'no_title' | 'no_logsource' | 'no_detection' | 'no_condition' | 'bad_structure' | 'unknown_action'
  | 'condition_syntax' | 'unknown_selection' | 'unknown_aggregation' | 'no_timeframe' | 'bad_timespan'
  | 'unknown_modifier' | 'modifier_conflict' | 'bad_value' | 'bad_regex' | 'bad_cidr' | 'placeholder'
  | 'unknown_correlation' | 'bad_correlation' | 'unknown_rule' | 'ambiguous_rule' | 'bad_filter' | 'bad_level' | 'duplicate_rule'
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
