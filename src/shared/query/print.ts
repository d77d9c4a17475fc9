/** The tree as text, and the terms that a click on a value adds to or takes from a query text. */
import type { CompareOp, Match, QueryNode } from './ast.ts';
import { parseQuery, parseTerms } from './grammar.ts';
import type { Term } from './grammar.ts';
import { columnOf, resolveField, roleOf } from './names.ts';
import { printLast, printStart } from './time-text.ts';

/** Canonical text: parsing it gives the tree again, in any zone and at any time. '' is everything. */
export function printQuery(node: QueryNode): string {
  return node.kind === 'all' ? '' : print(node);
}

/** A field name as it is typed: in quotes where it would not be read as a name. */
export function printName(field: string): string {
  const bare = /^[A-Za-z_@][\w.@-]*$/.test(field) && roleOf(field) === 'field' && resolveField(field) === field;
  return bare ? field : quote(field);
}

/** A value as it is typed after `field:` or in `field:( )` so that it is taken literally. */
export function printValue(field: string, value: string): string {
  if (value !== '' && !value.startsWith('/') && !value.startsWith('-')) {
    const literal = (text: string): boolean => {
      const read = parseQuery(text);
      return read.ok && read.node.kind === 'field' && read.node.match.type === 'word' && read.node.match.text === value;
    };
    if (literal(`${printName(field)}:${value}`) && literal(`${printName(field)}:(${value})`)) return value;
  }
  return quote(value);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function print(node: QueryNode): string {
  switch (node.kind) {
    case 'all': return '*';
    case 'and': return node.nodes.length === 0 ? '*' : node.nodes.map((each) => inside(each, 'and')).reduce(beside);
    case 'or': return node.nodes.length === 0 ? '-*' : node.nodes.map((each) => inside(each, 'or')).join(' OR ');
    case 'not': {
      const text = inside(node.node, 'not');
      return /^[-=>]/.test(text) ? `NOT ${text}` : `-${text}`;
    }
    case 'is': return `is:${node.what}`;
    case 'has': return `has:${printName(node.field)}`;
    case 'time': return printTime(node.from, node.to);
    case 'text': return 'text' in node.match && node.match.text === '' ? '*' : firstThatReads(node, spellings(node.match));
    case 'field': return printField(node.field, node.op, node);
  }
}

function inside(node: QueryNode, parent: 'and' | 'or' | 'not'): string {
  const apart = node.kind === 'or' || (node.kind === 'and' && parent !== 'or');
  return apart ? `(${print(node)})` : print(node);
}
/** `status >=5` would be taken for a comparison with spaces, `status AND >=5` is two words. */
function beside(left: string, right: string): string {
  return /^[:=<>!]/.test(right) ? `${left} AND ${right}` : `${left} ${right}`;
}

function printTime(from: number | null, to: number | null): string {
  if (from === null && to === null) return 'time:*';
  if (from === null) return `time<${printStart(to ?? 0)}`;
  if (to === null) return `time>=${printStart(from)}`;
  const first = printStart(from);
  const last = printLast(to);
  return first === last ? `time:${first}` : `time:${first}..${last}`;
}

function printField(field: string, op: CompareOp, node: Extract<QueryNode, { kind: 'field' }>): string {
  const names = [printName(field), quote(field)];
  const candidates = spellings(node.match).flatMap((value) => [...names.map((name) => `${name}${op}${value}`), ...names.map((name) => `${name}${op}(${value})`)]);
  return firstThatReads(node, candidates);
}

/** Ways to write a match, the plainest first; the last one can always be read, if perhaps a little more widely. */
function spellings(match: Match): string[] {
  switch (match.type) {
    case 'word': return [...slashed(match.text), quote(match.text)];
    case 'phrase': return [quote(match.text)];
    case 'wildcard': return [...slashed(match.pattern), match.pattern.replace(/[^\p{L}\p{N}_*]/gu, '?') || '*'];
    case 'regex': {
      const source = match.source.replace(/^\s/, (space) => `[${space}]`).replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\//g, (part) => (part === '/' ? '\\/' : part));
      return [`/${source === '' ? '(?:)' : source}/${match.flags}`];
    }
    case 'range': return [`${match.low ?? ''}..${match.high ?? ''}`];
  }
}
/** A word that begins with a slash and does not itself show that it is no expression gets a backslash: a slash further on might close it. */
function slashed(text: string): string[] {
  if (!text.startsWith('/')) return [text];
  return text.includes('/', 1) && !/[[\\]/.test(text) ? [text, `\\${text}`] : [`\\${text}`];
}

/** The first candidate that parses to the leaf, else the last. */
function firstThatReads(leaf: QueryNode, candidates: string[]): string {
  const wanted = leafKey(leaf);
  for (const text of candidates) {
    const read = parseQuery(text);
    if (read.ok && leafKey(read.node) === wanted) return text;
  }
  return candidates.at(-1) ?? '*';
}
function leafKey(node: QueryNode): string {
  if (node.kind !== 'text' && node.kind !== 'field') return '';
  const { match } = node;
  const head = node.kind === 'field' ? [node.field, node.op] : [];
  switch (match.type) {
    case 'range': return JSON.stringify([...head, match.type, match.low, match.high]);
    case 'regex': return JSON.stringify([...head, match.type, match.source, match.flags]);
    case 'wildcard': return JSON.stringify([...head, match.type, match.pattern]);
    default: return JSON.stringify([...head, match.type, match.text]);
  }
}

/** Values of one field that a term asks for (or, negated, leaves out). '' stands for events without the field. */
interface ValueList {
  field: string;
  negated: boolean;
  values: string[];
}

/** A field, has:, is: or time term of the outermost AND. */
export interface Filter {
  /** 'is' and 'time' for those terms */
  field: string;
  negated: boolean;
  /** the values asked for, '' for events without the field; empty where it is a pattern, range or comparison */
  values: string[];
  /** the term as it stands in the text at [from, to) */
  text: string;
  from: number;
  to: number;
}

/** The filters of a query text, for chips, in order; none when the text has an error. */
export function filtersOf(text: string): Filter[] {
  const parsed = parseTerms(text);
  if (!parsed.ok) return [];
  return parsed.terms.flatMap(({ node, from, to }) => {
    const list = valuesOf(node);
    const field = list?.field ?? fieldOf(node);
    if (field === null) return [];
    return [{ field, negated: list?.negated ?? isNegated(node), values: list?.values ?? [], text: text.slice(from, to), from, to }];
  });
}

/**
 * The query text with a value filtered for or filtered out. Doing it twice changes nothing more; the opposite filter on
 * the same value is replaced; including a second value of a field asks for either. value '' = events without the field.
 * The rest of the text stays as typed. A text with an error, or a value the field cannot have, leaves the text as it is.
 */
export function withFilter(text: string, field: string, value: string, mode: 'include' | 'exclude'): string {
  const wanted = listFor(field, value);
  const parsed = parseTerms(text);
  if (!parsed.ok || wanted === null) return text;
  const negated = mode === 'exclude';
  const edit = new Edit(text, parsed.terms, parsed.alternatives);
  const [key = ''] = wanted.values;
  let present = false;
  let same: { index: number; list: ValueList } | null = null;
  parsed.terms.forEach(({ node }, index) => {
    const list = valuesOf(node);
    if (list?.field !== wanted.field) return;
    const holds = list.values.some((each) => sameValue(each, key));
    if (list.negated !== negated) {
      if (holds) edit.replace(index, { ...list, values: list.values.filter((each) => !sameValue(each, key)) });
    } else if (holds) present = true;
    else if (!negated) same ??= { index, list };
  });
  if (present) return edit.text();
  const target = same as { index: number; list: ValueList } | null;
  // Text can hold two words at once; of one host or user an event has only one, so a second value means either.
  if (target !== null && columnOf(wanted.field)?.kind !== 'text') edit.replace(target.index, { ...target.list, values: [...target.list.values, key] });
  else edit.append({ ...wanted, negated });
  return edit.text();
}

/** The query text without filters (of either sense) on a value, or without any term on the field when no value is given. */
export function withoutFilter(text: string, field: string, value?: string): string {
  const parsed = parseTerms(text);
  if (!parsed.ok) return text;
  const edit = new Edit(text, parsed.terms, parsed.alternatives);
  const name = roleOf(field) === 'field' ? resolveField(field) : field;
  const key = value === undefined ? undefined : listFor(field, value)?.values[0];
  if (value !== undefined && key === undefined) return text;
  parsed.terms.forEach(({ node }, index) => {
    const list = valuesOf(node);
    if ((list?.field ?? fieldOf(node)) !== name) return;
    if (key === undefined) edit.replace(index, null);
    else if (list?.values.some((each) => sameValue(each, key))) edit.replace(index, { ...list, values: list.values.filter((each) => !sameValue(each, key)) });
  });
  return edit.text();
}

/** A text whose outermost terms are exchanged one by one. */
class Edit {
  private readonly source: string;
  private readonly parts: string[];
  private readonly alternatives: boolean;
  private changed = false;
  constructor(source: string, terms: Term[], alternatives: boolean) {
    this.source = source;
    this.parts = terms.map(({ from, to }) => source.slice(from, to));
    this.alternatives = alternatives;
  }
  replace(index: number, list: ValueList | null): void {
    this.changed = true;
    this.parts[index] = list === null || list.values.length === 0 ? '' : printList(list);
  }
  append(list: ValueList): void {
    if (this.alternatives && !this.changed) this.parts[0] = `(${this.parts[0] ?? ''})`;
    this.changed = true;
    this.parts.push(printList(list));
  }
  text(): string {
    if (!this.changed) return this.source;
    const parts = this.parts.filter((part) => part !== '');
    if (parts.length === 0) return '';
    const text = parts.reduce(beside);
    // A lone slash that was text as typed may find a partner in what is new: then write it so that it cannot.
    return readsAs(text, parts) ? text : parts.map(canonicalPart).reduce(beside);
  }
}

/** Whether the text has just these outermost terms. */
function readsAs(text: string, parts: string[]): boolean {
  const options = { now: 0 };
  const read = parseTerms(text, options);
  return read.ok && read.terms.length === parts.length && parts.every((part, index) => {
    const alone = parseQuery(part, options);
    const term = read.terms[index];
    return alone.ok && term !== undefined && print(alone.node) === print(term.node);
  });
}
/** Times stay as typed, for what they mean depends on the zone and the moment. */
function canonicalPart(part: string): string {
  const read = parseQuery(part);
  return read.ok && !holdsTime(read.node) ? inside(read.node, 'and') : part;
}
function holdsTime(node: QueryNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.some(holdsTime);
  return node.kind === 'not' ? holdsTime(node.node) : node.kind === 'time';
}

function listFor(field: string, value: string): ValueList | null {
  const name = roleOf(field) === 'field' ? printName(resolveField(field)) : quote(field);
  const read = parseQuery(`${name}:${quote(value)}`);
  return read.ok ? valuesOf(read.node) : null;
}

function printList({ field, negated, values }: ValueList): string {
  const [only = ''] = values;
  if (values.length === 1 && only === '') return `${negated ? '' : '-'}has:${printName(field)}`;
  const texts = values.map((value) => printValue(field, value));
  return `${negated ? '-' : ''}${printName(field)}:${texts.length === 1 ? (texts[0] ?? '') : `(${texts.join(' OR ')})`}`;
}

/** Keyword fields compare without regard to case. */
function sameValue(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function valuesOf(node: QueryNode): ValueList | null {
  switch (node.kind) {
    case 'field':
      if (node.match.type !== 'word' && node.match.type !== 'phrase') return null;
      if (node.op !== ':' && node.op !== '=' && node.op !== '!=') return null;
      return { field: node.field, negated: node.op === '!=', values: [node.match.text] };
    case 'has': return { field: node.field, negated: true, values: [''] };
    case 'not': {
      const list = valuesOf(node.node);
      return list === null ? null : { ...list, negated: !list.negated };
    }
    case 'or': {
      const lists = node.nodes.map(valuesOf);
      const first = lists[0];
      if (!first || !lists.every((list) => list !== null && !list.negated && list.field === first.field)) return null;
      return { field: first.field, negated: false, values: lists.flatMap((list) => list?.values ?? []) };
    }
    default: return null;
  }
}
function fieldOf(node: QueryNode): string | null {
  switch (node.kind) {
    case 'field': return node.field;
    case 'is': return 'is';
    case 'time': return 'time';
    case 'not': return fieldOf(node.node);
    case 'or': case 'and': {
      const [first = null, ...others] = node.nodes.map(fieldOf);
      return others.every((each) => each === first) ? first : null;
    }
    default: return null;
  }
}
function isNegated(node: QueryNode): boolean {
  return node.kind === 'not' ? !isNegated(node.node) : node.kind === 'field' && node.op === '!=';
}
