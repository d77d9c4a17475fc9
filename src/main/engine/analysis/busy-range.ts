/** Where in time the events are. One stray event years away must not make every bucket weeks long. */
import { offsetAt, type ResultSet } from '../search/result-set.ts';

const SAMPLED = 20_000;
/** Share of the events that may be left out at either end. */
const STRAY = 0.001;
const MARGIN = 0.02;

/** A range that holds all but a few in a thousand of the events, when [from, to) is `times` as long or more; else the range itself. */
export function busyRange(result: ResultSet, range: { from: number; to: number }, times = 3): { from: number; to: number; cut: boolean } {
  const stride = Math.max(1, Math.floor(result.total / SAMPLED));
  const sampled: number[] = [];
  let skipped = 0;
  for (const part of result.parts) {
    for (let k = (stride - skipped) % stride; k < part.count; k += stride) sampled.push(part.segment.hot.time[offsetAt(part, k)]);
    skipped = (skipped + part.count) % stride;
  }
  if (sampled.length === 0) return { ...range, cut: false };
  const sorted = Float64Array.from(sampled).sort();
  const stray = Math.floor(sorted.length * STRAY);
  const first = sorted[stray];
  const last = sorted[sorted.length - 1 - stray];
  const margin = (last - first) * MARGIN + 1e6;
  if (range.to - range.from <= times * (last - first + 2 * margin)) return { ...range, cut: false };
  return { from: Math.max(range.from, first - margin), to: Math.min(range.to, last + margin), cut: true };
}
