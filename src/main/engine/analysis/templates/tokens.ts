/**
 * Cuts a message into tokens and says which of them are variables, and of what type, by how log statements are written everywhere:
 * numbers, addresses, paths, ids, times, quantities with units and rendered objects are values that a program put in; the rest are words
 * until statistics say otherwise (refine.ts). No rule is about one kind of log.
 */
import { CHUNK } from './bytes.ts';

/** What a variable holds. `text` was found to vary by statistics; `list` stands for any number of values in a row. */
type VariableType = 'ip' | 'num' | 'hex' | 'id' | 'uuid' | 'mac' | 'url' | 'path' | 'host' | 'email' | 'time' | 'qty' | 'object' | 'empty' | 'text' | 'list';

export const WORD = 0;
/** a word that ends in a variable, e.g. blk_<num>; `text` is what stays */
export const PARTIAL = 1;
export const VARIABLE = 2;
export const DELIMITER = 3;

export interface Token {
  kind: 0 | 1 | 2 | 3;
  /** the word, the fixed part, the delimiter; '' for a variable */
  text: string;
  /** of a variable or the variable part of a PARTIAL; '' otherwise */
  type: VariableType | '';
  /** whether a blank stands before it */
  gap: boolean;
  /** whether it stands where values stand: right behind = : ( [ { | or a quote */
  slot: boolean;
  /** where its variable stands in the message (UTF-16 units); of folded lists that of the first value. -1, -1 when it has none. */
  from: number;
  to: number;
  /** whether it stands for several values in a row */
  many?: boolean;
}

/** More of a message is not looked at. */
export const MAX_MESSAGE = 4000;
const MAX_TOKENS = 400;

