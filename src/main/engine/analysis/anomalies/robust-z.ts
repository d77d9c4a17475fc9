import { scoreAt, short } from './detector.ts';
import type { Detector } from './detector.ts';
import { spreadOf } from './spread.ts';

/** Standard deviations, the usual bar of the modified z-score. */
export const BAR = 3.5;
const LEAST = 10;

export const robustZ: Detector = {
  id: 'robust-z',
  title: 'Far from the usual',
  explain: 'Values far from the median, in robust standard deviations (modified z-score, Iglewicz and Hoaglin 1993).',
  pastOnly: false,
  slow: false,
  judge({ values }) {
    const known = values.filter(Number.isFinite);
    const spread = spreadOf(known);
    if (spread === null || known.length < LEAST) return { abstains: `it needs ${LEAST} values` };
    const { median, sigma } = spread;
    if (sigma === 0) return { abstains: 'all values are the same' };
    const z = (row: number): number => values[row] / sigma - median / sigma;
    return {
      scores: values.map((value, row) => (Number.isFinite(value) ? scoreAt(Math.abs(z(row)), BAR) : Number.NaN)),
      why: (row) => `${short(values[row])} is ${short(Math.abs(z(row)))} robust standard deviations ${z(row) < 0 ? 'below' : 'above'} the median of ${short(median)}`,
    };
  },
};
