/** Values of rules with their modifiers, as tests on values of records (Sigma specification, "Modifiers"). */
import { parseCidr } from '../../search/cidr.ts';
import type { Item } from './detection.ts';
import { ANY_TEXT, compilePattern, DASHES, hasWildcard, literalPattern, matchPattern, readPattern, surest, withAnyDash, type Pattern } from './pattern.ts';
import { SigmaError } from './problem.ts';
import { compileRegex, RegexProblem } from './regex.ts';
import type { Scalar } from './yaml-nodes.ts';

/** Longer values are cut before a regular expression sees them. */
const LONGEST_FOR_REGEX = 1 << 16;

/** A test on one value of a record. */
interface ValueTest {
  test(value: string, lower: string): boolean;
  /** what stands in every record that passes, in lower case; '' = nothing is certain */
  sure: string;
}
/** How the value of another field is compared. */
type RefKind = 'equals' | 'contains' | 'startswith' | 'endswith';
export type FieldTest =
  | { kind: 'values'; tests: ValueTest[]; all: boolean; negated: boolean }
  /** the field is not there, or has no value */
  | { kind: 'null'; tests: ValueTest[]; negated: boolean }
  | { kind: 'exists'; wanted: boolean }
  | { kind: 'field'; others: string[]; how: RefKind; cased: boolean; all: boolean; negated: boolean };

/** Values that a pipeline gives for %placeholder%; undefined = it knows none of that name. */
export type Placeholders = (name: string) => readonly string[] | '*' | undefined;

const ENCODINGS = ['utf16', 'utf16le', 'utf16be', 'wide'] as const;
const COMPARISONS = ['lt', 'lte', 'gt', 'gte'] as const;
const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
const KNOWN = new Set<string>([
  'contains', 'startswith', 'endswith', 'all', 're', 'i', 'm', 's', 'cased', 'base64', 'base64offset', ...ENCODINGS, 'windash', 'cidr', 'exists', 'expand', ...COMPARISONS, 'fieldref', 'neq', ...TIME_PARTS,
]);

/** What pySigma also calls the flags of an expression. */
const FLAGS = new Map([['ignorecase', 'i'], ['multiline', 'm'], ['dotall', 's']]);

/** Compiles an item. Throws SigmaError for what the specification does not know, or what does not go together. */
export function compileItem(item: Item, placeholders: Placeholders): FieldTest {
  const modifiers = item.modifiers.map((modifier) => FLAGS.get(modifier) ?? modifier);
  const has = new Set(modifiers);
  for (const modifier of modifiers) if (!KNOWN.has(modifier)) throw new SigmaError('unknown_modifier', `"${modifier}" is no modifier of Sigma.`, item.at);
  const together = (first: readonly string[], second: readonly string[]): void => {
    const one = first.find((name) => has.has(name));
    const other = second.find((name) => has.has(name) && name !== one);
    if (one !== undefined && other !== undefined) throw new SigmaError('modifier_conflict', `The modifiers "${one}" and "${other}" do not go together.`, item.at);
  };
  const texts = ['contains', 'startswith', 'endswith'];
  const alone = ['cidr', 'exists', ...COMPARISONS, ...TIME_PARTS];
  together(['re', ...alone], ['base64', 'base64offset', 'windash', 'fieldref', ...ENCODINGS]);
  together(alone, texts);
  if (has.has('re') && texts.some((name) => has.has(name) && modifiers.indexOf(name) < modifiers.indexOf('re'))) throw new SigmaError('modifier_conflict', 'What stands before "re" would put wildcards into the expression: write it behind.', item.at);
  together(texts, texts);
  together(['re'], alone);
  together(['exists', 'cidr'], alone);
  together(COMPARISONS, COMPARISONS);
  together(TIME_PARTS, TIME_PARTS);
  together(['base64'], ['base64offset']);
  for (const flag of ['i', 'm', 's']) if (has.has(flag) && !has.has('re')) throw new SigmaError('modifier_conflict', `"${flag}" is a flag of "re".`, item.at);
  if (ENCODINGS.some((name) => has.has(name)) && !has.has('base64') && !has.has('base64offset')) throw new SigmaError('modifier_conflict', 'UTF-16 in a rule is a step on the way to base64 or base64offset.', item.at);
  const negated = has.has('neq');
  const all = has.has('all');
  if (has.has('exists')) {
    const [value] = item.values;
    // Other tools read YAML 1.1, in which yes and no are true and false.
    const wanted = /^(?:true|yes|on)$/i.test(value.text);
    if (item.values.length !== 1 || (!wanted && !/^(?:false|no|off)$/i.test(value.text))) throw new SigmaError('bad_value', '"exists" takes true or false.', item.at);
    if (item.field === null) throw new SigmaError('modifier_conflict', '"exists" needs a field.', item.at);
    return { kind: 'exists', wanted: wanted !== negated };
  }
  if (has.has('fieldref')) {
    const others = item.values.map(({ value, at }) => {
      if (typeof value !== 'string' || item.field === null) throw new SigmaError('bad_value', '"fieldref" takes the name of a field.', at);
      return value;
    });
    const how = texts.find((name) => has.has(name)) as RefKind | undefined;
    return { kind: 'field', others, how: how ?? 'equals', cased: has.has('cased'), all, negated };
  }
  const written = has.has('expand') ? item.values.flatMap((value) => expanded(value, placeholders)) : item.values;
  const tests = written.flatMap(({ value, text, at }) => (value === null ? [] : [valueTest(value, text, has, item.field === null, at)]));
  if (tests.length < written.length) {
    if (item.field === null) throw new SigmaError('bad_value', 'A keyword cannot be null.', item.at);
    return { kind: 'null', tests, negated };
  }
  return { kind: 'values', tests, all, negated };
}

