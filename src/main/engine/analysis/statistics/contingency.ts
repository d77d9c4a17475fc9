/** Whether two ways of sorting the same things have to do with each other. */
import { chiSquareUpper } from './distributions.ts';

export interface ChiSquare {
  chiSquare: number;
  df: number;
  p: number;
  /** strength, 0..1 (Cramer's V) */
  v: number;
  /** the smallest expected count; below 5 the probability is rough */
  leastExpected: number;
}

/** Pearson's test of independence, without continuity correction. `table[row][column]` are counts; empty rows and columns are left out. */
export function chiSquareIndependence(table: readonly ArrayLike<number>[]): ChiSquare {
  const width = Math.max(0, ...table.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, j) => table.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  const rows = table.map((row) => columns.reduce((sum, _, j) => sum + (row[j] ?? 0), 0));
  const n = rows.reduce((sum, count) => sum + count, 0);
  let chiSquare = 0;
  let leastExpected = Number.POSITIVE_INFINITY;
  rows.forEach((row, i) => {
    columns.forEach((column, j) => {
      const expected = (row * column) / n;
      if (!(expected > 0)) return;
      leastExpected = Math.min(leastExpected, expected);
      chiSquare += ((table[i][j] ?? 0) - expected) ** 2 / expected;
    });
  });
  const height = rows.filter((count) => count > 0).length;
  const across = columns.filter((count) => count > 0).length;
  const df = (height - 1) * (across - 1);
  const least = Math.min(height, across) - 1;
  return { chiSquare, df, p: df > 0 ? chiSquareUpper(chiSquare, df) : 1, v: least > 0 ? Math.sqrt(chiSquare / (n * least)) : 0, leastExpected };
}
