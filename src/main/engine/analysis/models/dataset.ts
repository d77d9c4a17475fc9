/** Rows of numbers, and what is known of them. */

export interface Dataset {
  /** row-major */
  x: Float64Array;
  rows: number;
  columns: number;
  /** 0 or 1 by row */
  y: Uint8Array;
  /** how much a row counts, by row; 1 is usual */
  weight: Float64Array;
}

/** The rows at these places, as a data set of its own. */
export function subset({ x, columns, y, weight }: Dataset, places: ArrayLike<number>): Dataset {
  const rows = places.length;
  const part: Dataset = { x: new Float64Array(rows * columns), rows, columns, y: new Uint8Array(rows), weight: new Float64Array(rows) };
  for (let i = 0; i < rows; i++) {
    part.x.set(x.subarray(places[i] * columns, (places[i] + 1) * columns), i * columns);
    part.y[i] = y[places[i]];
    part.weight[i] = weight[places[i]];
  }
  return part;
}

export function rowOf({ x, columns }: Pick<Dataset, 'x' | 'columns'>, row: number): Float64Array {
  return x.subarray(row * columns, (row + 1) * columns);
}

/** Centre and spread of the columns; a column that never changes has the spread 1. */
export interface Scaling {
  mean: Float64Array;
  scale: Float64Array;
}

export function scalingOf({ x, rows, columns }: Pick<Dataset, 'x' | 'rows' | 'columns'>): Scaling {
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j] += x[i * columns + j] / rows;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) scale[j] += (x[i * columns + j] - mean[j]) ** 2 / rows;
  for (let j = 0; j < columns; j++) scale[j] = scale[j] > 1e-18 ? Math.sqrt(scale[j]) : 1;
  return { mean, scale };
}

/** Every column with mean 0 and spread 1. */
export function scaled({ x, rows, columns }: Pick<Dataset, 'x' | 'rows' | 'columns'>, { mean, scale }: Scaling): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * columns + j] = (x[i * columns + j] - mean[j]) / scale[j];
  return out;
}

export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
