/**
 * What a word is, for searching: the ONE definition that the text index and the exact check share.
 * A token is a run of A-Z a-z 0-9 _ and everything that is not ASCII; A-Z are compared as a-z, nothing else is folded
 * (Unicode case folding changes lengths and differs between bytes and characters, so the index could not agree with it).
 */
import { MAX_PATTERN_LENGTH } from './regex-source.ts';

/** 1 for the bytes of UTF-8 text that belong to a token, by byte value. */
export const isTokenByte: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x80 || /\w/.test(String.fromCharCode(byte)) ? 1 : 0));

function isTokenCode(code: number): boolean {
  return code >= 0x80 || isTokenByte[code] === 1;
}

/** A-Z to a-z, nothing else; the length stays. */
export function asciiLower(text: string): string {
  // toLowerCase is many times faster, and the same where all is ASCII.
  return /[^\x00-\x7f]/.test(text) ? text.replace(/[A-Z]+/g, (run) => run.toLowerCase()) : text.toLowerCase();
}

/** The tokens of a text in order, lower-cased. */
export function tokensOf(text: string): string[] {
  const lowered = asciiLower(text);
  const tokens: string[] = [];
  let start = -1;
  for (let index = 0; index <= lowered.length; index++) {
    const inside = index < lowered.length && isTokenCode(lowered.charCodeAt(index));
    if (inside && start < 0) start = index;
    if (!inside && start >= 0) {
      tokens.push(lowered.slice(start, index));
      start = -1;
    }
  }
  return tokens;
}

/** Says whether a haystack holds the text as whole tokens; made once for many haystacks. */
export function wordMatcher(text: string, caseInsensitive = true): (haystack: string) => boolean {
  const needle = caseInsensitive ? asciiLower(text) : text;
  return (haystack) => findWord(caseInsensitive ? asciiLower(haystack) : haystack, needle, 0) >= 0;
}

/**
 * Whether `haystack` holds the exact run of characters `text` with a token boundary at each end where the text's own
 * end is a token character. The empty text is in everything.
 */
export function matchWord(haystack: string, text: string, caseInsensitive = true): boolean {
  return wordMatcher(text, caseInsensitive)(haystack);
}

/** Where `needle` occurs with token boundaries at or after `from`, or -1. Both must be lower-cased by the caller if case does not matter. */
export function findWord(haystack: string, needle: string, from: number): number {
  const startsInToken = needle !== '' && isTokenCode(needle.charCodeAt(0));
  const endsInToken = needle !== '' && isTokenCode(needle.charCodeAt(needle.length - 1));
  let at = haystack.indexOf(needle, from);
  while (at >= 0) {
    const end = at + needle.length;
    const leftFree = !startsInToken || at === 0 || !isTokenCode(haystack.charCodeAt(at - 1));
    const rightFree = !endsInToken || end >= haystack.length || !isTokenCode(haystack.charCodeAt(end));
    if (leftFree && rightFree) return at;
    let next = at + 1;
    // The next start cannot be inside the token that is under way; without this a long run of one letter costs its square.
    if (startsInToken) while (next < haystack.length && isTokenCode(haystack.charCodeAt(next - 1))) next++;
    at = haystack.indexOf(needle, next);
  }
  return -1;
}

const TOKEN_CLASS = '[A-Za-z0-9_\\u0080-\\u{10ffff}]';
/** Not in the middle of a token. Always so beside a separator, whichever side it is on. */
const BOUNDARY = `(?!(?<=${TOKEN_CLASS})${TOKEN_CLASS})`;

/**
 * A regular expression for a pattern in which * is any run and ? one character; A-Z match a-z. A token boundary is
 * required at an end without a star; `whole` instead demands that the entire value matches
 * (keyword fields). Time is bounded by pattern length times text length: each run between stars is
 * taken at its first place and never tried again (an atomic group, written as look-ahead and back-reference), which is
 * enough for this kind of pattern (Kirk Krauss, "Matching wildcards: an algorithm").
 * Throws RangeError for a pattern longer than MAX_PATTERN_LENGTH, which the parser has refused already.
 */
export function wildcardToRegExp(pattern: string, options: { whole?: boolean } = {}): RegExp {
  if (pattern.length > MAX_PATTERN_LENGTH) throw new RangeError(`A pattern may have ${MAX_PATTERN_LENGTH} characters.`);
  const whole = options.whole ?? false;
  const runs = pattern.split(/\*+/);
  const last = runs.length - 1;
  let source = '^';
  let group = 0;
  runs.forEach((run, index) => {
    let body = [...run].map(oneCharacter).join('');
    if (!whole && index === 0 && run !== '') body = BOUNDARY + body;
    if (!whole && index === last && run !== '') body += BOUNDARY;
    if (whole && index === last) source += index === 0 ? `${body}$` : `[^]*?${body}$`;
    else if (whole && index === 0) source += body;
    else if (run !== '') source += `(?=([^]*?${body}))\\${++group}`;
  });
  return new RegExp(source, 'u');
}

function oneCharacter(char: string): string {
  if (char === '?') return '[^]';
  if (/[A-Za-z]/.test(char)) return `[${char.toUpperCase()}${char.toLowerCase()}]`;
  const code = char.codePointAt(0) ?? 0;
  return /\d|_/.test(char) ? char : `\\u{${code.toString(16)}}`;
}
