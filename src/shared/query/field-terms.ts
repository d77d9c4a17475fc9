/** What a value means behind a field and an operator: the checks of kinds, units, ranges, is:, has: and time. */
import { SEVERITIES } from '../event.ts';
import type { FieldDeclaration, Severity } from '../event.ts';
import type { CompareOp, Match, QueryNode } from './ast.ts';
import type { Lexeme } from './lexer.ts';
import { columnOf, resolveField, roleOf } from './names.ts';
import type { NameRole } from './names.ts';
import { Refusal } from './refusal.ts';
import { MAX_PATTERN_LENGTH, regexFault } from './regex-source.ts';
import { readTime } from './time-text.ts';
import type { Clock, Span } from './time-text.ts';

/** The field and operator in front of a value. */
export interface FieldHead {
  role: NameRole;
  /** as typed */
  typed: string;
  /** resolved */
  field: string;
  column: FieldDeclaration | undefined;
  op: CompareOp;
}

/** Words that people use for the five severities. */
export const SEVERITY_WORDS: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ...SEVERITIES.map((each): [string, Severity] => [each, each]),
  ['fatal', 'critical'], ['crit', 'critical'], ['emerg', 'critical'], ['emergency', 'critical'], ['panic', 'critical'], ['alert', 'critical'],
  ['error', 'high'], ['err', 'high'], ['warn', 'medium'], ['warning', 'medium'], ['notice', 'low'], ['debug', 'info'], ['trace', 'info'], ['information', 'info'],
]);
/** What may follow is:. */
export const IS_CHOICES = ['pinned', 'noted', 'suspect', 'inferred'] as const;
const IS_WORDS = new Map<string, (typeof IS_CHOICES)[number]>(IS_CHOICES.map((each) => [each, each]));

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const WITH_UNIT = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(ns|us|µs|ms|s|sec|m|min|h)$/i;
const UNIT_MILLISECONDS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, 'µs': 1e-3, ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

export function fieldHead(name: Lexeme, op: CompareOp): FieldHead {
  const role = name.flags === 'quoted' ? 'field' : roleOf(name.text);
  const field = resolveField(name.text);
  return { role, typed: name.text, field, column: role === 'field' ? columnOf(field) : undefined, op };
}

/** One value of a field as a tree. Throws Refusal. */
export function fieldTerm(head: FieldHead, value: Lexeme, clock: Clock): QueryNode {
  switch (head.role) {
    case 'is': return isTerm(head, value);
    case 'has': return hasTerm(head, value);
    case 'time': case 'after': case 'before': return timeTerm(head, value, clock);
    case 'field': return valueTerm(head, value);
  }
}

/** A word, wildcard, phrase or regular expression on its own. Throws Refusal. */
export function freeTerm(value: Lexeme): QueryNode {
  if (value.kind === 'wildcard' && /^\*+$/.test(value.text)) return { kind: 'all' };
  if (value.kind === 'phrase' && value.text === '') refuse('The quotes are empty: put text between them.', value);
  return { kind: 'text', match: matchOf(value) };
}

function refuse(message: string, at: Lexeme): never {
  throw new Refusal(message, at.from, at.to);
}

function matchOf(value: Lexeme): Match {
  switch (value.kind) {
    case 'phrase': return { type: 'phrase', text: value.text };
    case 'wildcard':
      if (value.text.length > MAX_PATTERN_LENGTH) refuse(`A pattern with * or ? may have ${MAX_PATTERN_LENGTH} characters; this one has ${value.text.length}.`, value);
      return { type: 'wildcard', pattern: value.text };
    case 'regex': {
      const fault = regexFault(value.text, value.flags);
      if (fault !== null) throw new Refusal(fault.message, value.from + fault.from, value.from + fault.to);
      return { type: 'regex', source: value.text, flags: [...value.flags].sort().join('') };
    }
    default: return { type: 'word', text: value.text };
  }
}

function isPlain(value: Lexeme): boolean {
  return value.kind === 'word' || value.kind === 'phrase';
}
function requireEquality(head: FieldHead, value: Lexeme): void {
  if (head.op !== ':' && head.op !== '=' && head.op !== '!=') refuse(`${head.typed} cannot be compared with ${head.op}: write ${head.typed}:${value.text}.`, value);
}
function negatedWhen(negated: boolean, node: QueryNode): QueryNode {
  return negated ? { kind: 'not', node } : node;
}

function isTerm(head: FieldHead, value: Lexeme): QueryNode {
  requireEquality(head, value);
  const what = isPlain(value) ? IS_WORDS.get(value.text.toLowerCase()) : undefined;
  if (what === undefined) refuse(`is: takes ${IS_CHOICES.join(', ')}; ${value.text} is none of them.`, value);
  return negatedWhen(head.op === '!=', { kind: 'is', what });
}

