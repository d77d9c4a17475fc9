/** What the detectors that compare rows with rows know of each row. */
import { periodOf } from './period.ts';
import { spreadOf } from './spread.ts';

/** Rows that the local mean and scatter look back on. */
const BACK = 6;
/** In robust standard deviations; further out is further out. */
const FURTHEST = 1e6;

export interface RowFeatures {
  names: string[];
  /** row after row, `names.length` numbers each, in robust standard deviations from the median */
  table: Float64Array;
  /** rows of the series that are in the table; those without a value are not */
  rows: Int32Array;
}

/** Level, step from the row before, local mean, local scatter, and what is left without the season where there is one. Features that never vary are left out. */
export function rowFeatures(values: Float64Array): RowFeatures {
  const n = values.length;
  const change = values.map((value, i) => (i === 0 ? 0 : value - values[i - 1]));
  const mean = new Float64Array(n);
  const scatter = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let count = 0;
    let sum = 0;
    let moves = 0;
    for (let k = Math.max(0, i - BACK + 1); k <= i; k++) {
      if (!Number.isFinite(values[k])) continue;
      count++;
      sum += (values[k] - sum) / count;
      if (Number.isFinite(change[k])) moves += Math.abs(change[k]) / BACK;
    }
    mean[i] = sum;
    scatter[i] = moves;
  }
  const columns: [string, Float64Array][] = [['level', values], ['step', change], ['local mean', mean], ['local scatter', scatter]];
  const period = periodOf(values);
  if (period > 0) columns.push(['against one period before', values.map((value, i) => (i < period ? 0 : value - values[i - period]))]);
  const scaled = columns.flatMap(([name, column]) => {
    const spread = spreadOf(column);
    if (spread === null || spread.sigma === 0) return [];
    const { median, sigma } = spread;
    return [{ name, column: column.map((value) => { const z = value / sigma - median / sigma; return Number.isNaN(z) ? 0 : Math.max(-FURTHEST, Math.min(FURTHEST, z)); }) }];
  });
  const rows = Int32Array.from({ length: n }, (_, i) => i).filter((i) => Number.isFinite(values[i]));
  const table = new Float64Array(rows.length * scaled.length);
  rows.forEach((row, i) => scaled.forEach(({ column }, k) => (table[i * scaled.length + k] = column[row])));
  return { names: scaled.map(({ name }) => name), table, rows };
}

/** The feature in which a row is furthest out, in words. */
export function oddest({ names, table }: RowFeatures, i: number): { name: string; z: number } {
  const width = names.length;
  let best = 0;
  for (let k = 1; k < width; k++) if (Math.abs(table[i * width + k]) > Math.abs(table[i * width + best])) best = k;
  return { name: names[best], z: table[i * width + best] };
}
