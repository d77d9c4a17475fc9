/** What of a query is worth marking in the messages it finds. */
import type { Match, QueryNode } from './ast.ts';

export type HighlightTerm = Extract<Match, { type: 'word' | 'phrase' | 'wildcard' | 'regex' }>;

/** The words, phrases, patterns and expressions that messages are asked to hold, each once; nothing below a NOT. */
export function highlightTerms(node: QueryNode): HighlightTerm[] {
  const found = new Map<string, HighlightTerm>();
  collect(node, found);
  return [...found.values()];
}

function collect(node: QueryNode, found: Map<string, HighlightTerm>): void {
  if (node.kind === 'and' || node.kind === 'or') {
    for (const each of node.nodes) collect(each, found);
    return;
  }
  const inMessage = node.kind === 'text' || (node.kind === 'field' && node.field === 'message' && (node.op === ':' || node.op === '='));
  if (inMessage && node.match.type !== 'range') found.set(JSON.stringify(node.match), node.match);
}
