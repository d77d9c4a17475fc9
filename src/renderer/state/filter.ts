/** Adding and taking away field filters in the text of a query. */
export type FilterMode = 'include' | 'exclude';

/** A value as it must be written in a query: bare where that is unambiguous, else quoted with escapes. */
export function quoteValue(value: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(value) && !/^(AND|OR|NOT)$/i.test(value) && !value.includes('..')) return value;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
}

/** The clause for one value of a field; '' means that the event lacks the field. */
export function clause(field: string, value: string, mode: FilterMode): string {
  const negative = (value === '') !== (mode === 'exclude');
  const positive = value === '' ? `has:${field}` : `${field}:${quoteValue(value)}`;
  return negative ? `-${positive}` : positive;
}

function hasClause(query: string, wanted: string): { from: number; to: number } | null {
  let start = 0;
  for (;;) {
    const from = query.indexOf(wanted, start);
    if (from < 0) return null;
    const to = from + wanted.length;
    const before = from === 0 || /[\s(]/.test(query[from - 1]);
    const after = to === query.length || /[\s)]/.test(query[to]);
    // Inside a quoted phrase it is text, not a clause.
    if (before && after && (query.slice(0, from).match(/(?<!\\)"/g) ?? []).length % 2 === 0) return { from, to };
    start = from + 1;
  }
}
function without(query: string, part: { from: number; to: number }): string {
  return `${query.slice(0, part.from).trimEnd()} ${query.slice(part.to).trimStart()}`.trim();
}

/**
 * The query with one more filter. Already there: unchanged. The opposite there as a clause of its own: replaced. A query with OR
 * is bracketed first, so that the filter narrows all of it.
 */
export function withFilter(query: string, field: string, value: string, mode: FilterMode): string {
  const wanted = clause(field, value, mode);
  const opposite = clause(field, value, mode === 'include' ? 'exclude' : 'include');
  let text = query.trim();
  const simple = !/\bOR\b|\|\|/i.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
  if (simple) {
    if (hasClause(text, wanted)) return text;
    const there = hasClause(text, opposite);
    if (there) text = without(text, there);
  }
  if (text === '') return wanted;
  return simple ? `${text} ${wanted}` : `(${text}) ${wanted}`;
}

/** The query without a filter that `withFilter` added. */
export function withoutFilter(query: string, field: string, value: string, mode: FilterMode): string {
  const there = hasClause(query, clause(field, value, mode));
  return there ? without(query, there) : query;
}
