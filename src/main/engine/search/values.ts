/** Tests on single values, made once from a query's match and used for many values. */
import type { CompareOp, Match } from '../../../shared/query/ast.ts';
import { asciiLower, wildcardToRegExp, wordMatcher } from '../../../shared/query/tokenise.ts';
import { parseCidr } from './cidr.ts';

export type ValueTest = (value: string) => boolean;

function regexOf(match: Match & { type: 'regex' }): RegExp {
  return new RegExp(match.source, match.flags.replace(/[gy]/g, ''));
}

/** For keyword fields: the whole value, case aside; wildcards and expressions; a CIDR block for addresses. */
export function keywordTest(match: Match, field: string): ValueTest {
  switch (match.type) {
    case 'word':
    case 'phrase': {
      const block = field === 'ip' && match.text.includes('/') ? parseCidr(match.text) : null;
      if (block) return block;
      const wanted = asciiLower(match.text);
      return (value) => value.length === wanted.length && asciiLower(value) === wanted;
    }
    case 'wildcard': {
      const pattern = wildcardToRegExp(match.pattern, { whole: true });
      return (value) => pattern.test(value);
    }
    case 'regex': {
      const pattern = regexOf(match);
      return (value) => pattern.test(value);
    }
    case 'range':
      return numberTest(':', match, (value) => value);
  }
}

/** For texts: words inside them. */
export function textTest(match: Match): ValueTest {
  switch (match.type) {
    case 'word':
    case 'phrase':
      return wordMatcher(match.text);
    case 'wildcard': {
      const pattern = wildcardToRegExp(match.pattern);
      return (value) => pattern.test(value);
    }
    case 'regex': {
      const pattern = regexOf(match);
      return (value) => pattern.test(value);
    }
    case 'range':
      return () => false;
  }
}

/** A comparison of numbers given as text. */
export function numberTest(op: CompareOp, match: Match, prepare: (value: string) => string = (value) => value): ValueTest {
  const compare = comparison(op, match);
  return (value) => {
    const number = Number(prepare(value));
    return value.trim() !== '' && !Number.isNaN(number) && compare(number);
  };
}

/** A comparison of numbers. */
export function comparison(op: CompareOp, match: Match): (value: number) => boolean {
  if (match.type === 'range') {
    const low = match.low === null || match.low === '' ? Number.NEGATIVE_INFINITY : Number(match.low);
    const high = match.high === null || match.high === '' ? Number.POSITIVE_INFINITY : Number(match.high);
    return (value) => value >= low && value <= high;
  }
  if (match.type === 'wildcard' || match.type === 'regex') {
    const test = keywordTest(match, '');
    return (value) => test(String(value));
  }
  const wanted = Number(match.text);
  switch (op) {
    case '>':
      return (value) => value > wanted;
    case '>=':
      return (value) => value >= wanted;
    case '<':
      return (value) => value < wanted;
    case '<=':
      return (value) => value <= wanted;
    default:
      return (value) => value === wanted;
  }
}
