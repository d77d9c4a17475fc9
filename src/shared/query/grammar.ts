/**
 * The search language: text to tree. The meaning of the tree is in ast.ts; docs/query-language.md shows it by example.
 *
 *   query    = [ or ]                                       nothing = everything
 *   or       = and { "OR" and }
 *   and      = unary { [ "AND" ] unary }                    side by side = AND
 *   unary    = ( "NOT" | "-" ) unary | primary
 *   primary  = "(" or ")" | field | word | wildcard | phrase | regex
 *   field    = name op value | name ( ":" | "=" | "!=" ) "(" values ")"
 *   values   = or, where every primary is a value of the field
 *   op       = ":" | "=" | "!=" | ">" | ">=" | "<" | "<="    (":>=" is ">=" too)
 *   value    = word | wildcard | phrase | regex | range | "*" (has the field)
 *   range    = low ".." high | low ".." | ".." high | "[" low "TO" high "]"   numbers, severities, times
 *   name     = ( letter | "_" | "@" ) { letter | digit | "_" | "." | "@" | "-" } | phrase
 *   word     = characters without space, parentheses and "     wildcard = a word with * or ?
 *   phrase   = '"' { character | '\"' | '\\' } '"'              regex    = "/" source "/" { i m s u }
 *
 * Names: is: has: time: after: before: and aliases of fields; a quoted name is a field whatever it is called.
 * Not a field although there is a colon: 12:30:45, http://x, C:\dir, ::1, fe80::1, a::b, "word:" before a space.
 * AND OR NOT are keywords in capitals only. A slash starts a regex only where another ends it: /var/log is text,
 * and \/ at the start of a word is always text.
 * Where a quantity is wrong (numbers, severities, times, blocks of addresses) the error says what would be right.
 */
import type { CompareOp, ParseResult, QueryNode } from './ast.ts';
import { fieldHead, fieldTerm, freeTerm } from './field-terms.ts';
import type { FieldHead } from './field-terms.ts';
import { lex } from './lexer.ts';
import type { Lexeme } from './lexer.ts';
import { Refusal } from './refusal.ts';
import { isZone } from './time-text.ts';
import type { Clock } from './time-text.ts';

export interface ParseOptions {
  /** IANA zone in which times without one are meant; default UTC */
  zone?: string;
  /** microseconds UTC that relative times count from; default the clock */
  now?: number;
}
/** Deepest nesting of parentheses and NOTs. */
export const MAX_DEPTH = 100;

/** Parses a query. Never throws, time linear in the length. */
export function parseQuery(text: string, options: ParseOptions = {}): ParseResult {
  const parsed = parseTerms(text, options);
  return parsed.ok ? { ok: true, node: parsed.node } : parsed;
}

/** A term of the outermost AND and where it stands in the text. */
export interface Term {
  node: QueryNode;
  from: number;
  to: number;
}
export interface Terms {
  node: QueryNode;
  /** in the order of the text; one when the text is alternatives */
  terms: Term[];
  /** the text is a OR b without parentheses around */
  alternatives: boolean;
}
/** Parses a query and also says which outermost terms must all hold. Never throws. */
export function parseTerms(text: string, options: ParseOptions = {}): ({ ok: true } & Terms) | Extract<ParseResult, { ok: false }> {
  const clock = { zone: options.zone ?? 'UTC', now: Math.floor(options.now ?? Date.now() * 1000) };
  try {
    return { ok: true, ...new Parser(lex(text).lexemes, clock).parse() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, error: { message: error.message, from: error.from, to: Math.max(error.to, error.from + 1) } };
  }
}

class Parser {
  private readonly lexemes: Lexeme[];
  private readonly clock: Clock;
  private pos = 0;
  private depth = 0;

  constructor(lexemes: Lexeme[], clock: Clock) {
    const fault = lexemes.find((each) => each.kind === 'error');
    if (fault !== undefined) throw new Refusal(fault.text, fault.from, fault.to);
    this.lexemes = lexemes.filter((each) => each.kind !== 'space');
    this.clock = clock;
  }

  parse(): Terms {
    const first = this.lexemes[0];
    const last = this.lexemes.at(-1);
    if (first === undefined || last === undefined) return { node: { kind: 'all' }, terms: [], alternatives: false };
    if (!isZone(this.clock.zone)) throw new Refusal(`The time zone ${this.clock.zone} is not known: use an IANA name such as Europe/Berlin.`, first.from, first.to);
    const branches = this.branches(null);
    const extra = this.lexemes[this.pos];
    if (extra !== undefined) throw new Refusal('This ) closes nothing: there is no ( before it. Put it in quotes to search for it.', extra.from, extra.to);
    const node = joined('or', branches.map((terms) => joined('and', terms.map((term) => term.node))));
    const [only] = branches;
    const alternatives = branches.length > 1;
    return { node, alternatives, terms: alternatives || only === undefined ? [{ node, from: first.from, to: last.to }] : only };
  }

