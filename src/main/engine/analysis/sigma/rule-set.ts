/** Rules of files compiled together: references resolved, filters and pipelines applied, ready to be run on records. */
import type { RuleProblem } from '../../../../shared/contract/sigma.ts';
import { readCondition, type Aggregation, type Condition } from './condition.ts';
import { readSpan } from './detection.ts';
import { clausesOf, compileCondition, compileSelections, holds, matchingNames, type Expression } from './expression.ts';
import { gateOf, type Gate } from './logsource.ts';
import { applyPipelines, placeholdersOf, readPipeline, type Pipeline } from './pipeline.ts';
import { Prefilter } from './prefilter.ts';
import { SigmaError } from './problem.ts';
import { RecordView } from './record-view.ts';
import { registryTexts } from './windows.ts';
import { problemOf, readRules, type CorrelationRule, type CorrelationType, type DetectionRule, type FilterRule, type RuleFile, type RuleHead } from './rule.ts';
import type { Placeholders } from './value-test.ts';
import type { ReadRecord } from '../../formats/read-record.ts';

/** What is tried on each record. */
export interface CompiledRule {
  head: RuleHead;
  gate: Gate;
  expression: Expression;
  /** its events count for correlations only, and are not reported */
  silent: boolean;
}
/** What is looked for among the events that rules and other correlations found. */
export interface CompiledCorrelation {
  head: RuleHead;
  type: CorrelationType;
  /** indexes of rules; correlations count on from the number of rules */
  of: number[];
  groupBy: string[];
  /** for each of `of`: what a name of groupBy is called there */
  aliases: ReadonlyMap<string, string>[];
  span: number;
  compare: CorrelationRule['compare'];
  fields: string[];
  percentile: number;
  /** for temporal ones: which of `of` have to be there; null = all, or as many as `compare` says */
  condition: ((there: (index: number) => boolean) => boolean) | null;
  /** the condition is also about rules that must not be there */
  absence: boolean;
  /** near of Sigma 1: events of the first of `of` that have those wanted, and none of those unwanted, within the span before or after; indexes of rules */
  near?: { wanted: readonly number[]; unwanted: readonly number[] };
  silent: boolean;
  /** min and max of Sigma 1 */
  reduce?: 'min' | 'max';
}
export interface SourceText {
  /** as people know it */
  file: string;
  text: string;
  /** what readRules() made of it, where that is known */
  read?: RuleFile;
}
/** A rule that a person would list, and what of it could be compiled. */
export interface ListedRule {
  head: RuleHead;
  kind: 'rule' | 'correlation' | 'filter';
  logsource: string;
  /** how many rules it stands for (Sigma 1 aggregations have helpers) */
  index: number;
  note: string;
}

interface Draft {
  rule: DetectionRule;
  expression: Expression;
  selections: ReadonlyMap<string, Expression>;
  aggregations: { aggregation: Aggregation; at: number }[];
}

/** Compiles rules. What is wrong with one is among the problems, and the rule is left out. */
export class RuleSet {
  readonly rules: CompiledRule[] = [];
  readonly correlations: CompiledCorrelation[] = [];
  readonly listed: ListedRule[] = [];
  readonly problems: RuleProblem[] = [];
  /** files that have pipelines */
  readonly pipelineFiles: string[] = [];
  readonly #texts: Map<string, string>;
  readonly #matchers = new Map<string, FormatMatcher>();

