/** Spans of a query text for highlighting. */
import { lex } from './lexer.ts';
import type { Lexeme } from './lexer.ts';

type TokenKind = 'space' | 'field' | 'operator' | 'word' | 'phrase' | 'wildcard' | 'regex' | 'number' | 'keyword' | 'paren' | 'error';
export interface Token {
  kind: TokenKind;
  /** character positions, [from, to) */
  from: number;
  to: number;
}

/** The spans of `text`, in order, without gaps or overlaps. Never throws. */
export function tokens(text: string): Token[] {
  const { lexemes } = lex(text);
  return lexemes.map((lexeme, index) => ({ kind: kindOf(lexeme, lexemes[index - 1]), from: lexeme.from, to: lexeme.to }));
}

function kindOf(lexeme: Lexeme, before: Lexeme | undefined): TokenKind {
  switch (lexeme.kind) {
    case 'open': case 'close': return 'paren';
    case 'and': case 'or': case 'not': return 'keyword';
    case 'minus': case 'op': return 'operator';
    case 'interval': return 'number';
    case 'word': return before?.kind === 'op' && /^[-+]?[\d.]+(?:e[+-]?\d+)?(?:[a-zµ]{1,3})?$/i.test(lexeme.text) && /\d/.test(lexeme.text) ? 'number' : 'word';
    default: return lexeme.kind;
  }
}
