/**
 * Where the named groups of a regular expression stand in a match, without the 'd' flag: V8 runs an expression with 'd' twice and
 * makes an object and a pair for each group, which costs more than everything else a line format does.
 *
 * The expression is rewritten so that all of its text lies in captures or has a fixed length; a group then starts where the lengths
 * before it end. Capturing more does not change what matches. Expressions that cannot be taken apart (a named group that repeats,
 * back references, the v flag) keep the 'd' flag.
 */

/** Places of the named groups, in the order they are written: `from[i]` is -1 when group i took no part. */
interface Placed {
  readonly from: Int32Array;
  readonly to: Int32Array;
}
export interface PositionedPattern extends Placed {
  /** names of the groups; a name can come twice in alternatives */
  readonly names: readonly string[];
  /** Looks for the expression in `text` and fills `from` and `to`. False when it does not match. */
  match(text: string): boolean;
}

/** A stretch of an expression: its rewritten source and how long its text is. */
type Part =
  /** no named group inside; `length` -1 = it varies */
  | { kind: 'plain'; source: string; length: number }
  /** a group that is named or holds named ones; `ahead`: it is a look-ahead, and has no length */
  | { kind: 'group'; name: string; ahead: boolean; alternatives: Part[][]; quantifier: string };

/** What stands at a place of the match: a fixed length, a capture, or a named group (slot >= 0), with the steps inside it. */
interface Step {
  length: number;
  capture: number;
  slot: number;
  inside: readonly (readonly Step[])[];
}

class Unsupported extends Error {}

const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y;
const ESCAPE = /\\(?:x[\dA-Fa-f]{2}|u\{[\dA-Fa-f]+\}|u[\dA-Fa-f]{4}|c[A-Za-z]|[pP]\{[^}]*\}|[^])/y;
const GROUP = /\((?:\?(?:<(?![=!])([A-Za-z_$][\w$]*)>|(<?[=!]|:)))?/y;

/** Takes an expression's source apart; throws Unsupported where that is beyond it. */
class Reader {
  private readonly source: string;
  private readonly wanted: (name: string) => boolean;
  private at = 0;

  constructor(source: string, wanted: (name: string) => boolean) {
    this.source = source;
    this.wanted = wanted;
  }

  whole(): Part[][] {
    const parts = this.alternatives();
    if (this.at < this.source.length) throw new Unsupported('a closing parenthesis too many');
    return parts;
  }

  private alternatives(): Part[][] {
    const all: Part[][] = [[]];
    while (this.at < this.source.length && this.source[this.at] !== ')') {
      if (this.source[this.at] === '|') {
        this.at++;
        all.push([]);
      } else {
        all[all.length - 1].push(this.part());
      }
    }
    return all;
  }

  private take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.source);
    if (found) this.at += found[0].length;
    return found;
  }

  private part(): Part {
    const atom = this.source[this.at] === '(' ? this.group() : this.character();
    const quantifier = this.take(QUANTIFIER)?.[0] ?? '';
    if (atom.kind === 'group') {
      if (!['', '?', '??'].includes(quantifier)) throw new Unsupported('a named group repeats');
      return { ...atom, quantifier };
    }
    const times = quantifier === '' ? 1 : Number(/^\{(\d+)\}/.exec(quantifier)?.[1] ?? -1);
    return { kind: 'plain', source: atom.source + quantifier, length: times < 0 || atom.length < 0 ? (atom.length === 0 ? 0 : -1) : atom.length * times };
  }

  private character(): Part & { kind: 'plain' } {
    const c = this.source[this.at];
    if (c === '\\') {
      const escape = this.take(ESCAPE)?.[0] ?? '';
      if (/^\\[1-9k]/.test(escape) || escape === '') throw new Unsupported('a back reference');
      return { kind: 'plain', source: escape, length: escape === '\\b' || escape === '\\B' ? 0 : 1 };
    }
    const start = this.at++;
    if (c === '[') {
      while (this.at < this.source.length && this.source[this.at] !== ']') this.at += this.source[this.at] === '\\' ? 2 : 1;
      this.at++;
    }
    return { kind: 'plain', source: this.source.slice(start, this.at), length: c === '^' || c === '$' ? 0 : 1 };
  }

  private group(): Part {
    const opening = this.take(GROUP);
    if (!opening || this.source[this.at] === '?') throw new Unsupported('an unknown kind of group');
    const [, written = '', mark = ':'] = opening;
    const name = written !== '' && this.wanted(written) ? written : '';
    const alternatives = this.alternatives();
    if (this.source[this.at++] !== ')') throw new Unsupported('a parenthesis is not closed');
    if (name !== '' || alternatives.flat().some(({ kind }) => kind === 'group')) {
      if (mark !== ':' && mark !== '=') throw new Unsupported('a named group in a look-behind or a negative look-around');
      return { kind: 'group', name, ahead: mark === '=', alternatives, quantifier: '' };
    }
    const sources = alternatives.map((parts) => parts.map((part) => (part.kind === 'plain' ? part.source : '')).join(''));
    const lengths = new Set(alternatives.map((parts) => lengthOf(parts)));
    const length = mark !== ':' ? 0 : lengths.size === 1 ? [...lengths][0] : -1;
    return { kind: 'plain', source: `(?${mark}${sources.join('|')})`, length };
  }
}