  constructor(sources: readonly SourceText[]) {
    this.#texts = new Map(sources.map(({ file, text }) => [file, text]));
    const files = sources.map(({ file, text, read }) => ({ file, ...(read ?? readRules(text, file)) }));
    for (const { problems } of files) this.problems.push(...problems);
    const pipelines: Pipeline[] = [];
    for (const { file, pipelines: maps } of files) {
      for (const map of maps) {
        const title = map.entries.find(({ key }) => key === 'name')?.value;
        const name = title?.kind === 'scalar' ? title.text : file;
        this.#attempt({ file, at: map.at, title: name }, () => {
          pipelines.push(readPipeline(map));
          this.pipelineFiles.push(file);
        });
      }
    }
    pipelines.sort((a, b) => a.priority - b.priority);
    const all = files.flatMap(({ rules }) => rules);
    const placeholders = placeholdersOf(pipelines);
    const drafts: Draft[] = [];
    for (const rule of all) if (rule.kind === 'rule') this.#attempt(rule, () => drafts.push(draft(applyPipelines(pipelines, rule), placeholders)));
    for (const filter of all) if (filter.kind === 'filter') this.#attempt(filter, () => this.#filter(filter, drafts, placeholders));
    for (const one of drafts) this.#attempt(one.rule, () => this.#add(one));
    const waiting = all.filter((rule) => rule.kind === 'correlation');
    // A correlation may be about correlations that stand behind it.
    for (let left = waiting.length; left > 0; ) {
      const ready = waiting.filter((rule) => rule.rules.every((wanted) => !waiting.some((other) => other !== rule && names(other, wanted))));
      if (ready.length === 0) {
        for (const rule of waiting) this.#attempt(rule, () => fail('bad_correlation', 'The correlations are about each other.', rule.at));
        break;
      }
      for (const rule of ready) this.#attempt(rule, () => this.#correlate(rule));
      waiting.splice(0, waiting.length, ...waiting.filter((rule) => !ready.includes(rule)));
      left = waiting.length;
    }
  }

  #attempt(head: Pick<RuleHead, 'file' | 'at' | 'title'>, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error;
      this.problems.push(problemOf(error, head, this.#texts.get(head.file) ?? ''));
    }
  }

  /** Rules and correlations that run, in the order of their files. */
  get count(): number {
    return this.listed.length;
  }
  head(index: number): RuleHead {
    return index < this.rules.length ? this.rules[index].head : this.correlations[index - this.rules.length].head;
  }
  silent(index: number): boolean {
    return index < this.rules.length ? this.rules[index].silent : this.correlations[index - this.rules.length].silent;
  }

  #filter(filter: FilterRule, drafts: readonly Draft[], placeholders: Placeholders): void {
    const { condition } = single(filter.detection.conditions, filter.at);
    const expression = compileCondition(condition, compileSelections(filter.detection, placeholders));
    const { product, service, category } = filter.logsource;
    const meant = drafts.filter(({ rule }) => (filter.rules ? filter.rules.some((wanted) => names(rule, wanted)) : true))
      .filter(({ rule: { logsource } }) => (product === '' || product === logsource.product) && (service === '' || service === logsource.service) && (category === '' || category === logsource.category));
    // Those that are there are narrowed, whatever else the filter is for: not to would let through what it is to keep out.
    const missing = filter.rules?.filter((wanted) => !drafts.some(({ rule }) => names(rule, wanted))) ?? [];
    if (filter.rules && missing.length === filter.rules.length) throw new SigmaError('unknown_rule', `The filter is for the rule "${missing[0]}", and there is none.`, filter.at);
    for (const one of meant) one.expression = { kind: 'and', parts: [one.expression, expression] };
    this.listed.push({ head: filter, kind: 'filter', logsource: sourceName(filter.logsource), index: -1, note: `Narrows ${meant.length} ${meant.length === 1 ? 'rule' : 'rules'}.${missing.length === 0 ? '' : ` Not there: ${missing.slice(0, 5).join(', ')}.`}` });
  }

  #add({ rule, expression, selections, aggregations }: Draft): void {
    const gate = gateOf(rule.logsource);
    const note = gate.note;
    if (aggregations.length === 0) {
      this.listed.push({ head: rule, kind: 'rule', logsource: sourceName(rule.logsource), index: this.rules.length, note });
      this.rules.push({ head: rule, gate, expression, silent: false });
      return;
    }
    if (aggregations.length > 1) throw new SigmaError('condition_syntax', 'A rule with several conditions may not aggregate.', aggregations[1].at);
    const [{ aggregation, at }] = aggregations;
    if (rule.detection.timeframe === '') throw new SigmaError('no_timeframe', 'The condition aggregates, and the detection has no timeframe.', at);
    const span = readSpan(rule.detection.timeframe, rule.at);
    const silent = (part: Expression): number => this.rules.push({ head: rule, gate, expression: part, silent: true }) - 1;
    const named = (name: string): number[] => {
      const found = matchingNames(name, [...selections.keys()]).map((key) => selections.get(key)).filter((part) => part !== undefined);
      if (found.length === 0) throw new SigmaError('unknown_selection', `The condition names "${name}", and there is no such selection.`, at);
      return found.map(silent);
    };
    const base = { head: rule, aliases: [], span, fields: [], percentile: 50, condition: null, absence: false, silent: false } satisfies Partial<CompiledCorrelation>;
    let correlation: CompiledCorrelation;
    if (aggregation.kind === 'near') {
      const primary = silent(expression);
      const near = { wanted: aggregation.wanted.flatMap(named), unwanted: aggregation.unwanted.flatMap(named) };
      correlation = { ...base, type: 'temporal', of: [primary, ...near.wanted, ...near.unwanted], groupBy: [], compare: [], near };
    } else {
      const { kind, field, by, compare, value } = aggregation;
      const type: CorrelationType = kind === 'count' ? (field === '' ? 'event_count' : 'value_count') : kind === 'avg' ? 'value_avg' : 'value_sum';
      correlation = { ...base, type, of: [silent(expression)], groupBy: by, compare: [{ sign: compare, value }], fields: field === '' ? [] : [field], ...(kind === 'min' || kind === 'max' ? { reduce: kind } : {}) };
    }
    correlation.aliases = correlation.of.map(() => new Map());
    this.#aggregated.push({ correlation, listed: { head: rule, kind: 'rule', logsource: sourceName(rule.logsource), index: 0, note } });
    this.#place();
  }
  readonly #aggregated: { correlation: CompiledCorrelation; listed: ListedRule }[] = [];
  /** Correlations stand behind all rules: their indexes are known when all rules are there. */
  #place(): void {
    for (const { correlation, listed } of this.#aggregated.splice(0)) {
      listed.index = -2 - this.correlations.length;
      this.correlations.push(correlation);
      this.listed.push(listed);
    }
  }

  /** The rule or correlation that a listed one is; -1 for a filter. */
  indexOf(listed: ListedRule): number {
    return listed.index <= -2 ? this.rules.length - 2 - listed.index : listed.index;
  }

  #correlate(rule: CorrelationRule): void {
    const own = (wanted: string): number => {
      const found = this.listed.filter(({ head, kind }) => kind !== 'filter' && names(head, wanted));
      if (found.length === 0) fail('unknown_rule', `The correlation is about the rule "${wanted}", and there is none that runs.`, rule.at);
      if (found.length > 1) fail('ambiguous_rule', `The correlation is about the rule "${wanted}", and ${found.length} are called so.`, rule.at);
      return this.indexOf(found[0]);
    };
    const of = rule.rules.map(own);
    // A rule may be called by its id in one place and by its name in another.
    const aliases = of.map((index) => new Map([...rule.aliases].flatMap(([alias, fields]) => {
      const field = [...fields].find(([wanted]) => names(this.head(index), wanted))?.[1];
      return field === undefined ? [] : [[alias, field] as const];
    })));
    for (const [alias, fields] of rule.aliases) for (const wanted of fields.keys()) if (!of.some((index) => names(this.head(index), wanted))) fail('bad_correlation', `The alias "${alias}" is about the rule "${wanted}", which the correlation does not name.`, rule.at);
    let condition: CompiledCorrelation['condition'] = null;
    let absence = false;
    if (rule.condition) {
      const places = new Map(rule.rules.map((wanted, place): [string, Expression] => [wanted, { kind: 'item', field: String(place), test: { kind: 'exists', wanted: true } }]));
      const { condition: read, aggregation } = readCondition(rule.condition.text, rule.condition.at);
      if (aggregation) fail('condition_syntax', 'The condition of a correlation does not aggregate.', rule.condition.at);
      const expression = compileCondition(read, places);
      condition = (there) => presence(expression, (place) => there(of[place]));
      absence = hasNot(read);
    }
    if (!rule.generate) for (const index of of) this.#silence(index);
    this.listed.push({ head: rule, kind: 'correlation', logsource: '', index: -2 - this.correlations.length, note: '' });
    this.correlations.push({ ...rule, head: rule, of, aliases, condition, absence, silent: false });
  }
  #silence(index: number): void {
    if (index < this.rules.length) this.rules[index].silent = true;
    else this.correlations[index - this.rules.length].silent = true;
  }

  /**
   * The rules that records of a format are tried on.
   * @param after where files are called by numbers: only those of files above it
   */
  matcher(format: string, after = -1): FormatMatcher {
    const key = `${format} ${after}`;
    let known = this.#matchers.get(key);
    if (!known) this.#matchers.set(key, (known = new FormatMatcher(this.rules, format, (index) => this.#wanted(index) && (after < 0 || Number(this.rules[index].head.file) > after))));
    return known;
  }
  #wanted: (index: number) => boolean = () => true;
  /** The same set, of which only some rules are tried. */
  only(wanted: (index: number) => boolean): this {
    this.#matchers.clear();
    this.#wanted = wanted;
    return this;
  }
}

