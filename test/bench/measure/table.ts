/** The figures as people read them: what | figure | must | aim | verdict. */
export interface Target {
  value: number;
  text: string;
}
export interface Row {
  what: string;
  /** in the unit of the targets; null when there is nothing to judge */
  value: number | null;
  figure: string;
  /** less: milliseconds, bytes; more: rates, ratios */
  better: 'less' | 'more';
  must?: Target;
  aim?: Target;
  /** what one has to know to read the figure */
  note?: string;
}
export type Verdict = 'aim' | 'must' | 'MISSED' | '';

export function verdictOf({ value, better, must, aim }: Row): Verdict {
  if (value === null) return '';
  const meets = (target: Target): boolean => (better === 'less' ? value <= target.value : value >= target.value);
  if (aim && meets(aim)) return 'aim';
  if (must) return meets(must) ? 'must' : 'MISSED';
  return '';
}

export function tableOf(rows: readonly Row[]): string {
  const cells = [
    ['what', 'figure', 'must', 'aim', 'verdict', ''],
    ...rows.map((row) => [row.what, row.figure, row.must?.text ?? '', row.aim?.text ?? '', verdictOf(row), row.note ?? '']),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) => row.map((cell, column) => (column === 1 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ').trimEnd()).join('\n');
}

/** The middle one, the lower of two. `values` is not empty. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that a share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export const count = (value: number): string => Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
export const milliseconds = (value: number): string => `${value < 100 ? value.toFixed(1) : count(value)} ms`;
export const megabytes = (bytes: number): string => `${count(bytes / 1e6)} MB`;
export const times = (ratio: number): string => `${ratio.toFixed(2)}x`;
