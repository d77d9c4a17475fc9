import type { Detector } from './detector.ts';
import { short } from './detector.ts';
import { NoveltyStream } from './novelty-stream.ts';

/** Rows before the stream has an opinion. */
const LEAST = 60;

/** The streaming detector over a whole series: what it would have said as the values came. */
export const novelty: Detector = {
  id: 'novelty',
  title: 'Never seen before',
  explain: 'Stretches of 2 to 256 values unlike all before them, judged by the past alone (distance to nearest neighbours at six lengths, against the distances that are usual).',
  pastOnly: true,
  slow: false,
  judge({ values }) {
    if (values.filter(Number.isFinite).length < LEAST) return { abstains: `it needs ${LEAST} values` };
    const stream = new NoveltyStream();
    const reasons = new Map<number, string>();
    const scores = new Float64Array(values.length).fill(Number.NaN);
    for (let row = 0; row < values.length; row++) {
      if (!Number.isFinite(values[row])) continue;
      const { score, anomaly } = stream.push(values[row]);
      scores[row] = score;
      if (!anomaly) continue;
      const [{ span, distance, usual }] = stream.reasons();
      reasons.set(row, `the last ${span} values are ${short(distance)} away from anything before, where ${short(usual)} is usual`);
    }
    return { scores, why: (row) => reasons.get(row) ?? 'it is told at the row where it began' };
  },
};
