/** What the compiler made of files of rules, in the terms in which a case keeps it. */
import type { RuleFacts, RuleProblem } from '../../../../shared/contract/sigma.ts';
import type { CompiledFacts } from '../../store/sigma-store.ts';
import type { RuleFile, RuleHead } from './rule.ts';
import { RuleSet, type ListedRule } from './rule-set.ts';

/** Files are told apart by their ids. `known`: what was read of them already. */
export function compileFiles(files: readonly { id: number; text: string }[], known?: ReadonlyMap<number, RuleFile>): RuleSet {
  return new RuleSet(files.map(({ id, text }) => ({ file: String(id), text, read: known?.get(id) })));
}

export function factsOf({ head, kind, logsource, note }: ListedRule): RuleFacts {
  const { id, title, level, status, author, license, description, references, tags, falsePositives } = head;
  return { ruleId: id, title, level, status, author, license, description, references, tags, falsePositives, kind, logsource, note };
}

export interface CompiledSet {
  rules: CompiledFacts[];
  /** for each rule and correlation of the set: its place in `rules`; -1 = none */
  placeOf: number[];
  problems: Map<number, RuleProblem[]>;
}

/** Every rule with what tells it from others: the listed ones are part 0, helpers of an aggregation are counted from 1. */
export function describe(set: RuleSet): CompiledSet {
  const rules: CompiledFacts[] = [];
  const placeOf: number[] = Array.from({ length: set.rules.length + set.correlations.length }, () => -1);
  const key = ({ file, at }: RuleHead): string => `${file} ${at}`;
  const listed = new Map<string, { facts: RuleFacts; index: number }>();
  for (const one of set.listed) {
    const index = set.indexOf(one);
    const facts = factsOf(one);
    listed.set(key(one.head), { facts, index });
    const place = rules.push({ file: Number(one.head.file), at: one.head.at, part: 0, silent: index >= 0 && set.silent(index), facts }) - 1;
    if (index >= 0) placeOf[index] = place;
  }
  const parts = new Map<string, number>();
  set.rules.forEach(({ head }, index) => {
    const of = listed.get(key(head));
    if (!of || placeOf[index] >= 0) return;
    const part = (parts.get(key(head)) ?? 0) + 1;
    parts.set(key(head), part);
    placeOf[index] = rules.push({ file: Number(head.file), at: head.at, part, silent: true, facts: of.facts }) - 1;
  });
  const problems = new Map<number, RuleProblem[]>();
  for (const problem of set.problems) {
    const known = problems.get(Number(problem.file));
    if (known) known.push(problem);
    else problems.set(Number(problem.file), [problem]);
  }
  return { rules, placeOf, problems };
}