function hasTerm(head: FieldHead, value: Lexeme): QueryNode {
  requireEquality(head, value);
  const name = value.text;
  const asked = { pinned: 'pinned', pin: 'pinned', pins: 'pinned', noted: 'noted', note: 'noted', notes: 'noted', suspect: 'suspect', inferred: 'inferred' };
  if (value.kind === 'word' && Object.hasOwn(asked, name)) refuse(`has: takes a field name; this is asked with is:${asked[name as keyof typeof asked]}.`, value);
  if (value.kind === 'word' && roleOf(name) === 'time') refuse('Every event has a time. -is:inferred leaves out those whose record wrote none.', value);
  const wellFormed = value.kind === 'phrase' ? name !== '' : value.kind === 'word' && /^[A-Za-z_@][\w.@-]*$/.test(name);
  if (!wellFormed) refuse(`has: takes a field name such as service, host, user, ip, url, status, latency_ms, request_id, trace_id or any attribute ("in quotes" when it holds spaces); ${name} is none.`, value);
  return negatedWhen(head.op === '!=', { kind: 'has', field: resolveField(name) });
}

function valueTerm(head: FieldHead, value: Lexeme): QueryNode {
  const { op, field, column } = head;
  const equality = op === ':' || op === '=' || op === '!=';
  if (equality && value.kind === 'wildcard' && /^\*+$/.test(value.text)) return negatedWhen(op === '!=', { kind: 'has', field });
  // An event without the field has the empty text there.
  if (equality && value.kind === 'phrase' && value.text === '') return negatedWhen(op !== '!=', { kind: 'has', field });
  if (column?.kind === 'severity') return { kind: 'field', field, op, match: severityMatch(head, value) };
  if (column?.kind === 'number') return { kind: 'field', field, op, match: numberMatch(head, value) };
  if (!equality) {
    if (column !== undefined) refuse(`${head.typed} is text and cannot be compared with ${op}: write ${head.typed}:value, with * for any run of characters.`, value);
    const number = isPlain(value) ? plainNumber(value.text) : null;
    if (number === null) refuse(`${op} compares numbers and ${value.text} is not one: write ${head.typed}${op}100, or put the whole in quotes to search for it as text.`, value);
    return { kind: 'field', field, op, match: { type: 'word', text: number } };
  }
  if (value.kind === 'interval' && column !== undefined) refuse(`${head.typed} is text and has no ranges: write ${head.typed}:(one OR another).`, value);
  if (column === undefined && (value.kind === 'word' || value.kind === 'interval')) {
    const range = splitRange(value.text);
    const low = range === null ? null : boundOf(range.low);
    const high = range === null ? null : boundOf(range.high);
    if (low !== null && high !== null && (low !== '' || high !== '')) return { kind: 'field', field, op, match: rangeMatch(low, high, value) };
    if (value.kind === 'interval') refuse(`A range of ${head.typed} goes from one number to another, for instance [100 TO 200].`, value);
  }
  if (field === 'ip' && isPlain(value)) checkBlock(value);
  return { kind: 'field', field, op, match: matchOf(value) };
}

/** '' for an open end, null for what is no number. */
function boundOf(text: string): string | null {
  return text === '' ? '' : plainNumber(text);
}
function plainNumber(text: string): string | null {
  return NUMBER.test(text) && Number.isFinite(Number(text)) ? String(Number(text)) : null;
}
/** The two ends of low..high, '' for an open one. */
function splitRange(text: string): { low: string; high: string } | null {
  const dots = text.indexOf('..');
  return dots < 0 ? null : { low: text.slice(0, dots), high: text.slice(dots + 2) };
}
function rangeMatch(low: string, high: string, at: Lexeme): Match {
  if (low !== '' && high !== '' && Number(low) > Number(high)) refuse(`This range is empty: ${low} is more than ${high}. Write the smaller number first.`, at);
  return { type: 'range', low: low === '' ? null : low, high: high === '' ? null : high };
}

