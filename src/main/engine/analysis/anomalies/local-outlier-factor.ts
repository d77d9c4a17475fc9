import { scoreAt, short } from './detector.ts';
import type { Detector } from './detector.ts';
import { oddest, rowFeatures } from './row-features.ts';

/** Neighbours that a row is compared with (MinPts of the paper, which recommends 10 to 20 at least). */
const NEIGHBOURS = 20;
/** Every pair of rows is measured; longer series are thinned as references. */
const REFERENCES = 2000;
/** Robust deviations below which distances are all one: counts repeat, and what repeats would be infinitely dense. */
const GRAIN = 0.1;
/** Three times thinner than around its neighbours. */
const BAR = 2;

/**
 * Local outlier factors (Breunig, Kriegel, Ng & Sander, SIGMOD 2000) of rows of `width` finite numbers: 1 where a row lies as dense as its neighbours,
 * more where it lies thinner. Rows that are the same as `neighbours` others have 1.
 * @param grain no distance counts as less
 */
export function localOutlierFactors(table: Float64Array, width: number, neighbours = NEIGHBOURS, grain = 0): Float64Array {
  const rows = width === 0 ? 0 : table.length / width;
  const stride = Math.max(1, Math.ceil(rows / REFERENCES));
  const references = Int32Array.from({ length: Math.ceil(rows / stride) }, (_, i) => i * stride);
  const k = Math.min(neighbours, references.length - 1);
  const factors = new Float64Array(rows).fill(1);
  if (k < 1) return factors;
  const nearest = new Int32Array(rows * k);
  const distances = new Float64Array(rows * k);
  for (let row = 0; row < rows; row++) nearestOf(table, width, references, row, k, nearest, distances);
  const reach = (row: number): number => distances[row * k + k - 1];
  const density = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += Math.max(grain, distances[row * k + j], reach(nearest[row * k + j]));
    density[row] = sum > 0 ? k / sum : Infinity;
  }
  for (let row = 0; row < rows; row++) {
    if (density[row] === Infinity) continue;
    let sum = 0;
    for (let j = 0; j < k; j++) sum += density[nearest[row * k + j]];
    factors[row] = sum / k / density[row];
  }
  return factors;
}

function nearestOf(table: Float64Array, width: number, references: Int32Array, row: number, k: number, nearest: Int32Array, distances: Float64Array): void {
  const base = row * k;
  let found = 0;
  for (const other of references) {
    if (other === row) continue;
    let sum = 0;
    for (let c = 0; c < width; c++) sum += (table[row * width + c] - table[other * width + c]) ** 2;
    const distance = Math.sqrt(sum);
    if (found === k && distance >= distances[base + k - 1]) continue;
    let place = found < k ? found++ : k - 1;
    for (; place > 0 && distances[base + place - 1] > distance; place--) {
      distances[base + place] = distances[base + place - 1];
      nearest[base + place] = nearest[base + place - 1];
    }
    distances[base + place] = distance;
    nearest[base + place] = other;
  }
}

export const localOutlierFactor: Detector = {
  id: 'local-outlier-factor',
  title: 'Far from its neighbours',
  explain: `Rows that lie much thinner than the ${NEIGHBOURS} rows most like them, by level, step, local mean and scatter (local outlier factor, Breunig and others 2000).`,
  pastOnly: false,
  slow: true,
  judge({ values }) {
    const features = rowFeatures(values);
    const { names, table, rows } = features;
    if (rows.length < 2 * NEIGHBOURS) return { abstains: `it needs ${2 * NEIGHBOURS} values` };
    if (names.length === 0) return { abstains: 'all values are the same' };
    const factors = localOutlierFactors(table, names.length, NEIGHBOURS, GRAIN);
    const scores = new Float64Array(values.length).fill(Number.NaN);
    const place = new Map<number, number>();
    rows.forEach((row, i) => {
      place.set(row, i);
      scores[row] = scoreAt(factors[i] - 1, BAR);
    });
    return {
      scores,
      why: (row) => {
        const i = place.get(row);
        if (i === undefined) return 'there is no value';
        const { name, z } = oddest(features, i);
        const factor = factors[i] === Infinity ? 'its neighbours are all the same, it is not' : `${short(factors[i])} times thinner than around its neighbours`;
        return `${factor}, most by its ${name}, ${short(z)} deviations from the median`;
      },
    };
  },
};