/** Order matters: a variable of a pattern that is read again is a character of the private use area, by this list. */
const TYPES: readonly VariableType[] = ['ip', 'num', 'hex', 'id', 'uuid', 'mac', 'url', 'path', 'host', 'email', 'time', 'qty', 'object', 'empty', 'text', 'list'];
const HELD = 0xe000;
const PLACEHOLDER = new RegExp(`<(${TYPES.join('|')}|\\*)>`, 'g');

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
interface Rule {
  type: VariableType;
  pattern: RegExp;
  /** with which characters it can begin */
  begins: RegExp;
  /** what a message must have somewhere for the rule to be tried: bits of HAS */
  needs: number;
}
/** What makes rules worth trying. */
const HAS = { nothing: 0, colon: 1, hyphen: 2, at: 4, slash: 8, backslash: 16 } as const;
const HAS_AT = new Uint8Array(128);
HAS_AT[58] = HAS.colon;
HAS_AT[45] = HAS.hyphen;
HAS_AT[64] = HAS.at;
HAS_AT[47] = HAS.slash;
HAS_AT[92] = HAS.backslash;
function whatItHas(message: string, end: number): number {
  let has = 0;
  for (let i = 0; i < end; i++) {
    const c = message.charCodeAt(i);
    if (c < 128) has |= HAS_AT[c];
  }
  return has;
}
/** Tried in order where a chunk begins; each is sticky and bounded by what it may repeat. */
const RULES: readonly Rule[] = [
  { type: 'time', begins: /[JFMASONDTW]/, needs: HAS.colon, pattern: new RegExp(`(?:${DAY},? +)?${MONTH} +\\d{1,2},? +(?:\\d{4} +)?\\d{1,2}:\\d\\d(?::\\d\\d)?(?:[.,]\\d+)?(?: +(?:[A-Z]{3,4} +)?\\d{4}\\b)?`, 'y') },
  { type: 'time', begins: /\d/, needs: HAS.nothing, pattern: /\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\w)/y },
  { type: 'uuid', begins: /[\da-f]/i, needs: HAS.hyphen, pattern: /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?!\w)/iy },
  { type: 'mac', begins: /[\da-f]/i, needs: HAS.colon, pattern: /(?:[\da-f]{2}:){5,19}[\da-f]{2}(?![\w:])/iy },
  { type: 'ip', begins: /[\da-f]/i, needs: HAS.colon, pattern: /(?=[\da-f:]{0,40}\d)(?:[\da-f]{1,4}:){7}[\da-f]{1,4}(?![\w:])/iy },
  { type: 'ip', begins: /[\da-f:]/i, needs: HAS.colon, pattern: /(?=[\da-f:]{0,40}\d)(?:[\da-f]{1,4}(?::[\da-f]{1,4}){0,6})?::(?:[\da-f]{1,4}(?::[\da-f]{1,4}){0,6})?(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/iy },
  { type: 'url', begins: /[A-Za-z]/, needs: HAS.colon | HAS.slash, pattern: /[A-Za-z][\w+.-]{0,30}:\/\/[^\s,;"'<>()[\]{}]+/y },
  { type: 'email', begins: /[\w.+-]/, needs: HAS.at, pattern: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?![\w-])/y },
  { type: 'path', begins: /[A-Za-z]/, needs: HAS.colon | HAS.backslash, pattern: /[A-Za-z]:\\[^\s,;"'<>|]*/y },
  { type: 'path', begins: /[~./]/, needs: HAS.slash, pattern: /(?:~|\.{1,2})?\/[^\s,;:"'<>()[\]{}=|]+/y },
  { type: 'host', begins: /[A-Za-z_]/, needs: HAS.colon, pattern: /[A-Za-z_][\w-]{0,62}(?:\.[\w-]{1,63}){0,8}\.[a-z]{2,24}(?=:\d{1,5}(?![\w.]))/y },
  { type: 'time', begins: /\d/, needs: HAS.colon, pattern: /\d+(?::\d+)+(?:[.,]\d+)?(?!\w)/y },
  { type: 'qty', begins: /[<+\d-]/, needs: HAS.nothing, pattern: /<?[+-]?\d+(?:\.\d+)? ?(?:[KMGTP]?i?B|[kMGT]b|secs?|ms)\b(?! ?\w*=)/y },
];
/** The rules that can begin with a character of ASCII. */
const RULES_AT: readonly (readonly Rule[])[] = Array.from({ length: 128 }, (_, c) => RULES.filter(({ begins }) => begins.test(String.fromCharCode(c))));
const NONE: readonly Rule[] = [];
/** Values that are rendered objects or say that there is none: only right behind an equals sign. */
const OBJECT = /(?:null|nil|None|\(null\))(?![\w.])|[A-Za-z_][\w.$]{0,80}\{[^{}]{1,200}\}/y;
const QUOTED = /"([^"]{1,80})"/y;
/** Leaders and rules drawn with punctuation. */
const RULE_LINE = /\.{3,}|[-_=*#]{3,}/y;
/** Cells without a value in a row of values. */
const NO_VALUE = /(?:\*{2,}|[nN]\/[aA])(?![^\s),\]])/y;
/** Behind these a value is expected. */
const OPENS_SLOT: ReadonlySet<string> = new Set(['=', '"', "'", ':', '(', '[', '{', '|']);

const IP = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const HEX = /^(?:0[xX][\da-fA-F]+|\d[\da-fA-F]+|(?=.{0,64}\d)[\da-fA-F]{6,})$/;
const NUMBER = /^[-+]?\d+(?:[.,]\d+)*%?$/;

/** Type of a value that is one chunk with a digit in it. */
function typeOfValue(value: string): VariableType {
  let digits = true;
  for (let i = 0; i < value.length && digits; i++) digits = value.charCodeAt(i) >= 48 && value.charCodeAt(i) <= 57;
  if (digits) return 'num';
  return IP.test(value) ? 'ip' : NUMBER.test(value) ? 'num' : HEX.test(value) ? 'hex' : 'id';
}

export function cut(message: string): Token[] {
  return cutText(/[\uE000-\uE00F]/.test(message) ? message.replace(/[\uE000-\uE00F]/g, '?') : message);
}

/** The tokens of a pattern, as patternText() wrote it (or, in older cases, with <*> for every variable). */
export function readPattern(pattern: string): Token[] {
  return cutText(pattern.replace(/[\uE000-\uE00F]/g, '?').replace(PLACEHOLDER, (_, type: string) => String.fromCharCode(HELD + Math.max(0, TYPES.indexOf(type === '*' ? 'text' : (type as VariableType))))));
}

function cutText(message: string): Token[] {
  const out: Token[] = [];
  const end = Math.min(message.length, MAX_MESSAGE);
  const has = whatItHas(message, end);
  let gap = false;
  let at = 0;
  const push = (kind: Token['kind'], text: string, type: Token['type'], from: number, to: number): void => {
    const before = out[out.length - 1];
    out.push({ kind, text, type, gap, slot: before !== undefined && !gap && before.kind === DELIMITER && OPENS_SLOT.has(before.text), from, to });
    gap = false;
  };
  while (at < end && out.length < MAX_TOKENS) {
    const c = message.charCodeAt(at);
    if (c <= 32) {
      gap = true;
      at++;
      continue;
    }
    if (isHeld(c)) {
      push(VARIABLE, '', TYPES[c - HELD], -1, -1);
      at++;
      continue;
    }
    const before = at > 0 ? message.charCodeAt(at - 1) : 32;
    const taken = isChunk(before) ? 0 : special(message, at, before, has, push);
    if (taken > 0) {
      at += taken;
      continue;
    }
    const leader = c === 46 || c === 45 || c === 95 || c === 61 || c === 42 || c === 35 ? match(RULE_LINE, message, at) : null;
    if (leader !== null) {
      if (out[out.length - 1]?.kind === VARIABLE && match(NO_VALUE, message, at) !== null) push(VARIABLE, '', 'empty', at, at + leader[0].length);
      else push(DELIMITER, '...', '', -1, -1);
      at += leader[0].length;
      continue;
    }
    if (!isChunk(c)) {
      push(DELIMITER, message[at], '', -1, -1);
      at++;
      continue;
    }
    let stop = at + 1;
    for (let d = stop < end ? message.charCodeAt(stop) : 32; isChunk(d) && !isHeld(d) && !(d === 46 && message.startsWith('...', stop)); d = stop < end ? message.charCodeAt(stop) : 32) stop++;
    if (stop < end && isHeld(message.charCodeAt(stop))) {
      push(PARTIAL, message.slice(at, stop), TYPES[message.charCodeAt(stop) - HELD], -1, -1);
      stop++;
    } else pushChunk(message, at, stop, has, push);
    at = stop;
  }
  return fold(out);
}

type Push = (kind: Token['kind'], text: string, type: Token['type'], from: number, to: number) => void;

/** A value that is told by a rule of its own: how many characters it takes, 0 when there is none. */
function special(message: string, at: number, before: number, has: number, push: Push): number {
  if (before === 61) {
    const object = match(OBJECT, message, at);
    if (object !== null) {
      push(VARIABLE, '', 'object', at, at + object[0].length);
      return object[0].length;
    }
    const quoted = match(QUOTED, message, at);
    if (quoted !== null && !isHeld(quoted[1].charCodeAt(0))) {
      push(DELIMITER, '"', '', -1, -1);
      const inner = quoted[1];
      if (/\d/.test(inner)) push(VARIABLE, '', typeOfValue(inner), at + 1, at + 1 + inner.length);
      else push(WORD, inner.trim(), '', -1, -1);
      push(DELIMITER, '"', '', -1, -1);
      return quoted[0].length;
    }
  }
  const code = message.charCodeAt(at);
  for (const { type, pattern, needs } of code < 128 ? RULES_AT[code] : NONE) {
    if ((has & needs) !== needs) continue;
    const found = match(pattern, message, at);
    if (found === null || found[0].length < 2) continue;
    let length = found[0].length;
    while (length > 1 && /[.,:]/.test(found[0][length - 1])) length--;
    if (type === 'path' && !/[A-Za-z0-9]/.test(found[0])) continue;
    push(VARIABLE, '', type, at, at + length);
    return length;
  }
  return 0;
}

function match(pattern: RegExp, message: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(message);
}

function pushChunk(message: string, from: number, stop: number, has: number, push: Push): void {
  let to = stop;
  while (to > from + 1 && endsSentence(message.charCodeAt(to - 1))) to--;
  if (to === from + 1 && endsSentence(message.charCodeAt(from))) to = stop;
  const word = message.slice(from, to);
  const digit = firstDigit(word);
  if ((has & HAS.slash) !== 0 && isPath(word)) push(VARIABLE, '', 'path', from, to);
  else if (digit < 0) push(WORD, word, '', -1, -1);
  else {
    let lead = digit;
    while (lead > 0 && isLetter(word.charCodeAt(lead - 1))) lead--;
    // A sign belongs to the number: blk_-160.
    const sign = lead > 0 ? word.charCodeAt(lead - 1) : 0;
    if ((sign === 45 || sign === 43) && (lead === 1 || !isLetterOrDigit(word.charCodeAt(lead - 2)))) lead--;
    const rest = lead === 0 ? word : word.slice(lead);
    // What goes on as a name with dots or hyphens is one name (adsl-67-12.example.net), not a word with a number.
    if (lead > 0 && /[A-Za-z]/.test(word.slice(0, lead)) && !/\.[A-Za-z]|-.*[A-Za-z]{2}/.test(rest)) push(PARTIAL, word.slice(0, lead), typeOfValue(rest), from + lead, to);
    else push(VARIABLE, '', typeOfValue(word), from, to);
  }
  if (to < stop) push(DELIMITER, message.slice(to, stop), '', -1, -1);
}

/** a/b/c, a/b.txt; an absolute one has a rule of its own. */
function isPath(word: string): boolean {
  const slash = word.indexOf('/');
  return slash > 0 && (word.indexOf('/', slash + 1) > 0 || /[^./]\.[A-Za-z]/.test(word));
}
function endsSentence(c: number): boolean {
  return c === 46 || c === 33 || c === 63;
}
function firstDigit(word: string): number {
  for (let i = 0; i < word.length; i++) {
    const c = word.charCodeAt(i);
    if (c >= 48 && c <= 57) return i;
  }
  return -1;
}

function isChunk(c: number): boolean {
  return c > 127 || CHUNK[c] === 1;
}
/** Whether it stands for a variable of a pattern; only readPattern() puts such characters into a text. */
function isHeld(c: number): boolean {
  return c >= HELD && c < HELD + TYPES.length;
}
function isLetterOrDigit(c: number): boolean {
  return isLetter(c) || (c >= 48 && c <= 57);
}
function isLetter(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
}

/** Takes back what differs in how many values there are: lists, second readings of a quantity, empty brackets. */
function fold(tokens: Token[]): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const next = tokens[i + 1];
    // "12853 bytes (12.5 KB) sent": the same in another unit
    if (token.text === '(' && token.gap && next?.type === 'qty' && tokens[i + 2]?.text === ')' && out.length > 1 && (out[out.length - 1].kind === VARIABLE || out[out.length - 2].kind === VARIABLE)) {
      i += 2;
      continue;
    }
    out.push(token);
    // "from 10.0.0.1 ()": a value that was empty
    if (token.gap && next && !next.gap && ((token.text === '(' && next.text === ')') || (token.text === '[' && next.text === ']'))) {
      out.push({ kind: VARIABLE, text: '', type: 'empty', gap: false, slot: true, from: -1, to: -1 });
      continue;
    }
    foldList(out);
  }
  return out;
}

