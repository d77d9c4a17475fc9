/** Medians and ranks: what a few wild values cannot move. */

/** The value that a share (0..1) of the values does not exceed, between two of them by straight line; NaN of none. */
export function quantile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + ((sorted[low + 1] ?? sorted[low]) - sorted[low]) * (at - low);
}
export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}

/**
 * How far the second sample lies above the first: z of the rank sum (Mann and Whitney, "On a Test of Whether one of Two Random Variables is
 * Stochastically Larger than the Other", 1947; normal approximation, ties share their ranks). 0 when one of them is empty.
 */
export function rankSumZ(first: readonly number[], second: readonly number[]): number {
  const n = first.length;
  const m = second.length;
  if (n === 0 || m === 0) return 0;
  const all = [...first.map((value) => ({ value, late: false })), ...second.map((value) => ({ value, late: true }))].sort((a, b) => a.value - b.value);
  let sum = 0;
  let ties = 0;
  for (let i = 0; i < all.length; ) {
    let end = i + 1;
    while (end < all.length && all[end].value === all[i].value) end++;
    const size = end - i;
    ties += size ** 3 - size;
    for (let k = i; k < end; k++) if (all[k].late) sum += (i + end + 1) / 2;
    i = end;
  }
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  return variance > 0 ? (sum - (m * (total + 1)) / 2) / Math.sqrt(variance) : 0;
}
