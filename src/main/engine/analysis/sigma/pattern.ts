/**
 * Strings of Sigma rules: * is any text, ? any one character, a backslash takes the meaning from * ? and \ and is itself elsewhere
 * (Sigma specification, "Escaping"). Matching is greedy from star to star, so its cost is bounded whatever the pattern: no backtracking.
 */

/** Characters that the windash modifier takes for each other. */
export const DASHES = '-/\u2013\u2014\u2015';
/** Stand for things in a pattern; from the private use area, which rules and logs do not use. */
export const ANY_TEXT = '\ue0f0';
export const ANY_CHAR = '\ue0f1';
const ANY_DASH = '\ue0f2';
const SPECIAL = new RegExp(`[${ANY_TEXT}${ANY_CHAR}${ANY_DASH}]`);
const SPECIALS = new RegExp(SPECIAL, 'g');

/** A value as it is written in a rule, with wildcards as the characters above. */
export function readPattern(written: string): string {
  let out = '';
  const text = written.replace(SPECIALS, '');
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && i + 1 < text.length && '*?\\'.includes(text[i + 1])) out += text[++i];
    else out += c === '*' ? ANY_TEXT : c === '?' ? ANY_CHAR : c;
  }
  return out;
}
/** A text in which nothing is a wildcard. */
export function literalPattern(text: string): string {
  return text.replace(SPECIALS, '');
}
export function hasWildcard(pattern: string): boolean {
  return SPECIAL.test(pattern);
}

/** Dashes in front of words become any dash. */
export function withAnyDash(pattern: string): string {
  return pattern.replace(/\B[-/]\b/g, ANY_DASH);
}

export interface Pattern {
  /** the text between stars; folded to lower case unless cased */
  segments: string[];
  cased: boolean;
}

export function compilePattern(pattern: string, cased: boolean): Pattern {
  const segments = (cased ? pattern : pattern.toLowerCase()).split(ANY_TEXT);
  // Stars beside each other are one.
  return { segments: segments.filter((segment, i) => segment !== '' || i === 0 || i === segments.length - 1), cased };
}

/** Whether all of a text is the pattern. `lower` = the text in lower case. */
export function matchPattern({ segments, cased }: Pattern, value: string, lower: string): boolean {
  const text = cased ? value : lower;
  const first = segments[0];
  if (segments.length === 1) return text.length === first.length && at(text, first, 0);
  const last = segments[segments.length - 1];
  if (text.length < first.length + last.length || !at(text, first, 0) || !at(text, last, text.length - last.length)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (let i = 1; i < segments.length - 1; i++) {
    const found = find(text, segments[i], from);
    if (found < 0 || found + segments[i].length > end) return false;
    from = found + segments[i].length;
  }
  return true;
}

function at(text: string, segment: string, from: number): boolean {
  if (!SPECIAL.test(segment)) return text.startsWith(segment, from);
  for (let i = 0; i < segment.length; i++) {
    const wanted = segment[i];
    const c = text[from + i];
    if (c === undefined || !(wanted === ANY_CHAR || (wanted === ANY_DASH ? DASHES.includes(c) : wanted === c))) return false;
  }
  return true;
}
function find(text: string, segment: string, from: number): number {
  if (!SPECIAL.test(segment)) return text.indexOf(segment, from);
  for (let i = from; i + segment.length <= text.length; i++) if (at(text, segment, i)) return i;
  return -1;
}

/**
 * The longest stretch of a pattern that stands in the bytes of every record that has a match, in lower case and without backslashes and
 * quotes: formats write these in front of, or instead of, others, so prefilter.ts passes over them. ASCII alone, as formats may write the rest as codes.
 * '' = none.
 */
export function surest({ segments }: { segments: readonly string[] }): string {
  let best = '';
  for (const segment of segments) {
    for (const run of segment.toLowerCase().replaceAll(/[\\"]/g, '').match(/[ !#-[\]-~]+/g) ?? []) if (run.length > best.length) best = run;
  }
  return best;
}