function lengthOf(parts: readonly Part[]): number {
  let sum = 0;
  for (const part of parts) {
    if (part.kind === 'group' || part.length < 0) return -1;
    sum += part.length;
  }
  return sum;
}

/** Writes the rewritten expression and the steps that find its groups. */
class Writer {
  readonly names: string[] = [];
  private captures = 0;

  alternatives(all: readonly Part[][]): { source: string; steps: Step[][] } {
    const written = all.map((parts) => this.sequence(parts));
    return { source: written.map(({ source }) => source).join('|'), steps: written.map(({ steps }) => steps) };
  }

  private sequence(parts: readonly Part[]): { source: string; steps: Step[] } {
    const steps: Step[] = [];
    let source = '';
    const last = parts.findLastIndex(({ kind }) => kind === 'group');
    for (let i = 0; i < parts.length; ) {
      const part = parts[i];
      if (part.kind === 'group') {
        source += this.group(part, steps);
        i++;
        continue;
      }
      const from = i;
      while (i < parts.length && parts[i].kind === 'plain') i++;
      const run = parts.slice(from, i);
      const text = run.map((plain) => (plain.kind === 'plain' ? plain.source : '')).join('');
      const length = lengthOf(run);
      // Behind the last group nobody asks how long the text is.
      const asked = from < last;
      if (asked && length < 0) source += `(${text})`;
      else source += text;
      if (asked) steps.push({ length: Math.max(length, 0), capture: length < 0 ? ++this.captures : 0, slot: -1, inside: [] });
    }
    return { source, steps };
  }

  private group({ name, ahead, alternatives, quantifier }: Part & { kind: 'group' }, steps: Step[]): string {
    if (ahead) {
      const { source, steps: inside } = this.alternatives(alternatives);
      steps.push({ length: 0, capture: 0, slot: -1, inside });
      return `(?=${source})${quantifier}`;
    }
    const capture = ++this.captures;
    const slot = name === '' ? -1 : this.names.push(name) - 1;
    const { source, steps: inside } = this.alternatives(alternatives);
    steps.push({ length: 0, capture, slot, inside: inside.filter((list) => list.length > 0) });
    return `(${source})${quantifier}`;
  }
}

/**
 * An expression whose groups can be placed in a match. It is matched as written, but from the text's beginning (no g or y flag).
 * `wanted` says which groups count: the others cost nothing.
 */
export function positioned(pattern: RegExp, wanted: (name: string) => boolean = () => true): PositionedPattern {
  const flags = pattern.flags.replace(/[gyd]/g, '');
  try {
    if (flags.includes('v')) throw new Unsupported('the v flag');
    const writer = new Writer();
    const { source, steps } = writer.alternatives(new Reader(pattern.source, wanted).whole());
    return byLengths(new RegExp(source, flags), writer.names, steps);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return byIndices(new RegExp(pattern.source, `${flags}d`), wanted);
  }
}

function byLengths(expression: RegExp, names: readonly string[], steps: readonly (readonly Step[])[]): PositionedPattern {
  const from = new Int32Array(names.length);
  const to = new Int32Array(names.length);

  function place(list: readonly Step[], start: number, found: RegExpExecArray): void {
    let at = start;
    for (let i = 0; i < list.length; i++) {
      const step = list[i];
      if (step.capture === 0) {
        for (const inside of step.inside) place(inside, at, found);
        at += step.length;
        continue;
      }
      const text = found[step.capture] as string | undefined;
      const end = text === undefined ? at : at + text.length;
      if (step.slot >= 0) {
        from[step.slot] = text === undefined ? -1 : at;
        to[step.slot] = end;
      }
      for (const inside of step.inside) place(inside, at, found);
      at = end;
    }
  }
  return {
    names, from, to,
    match(text) {
      const found = expression.exec(text);
      if (!found) return false;
      for (const list of steps) place(list, found.index, found);
      return true;
    },
  };
}

function byIndices(expression: RegExp, wanted: (name: string) => boolean): PositionedPattern {
  const groups = groupsOf(expression).filter(({ name }) => wanted(name));
  const from = new Int32Array(groups.length);
  const to = new Int32Array(groups.length);
  return {
    names: groups.map(({ name }) => name), from, to,
    match(text) {
      const indices = expression.exec(text)?.indices;
      if (!indices) return false;
      groups.forEach(({ index }, slot) => {
        const range = indices[index] as [number, number] | undefined;
        from[slot] = range ? range[0] : -1;
        to[slot] = range ? range[1] : -1;
      });
      return true;
    },
  };
}

/** The named groups of an expression with their numbers. */
export function groupsOf(expression: RegExp): { name: string; index: number }[] {
  const groups: { name: string; index: number }[] = [];
  let index = 0;
  let inClass = false;
  const { source } = expression;
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (c === '\\') i++;
    else if (c === '[') inClass = true;
    else if (c === ']') inClass = false;
    else if (c === '(' && !inClass) {
      const name = /^\(\?<([A-Za-z_$][\w$]*)>/.exec(source.slice(i, i + 80));
      if (name) groups.push({ name: name[1], index: ++index });
      else if (source[i + 1] !== '?') index++;
    }
  }
  return groups;
}
