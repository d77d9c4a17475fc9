/** Moments in which a series is far from what it usually is, and which of them come together. */
import { MAD_TO_SIGMA } from '../statistics/descriptive.ts';

export interface Burst {
  /** first bucket, and the one behind the last */
  from: number;
  to: number;
  /** how many spreads it lies from the middle at its most, negative when below */
  z: number;
  peak: number;
  usual: number;
}

const FAR = 5;

/**
 * Stretches more than five robust spreads from the median. A count's spread is at least that of chance (Poisson), so that a single event after
 * nothing is none; one bucket that is not far does not end a stretch.
 */
export function bursts(values: Float64Array, count: boolean): Burst[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  if (known.length < 12) return [];
  const middle = known[known.length >> 1];
  const deviations = known.map((value) => Math.abs(value - middle)).sort();
  let spread = deviations[deviations.length >> 1] * MAD_TO_SIGMA;
  if (count) spread = Math.max(spread, Math.sqrt(Math.max(1, middle)));
  else if (spread === 0) spread = (known[known.length - 1] - known[0]) / 20;
  if (spread <= 0) return [];
  const found: Burst[] = [];
  let open: Burst | null = null;
  for (let i = 0; i < values.length; i++) {
    const z = (values[i] - middle) / spread;
    if (!(Math.abs(z) >= FAR)) continue;
    if (open && i - open.to <= 1 && Math.sign(z) === Math.sign(open.z)) open.to = i + 1;
    else found.push((open = { from: i, to: i + 1, z, peak: values[i], usual: middle }));
    if (Math.abs(z) > Math.abs(open.z)) {
      open.z = z;
      open.peak = values[i];
    }
  }
  return found;
}