  private branches(head: FieldHead | null): Term[][] {
    const branches = [this.terms(head)];
    while (this.lexemes[this.pos]?.kind === 'or') {
      this.pos++;
      branches.push(this.terms(head));
    }
    return branches;
  }

  private terms(head: FieldHead | null): Term[] {
    const terms: Term[] = [];
    for (;;) {
      const next = this.lexemes[this.pos];
      if (terms.length > 0) {
        if (next === undefined || next.kind === 'or' || next.kind === 'close') break;
        if (next.kind === 'and') this.pos++;
      }
      const from = this.lexemes[this.pos]?.from ?? 0;
      const node = this.unary(head);
      terms.push({ node, from, to: this.lexemes[this.pos - 1]?.to ?? from });
    }
    if (head !== null) refuseTwoValues(head, terms);
    return terms;
  }

  private unary(head: FieldHead | null): QueryNode {
    const next = this.lexemes[this.pos];
    if (next === undefined || next.kind === 'close' || next.kind === 'and' || next.kind === 'or') throw this.missing(next);
    if (next.kind !== 'not' && next.kind !== 'minus') return this.primary(next, head);
    this.pos++;
    return { kind: 'not', node: this.nested(next, () => this.unary(head)) };
  }

  /** A term was expected at `next`. */
  private missing(next: Lexeme | undefined): Refusal {
    const before = this.lexemes[this.pos - 1];
    const name = (lexeme: Lexeme): string => (lexeme.kind === 'minus' ? '-' : lexeme.text);
    if (before !== undefined && (before.kind === 'and' || before.kind === 'or' || before.kind === 'not' || before.kind === 'minus')) {
      return new Refusal(`${name(before)} needs a term after it. Put "${name(before)}" in quotes to search for it.`, before.from, before.to);
    }
    if (next?.kind === 'close') {
      return before?.kind === 'open'
        ? new Refusal('There is nothing between these parentheses: put a term in or remove them.', before.from, next.to)
        : new Refusal('This ) closes nothing: there is no ( before it. Put it in quotes to search for it.', next.from, next.to);
    }
    if (next !== undefined) return new Refusal(`${next.text} needs a term before it. Put "${next.text}" in quotes to search for it.`, next.from, next.to);
    return new Refusal('This ( is not closed: add ) at the end.', before?.from ?? 0, before?.to ?? 1);
  }

  private nested<T>(at: Lexeme, parse: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new Refusal(`This is nested deeper than ${MAX_DEPTH} levels: use fewer parentheses and NOTs.`, at.from, at.to);
    const result = parse();
    this.depth--;
    return result;
  }

  private primary(next: Lexeme, head: FieldHead | null): QueryNode {
    if (next.kind === 'open') return this.group(next, head);
    this.pos++;
    if (next.kind !== 'field') return head === null ? freeTerm(next) : fieldTerm(head, next, this.clock);
    const op = this.lexemes[this.pos++];
    const value = this.lexemes[this.pos];
    // The lexer puts an operator only between a name and a value.
    if (op === undefined || value === undefined) throw new Refusal(`${next.text} needs a value.`, next.from, next.to);
    const named = fieldHead(next, op.text as CompareOp);
    if (value.kind !== 'open') {
      this.pos++;
      return fieldTerm(named, value, this.clock);
    }
    if (named.op !== ':' && named.op !== '=' && named.op !== '!=') throw new Refusal(`${named.op} takes one value, not parentheses: write ${next.text}${named.op}value.`, op.from, value.to);
    // a!=(x OR y) is neither of them, not "differs from x or from y", which is always so.
    if (named.op === '!=') return { kind: 'not', node: this.group(value, { ...named, op: ':' }) };
    return this.group(value, named);
  }

  private group(open: Lexeme, head: FieldHead | null): QueryNode {
    this.pos++;
    const branches = this.nested(open, () => this.branches(head));
    if (this.lexemes[this.pos]?.kind !== 'close') throw new Refusal('This ( is not closed: add ) where the group ends.', open.from, open.to);
    this.pos++;
    return joined('or', branches.map((terms) => joined('and', terms.map((term) => term.node))));
  }
}

/** One node of several, without nesting like in like. */
function joined(kind: 'and' | 'or', nodes: QueryNode[]): QueryNode {
  const flat = nodes.flatMap((node) => (node.kind === kind ? node.nodes : [node]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind, nodes: flat };
}

/** host:(a b) asks for an event whose host is both: never what was meant. */
function refuseTwoValues(head: FieldHead, terms: Term[]): void {
  if (head.column === undefined || head.column.kind === 'text') return;
  const plain = terms.filter(({ node }) => node.kind === 'field' && (node.match.type === 'word' || node.match.type === 'phrase'));
  const second = plain[1];
  if (second !== undefined) throw new Refusal(`An event has one ${head.typed}, so it cannot be two values at once: write ${head.typed}:(one OR another).`, second.from, second.to);
}