function fail(code: RuleProblem['code'], message: string, at: number): never {
  throw new SigmaError(code, message, at);
}
function names({ id, name, title }: RuleHead, wanted: string): boolean {
  return wanted !== '' && (id === wanted || name === wanted || (name === '' && title === wanted));
}
function sourceName({ product, category, service }: DetectionRule['logsource']): string {
  return [product, category, service].filter(Boolean).join(' / ');
}
function single(conditions: DetectionRule['detection']['conditions'], at: number): ReturnType<typeof readCondition> {
  if (conditions.length !== 1) throw new SigmaError('bad_filter', 'A filter has one condition.', at);
  const read = readCondition(conditions[0].text, conditions[0].at);
  if (read.aggregation) throw new SigmaError('bad_filter', 'A filter does not aggregate.', at);
  return read;
}
function draft(rule: DetectionRule, placeholders: Placeholders): Draft {
  const selections = compileSelections(rule.detection, placeholders);
  const read = rule.detection.conditions.map(({ text, at }) => ({ ...readCondition(text, at), at }));
  const parts = read.map(({ condition }) => compileCondition(condition, selections));
  return {
    rule, selections, expression: parts.length === 1 ? parts[0] : { kind: 'or', parts },
    aggregations: read.flatMap(({ aggregation, at }) => (aggregation ? [{ aggregation, at }] : [])),
  };
}
function hasNot(condition: Condition): boolean {
  return condition.kind === 'not' || ((condition.kind === 'and' || condition.kind === 'or') && condition.parts.some(hasNot));
}
/** A condition over places, which stand in for fields. */
function presence(expression: Expression, there: (place: number) => boolean): boolean {
  switch (expression.kind) {
    case 'item':
      return there(Number(expression.field));
    case 'not':
      return !presence(expression.part, there);
    case 'and':
      return expression.parts.every((part) => presence(part, there));
    case 'or':
      return expression.parts.some((part) => presence(part, there));
    case 'some':
      return expression.parts.filter((part) => presence(part, there)).length >= expression.count;
  }
}

