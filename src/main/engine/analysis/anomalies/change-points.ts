import { scoreAt, short } from './detector.ts';
import type { Detector } from './detector.ts';
import { seasonOf } from './seasonal.ts';
import { spreadOf } from './spread.ts';

const LEAST = 20;
/** No stretch is shorter: a spike is no level. */
const SHORTEST = 5;
/** Standard deviations of the noise by which two levels differ. */
const BAR = 3;
/** PELT is linear where changes are many and quadratic where there are none. */
const MOST_ROWS = 20_000;

/**
 * The rows at which the mean changes, by PELT (Killick, Fearnhead & Eckley, JASA 2012): the exact best cut of the series into stretches, each paying
 * its squared distance from its mean and `penalty` for being there.
 * @returns first rows of the stretches after the first
 */
export function changePoints(values: Float64Array, penalty: number, shortest = SHORTEST): number[] {
  const n = values.length;
  const sum = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    sum[i + 1] = sum[i] + values[i];
    squares[i + 1] = squares[i] + values[i] ** 2;
  }
  const cost = (from: number, to: number): number => Math.max(0, squares[to] - squares[from] - (sum[to] - sum[from]) ** 2 / (to - from));
  const best = new Float64Array(n + 1).fill(Infinity);
  best[0] = -penalty;
  const before = new Int32Array(n + 1);
  /** the end at which a cut here was found to be beaten, 0 = not yet */
  const doomed = new Int32Array(n + 1);
  let candidates: number[] = [0];
  for (let end = shortest; end <= n; end++) {
    for (const from of candidates) {
      if (end - from < shortest) continue;
      const total = best[from] + cost(from, end) + penalty;
      if (total < best[end]) {
        best[end] = total;
        before[end] = from;
      }
    }
    // What cannot become the best any more is dropped; that is the P of PELT. A cut at this end is only possible for ends that leave it room, so the
    // dropping waits for those.
    for (const from of candidates) if (doomed[from] === 0 && end - from >= shortest && best[from] + cost(from, end) > best[end]) doomed[from] = end;
    candidates = candidates.filter((from) => doomed[from] === 0 || end + 1 < doomed[from] + shortest);
    if (end + 1 - shortest >= shortest) candidates.push(end + 1 - shortest);
  }
  const cuts: number[] = [];
  for (let end = n; before[end] > 0; end = before[end]) cuts.unshift(before[end]);
  return cuts;
}

export const changes: Detector = {
  id: 'change-points',
  title: 'Level changed',
  explain: 'Rows from which on the values keep another level than before, seasons aside (PELT, Killick, Fearnhead and Eckley 2012, mean shifts).',
  pastOnly: false,
  slow: false,
  judge(series) {
    const { values } = series;
    // A season goes up and down by itself: levels are those of what is left without it.
    const season = seasonOf(series);
    const rows = Int32Array.from({ length: values.length }, (_, i) => i).filter((i) => Number.isFinite(values[i]));
    if (rows.length < LEAST) return { abstains: `it needs ${LEAST} values` };
    if (rows.length > MOST_ROWS) return { abstains: `it takes ${MOST_ROWS.toLocaleString('en')} values at most` };
    const known = Float64Array.from(rows, (row) => values[row] - (season === null ? 0 : season.usual(row) || 0));
    const steps = known.map((value, i) => (i === 0 ? 0 : value - known[i - 1])).subarray(1);
    // Noise by steps between neighbours, which a change of level does not widen; at least a tenth of all there is, for series that seldom move.
    const whole = spreadOf(known);
    const noise = Math.max((spreadOf(steps)?.sigma ?? 0) / Math.SQRT2, (whole?.sigma ?? 0) / 10);
    if (whole === null || noise === 0) return { abstains: 'all values are the same' };
    const scaled = known.map((value) => Math.max(-1e6, Math.min(1e6, value / noise - whole.median / noise)));
    // BIC for a mean and a place each, thrice: neighbours are alike in what machines measure, which the formula does not know.
    const cuts = changePoints(scaled, 3 * 2 * Math.log(scaled.length));
    const jumps = new Map<number, { from: number; to: number; z: number }>();
    const scores = values.map((value) => (Number.isFinite(value) ? 0 : Number.NaN));
    cuts.forEach((cut, i) => {
      const level = (from: number, to: number): number => scaled.subarray(from, to).reduce((sum, value) => sum + value / (to - from), 0);
      const from = level(cuts[i - 1] ?? 0, cut);
      const to = level(cut, cuts[i + 1] ?? scaled.length);
      const row = rows[cut];
      jumps.set(row, { from: from * noise + whole.median, to: to * noise + whole.median, z: Math.abs(to - from) });
      scores[row] = scoreAt(Math.abs(to - from), BAR);
    });
    return {
      scores,
      why: (row) => {
        const jump = jumps.get(row);
        return jump === undefined ? 'the level goes on' : `from here on the level${season === null ? '' : ' without its season'} is ${short(jump.to)} where it was ${short(jump.from)}: ${short(jump.z)} standard deviations of the noise`;
      },
    };
  },
};
