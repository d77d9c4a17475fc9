/** Where the words of the query stand in a message, to mark them. Positions only: the text stays text. */
import { highlightTerms } from '../../../shared/query/terms.ts';
import type { HighlightTerm } from '../../../shared/query/terms.ts';
import { parseQuery } from '../../../shared/query/grammar.ts';

interface Hit {
  from: number;
  to: number;
}
export type FindHits = (text: string) => Hit[];

/** Rows show no more of a message than this, so no more is searched. */
const LOOKED_AT = 500;
const MOST_HITS = 50;
/** An expression of somebody's own that took longer than this so often is not tried again: marks are not worth a stalled list. Once may be the machine. */
const SLOW_MS = 8;
const MOST_SLOW = 3;
const TOKEN = '[\\p{L}\\p{N}_]';

function escape(text: string): string {
  // Only what the u flag lets be escaped; a hyphen is not among it.
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
/** A boundary is only asked where the text itself ends in a token character, as the search does. */
function bounded(source: string, first: string, last: string): string {
  const isToken = new RegExp(TOKEN, 'u');
  return `${isToken.test(first) ? `(?<!${TOKEN})` : ''}${source}${isToken.test(last) ? `(?!${TOKEN})` : ''}`;
}

/**
 * Whether an expression is safe to run here, where nothing can interrupt it: no group with a choice or a repetition inside is
 * itself repeated, no back reference, few open repetitions. The engine, which can be interrupted, searches with any of them.
 */
export function isTame(source: string): boolean {
  const groups: boolean[] = [false];
  let open = 0;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') {
      if (/[1-9k]/.test(source[at + 1] ?? '')) return false;
      at++;
    } else if (char === '[') {
      while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
    } else if (char === '(') groups.push(false);
    else if (char === ')') {
      const restless = groups.pop() ?? false;
      const repeated = /^(?:[*+]|\{\d+,?\d*\})/.test(source.slice(at + 1));
      if (restless && repeated) return false;
      if (groups.length > 0) groups[groups.length - 1] ||= restless || repeated;
    } else if (char === '*' || char === '+' || char === '|' || (char === '{' && /^\{\d+,/.test(source.slice(at)))) {
      groups[groups.length - 1] = true;
      if (char !== '|') open++;
    }
  }
  return open <= 2;
}

function expressionOf(term: HighlightTerm): RegExp | null {
  switch (term.type) {
    case 'word':
    case 'phrase': {
      if (term.text === '') return null;
      return new RegExp(bounded(escape(term.text), term.text[0], [...term.text].at(-1) ?? ''), 'giu');
    }
    case 'wildcard': {
      const core = term.pattern.replace(/^\*+|\*+$/g, '');
      if (core === '') return null;
      const source = [...core].map((char) => (char === '*' ? '.{0,200}?' : char === '?' ? '.' : escape(char))).join('');
      if ((core.match(/\*/g) ?? []).length > 3) return null;
      const head = term.pattern.startsWith('*') ? '' : core[0];
      const tail = term.pattern.endsWith('*') ? '' : ([...core].at(-1) ?? '');
      return new RegExp(bounded(source, head, tail), 'giu');
    }
    case 'regex': {
      if (!isTame(term.source)) return null;
      try {
        return new RegExp(term.source, term.flags.includes('i') ? 'gi' : 'g');
      } catch (error) {
        // The engine's dialect takes an expression that this runtime does not: the search works, the marks are left out.
        if (error instanceof SyntaxError) return null;
        throw error;
      }
    }
  }
}

/** Makes the finder for a query; a query that cannot be read finds nothing. */
export function makeFinder(query: string): FindHits {
  const parsed = parseQuery(query);
  const terms = parsed.ok ? highlightTerms(parsed.node) : [];
  // Words take no longer than their message is long.
  let expressions = terms.flatMap((term) => {
    const expression = expressionOf(term);
    return expression ? [{ expression, own: term.type === 'regex' || term.type === 'wildcard', slow: 0 }] : [];
  });
  if (expressions.length === 0) return () => [];
  return (text) => {
    const looked = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
    const found: Hit[] = [];
    for (const one of expressions) {
      const started = performance.now();
      for (const match of looked.matchAll(one.expression)) {
        if (match[0].length > 0) found.push({ from: match.index, to: match.index + match[0].length });
        if (found.length >= MOST_HITS) break;
      }
      if (one.own && performance.now() - started > SLOW_MS && ++one.slow >= MOST_SLOW) expressions = expressions.filter((other) => other !== one);
    }
    return merge(found);
  };
}
/** Sorted, with overlapping stretches as one. */
function merge(hits: Hit[]): Hit[] {
  hits.sort((a, b) => a.from - b.from);
  const merged: Hit[] = [];
  for (const hit of hits) {
    const last = merged.at(-1);
    if (last && hit.from <= last.to) last.to = Math.max(last.to, hit.to);
    else merged.push({ ...hit });
  }
  return merged;
}