const NONE: readonly number[] = [];
/** Clauses of a rule that are looked for: the rarest alone where its texts are as long as this, else some more. */
const TELLING = 8;
const MOST_CLAUSES = 3;

/** The rules for records of one format. */
export class FormatMatcher {
  readonly #rules: readonly CompiledRule[];
  /** index of a rule by its number here */
  readonly #index: number[] = [];
  readonly #format: string;
  readonly #prefilter: Prefilter;
  #state = 0;

  constructor(rules: readonly CompiledRule[], format: string, wanted: (index: number) => boolean) {
    this.#rules = rules;
    this.#format = format;
    rules.forEach(({ gate }, index) => {
      if (gate.format(format) && wanted(index)) this.#index.push(index);
    });
    this.#prefilter = new Prefilter(this.#index.map((index) => {
      const { expression, gate } = rules[index];
      const clauses = clausesOf(expression, format).sort((a, b) => leastLength(b) - leastLength(a)).slice(0, MOST_CLAUSES).filter((_, rank, best) => rank === 0 || leastLength(best[0]) < TELLING);
      const sure = gate.sure(format);
      return sure.length > 0 ? [...clauses, [...sure]] : clauses;
    }));
  }

  #more(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#prefilter.scan(bytes, 0, bytes.length, 0);
  }

  /** no rule is about the format */
  get empty(): boolean {
    return this.#index.length === 0;
  }

  /** A record begins. */
  begin(): void {
    this.#prefilter.begin();
    this.#state = 0;
  }
  /** Its next bytes: [from, to) of `bytes`. */
  look(bytes: Uint8Array, from: number, to: number): void {
    this.#state = this.#prefilter.scan(bytes, from, to, this.#state);
  }
  /**
   * Indexes of the rules that the record matches whose bytes were given. `whole`: its bytes in one; `read`: what its format makes of it. Both
   * are asked only when a rule may match.
   */
  found(whole: () => Uint8Array, read: () => ReadRecord | null): readonly number[] {
    const prefilter = this.#prefilter;
    let view: RecordView | undefined;
    if (this.#format === 'auditd') this.#more(auditTexts(Buffer.from(whole()).toString('latin1')));
    if (prefilter.escaped && writesCodes(whole())) {
      view = new RecordView(this.#format, whole(), read);
      this.#more(Buffer.from([...view.keywords.map(({ value }) => value), ...registryTexts(view)].join('\n')));
    }
    const { candidates, always } = prefilter;
    if (candidates.length === 0 && always.length === 0) return NONE;
    view ??= new RecordView(this.#format, whole(), read);
    const found: number[] = [];
    for (const list of [always, candidates]) {
      for (const number of list) {
        const index = this.#index[number];
        const { gate, expression } = this.#rules[index];
        const map = gate.record(view);
        if (map !== null && holds(expression, view, map)) found.push(index);
      }
    }
    return found;
  }
  /** The same for a record that is at hand. */
  match(record: Uint8Array, read: () => ReadRecord | null): readonly number[] {
    this.begin();
    this.look(record, 0, record.length);
    return this.found(() => record, read);
  }
}

function leastLength(clause: readonly string[]): number {
  return clause.reduce((least, { length }) => Math.min(least, length), 99);
}
/** Whether a record has escapes of ASCII characters, which have to be undone before it is looked through, or texts in parts. */
function writesCodes(record: Uint8Array): boolean {
  const bytes = Buffer.from(record);
  return bytes.includes('\\u00') || bytes.includes('<Data Name=') || bytes.includes('ObjectValueName');
}
/** Texts that a record of the audit log has in hex, and the command that it has in parts. */
function auditTexts(text: string): Uint8Array {
  const parts: Buffer[] = [];
  if (text.includes('type=EXECVE')) parts.push(Buffer.from(text.replace(/ a0="(?=[^/])/, ' a0="/').replaceAll(/"? a\d+=(?:"|([0-9A-F]+)(?= |$))?/g, (_, hex: string | undefined) => ` ${hex === undefined ? '' : Buffer.from(hex, 'hex').toString('latin1')}`), 'latin1'));
  for (const [, hex] of text.matchAll(/=([0-9A-F]{6,})(?![^\s\x1d])/g)) parts.push(Buffer.from(hex, 'hex'));
  return Buffer.concat(parts);
}
