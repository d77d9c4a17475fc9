/** What can be typed at a position of a query text. */
import { FIELDS, FIELD_ALIASES, SEVERITIES, SIGNALS } from '../event.ts';
import { IS_CHOICES, SEVERITY_WORDS } from './field-terms.ts';
import { lex } from './lexer.ts';
import type { Lexeme } from './lexer.ts';
import { resolveField, roleOf } from './names.ts';
import { printName } from './print.ts';

/** A field seen in the case, as events.fields answers it. */
export interface KnownField {
  name: string;
  kind: 'keyword' | 'number' | 'severity' | 'text';
}
interface Option {
  label: string;
  detail: string;
  /** goes in place of [from, to) */
  apply: string;
}
export interface Completion {
  from: number;
  to: number;
  kind: 'field' | 'value' | 'keyword';
  /** kind 'value': the field, resolved. Values of the data come from events.values; write them with printValue. */
  field?: string;
  /** what is typed of it so far, without quotes */
  prefix: string;
  options: Option[];
}
const MOST_OPTIONS = 100;
const KEYWORDS: readonly Option[] = [
  { label: 'AND', detail: 'both', apply: 'AND ' },
  { label: 'OR', detail: 'either', apply: 'OR ' },
  { label: 'NOT', detail: 'without', apply: 'NOT ' },
];
const PREFIXES: readonly Option[] = [
  { label: 'is:', detail: IS_CHOICES.join(', '), apply: 'is:' },
  { label: 'has:', detail: 'events that have a field', apply: 'has:' },
  { label: 'time:', detail: 'a day or a range', apply: 'time:' },
  { label: 'after:', detail: 'later than', apply: 'after:' },
  { label: 'before:', detail: 'earlier than', apply: 'before:' },
];
const IS_DETAIL: Readonly<Record<(typeof IS_CHOICES)[number], string>> = {
  pinned: 'on an investigation', noted: 'a note is about it', suspect: 'its time is hard to believe', inferred: 'its record wrote no time',
};
const TIMES: readonly (readonly [string, string])[] = [
  ['-15m', 'since 15 minutes ago'], ['-1h', 'since an hour ago'], ['-24h', 'since a day ago'], ['-7d', 'since a week ago'], ['today', 'this day'], ['yesterday', 'the day before'],
];

/** What is expected at `pos` (a character position); null where nothing can be offered, as inside a phrase. */
export function complete(text: string, pos: number, known: { fields: readonly KnownField[] }): Completion | null {
  const at = Math.max(0, Math.min(Math.floor(pos), text.length));
  const before = lex(text.slice(0, at)).lexemes;
  const last = before.at(-1);
  const end = endOf(text, at, last);
  const inGroup = groupField(before);
  if (last === undefined || last.kind === 'space' || last.kind === 'open' || last.kind === 'close' || last.kind === 'minus') {
    return inGroup === null ? names(at, end, '', text, known.fields) : values(inGroup, ':', at, end, '', known.fields);
  }
  const head = before.at(-2);
  if (last.kind === 'op' && head !== undefined) return values(head, last.text, at, end, '', known.fields);
  if (last.kind === 'error' && head?.kind === 'field') return values(head, text.slice(last.from, at), at, end, '', known.fields);
  const opened = last.kind === 'error' && last.flags === 'unclosed';
  if (last.kind === 'word' || last.kind === 'wildcard' || opened) {
    const prefix = opened ? text.slice(last.from + 1, at) : last.text;
    const name = head?.kind === 'op' ? before.at(-3) : inGroup;
    if (name) return values(name, head?.kind === 'op' ? head.text : ':', last.from, end, prefix, known.fields);
    if (opened) return null;
    // An attribute's name and colon with nothing after them are still a word to the lexer.
    const attribute = /^([A-Za-z_@][\w.@-]*):$/.exec(last.text)?.[1];
    if (attribute !== undefined && last.kind === 'word') return values({ kind: 'field', text: attribute, flags: '', from: last.from, to: at - 1 }, ':', at, end, '', known.fields);
    return names(last.from, end, last.text, text, known.fields);
  }
  if (last.kind === 'and' || last.kind === 'or' || last.kind === 'not') return inGroup === null ? names(last.from, end, last.text, text, known.fields) : null;
  return null;
}

