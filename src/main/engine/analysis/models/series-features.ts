/** What a series of counts is like: how it is spread (statistical), what comes back in it (frequency), how it goes on (temporal). */
import { powerSpectrum } from './fourier.ts';

export interface SeriesFeatures {
  /** statistical: -1 regular, 0 as chance has it, 1 in bursts (Goh and Barabasi, 2008) */
  burstiness: number;
  /** statistical: share of the steps with anything in them */
  active: number;
  /** frequency: share of the power in the strongest frequency and its harmonics, 0..1 */
  periodicity: number;
  /** frequency: length of that turn in steps; 0 without any */
  period: number;
  /** temporal: correlation with the time, -1..1 */
  trend: number;
  /** temporal: how much of it lies in the last quarter, 0..1 */
  late: number;
  /** temporal: correlation of each step with the next, -1..1 */
  persistence: number;
}

const NOTHING: SeriesFeatures = { burstiness: 0, active: 0, periodicity: 0, period: 0, trend: 0, late: 0, persistence: 0 };

/** `counts`: a power of two of steps. */
export function seriesFeatures(counts: ArrayLike<number>): SeriesFeatures {
  const n = counts.length;
  let sum = 0;
  let active = 0;
  let late = 0;
  for (let i = 0; i < n; i++) {
    sum += counts[i];
    if (counts[i] > 0) active++;
    if (i >= n - n / 4) late += counts[i];
  }
  if (sum === 0) return NOTHING;
  const mean = sum / n;
  const middle = (n - 1) / 2;
  let squares = 0;
  let withTime = 0;
  let timeSquares = 0;
  let withNext = 0;
  for (let i = 0; i < n; i++) {
    const d = counts[i] - mean;
    squares += d * d;
    withTime += d * (i - middle);
    timeSquares += (i - middle) ** 2;
    if (i + 1 < n) withNext += d * (counts[i + 1] - mean);
  }
  const sd = Math.sqrt(squares / n);
  const { periodicity, period } = squares > 0 ? turnsOf(powerSpectrum(counts), n) : { periodicity: 0, period: 0 };
  return {
    burstiness: (sd - mean) / (sd + mean), active: active / n, periodicity, period, trend: squares > 0 ? withTime / Math.sqrt(squares * timeSquares) : 0, late: late / sum,
    persistence: squares > 0 ? withNext / squares : 0,
  };
}

/** The strongest frequency, from three turns on: what turns fewer times is a trend. Its neighbours and harmonics belong to it. */
function turnsOf(power: Float64Array, n: number): { periodicity: number; period: number } {
  let total = 0;
  let strongest = 2;
  for (let k = 2; k < power.length; k++) {
    total += power[k];
    if (power[k] > power[strongest]) strongest = k;
  }
  if (!(total > 0)) return { periodicity: 0, period: 0 };
  const turns = strongest + 1;
  let own = 0;
  for (let harmonic = turns; harmonic <= power.length; harmonic += turns) for (let k = Math.max(3, harmonic - 1); k <= Math.min(power.length, harmonic + 1); k++) own += power[k - 1];
  return { periodicity: Math.min(1, own / total), period: n / turns };
}
