/**
 * What a query means. The grammar (grammar.ts) produces this tree, the engine evaluates it, the window offers completion on it.
 *
 * Meaning of the leaves
 * - text: over the text of an event = its message and the values its record holds (not the field names of JSON records).
 *   word: whole tokens (runs of letters, digits, _), case-insensitive; a text with separators such as 10.0.0.5 or timed-out is
 *   the exact run of characters with token boundaries at both ends. phrase: the same, quoted, may hold spaces.
 *   wildcard: * any run, ? one character, within the message or one value; a token boundary is required at an end that has no star.
 *   regex: over the message only (raw:/.../ for the record), JavaScript syntax without look-behind, case-sensitive unless /i.
 * - field: over a column field or an attribute. Keyword fields compare the whole value, case-insensitively; text fields (message,
 *   raw) search in it as above; numbers compare as numbers; severity compares by rank; ip also takes CIDR blocks.
 */
import type { FieldName } from '../event.ts';

export type Match =
  | { type: 'word'; text: string }
  | { type: 'phrase'; text: string }
  | { type: 'wildcard'; pattern: string }
  | { type: 'regex'; source: string; flags: string }
  /** low/high in the field's own unit, bounds inclusive; null = open (only from the a..b form) */
  | { type: 'range'; low: string | null; high: string | null };

export type CompareOp = ':' | '=' | '!=' | '>' | '>=' | '<' | '<=';

export type QueryNode =
  | { kind: 'all' }
  | { kind: 'and'; nodes: QueryNode[] }
  | { kind: 'or'; nodes: QueryNode[] }
  | { kind: 'not'; node: QueryNode }
  | { kind: 'text'; match: Match }
  /** `field` is a FieldName where the name or an alias of it was typed, else the attribute name as typed */
  | { kind: 'field'; field: FieldName | (string & {}); op: CompareOp; match: Match }
  | { kind: 'has'; field: FieldName | (string & {}) }
  /** pinned: on an investigation; noted: a note is about it; suspect: TIME_SUSPECT; inferred: TIME_INFERRED */
  | { kind: 'is'; what: 'pinned' | 'noted' | 'suspect' | 'inferred' }
  /** half-open [from, to) microseconds UTC; null = open */
  | { kind: 'time'; from: number | null; to: number | null };

interface QueryError {
  /** what is wrong and what would be right, in a sentence */
  message: string;
  /** character positions in the text, to > from */
  from: number;
  to: number;
}
export type ParseResult = { ok: true; node: QueryNode } | { ok: false; error: QueryError };