/** The end of a list of values alike is one: "blk_1 blk_2 blk_3", "10.0.0.1, 10.0.0.2", "iar 1, dear 2 iar 3, dear 4". */
function foldList(out: Token[]): void {
  const last = out.length - 1;
  if (out[last].kind !== VARIABLE && out[last].kind !== PARTIAL) return;
  if (last >= 2 && out[last - 1].text === ',' && same(out[last], out[last - 2])) {
    out.length -= 2;
    out[out.length - 1].many = true;
    return;
  }
  for (let width = 1; width <= 4 && last + 1 >= 2 * width; width++) {
    if (width === 1 && !out[last].gap) continue;
    let alike = true;
    for (let k = 0; k < width && alike; k++) alike = same(out[last - k], out[last - k - width]) && (k === width - 1 || out[last - k].gap === out[last - k - width].gap);
    if (!alike) continue;
    out.length -= width;
    if (width === 1) out[out.length - 1].many = true;
    return;
  }
}
/** Of one kind: numbers go with numbers of another base, and a value that is missing goes with any. */
function same(a: Token, b: Token): boolean {
  if (a.kind !== b.kind || a.text !== b.text) return false;
  if (a.kind !== VARIABLE || a.type === b.type || a.type === 'empty' || b.type === 'empty') return true;
  return (a.type === 'num' || a.type === 'hex') && (b.type === 'num' || b.type === 'hex');
}

