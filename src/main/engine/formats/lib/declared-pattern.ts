/**
 * Regular expressions from people we do not know: what they may look like. A pattern runs on hostile text millions of times, so those
 * that can take exponential time are refused when they are loaded.
 */

export const MAX_PATTERN_LENGTH = 2000;
/** A group with a repeat inside may itself come this often at most: four numbers with dots are fine. */
const MAX_OUTER_REPEAT = 16;

/** Compiles a declared pattern, or throws an Error that says why it is refused. */
export function safePattern(source: string): RegExp {
  if (source.length > MAX_PATTERN_LENGTH) throw new Error(`the pattern has ${source.length} characters, at most ${MAX_PATTERN_LENGTH} are allowed`);
  let expression: RegExp;
  try {
    expression = new RegExp(source, 'd');
  } catch (error) {
    throw new Error(`the pattern is no regular expression: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const reason = danger(source);
  if (reason !== '') throw new Error(reason);
  return expression;
}

interface Level {
  at: number;
  /** an unbounded repeat stands somewhere inside */
  repeats: boolean;
}

/** Why a pattern is refused; '' when it is not. */
function danger(source: string): string {
  const open: Level[] = [{ at: 0, repeats: false }];
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    let inner = false;
    if (c === '\\') {
      const next = source[++i] ?? '';
      if ((next >= '1' && next <= '9') || next === 'k') return `it refers back to a group (${source.slice(i - 1, i + 3)}), which can take forever on some texts`;
    } else if (c === '[') {
      for (i++; i < source.length && source[i] !== ']'; i++) if (source[i] === '\\') i++;
    } else if (c === '(') {
      if (/^\(\?<[=!]/.test(source.slice(i, i + 4))) return `it looks behind (${source.slice(i, i + 4)}), which is not supported`;
      open.push({ at: i, repeats: false });
      continue;
    } else if (c === ')') {
      const group = open.pop();
      inner = group?.repeats ?? false;
      if (inner) open[open.length - 1].repeats = true;
      const repeat = repeatAt(source, i + 1);
      if (inner && repeat > MAX_OUTER_REPEAT) {
        return `a repeat stands inside another (${source.slice(group?.at ?? 0, i + 2)}), which can take forever on some texts: repeat a character class instead`;
      }
    } else if (c === '*' || c === '+' || c === '{' || c === '?' || c === '|' || c === '^' || c === '$') {
      continue;
    }
    if (repeatAt(source, i + 1) === Infinity) open[open.length - 1].repeats = true;
  }
  return '';
}

/** How often the thing before `i` may come at most. */
function repeatAt(source: string, i: number): number {
  const c = source[i];
  if (c === '*' || c === '+') return Infinity;
  const range = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(i, i + 16));
  if (!range) return 1;
  return range[2] === '' ? Number(range[1]) : range[3] === '' ? Infinity : Number(range[3]);
}
