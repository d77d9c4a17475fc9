/** Generators of query texts and trees for the property tests. */
import fc from 'fast-check';
import { SEVERITIES } from '../../src/shared/event.ts';
import type { CompareOp, Match, QueryNode } from '../../src/shared/query/ast.ts';
import { parseQuery } from '../../src/shared/query/grammar.ts';

const piece = fc.oneof(
  fc.constantFrom(
    'AND', 'OR', 'NOT', '-', '(', ')', '"', '/', '\\', ':', '..', '*', '?', '[', ']', ' TO ', '=', '!=', '>', '>=', '<', '~', '@', '()', '&&', '||', '//', '::', '\\/', '\\"',
    'service', 'severity', 'status', 'latency_ms', 'time', 'has', 'is', 'after', 'message', 'ip', 'attr', 'a', '@timestamp', 'high', '500', '5xx', '1.5s', 'pinned',
    '2026-10-01', '-15m', '10.0.0.0/8', '/var/log', '/x/i', 'http://x', 'C:\\W', '\n', '\u00a0', 'é', '😀', '\0', '🏴‍☠️'[0] ?? '',
  ),
  fc.string({ maxLength: 4 }),
);
/** Texts made of what means something in a query, in any order. */
export const hostileText = fc.array(fc.tuple(piece, fc.constantFrom('', '', ' ')), { maxLength: 25 }).map((parts) => parts.flat().join(''));

const value = fc.oneof(
  fc.constantFrom('api', '/usr', '/usr/x/', '/a/i', '-x', '->', '500', 'a:b', 'AND', 'x..y', '1..2', 'main()', '[x', '>=5', '\\/x', 'C:\\W', 'fe80::1', 'é', '😀', '//x', '&&', 'status', ':x', 'a"b', 'a b', 'x/'),
  fc.string({ minLength: 1, maxLength: 8 }),
);
const name = fc.oneof(
  fc.constantFrom('service', 'message', 'host', 'url', 'attr', 'a.b-c', '@x', 'time', 'is', 'my field', 'a', 'x-', 'q"\\', 'constructor', 'ab'),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const operator = fc.constantFrom<CompareOp>(':', '=', '!=');
const textMatch: fc.Arbitrary<Match> = fc.oneof(
  value.map((text): Match => ({ type: 'word', text })),
  value.map((text): Match => ({ type: 'phrase', text })),
  value.map((text): Match => ({ type: 'wildcard', pattern: `${text}*` })),
  fc.constantFrom('a', 'a/b', '[/]x', 'a b', '\\d+"', '(a|b)', '^x$').chain((source) => fc.constantFrom('', 'i', 'is').map((flags): Match => ({ type: 'regex', source: source.replace('a/b', 'a\\/b'), flags }))),
);
const moment = fc.oneof(
  fc.integer({ min: -8e15, max: 8e15 }),
  fc.integer({ min: -80_000, max: 90_000 }).map((days) => days * 86_400e6),
);
const leaf: fc.Arbitrary<QueryNode> = fc.oneof(
  textMatch.map((match): QueryNode => ({ kind: 'text', match })),
  fc.record({ kind: fc.constant('field' as const), field: name, op: operator, match: textMatch }),
  fc.record({ kind: fc.constant('field' as const), field: fc.constantFrom('status', 'latency_ms'), op: fc.constantFrom<CompareOp>('>', '<=', ':'), match: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n): Match => ({ type: 'word', text: String(n === 0 ? 0 : n) })) }),
  fc.record({ kind: fc.constant('field' as const), field: fc.constantFrom('status', 'bytes'), op: operator, match: fc.tuple(fc.nat(), fc.nat()).map(([a, b]): Match => ({ type: 'range', low: String(a), high: String(a + b) })) }),
  fc.record({ kind: fc.constant('field' as const), field: fc.constant('severity'), op: fc.constantFrom<CompareOp>('>=', ':'), match: fc.constantFrom(...SEVERITIES).map((text): Match => ({ type: 'word', text })) }),
  fc.record({ kind: fc.constant('has' as const), field: name }),
  fc.record({ kind: fc.constant('is' as const), what: fc.constantFrom('pinned' as const, 'noted' as const, 'suspect' as const, 'inferred' as const) }),
  fc.tuple(moment, fc.integer({ min: 1, max: 1e12 })).map(([from, length]): QueryNode => ({ kind: 'time', from, to: from + length })),
  moment.map((from): QueryNode => ({ kind: 'time', from, to: null })),
  moment.map((to): QueryNode => ({ kind: 'time', from: null, to })),
  fc.constant<QueryNode>({ kind: 'all' }),
);

/**
 * Trees as the parser makes them. Leaves that it would write in another way (a word with a space is a phrase) are made
 * canonical by printing and parsing them once; joins are flat and have two members at least.
 */
export const tree: fc.Arbitrary<QueryNode> = fc.letrec<{ node: QueryNode; leaf: QueryNode; and: QueryNode; or: QueryNode; not: QueryNode }>((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('and'), tie('or'), tie('not')),
  leaf,
  and: fc.array(tie('node'), { minLength: 2, maxLength: 4 }).map((nodes): QueryNode => ({ kind: 'and', nodes: nodes.flatMap((node) => (node.kind === 'and' ? node.nodes : [node])) })),
  or: fc.array(tie('node'), { minLength: 2, maxLength: 4 }).map((nodes): QueryNode => ({ kind: 'or', nodes: nodes.flatMap((node) => (node.kind === 'or' ? node.nodes : [node])) })),
  not: tie('node').map((node): QueryNode => ({ kind: 'not', node })),
})).node;

/** The tree of a text that must be right. */
export function nodeOf(text: string, options: Parameters<typeof parseQuery>[1] = {}): QueryNode {
  const result = parseQuery(text, options);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.node;
}
