/** Conditions of rules: names of selections with and, or, not, parentheses, "1 of", "all of", and the aggregations of Sigma 1. */
import { SigmaError } from './problem.ts';

export type Condition =
  | { kind: 'name'; name: string; at: number }
  /** so many of the selections with such names; null = all of them */
  | { kind: 'of'; count: number | null; pattern: string; at: number }
  | { kind: 'not'; part: Condition }
  | { kind: 'and' | 'or'; parts: Condition[] };

type Comparison = 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';
/** What follows the pipe in conditions of Sigma 1. */
export type Aggregation =
  | { kind: 'count' | 'min' | 'max' | 'avg' | 'sum'; field: string; by: string[]; compare: Comparison; value: number }
  /** the selections that have to come near in time, and those that must not */
  | { kind: 'near'; wanted: string[]; unwanted: string[] };

interface Token {
  text: string;
  at: number;
}
const COMPARISONS = new Map<string, Comparison>([['>', 'gt'], ['>=', 'gte'], ['<', 'lt'], ['<=', 'lte'], ['=', 'eq'], ['==', 'eq'], ['!=', 'neq']]);
/** Parentheses and nots in each other. */
const DEEPEST = 100;

/** Reads a condition; `at` is where it stands in its file. Throws SigmaError. */
export function readCondition(text: string, at: number): { condition: Condition; aggregation: Aggregation | null } {
  return new ConditionReader(text, at).read();
}

class ConditionReader {
  readonly #tokens: Token[] = [];
  readonly #end: number;
  #next = 0;
  #depth = 0;

  constructor(text: string, at: number) {
    this.#end = at + text.length;
    const token = /\s+|([()|,]|[<>=!]=?|[^\s()|,<>=!]+)/gy;
    for (let found = token.exec(text); found; found = token.exec(text)) if (found[1] !== undefined) this.#tokens.push({ text: found[1], at: at + found.index });
  }

  read(): { condition: Condition; aggregation: Aggregation | null } {
    const condition = this.#or();
    const aggregation = this.#take('|') ? this.#aggregation() : null;
    const left = this.#tokens[this.#next];
    if (left) throw new SigmaError('condition_syntax', `"${left.text}" does not belong here.`, left.at);
    return { condition, aggregation };
  }

  #peek(): string {
    return this.#tokens[this.#next]?.text.toLowerCase() ?? '';
  }
  #take(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#next++;
    return true;
  }
  #token(what: string): Token {
    const token = this.#tokens[this.#next];
    if (!token) throw new SigmaError('condition_syntax', `The condition ends where ${what} should follow.`, this.#end);
    this.#next++;
    return token;
  }
  #expect(text: string): void {
    const token = this.#token(`"${text}"`);
    if (token.text !== text) throw new SigmaError('condition_syntax', `"${text}" is missing before "${token.text}".`, token.at);
  }

  #or(): Condition {
    const parts = [this.#and()];
    while (this.#take('or')) parts.push(this.#and());
    return parts.length === 1 ? parts[0] : { kind: 'or', parts };
  }
  #and(): Condition {
    const parts = [this.#not()];
    while (this.#take('and')) parts.push(this.#not());
    return parts.length === 1 ? parts[0] : { kind: 'and', parts };
  }
  #not(): Condition {
    if (++this.#depth > DEEPEST) throw new SigmaError('condition_syntax', `The condition is nested deeper than ${DEEPEST} times.`, this.#tokens[this.#next]?.at ?? this.#end);
    try {
      return this.#take('not') ? { kind: 'not', part: this.#not() } : this.#primary();
    } finally {
      this.#depth--;
    }
  }
  #primary(): Condition {
    if (this.#take('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    const token = this.#token('a selection');
    const { text, at } = token;
    if (this.#peek() === 'of' && /^(?:all|any|\d+)$/i.test(text)) {
      this.#next++;
      const names = this.#token('the names of selections');
      if (!/^[\w.*-]+$/.test(names.text)) throw new SigmaError('condition_syntax', `"${names.text}" names no selections.`, names.at);
      return { kind: 'of', count: /^all$/i.test(text) ? null : /^any$/i.test(text) ? 1 : Number(text), pattern: names.text, at: names.at };
    }
    if (!/^[\w.-]+$/.test(text) || /^(?:and|or|not|of)$/i.test(text)) throw new SigmaError('condition_syntax', `"${text}" is no name of a selection.`, at);
    return { kind: 'name', name: text, at };
  }

  #aggregation(): Aggregation {
    const { text: name, at } = this.#token('an aggregation');
    const kind = name.toLowerCase();
    if (kind === 'near') return this.#near();
    if (kind !== 'count' && kind !== 'min' && kind !== 'max' && kind !== 'avg' && kind !== 'sum') {
      throw new SigmaError('unknown_aggregation', `"${name}" is none of count, min, max, avg, sum and near.`, at);
    }
    this.#expect('(');
    let field = '';
    if (this.#peek() !== ')') field = this.#token('a field').text;
    this.#expect(')');
    if (kind !== 'count' && field === '') throw new SigmaError('condition_syntax', `${kind}() needs a field.`, at);
    const by: string[] = [];
    if (this.#take('by')) {
      do by.push(this.#token('a field').text);
      while (this.#take(','));
    }
    const sign = this.#token('a comparison');
    const compare = COMPARISONS.get(sign.text);
    if (!compare) throw new SigmaError('condition_syntax', `"${sign.text}" is no comparison.`, sign.at);
    const number = this.#token('a number');
    const value = Number(number.text);
    if (Number.isNaN(value)) throw new SigmaError('condition_syntax', `"${number.text}" is no number.`, number.at);
    return { kind, field, by, compare, value };
  }

  #near(): Aggregation {
    const wanted: string[] = [];
    const unwanted: string[] = [];
    do {
      const not = this.#take('not');
      (not ? unwanted : wanted).push(this.#token('a selection').text);
    } while (this.#take('and'));
    return { kind: 'near', wanted, unwanted };
  }
}
