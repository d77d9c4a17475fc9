/** Whether a series repeats itself, and after how many rows. */
import { autocorrelations } from '../forecast/season.ts';
import { spreadOf } from './spread.ts';

/** A period has to be seen this often. */
const LEAST_PERIODS = 3;
const LEAST_ROWS = 24;
/** More rows tell no more about the period, and each lag costs a pass. */
const MOST_ROWS = 6000;
/** What alternates is not a season. */
const SHORTEST = 4;
/** Correlation of the series with itself one period later. */
const LEAST_CORRELATION = 0.3;

/**
 * The lag at which the series is most like itself: the highest hill of the autocorrelation behind its first valley. Outliers are held to three
 * deviations and gaps to the median first, so that a few spikes neither make nor hide a period. 0 when there is none.
 */
export function periodOf(values: Float64Array): number {
  const rows = Math.min(values.length, MOST_ROWS);
  const spread = spreadOf(values);
  if (rows < LEAST_ROWS || spread === null || spread.sigma === 0) return 0;
  const { median, sigma } = spread;
  const held = Float64Array.from({ length: rows }, (_, i) => {
    const z = values[i] / sigma - median / sigma;
    return Number.isFinite(z) ? Math.max(-3, Math.min(3, z)) : 0;
  });
  const acf = autocorrelations(held, Math.floor(rows / LEAST_PERIODS));
  // Noise alone reaches two standard errors now and then.
  const least = Math.max(LEAST_CORRELATION, 3 / Math.sqrt(rows));
  let lag = SHORTEST - 1;
  while (lag < acf.length && acf[lag - 1] > 0 && acf[lag] <= acf[lag - 1]) lag++;
  let best = 0;
  for (; lag < acf.length - 1; lag++) {
    const here = acf[lag];
    if (here <= acf[lag - 1] || here < acf[lag + 1] || here < least) continue;
    // A later hill has to be clearly higher: whole multiples of a period are hills too.
    if (best === 0 || here > acf[best - 1] + 0.1) best = lag + 1;
  }
  return best;
}
