/**
 * Trees on binned columns: each column has at most 64 bins, so that a split is found by adding up gradients by bin, not by sorting. One
 * builder serves both ensembles: it minimises the second-order loss of Chen and Guestrin ("XGBoost", 2016); with gradient -y and hessian 1
 * that is the squared error, which for 0 and 1 is half of Gini's impurity.
 */
import { z } from 'zod';
import type { Dataset } from './dataset.ts';

const MOST_BINS = 64;

export interface Binned {
  /** column-major: bin of each row */
  bins: Uint8Array;
  /** by column: the values above which the next bin begins, ascending */
  cuts: Float64Array[];
  rows: number;
}

export function bin({ x, rows, columns }: Pick<Dataset, 'x' | 'rows' | 'columns'>): Binned {
  const bins = new Uint8Array(rows * columns);
  const cuts: Float64Array[] = [];
  const sorted = new Float64Array(rows);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) sorted[i] = x[i * columns + j];
    sorted.sort();
    const found: number[] = [];
    const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
    // Between neighbouring values where there are few of them, else between quantiles.
    if (distinct.length <= MOST_BINS) for (let k = 1; k < distinct.length; k++) found.push((distinct[k - 1] + distinct[k]) / 2);
    else {
      for (let k = 1; k < MOST_BINS; k++) {
        const value = sorted[Math.floor((k * rows) / MOST_BINS)];
        if (value > (found.at(-1) ?? sorted[0])) found.push(value);
      }
    }
    const edges = Float64Array.from(found);
    cuts.push(edges);
    for (let i = 0; i < rows; i++) bins[j * rows + i] = binOf(edges, x[i * columns + j]);
  }
  return { bins, cuts, rows };
}

function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < edges[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Node 0 is the root; a leaf has feature -1. `value` of an inner node is what it would say as a leaf. */
export interface Tree {
  feature: number[];
  threshold: number[];
  left: number[];
  right: number[];
  value: number[];
}

export const treeSchema = z
  .object({
    feature: z.array(z.number().int().min(-1).max(100_000)).min(1).max(100_000), threshold: z.array(z.number()).max(100_000), left: z.array(z.number().int()).max(100_000), right: z.array(z.number().int()).max(100_000),
    value: z.array(z.number()).max(100_000),
  })
  .refine(({ feature, threshold, left, right, value }) => {
    const n = feature.length;
    if ([threshold, left, right, value].some((list) => list.length !== n)) return false;
    // Children come after their parent: no file can make a walk that does not end.
    return feature.every((column, i) => column < 0 || (left[i] > i && left[i] < n && right[i] > i && right[i] < n));
  }, 'the tree is not one');

export interface TreeOptions {
  depth: number;
  /** least sum of hessians in a leaf */
  minLeaf: number;
  /** L2 on what a leaf says */
  lambda: number;
  /** columns that a split may choose from, anew for each node */
  columns: () => ArrayLike<number>;
}

interface Waiting {
  node: number;
  rows: Uint32Array;
  depth: number;
}

/** `rows`: those that count, a row that comes twice counts twice. */
export function growTree({ bins, cuts, rows: n }: Binned, rows: Uint32Array, gradient: Float64Array, hessian: Float64Array, options: TreeOptions): Tree {
  const tree: Tree = { feature: [], threshold: [], left: [], right: [], value: [] };
  const g = new Float64Array(MOST_BINS + 1);
  const h = new Float64Array(MOST_BINS + 1);
  const add = (part: Uint32Array): number => {
    let sumG = 0;
    let sumH = 0;
    for (const row of part) {
      sumG += gradient[row];
      sumH += hessian[row];
    }
    tree.feature.push(-1);
    tree.threshold.push(0);
    tree.left.push(-1);
    tree.right.push(-1);
    tree.value.push(sumH + options.lambda > 0 ? -sumG / (sumH + options.lambda) : 0);
    return tree.feature.length - 1;
  };
  const waiting: Waiting[] = [{ node: add(rows), rows, depth: 0 }];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const { node, rows: part, depth } = at;
    if (depth >= options.depth || part.length < 2) continue;
    let sumG = 0;
    let sumH = 0;
    for (const row of part) {
      sumG += gradient[row];
      sumH += hessian[row];
    }
    const whole = (sumG * sumG) / (sumH + options.lambda);
    let best = 1e-9;
    let feature = -1;
    let cut = 0;
    const columns = options.columns();
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c];
      const edges = cuts[column].length;
      if (edges === 0) continue;
      g.fill(0, 0, edges + 1);
      h.fill(0, 0, edges + 1);
      const start = column * n;
      for (const row of part) {
        const b = bins[start + row];
        g[b] += gradient[row];
        h[b] += hessian[row];
      }
      let leftG = 0;
      let leftH = 0;
      for (let b = 0; b < edges; b++) {
        leftG += g[b];
        leftH += h[b];
        const rightH = sumH - leftH;
        if (leftH < options.minLeaf || rightH < options.minLeaf) continue;
        const rightG = sumG - leftG;
        const gain = (leftG * leftG) / (leftH + options.lambda) + (rightG * rightG) / (rightH + options.lambda) - whole;
        if (gain > best) {
          best = gain;
          feature = column;
          cut = b;
        }
      }
    }
    if (feature < 0) continue;
    const start = feature * n;
    const leftRows = part.filter((row) => bins[start + row] <= cut);
    const rightRows = part.filter((row) => bins[start + row] > cut);
    if (leftRows.length === 0 || rightRows.length === 0) continue;
    tree.feature[node] = feature;
    tree.threshold[node] = cuts[feature][cut];
    tree.left[node] = add(leftRows);
    tree.right[node] = add(rightRows);
    waiting.push({ node: tree.left[node], rows: leftRows, depth: depth + 1 }, { node: tree.right[node], rows: rightRows, depth: depth + 1 });
  }
  return tree;
}

export function evaluateTree({ feature, threshold, left, right, value }: Tree, row: Float64Array): number {
  let node = 0;
  while (feature[node] >= 0) node = row[feature[node]] < threshold[node] ? left[node] : right[node];
  return value[node];
}

/** Adds to each column what its splits on the way of a row changed, times `factor` (Saabas, "Interpreting random forests", 2014). */
export function addPath({ feature, threshold, left, right, value }: Tree, row: Float64Array, factor: number, into: Float64Array): void {
  let node = 0;
  while (feature[node] >= 0) {
    const next = row[feature[node]] < threshold[node] ? left[node] : right[node];
    into[feature[node]] += (value[next] - value[node]) * factor;
    node = next;
  }
}