/** The type of a place that holds values of both. */
export function commonType(a: Token['type'], b: Token['type']): Token['type'] {
  if (a === 'empty' || a === '') return b;
  if (b === 'empty' || b === '') return a;
  if (a === 'text' || b === 'text') return 'text';
  if (a === 'list' || b === 'list') return 'list';
  if ((a === 'num' && b === 'hex') || (a === 'hex' && b === 'num')) return 'hex';
  if ((a === 'ip' && b === 'host') || (a === 'host' && b === 'ip')) return 'host';
  return 'id';
}


/** What two messages must have in common to be of one shape: everything but the variables. */
export function shapeKey(tokens: readonly Token[]): string {
  let key = '';
  for (const { kind, text } of tokens) key += kind === VARIABLE ? '\u0002\u0003' : kind === PARTIAL ? `${text}\u0001\u0003` : `${text}\u0003`;
  return key;
}

/** e.g. "Failed password for <text> from <ip> port <num> ssh2" */
export function patternText(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) {
    if (token.gap && text !== '') text += ' ';
    text += token.kind === WORD || token.kind === DELIMITER ? token.text : `${token.text}<${token.many && token.kind === VARIABLE ? 'list' : token.type === 'empty' ? 'text' : token.type}>`;
  }
  return text;
}
