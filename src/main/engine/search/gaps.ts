/** Silences: stretches without events that are much longer than the lane's usual pauses. */

/** Fewer busy buckets than this say nothing about what is usual. */
const ENOUGH = 20;

/**
 * Gaps of a lane from its counts (counts[bucket * 5 + severity]). A run of empty buckets between events is a gap when it is at least
 * 3 buckets and 5 times the 95th percentile of all pauses of the lane (pauses of length 0 included).
 */
export function findGaps(counts: Uint32Array, from: number, step: number): { from: number; to: number }[] {
  const buckets = counts.length / 5;
  const runs: { start: number; length: number }[] = [];
  let busy = 0;
  let last = -1;
  for (let b = 0; b < buckets; b++) {
    const at = b * 5;
    if (counts[at] + counts[at + 1] + counts[at + 2] + counts[at + 3] + counts[at + 4] === 0) continue;
    busy++;
    if (last >= 0) runs.push({ start: last + 1, length: b - last - 1 });
    last = b;
  }
  if (busy < ENOUGH) return [];
  const lengths = runs.map((run) => run.length).sort((a, b) => a - b);
  const usual = lengths[Math.floor((lengths.length - 1) * 0.95)];
  const least = Math.max(3, usual * 5);
  return runs.filter((run) => run.length >= least).map((run) => ({ from: from + run.start * step, to: from + (run.start + run.length) * step }));
}
