/** Groups among rows that nobody named: around centres (k-means) and by density (DBSCAN). Rows are row-major. */
import type { Random } from './random.ts';

export interface Clusters {
  /** by row */
  cluster: Int32Array;
  /** row-major */
  centres: Float64Array;
  /** sum of squared distances to the centres */
  inertia: number;
}

function squaredDistance(a: Float64Array, i: number, b: Float64Array, k: number, columns: number): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += (a[i * columns + j] - b[k * columns + j]) ** 2;
  return sum;
}

const MOST_ROUNDS = 100;

/** Lloyd's algorithm from centres chosen far apart (Arthur and Vassilvitskii, "k-means++", 2007). At most as many clusters as different rows. */
export function kMeans(x: Float64Array, rows: number, columns: number, k: number, random: Random): Clusters {
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const chosen: number[] = [];
  for (let next = random.below(rows); chosen.length < Math.min(k, rows); ) {
    chosen.push(next);
    let total = 0;
    for (let i = 0; i < rows; i++) {
      nearest[i] = Math.min(nearest[i], squaredDistance(x, i, x, next, columns));
      total += nearest[i];
    }
    // Every row is one of those chosen.
    if (total === 0) break;
    let left = random.next() * total;
    next = rows - 1;
    for (let i = 0; i < rows; i++) {
      left -= nearest[i];
      if (left <= 0 && nearest[i] > 0) {
        next = i;
        break;
      }
    }
  }
  const centres = new Float64Array(chosen.length * columns);
  chosen.forEach((row, c) => centres.set(x.subarray(row * columns, (row + 1) * columns), c * columns));
  const cluster = new Int32Array(rows).fill(-1);
  let inertia = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = false;
    inertia = 0;
    for (let i = 0; i < rows; i++) {
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let c = 0; c < chosen.length; c++) {
        const distance = squaredDistance(x, i, centres, c, columns);
        if (distance < least) {
          least = distance;
          best = c;
        }
      }
      if (cluster[i] !== best) moved = true;
      cluster[i] = best;
      inertia += least;
    }
    if (!moved) break;
    const sums = new Float64Array(centres.length);
    const sizes = new Uint32Array(chosen.length);
    for (let i = 0; i < rows; i++) {
      sizes[cluster[i]]++;
      for (let j = 0; j < columns; j++) sums[cluster[i] * columns + j] += x[i * columns + j];
    }
    for (let c = 0; c < chosen.length; c++) if (sizes[c] > 0) for (let j = 0; j < columns; j++) centres[c * columns + j] = sums[c * columns + j] / sizes[c];
  }
  return { cluster, centres, inertia };
}

export const NOISE = -1;

/** Ester et al., "A density-based algorithm for discovering clusters", 1996. Cluster of each row from 0, NOISE for those of none. Compares all pairs. */
export function dbscan(x: Float64Array, rows: number, columns: number, radius: number, least: number): Int32Array {
  const cluster = new Int32Array(rows).fill(-2);
  const limit = radius * radius;
  const around = (i: number): number[] => {
    const found: number[] = [];
    for (let k = 0; k < rows; k++) if (squaredDistance(x, i, x, k, columns) <= limit) found.push(k);
    return found;
  };
  let next = 0;
  for (let i = 0; i < rows; i++) {
    if (cluster[i] !== -2) continue;
    const first = around(i);
    if (first.length < least) {
      cluster[i] = NOISE;
      continue;
    }
    const waiting = first;
    cluster[i] = next;
    for (let k = waiting.pop(); k !== undefined; k = waiting.pop()) {
      if (cluster[k] === NOISE) cluster[k] = next;
      if (cluster[k] !== -2) continue;
      cluster[k] = next;
      const more = around(k);
      if (more.length >= least) waiting.push(...more);
    }
    next++;
  }
  return cluster;
}