function expanded(value: Item['values'][number], placeholders: Placeholders): Item['values'] {
  if (typeof value.value !== 'string') return [value];
  let texts = [value.value];
  for (const [whole, name] of value.value.matchAll(/(?<!\\)%([^%\s\\]+)%/g)) {
    const found = placeholders(name);
    if (found === undefined) throw new SigmaError('placeholder', `No pipeline gives values for the placeholder ${whole}.`, value.at);
    texts = texts.flatMap((text) => (found === '*' ? [text.replace(whole, '*')] : found.map((one) => text.replace(whole, () => one))));
  }
  return texts.map((one) => {
    const text = one.replaceAll('\\%', '%');
    return { ...value, value: text, text };
  });
}

function valueTest(value: Exclude<Scalar, null>, text: string, has: ReadonlySet<string>, keyword: boolean, at: number): ValueTest {
  const comparison = COMPARISONS.find((name) => has.has(name));
  const part = TIME_PARTS.find((name) => has.has(name));
  if (comparison || part) {
    const number = typeof value === 'boolean' || String(value).trim() === '' ? Number.NaN : Number(value);
    if (Number.isNaN(number)) throw new SigmaError('bad_value', `"${comparison ?? part}" takes a number, not "${text}".`, at);
    const holds = comparison ? comparing(comparison, number) : (other: number) => other === number;
    return { sure: '', test: part ? (found) => holds(partOf(part, found)) : (found) => found.trim() !== '' && holds(Number(found)) };
  }
  if (has.has('re')) return regexTest(value, has, at);
  if (has.has('cidr')) {
    const block = typeof value === 'string' ? (parseCidr(value) ?? parseCidr(`${value}/${value.includes(':') ? 128 : 32}`)) : null;
    if (!block) throw new SigmaError('bad_cidr', `"${text}" is no block of addresses such as 10.0.0.0/8.`, at);
    // Windows writes addresses of IPv4 in the notation of IPv6.
    return { sure: '', test: (found) => block(found) || (/^::ffff:\d/i.test(found) && block(found.slice(7))) };
  }
  if (has.has('base64') || has.has('base64offset')) return encodedTest(typeof value === 'string' ? value : text, has, keyword, at);
  // "" is a field that is there without a value; a lone "-" in logs says the same.
  if (typeof value !== 'string') return scalarTest(value, text, keyword, has);
  let pattern = readPattern(value);
  if (has.has('windash')) pattern = withAnyDash(pattern);
  return patternTest(around(pattern, has, keyword), has.has('cased'));
}

/** Numbers are compared as numbers and as they are written. */
function scalarTest(value: number | boolean, text: string, keyword: boolean, has: ReadonlySet<string>): ValueTest {
  if (keyword || ['contains', 'startswith', 'endswith'].some((name) => has.has(name))) return patternTest(around(literalPattern(text), has, keyword), false);
  const lower = text.toLowerCase();
  if (typeof value === 'boolean') return { sure: '', test: (_, found) => found === lower };
  const digits = String(value);
  // 0x10 is 16, and stands in records as either.
  return { sure: /^\d+$/.test(digits) && text === digits ? digits : '', test: (found, folded) => found === digits || folded === lower || (found.length > 0 && found.length < 40 && found.trim() !== '' && Number(found) === value) };
}

