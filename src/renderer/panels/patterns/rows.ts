/** Which patterns are listed, in which order, and what of them is in a table that is taken along. */
import type { PatternRow } from '../../../shared/contract/patterns.ts';
import { toCsv } from '../../ui/csv.ts';

export const SHOWN = ['all', 'new', 'gone', 'rare'] as const;
export type Shown = (typeof SHOWN)[number];
export const SORTS = ['text', 'count', 'other', 'ratio', 'first', 'last'] as const;
export type Sort = (typeof SORTS)[number];

const IS: Readonly<Record<Shown, (row: PatternRow) => boolean>> = { all: () => true, new: (row) => row.isNew, gone: (row) => row.isGone, rare: (row) => row.isRare };

export function countOf(rows: readonly PatternRow[], shown: Shown): number {
  return rows.filter(IS[shown]).length;
}

/** A pattern is found by parts of its text in any order, whatever their case. */
export function listed(rows: readonly PatternRow[], shown: Shown, words: string): PatternRow[] {
  const parts = words.toLowerCase().split(/\s+/).filter((part) => part !== '');
  return rows.filter((row) => IS[shown](row) && parts.every((part) => row.text.toLowerCase().includes(part)));
}

/** By a column; largest first unless `ascending`. Equal ones stay in the order of their counts. What has no ratio is last either way. */
export function sorted(rows: readonly PatternRow[], by: Sort, ascending: boolean): PatternRow[] {
  const sign = ascending ? 1 : -1;
  const strength = ({ ratio, isNew, isGone }: PatternRow): number => (isNew ? Number.POSITIVE_INFINITY : isGone ? 0 : ratio);
  return [...rows].sort((a, b) => {
    if (by === 'text') return sign * a.text.localeCompare(b.text, 'en');
    const [x, y] = by === 'ratio' ? [strength(a), strength(b)] : [a[by], b[by]];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x === y ? b.count - a.count : sign * (x - y);
  });
}

/** "× 12", "× 0.08"; "new" and "gone" where there is nothing to divide by; '' where nothing is compared. */
export function ratioText({ ratio, isNew, isGone }: PatternRow): string {
  if (isNew) return 'new';
  if (isGone) return 'gone';
  if (Number.isNaN(ratio)) return '';
  return `× ${ratio >= 9.95 ? Math.round(ratio).toLocaleString('en-GB') : ratio >= 0.995 ? ratio.toFixed(1) : ratio.toPrecision(2)}`;
}

/** times as ISO 8601 UTC */
export function patternsCsv(rows: readonly PatternRow[]): string {
  const stamp = (time: number): string => (Number.isFinite(time) ? new Date(time / 1000).toISOString() : '');
  return toCsv(
    ['pattern', 'count', 'other', 'ratio', 'first', 'last', 'new', 'gone', 'rare'],
    rows.map((row) => [row.text, row.count, row.other, Number.isNaN(row.ratio) ? null : Number(row.ratio.toPrecision(6)), stamp(row.first), stamp(row.last), Number(row.isNew), Number(row.isGone), Number(row.isRare)]),
  );
}

const VARIABLE = /<(ip|num|hex|id|uuid|mac|url|path|host|email|time|qty|object|text|list|\*)>/;
/** A pattern cut at its variables. */
export function pieces(text: string): { text: string; variable: boolean }[] {
  return text.split(VARIABLE).flatMap((piece, i) => (piece === '' ? [] : [{ text: piece, variable: i % 2 === 1 }]));
}

/** A path of bars for the counts of buckets, in a box of `width` by `height`; every count that is not 0 is to be seen. */
export function barsPath(counts: ArrayLike<number>, width: number, height: number): string {
  let most = 0;
  for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i]);
  if (most === 0) return '';
  const step = width / counts.length;
  const bar = Math.max(1, step - 0.75);
  let path = '';
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const h = Math.max(1, (counts[i] / most) * height);
    path += `M${(i * step).toFixed(1)},${height}v${(-h).toFixed(1)}h${bar.toFixed(1)}v${h.toFixed(1)}z`;
  }
  return path;
}
