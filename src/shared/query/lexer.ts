/**
 * Cuts a query text into lexemes that cover it without gaps. Total and linear: it never throws, and what is wrong
 * becomes an 'error' lexeme whose text is the message. The parser, the highlighter and completion all read these.
 */
import { isKnownName } from './names.ts';

type LexemeKind =
  | 'space' | 'open' | 'close' | 'and' | 'or' | 'not' | 'minus'
  | 'field' | 'op' | 'word' | 'wildcard' | 'phrase' | 'regex' | 'interval' | 'error';

export interface Lexeme {
  kind: LexemeKind;
  from: number;
  to: number;
  /** what it says: the unescaped phrase, the field name, the regex source, low..high of [low TO high], the message of an error */
  text: string;
  /** regex: its flags. field: 'quoted' when the name was in quotes. error: 'unclosed' for a quote. Otherwise ''. */
  flags: string;
}

/** Longest query text, in characters (UTF-16 units). The same bound as the contract's scope. */
export const MAX_QUERY_LENGTH = 65_536;

const KEYWORDS = new Map<string, LexemeKind>([['AND', 'and'], ['OR', 'or'], ['NOT', 'not']]);
const ADDRESS = /^[0-9a-f]{1,4}(:[0-9a-f]{0,4}){2,7}([%/][\w.-]{0,16})?(?=[\s()"]|$)/i;
const LONGEST_ADDRESS = 64;
const REGEX_FLAGS = /^[dgimsuvy]*$/;
const LOOKS_LIKE_REGEX = /\\[wdsbWDSB.]|\[|\^|\||\.[*+]/;

export interface Lexed {
  lexemes: Lexeme[];
  /** characters looked at: the tests hold this to a multiple of the length */
  steps: number;
}

/** Cuts `text`; what is beyond MAX_QUERY_LENGTH is one error lexeme. */
export function lex(text: string): Lexed {
  const lexer = new Lexer(text.slice(0, MAX_QUERY_LENGTH));
  lexer.run();
  if (text.length > MAX_QUERY_LENGTH) {
    lexer.add('error', MAX_QUERY_LENGTH, text.length, `A query may have ${MAX_QUERY_LENGTH} characters; this one has ${text.length}.`);
  }
  return { lexemes: lexer.lexemes, steps: lexer.steps };
}

class Lexer {
  readonly lexemes: Lexeme[] = [];
  steps = 0;
  private readonly text: string;
  private pos = 0;
  /** one entry an open parenthesis: are we among the values of a field:( )? */
  private readonly groups: boolean[] = [];

  constructor(text: string) {
    this.text = text;
  }

  add(kind: LexemeKind, from: number, to: number, text = '', flags = ''): void {
    this.lexemes.push({ kind, from, to, text, flags });
    this.pos = to;
  }

  run(): void {
    while (this.pos < this.text.length) this.next();
  }

  private at(index: number): string {
    this.steps++;
    return this.text[index] ?? '';
  }
  private isSpace(index: number): boolean {
    return /\s/.test(this.at(index));
  }
  /** End of text, space or a closing parenthesis: nothing can belong to what came before. */
  private isTermEnd(index: number): boolean {
    return index >= this.text.length || this.at(index) === ')' || this.isSpace(index);
  }

  private next(): void {
    const from = this.pos;
    const char = this.at(from);
    const afterOp = this.lexemes.at(-1)?.kind === 'op';
    const amongValues = this.groups.at(-1) ?? false;
    if (this.isSpace(from)) {
      let to = from + 1;
      while (to < this.text.length && this.isSpace(to)) to++;
      this.add('space', from, to);
    } else if (char === '(') {
      this.groups.push(afterOp || amongValues);
      this.add('open', from, from + 1);
    } else if (char === ')') {
      this.groups.pop();
      this.add('close', from, from + 1);
    } else if (char === '"') {
      this.phrase(from, !afterOp && !amongValues);
    } else if (!afterOp && char === '-' && !this.isTermEnd(from + 1) && !'->='.includes(this.at(from + 1))) {
      this.add('minus', from, from + 1);
    } else if (char === '/' && this.regex(from)) {
      return;
    } else if ((afterOp || amongValues) && char === '[' && this.interval(from)) {
      return;
    } else if (!afterOp && this.field(from, amongValues)) {
      return;
    } else {
      this.word(from, afterOp);
    }
  }

  private phrase(from: number, mayBeName: boolean): void {
    let value = '';
    let index = from + 1;
    for (;;) {
      if (index >= this.text.length) {
        const hint = value.endsWith('"') ? ' A backslash before a quote makes the quote part of the phrase; write \\\\ for a backslash at the end.' : '';
        this.add('error', from, this.text.length, `The quote that opens here is not closed: add " at the end.${hint}`, 'unclosed');
        return;
      }
      const char = this.at(index);
      if (char === '"') break;
      const following = char === '\\' ? this.at(index + 1) : '';
      if (following === '"' || following === '\\') {
        value += following;
        index += 2;
      } else {
        // Any other backslash stands for itself: "C:\Windows" means what it says.
        value += char;
        index++;
      }
    }
    const to = index + 1;
    const op = mayBeName && value !== '' ? this.operator(to) : null;
    if (op !== null && !this.isTermEnd(op.to) && this.readsAsField(op.op, op.to, null, false)) {
      this.add('field', from, to, value, 'quoted');
      this.add('op', to, op.to, op.op);
    } else {
      this.add('phrase', from, to, value);
    }
  }

  /**
   * /source/flags, or false when the slash starts a path. It is a regular expression when the first closing slash is
   * followed by flags and the end of the term; /var/log is text. Linear: a scan that fails without passing a slash
   * ends at the next slash, where the next scan can begin at the earliest; a scan that passed one becomes an error.
   */
  private regex(from: number): boolean {
    if (this.isTermEnd(from + 1) || this.at(from + 1) === '/') return false;
    let inClass = false;
    let passedSlash = false;
    let close = -1;
    for (let index = from + 1; index < this.text.length && close < 0; index++) {
      const char = this.at(index);
      if (char === '\\') index++;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && inClass) passedSlash = true;
      else if (char === '/') close = index;
    }
    if (close >= 0) {
      let to = close + 1;
      while (to - close <= 9 && /[a-z]/.test(this.at(to))) to++;
      const flags = this.text.slice(close + 1, to);
      if (this.isTermEnd(to) && REGEX_FLAGS.test(flags) && new Set(flags).size === flags.length) {
        this.add('regex', from, to, this.text.slice(from + 1, close), flags);
        return true;
      }
    }
    const end = this.wordEnd(from);
    if (!passedSlash && (close >= 0 || !LOOKS_LIKE_REGEX.test(this.text.slice(from, end)))) return false;
    this.add('error', from, passedSlash ? this.text.length : end, 'This regular expression is not closed: end it with /. To search for the text itself put it in quotes; a / inside the expression is written \\/.');
    return true;
  }

  /** [low TO high], or false when the bracket is just text. */
  private interval(from: number): boolean {
    // Bounded by what two values can need, so that many brackets stay linear.
    const ahead = this.text.slice(from, from + 200);
    this.steps += 8;
    const whole = /^\[\s{0,9}([^\s\]]{1,80})\s{1,9}TO\s{1,9}([^\s\]]{1,80})\s{0,9}\]/.exec(ahead);
    if (whole !== null) {
      const [all, low = '', high = ''] = whole;
      this.add('interval', from, from + all.length, `${low === '*' ? '' : low}..${high === '*' ? '' : high}`);
      return true;
    }
    const begun = /^\[\s{0,9}[^\s\]]{1,80}\s{1,9}TO(?=\s|$)/.exec(ahead);
    if (begun === null) return false;
    this.add('error', from, from + begun[0].length, 'A range is written [low TO high], for instance [500 TO 599]; the end or the closing ] is missing.');
    return true;
  }

  private operator(from: number): { op: string; to: number } | null {
    const first = this.at(from);
    const second = this.at(from + 1);
    if (first === ':') {
      // status:>=500 is how some other tools write it.
      if (second !== '>' && second !== '<') return { op: ':', to: from + 1 };
      return this.at(from + 2) === '=' ? { op: `${second}=`, to: from + 3 } : { op: second, to: from + 2 };
    }
    if ('!<>'.includes(first) && first !== '' && second === '=') return { op: first + second, to: from + 2 };
    return first !== '' && '=<>'.includes(first) ? { op: first, to: from + 1 } : null;
  }

  /** Whether name (null: a quoted one), operator and what follows are a field term rather than text that looks like one. */
  private readsAsField(op: string, valueFrom: number, name: string | null, known: boolean): boolean {
    const next = this.at(valueFrom);
    if (op === ':') {
      if (next === ':') return false; // std::string
      if (next === '/' && this.at(valueFrom + 1) === '/') return false; // http://
      if (name?.length === 1 && '\\/'.includes(next)) return false; // C:\Windows
      return true;
    }
    if (op.startsWith('>') && name?.endsWith('-')) return false; // a->b
    if (known || op === '=' || op === '!=') return known || !'=<>~'.includes(next); // YWJj==, a=>b
    return /[-+.\d"]/.test(next); // List<String>
  }

  private field(from: number, amongValues: boolean): boolean {
    let end = from;
    if (!/[A-Za-z_@]/.test(this.at(from))) return false;
    while (end < this.text.length && /[\w.@-]/.test(this.at(end))) end++;
    const op = this.operator(end);
    if (op === null) return false;
    const name = this.text.slice(from, end);
    const known = isKnownName(name);
    if (amongValues) {
      if (!known || !this.readsAsField(op.op, op.to, name, known)) return false;
      this.add('error', from, op.to, `${name} begins another field inside the parentheses of a field: close them first, or put the value in quotes.`);
      return true;
    }
    if (this.isTermEnd(op.to)) {
      if (!known) return false; // "error: connection refused" is text
      this.add('field', from, end, name);
      this.add('error', end, op.to, `A value must follow directly after ${this.text.slice(from, op.to)}, without a space.`);
      return true;
    }
    if (!this.readsAsField(op.op, op.to, name, known)) return false;
    if (known && op.op !== ':' && '=<>~'.includes(this.at(op.to))) {
      this.add('field', from, end, name);
      this.add('error', end, op.to + 1, `There is no operator ${this.text.slice(end, op.to + 1)}: use : = != > >= < or <=, and field:/.../ for a regular expression.`);
      return true;
    }
    if (!known && op.op === ':' && ADDRESS.test(this.text.slice(from, from + LONGEST_ADDRESS))) return false;
    this.add('field', from, end, name);
    this.add('op', end, op.to, op.op);
    return true;
  }

  /** Where a word ends: space, parenthesis or quote; () right after a name, as in main(), belongs to it. */
  private wordEnd(from: number): number {
    let to = from;
    while (to < this.text.length) {
      const char = this.at(to);
      if (char === '(' && to > from && this.at(to + 1) === ')') to++;
      else if (char === '(' || char === ')' || char === '"' || this.isSpace(to)) break;
      to++;
    }
    return to;
  }

  private word(from: number, afterOp: boolean): void {
    const to = this.wordEnd(from);
    // \/ at the start is a slash that begins no regular expression.
    const text = this.text.slice(this.at(from) === '\\' && this.at(from + 1) === '/' ? from + 1 : from, to);
    if (afterOp) {
      this.add(/[*?]/.test(text) ? 'wildcard' : 'word', from, to, text);
      return;
    }
    const keyword = KEYWORDS.get(text);
    const before = this.lexemes.at(-1)?.kind === 'space' ? this.lexemes.at(-2) : undefined;
    if (keyword !== undefined) {
      this.add(keyword, from, to, text);
    } else if (text === '&&' || text === '||') {
      this.add('error', from, to, `Write ${text === '&&' ? 'AND (or just a space)' : 'OR'} instead of ${text}; put it in quotes to search for it.`);
    } else if (before?.kind === 'word' && isKnownName(before.text) && this.operator(from) !== null) {
      this.add('error', from, to, `Write ${before.text}${this.operator(from)?.op ?? ''} and the value without spaces; put ${text} in quotes to search for it.`);
    } else {
      this.add(/[*?]/.test(text) ? 'wildcard' : 'word', from, to, text);
    }
  }
}
