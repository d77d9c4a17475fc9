/**
 * Regular expressions of rules: Sigma means PCRE, the engine is JavaScript's. Written anew piece by piece, so that what the two do not mean alike
 * is either put into the other's words or refused with a name, and never matches something else.
 */

/** What an expression asks for that is not known here. */
export class RegexProblem extends Error {}

const REFUSED: Readonly<Record<string, string>> = { '>': 'atomic groups', '|': 'branch reset groups', '&': 'subroutines', R: 'recursion', '*': 'verbs' };
const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: '\\s', blank: ' \\t', punct: '!-\\/:-@\\[-`{-~', xdigit: '0-9A-Fa-f', word: '\\w', cntrl: '\\x00-\\x1f\\x7f', print: ' -~', graph: '!-~',
};
/** Letters behind a backslash that mean the same in both. */
const ALIKE = 'dDwWsSbBnrtfv';
const literal = (c: string): string => (/[\^$\\.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c);

/** An expression in JavaScript's words. `flags`: i, m and s as modifiers give them. Throws RegexProblem, or SyntaxError where it is no expression. */
export function compileRegex(written: string, flags: string): RegExp {
  const inline = /^\^?\(\?([a-zA-Z]+)\)/.exec(written);
  let source = written;
  let all = flags;
  if (inline) {
    for (const flag of inline[1]) {
      if (!'ims'.includes(flag)) throw new RegexProblem(`the flag "${flag}"`);
      if (!all.includes(flag)) all += flag;
    }
    source = `${written.startsWith('^') ? '^' : ''}${written.slice(inline[0].length)}`;
  }
  const { text, unicode } = new Translation(source, all).run();
  return new RegExp(text, unicode ? `${all}u` : all);
}

class Translation {
  readonly #source: string;
  readonly #lines: boolean;
  readonly #dots: boolean;
  #at = 0;
  #out = '';
  #unicode = false;
  /** what was written last can be repeated, or was repeated already */
  #last: 'piece' | 'repeat' | 'none' = 'none';

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#lines = flags.includes('m');
    this.#dots = flags.includes('s');
  }

  run(): { text: string; unicode: boolean } {
    while (this.#at < this.#source.length) this.#piece();
    return { text: this.#out, unicode: this.#unicode };
  }

  #emit(text: string, last: 'piece' | 'repeat' | 'none' = 'piece'): void {
    this.#out += text;
    this.#last = last;
  }
  #match(expression: RegExp): RegExpExecArray | null {
    const found = expression.exec(this.#source.slice(this.#at, this.#at + 200));
    if (found) this.#at += found[0].length;
    return found;
  }

  #piece(): void {
    const c = this.#source[this.#at];
    if (c === '\\') this.#escape(false);
    else if (c === '[') this.#class();
    else if (c === '(') this.#group();
    else if (c === '*' || c === '+' || c === '?' || c === '{') this.#repeat(c);
    else {
      this.#at++;
      // A dot of PCRE takes everything but \n; JavaScript's not \r either, with which lines of Windows end.
      if (c === '.') this.#emit(this.#dots ? '.' : '[^\\n]');
      else this.#emit(c === '}' || c === ']' ? `\\${c}` : c, c === '^' || c === '|' ? 'none' : 'piece');
    }
  }

  #repeat(c: string): void {
    const counted = c === '{' ? this.#match(/^\{(?:\d+(?:,\d*)?|,\d+)\}/) : null;
    if (c === '{' && !counted) {
      this.#at++;
      this.#emit('\\{');
      return;
    }
    if (this.#last === 'repeat') {
      if (c === '+') throw new RegexProblem('possessive quantifiers');
      if (c !== '?') throw new SyntaxError('Nothing to repeat');
    }
    if (!counted) this.#at++;
    this.#emit(counted?.[0].replace('{,', '{0,') ?? c, this.#last === 'repeat' ? 'piece' : 'repeat');
  }

  #group(): void {
    if (this.#match(/^\(\?#[^)]*\)/)) return;
    const named = this.#match(/^\(\?(?:P?<(\w+)>|'(\w+)')/);
    if (named) {
      this.#emit(`(?<${named[1] ?? named[2]}>`, 'none');
      return;
    }
    const back = this.#match(/^\(\?P=(\w+)\)/);
    if (back) {
      this.#emit(`\\k<${back[1]}>`);
      return;
    }
    const special = /^\((?:\?([>|&R\d+P'-]|[a-zA-Z^-]+\))|(\*))/.exec(this.#source.slice(this.#at, this.#at + 20));
    if (special) throw new RegexProblem(special[2] === undefined ? ((Object.hasOwn(REFUSED, special[1]) ? REFUSED[special[1]] : undefined) ?? (special[1].endsWith(')') ? 'flags in the middle' : 'subroutines')) : REFUSED['*']);
    this.#emit(this.#match(/^\((?:\?(?:<?[=!]|[a-z-]*:))?/)?.[0] ?? '(', 'none');
  }

  #class(): void {
    const [open] = this.#match(/^\[\^?/) ?? ['['];
    this.#emit(open);
    // The first bracket of a class of PCRE is one of its characters.
    if (this.#source[this.#at] === ']') {
      this.#at++;
      this.#emit('\\]');
    }
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']') {
      const posix = this.#match(/^\[:(\^?)([a-z]+):\]/);
      const known = posix && Object.hasOwn(CLASSES, posix[2]) ? CLASSES[posix[2]] : undefined;
      if (posix && (known === undefined || posix[1] !== '')) throw new RegexProblem(`the class ${posix[0]}`);
      if (known !== undefined) this.#emit(known);
      else if (this.#source[this.#at] === '\\') this.#escape(true);
      else {
        const c = this.#source[this.#at++];
        this.#emit(c === '[' ? '\\[' : c);
      }
    }
    if (this.#at >= this.#source.length) throw new SyntaxError('Unterminated character class');
    this.#at++;
    this.#emit(']');
  }

  #escape(inClass: boolean): void {
    const quoted = this.#match(/^\\Q([^]*?)(?:\\E|$)/);
    if (quoted) {
      for (const c of quoted[1]) this.#emit(c === '-' && inClass ? '\\-' : literal(c));
      return;
    }
    const code = this.#match(/^\\x(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2}))/);
    if (code) {
      const value = Number.parseInt(code[1] ?? code[2], 16);
      if (value > 0xffff) throw new RegexProblem('characters above \\x{ffff}');
      this.#emit(`\\u${value.toString(16).padStart(4, '0')}`);
      return;
    }
    const property = this.#match(/^\\[pP](?:\{\^?\w+\}|[A-Z])/);
    if (property) {
      this.#unicode = true;
      this.#emit(property[0].replace(/^(\\[pP])([A-Z])$/, '$1{$2}'));
      return;
    }
    const kept = this.#match(/^\\(?:u[0-9a-fA-F]{4}|k<\w+>|[1-9]\d?|0)/);
    if (kept) {
      this.#emit(kept[0]);
      return;
    }
    const c = this.#source[this.#at + 1];
    if (c === undefined) throw new SyntaxError('\\ at end of pattern');
    this.#at += 2;
    if (ALIKE.includes(c)) this.#emit(`\\${c}`);
    else if (c === 'a') this.#emit('\\x07');
    else if (c === 'e') this.#emit('\\x1b');
    else if (c === 'h') this.#emit(inClass ? ' \\t\\xa0' : '[ \\t\\xa0]');
    else if (c === 'R' && !inClass) this.#emit('(?:\\r\\n|[\\n\\v\\f\\r])');
    else if (c === 'A' && !inClass) this.#emit(this.#lines ? '(?<![^])' : '^', 'none');
    else if (c === 'z' && !inClass) this.#emit(this.#lines ? '(?![^])' : '$', 'none');
    else if (c === 'Z' && !inClass) this.#emit('(?=\\n?(?![^]))', 'none');
    else if (/[A-Za-z0-9]/.test(c)) throw new RegexProblem(`\\${c}`);
    else this.#emit(c === '-' && inClass ? '\\-' : literal(c));
  }
}