/** The end of what is being typed: the rest of the word under the cursor. */
function endOf(text: string, at: number, last: Lexeme | undefined): number {
  let end = at;
  if (last?.kind === 'error' && last.flags === 'unclosed') {
    const close = text.indexOf('"', at);
    return close < 0 ? at : close + 1;
  }
  while (end < text.length && /[^\s()":=<>!]/.test(text[end] ?? '')) end++;
  return end;
}

/** The field whose parentheses we are in. */
function groupField(lexemes: readonly Lexeme[]): Lexeme | null {
  const open: (Lexeme | null)[] = [];
  lexemes.forEach((lexeme, index) => {
    if (lexeme.kind === 'close') open.pop();
    if (lexeme.kind === 'open') open.push(lexemes[index - 1]?.kind === 'op' ? (lexemes[index - 2] ?? null) : (open.at(-1) ?? null));
  });
  return open.at(-1) ?? null;
}

function startsWith(label: string, prefix: string): boolean {
  return label.toLowerCase().startsWith(prefix.toLowerCase());
}

function names(from: number, to: number, prefix: string, text: string, fields: readonly KnownField[]): Completion {
  const hasOperator = /^[:=<>!]/.test(text.slice(to));
  const options: Option[] = [];
  const offered = new Set<string>();
  const offer = (name: string, detail: string): void => {
    if (offered.has(name)) return;
    offered.add(name);
    options.push({ label: name, detail, apply: hasOperator ? printName(name) : `${printName(name)}:` });
  };
  for (const field of FIELDS) if (startsWith(field.name, prefix)) offer(field.name, field.title);
  if (prefix.length >= 2) for (const [alias, name] of Object.entries(FIELD_ALIASES)) if (startsWith(alias, prefix)) offer(name, `also ${alias}`);
  const prefixes = PREFIXES.filter(({ label }) => startsWith(label, prefix)).map((option) => (hasOperator ? { ...option, apply: option.apply.slice(0, -1) } : option));
  for (const { name, kind } of fields) if (startsWith(name, prefix) && roleOf(name) === 'field' && resolveField(name) === name) offer(name, kind);
  const keywords = hasOperator ? [] : KEYWORDS.filter(({ label }) => label.startsWith(prefix));
  const isKeyword = prefix !== '' && keywords.length > 0;
  const all = isKeyword ? [...keywords, ...options, ...prefixes] : [...options.slice(0, MOST_OPTIONS), ...prefixes, ...keywords];
  return { from, to, kind: isKeyword ? 'keyword' : 'field', prefix, options: all.slice(0, MOST_OPTIONS + PREFIXES.length + KEYWORDS.length) };
}

function values(name: Lexeme, op: string, from: number, to: number, prefix: string, fields: readonly KnownField[]): Completion {
  const role = name.flags === 'quoted' ? 'field' : roleOf(name.text);
  const field = role === 'field' ? resolveField(name.text) : role;
  const options = valueOptions(role === 'field' ? field : `${role}:`, op, fields).filter(({ label }) => startsWith(label, prefix));
  return { from, to, kind: 'value', field, prefix, options: options.slice(0, MOST_OPTIONS) };
}

/** Values that are known without looking at the data; `field` ends in a colon for the reserved names. */
function valueOptions(field: string, op: string, fields: readonly KnownField[]): Option[] {
  switch (field) {
    case 'severity': return [...SEVERITIES].reverse().map((label) => ({ label, detail: [...SEVERITY_WORDS].filter(([word, severity]) => severity === label && word !== label).map(([word]) => word).join(', '), apply: label }));
    case 'signal': return SIGNALS.map((label) => ({ label, detail: '', apply: label }));
    case 'is:': return IS_CHOICES.map((label) => ({ label, detail: IS_DETAIL[label], apply: label }));
    case 'has:': return [...new Set<string>([...FIELDS.map(({ name }) => name), ...fields.map(({ name }) => name)])].map((label) => ({ label, detail: 'has a value', apply: printName(label) }));
    // A moment is no stretch of time, so -15m goes with a comparison only.
    case 'time:': case 'after:': case 'before:':
      return TIMES.filter(([label]) => field !== 'time:' || (op !== ':' && op !== '=') || !label.startsWith('-')).map(([label, detail]) => ({ label, detail: field === 'before:' || op.startsWith('<') ? 'until then' : detail, apply: label }));
    default: return [];
  }
}
