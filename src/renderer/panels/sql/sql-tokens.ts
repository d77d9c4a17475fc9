/** Spans of an SQLite statement for colours: keywords, strings, numbers, comments. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  ('SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET AS AND OR NOT IN IS NULL LIKE GLOB BETWEEN JOIN LEFT INNER OUTER CROSS ON USING UNION ALL DISTINCT EXCEPT INTERSECT ' +
    'CASE WHEN THEN ELSE END CAST WITH RECURSIVE ASC DESC OVER PARTITION EXISTS COLLATE COUNT SUM MIN MAX AVG EXPLAIN QUERY PLAN VALUES FILTER').split(' '),
);
export interface SqlToken {
  kind: 'keyword' | 'phrase' | 'number' | 'operator';
  from: number;
  to: number;
}
const TOKEN = /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*'?)|(\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|([A-Za-z_]\w*)/g;

/** The coloured spans in order; names and punctuation have none. */
export function sqlTokens(text: string): SqlToken[] {
  const found: SqlToken[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [whole, comment, string, number, word] = match;
    const kind = comment ? 'operator' : string ? 'phrase' : number ? 'number' : KEYWORDS.has(word.toUpperCase()) ? 'keyword' : null;
    if (kind) found.push({ kind, from: match.index, to: match.index + whole.length });
  }
  return found;
}