function around(pattern: string, has: ReadonlySet<string>, keyword: boolean): string {
  const any = has.has('contains') || (keyword && !has.has('startswith') && !has.has('endswith'));
  const before = any || has.has('endswith');
  const behind = any || has.has('startswith');
  return `${before && !pattern.startsWith(ANY_TEXT) ? ANY_TEXT : ''}${pattern}${behind && !pattern.endsWith(ANY_TEXT) ? ANY_TEXT : ''}`;
}
function patternTest(written: string, cased: boolean): ValueTest {
  const pattern: Pattern = compilePattern(written, cased);
  const sure = surest(pattern);
  const { segments } = pattern;
  // The most common shapes, without going through the pattern.
  if (!cased && segments.every((segment) => !hasWildcard(segment))) {
    const [first, second, third] = segments;
    if (segments.length === 1) return { sure, test: (_, lower) => lower === first };
    if (segments.length === 3 && first === '' && third === '') return { sure, test: (_, lower) => lower.includes(second) };
    if (segments.length === 2 && first === '') return { sure, test: (_, lower) => lower.endsWith(second) };
    if (segments.length === 2 && second === '') return { sure, test: (_, lower) => lower.startsWith(first) };
  }
  return { sure, test: (value, lower) => matchPattern(pattern, value, lower) };
}

function comparing(sign: (typeof COMPARISONS)[number], number: number): (other: number) => boolean {
  if (sign === 'lt') return (other) => other < number;
  if (sign === 'lte') return (other) => other <= number;
  if (sign === 'gt') return (other) => other > number;
  return (other) => other >= number;
}

/** A part of a time as it is written in a record, in UTC; weeks are those of ISO 8601. NaN = it is no time. */
function partOf(part: (typeof TIME_PARTS)[number], text: string): number {
  const seconds = /^\d{9,10}(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : /^\d{13}$/.test(text) ? Number(text) : Number.NaN;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text.replace(' ', 'T')}Z`;
  const date = new Date(Number.isNaN(seconds) ? Date.parse(zoned) : seconds);
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
    case 'week': {
      const thursday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 4 - (date.getUTCDay() || 7)));
      return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
    }
  }
}

function regexTest(value: Scalar, has: ReadonlySet<string>, at: number): ValueTest {
  if (typeof value !== 'string') throw new SigmaError('bad_regex', '"re" takes a text.', at);
  const flags = ['i', 'm', 's'].filter((flag) => has.has(flag)).join('');
  const source = has.has('startswith') ? `^(?:${value})` : has.has('endswith') ? `(?:${value})$` : value;
  try {
    const expression = compileRegex(source, flags);
    return { sure: '', test: (found) => expression.test(found.length > LONGEST_FOR_REGEX ? found.slice(0, LONGEST_FOR_REGEX) : found) };
  } catch (error) {
    if (error instanceof RegexProblem) throw new SigmaError('bad_regex', `The expression uses something of PCRE that is not known here: ${error.message}.`, at);
    throw new SigmaError('bad_regex', `The regular expression cannot be read: ${error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error)}.`, at);
  }
}

/** Text as it looks in base64; with offset, wherever in a longer text it stands (all three shifts, without what neighbours decide). */
function encodedTest(text: string, has: ReadonlySet<string>, keyword: boolean, at: number): ValueTest {
  if (hasWildcard(readPattern(text))) throw new SigmaError('bad_value', 'A value with wildcards has no base64.', at);
  const plain = readPattern(text);
  const variants = has.has('windash') ? [...DASHES].map((dash) => plain.replace(/\B[-/]\b/g, dash)) : [plain];
  const tests = variants.flatMap((variant) => {
    const bytes = bytesOf(variant, has);
    const encoded = has.has('base64')
      ? [bytes.toString('base64')]
      : [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift, 32), bytes]).toString('base64').slice([0, 2, 3][shift], [undefined, -3, -2][(bytes.length + shift) % 3]));
    return encoded.map((one) => patternTest(around(literalPattern(one), has, keyword), has.has('cased')));
  });
  return { sure: tests.length === 1 ? tests[0].sure : '', test: (value, lower) => tests.some((one) => one.test(value, lower)) };
}
function bytesOf(text: string, has: ReadonlySet<string>): Buffer {
  const little = Buffer.from(text, 'utf16le');
  if (has.has('utf16le') || has.has('wide')) return little;
  if (has.has('utf16be')) return Buffer.from(little).swap16();
  if (has.has('utf16')) return Buffer.concat([Buffer.from([0xff, 0xfe]), little]);
  return Buffer.from(text, 'utf8');
}