function numberMatch(head: FieldHead, value: Lexeme): Match {
  const { typed, column } = head;
  const unit = column?.unit === 'ms';
  const example = unit ? '250, 250ms or 1.5s' : '500';
  const read = (text: string): string => {
    const number = plainNumber(text) ?? (unit ? inMilliseconds(text) : null);
    return number ?? refuse(`${typed} is a number: ${text} is not. Write ${typed}${head.op}${example}${unit ? '' : `, ${typed}>=500 or ${typed}:500..599`}.`, value);
  };
  if (!isPlain(value) && value.kind !== 'interval') refuse(`${typed} is a number, so patterns do not apply: write ${typed}>=500 or ${typed}:500..599${head.field === 'status' ? ' or status:5xx' : ''}.`, value);
  const family = head.field === 'status' ? /^([1-9])xx$/i.exec(value.text) : null;
  const range = family === null ? splitRange(value.text) : { low: `${family[1] ?? ''}00`, high: `${family[1] ?? ''}99` };
  if (range === null) return { type: 'word', text: read(value.text) };
  requireEquality(head, value);
  if (range.low === '' && range.high === '') refuse(`A range needs a number at one end at least: ${typed}:500..599, ${typed}:500.. or ${typed}:..599.`, value);
  return rangeMatch(range.low === '' ? '' : read(range.low), range.high === '' ? '' : read(range.high), value);
}
function inMilliseconds(text: string): string | null {
  const parts = WITH_UNIT.exec(text);
  if (parts === null) return null;
  // 15 digits: 4.35 * 100 is 435, not 434.99999999999994.
  const value = Number((Number(parts[1]) * (UNIT_MILLISECONDS[(parts[2] ?? '').toLowerCase()] ?? NaN)).toPrecision(15));
  return Number.isFinite(value) ? String(value) : null;
}

function severityMatch(head: FieldHead, value: Lexeme): Match {
  const read = (text: string): Severity =>
    SEVERITY_WORDS.get(text.toLowerCase()) ?? refuse(`${text === '' ? 'Nothing' : text} is not a severity: use critical, high, medium, low or info (error means high, warning medium, notice low, debug info).`, value);
  if (!isPlain(value) && value.kind !== 'interval') refuse(`Severities have no patterns: use critical, high, medium, low or info, for instance ${head.typed}>=high.`, value);
  const range = splitRange(value.text);
  if (range === null) return { type: 'word', text: read(value.text) };
  requireEquality(head, value);
  const low = range.low === '' ? null : read(range.low);
  const high = range.high === '' ? null : read(range.high);
  if (low === null && high === null) read('');
  if (low !== null && high !== null && SEVERITIES.indexOf(low) > SEVERITIES.indexOf(high)) refuse(`This range is empty: ${low} is more severe than ${high}. Write the lesser severity first.`, value);
  return { type: 'range', low, high };
}

/** A CIDR block that cannot be one is told here, where the position is known. */
function checkBlock(value: Lexeme): void {
  const block = /^([0-9a-f.:]+)\/(\d+)$/i.exec(value.text);
  if (block === null) return;
  const [, address = '', bits = ''] = block;
  const most = address.includes(':') ? 128 : 32;
  const bad = most === 32 && !/^(?:\d{1,3}\.){3}\d{1,3}$/.test(address);
  if (bad || Number(bits) > most || address.split('.').some((part) => most === 32 && Number(part) > 255)) {
    refuse(`${value.text} is not a block of addresses: write four numbers up to 255 and a length up to ${most}, for instance 10.0.0.0/8.`, value);
  }
}

function timeTerm(head: FieldHead, value: Lexeme, clock: Clock): QueryNode {
  const op = head.role === 'time' ? head.op : head.op === ':' || head.op === '=' ? (head.role === 'after' ? '>' : '<') : null;
  if (op === null) refuse(`${head.typed} takes a colon: ${head.typed}:2026-10-01.`, value);
  const equality = op === ':' || op === '=' || op === '!=';
  if (equality && value.kind === 'wildcard' && /^\*+$/.test(value.text)) return negatedWhen(op === '!=', { kind: 'all' });
  if (!isPlain(value) && value.kind !== 'interval') refuse('Times have no patterns: write time:2026-10 for a month, time:2026-10-01 for a day, time:2026-10-01..2026-10-03 for a range.', value);
  const read = (text: string): Span => {
    const result = readTime(text, clock);
    return result.ok ? result.span : refuse(result.message, value);
  };
  const range = splitRange(value.text);
  if (range !== null) {
    requireEquality({ ...head, op }, value);
    if (range.low === '' && range.high === '') refuse('A time range needs an end: time:2026-10-01.. or time:..2026-10-01.', value);
    const from = range.low === '' ? null : read(range.low).from;
    const to = range.high === '' ? null : read(range.high).to;
    if (from !== null && to !== null && from >= to) refuse('This time range is empty: it ends before it begins. Write the earlier time first.', value);
    return negatedWhen(op === '!=', { kind: 'time', from, to });
  }
  const span = read(value.text);
  switch (op) {
    case '>': return { kind: 'time', from: span.clock ? span.from : span.to, to: null };
    case '>=': return { kind: 'time', from: span.from, to: null };
    case '<': return { kind: 'time', from: null, to: span.from };
    case '<=': return { kind: 'time', from: null, to: span.to };
    default:
      if (span.from >= span.to) refuse(`${value.text} is a moment, not a stretch of time: write time>${value.text} for since then, or a range.`, value);
      return negatedWhen(op === '!=', { kind: 'time', from: span.from, to: span.to });
  }
}
