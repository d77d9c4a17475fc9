/** Least squares by Householder reflections: the columns are never multiplied with each other, which would square their condition. */

export interface LeastSquares {
  coefficients: Float64Array;
  /** diagonal of the inverse of X'X: times the variance of the residuals, the squared errors of the coefficients */
  inverseDiagonal: Float64Array;
}

/**
 * `x` is row-major, `rows` times `columns`, rows >= columns. null when a column is a combination of the others, to rounding: then
 * there is no one answer. Golub and Van Loan, "Matrix Computations", 5.3.
 */
export function leastSquares(x: Float64Array, y: ArrayLike<number>, rows: number, columns: number): LeastSquares | null {
  const a = Float64Array.from(x);
  const b = Float64Array.from(y);
  const lengths = Float64Array.from({ length: columns }, (_, j) => norm(a, rows, columns, j, 0));
  const diagonal = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const length = norm(a, rows, columns, j, j);
    if (!(length > lengths[j] * 1e-12)) return null;
    const alpha = a[j * columns + j] > 0 ? -length : length;
    diagonal[j] = alpha;
    a[j * columns + j] -= alpha;
    // The reflection is I - v v' / (length * |v_j|).
    const scale = 1 / (length * Math.abs(a[j * columns + j]));
    for (let k = j + 1; k < columns; k++) {
      let dot = 0;
      for (let i = j; i < rows; i++) dot += a[i * columns + j] * a[i * columns + k];
      dot *= scale;
      for (let i = j; i < rows; i++) a[i * columns + k] -= dot * a[i * columns + j];
    }
    let dot = 0;
    for (let i = j; i < rows; i++) dot += a[i * columns + j] * b[i];
    dot *= scale;
    for (let i = j; i < rows; i++) b[i] -= dot * a[i * columns + j];
  }
  const r = (i: number, j: number): number => (i === j ? diagonal[i] : a[i * columns + j]);
  const coefficients = new Float64Array(columns);
  for (let i = columns - 1; i >= 0; i--) {
    let rest = b[i];
    for (let j = i + 1; j < columns; j++) rest -= r(i, j) * coefficients[j];
    coefficients[i] = rest / r(i, i);
  }
  // Rows of the inverse of R; their squared lengths are the diagonal of (R'R)^-1.
  const inverseDiagonal = new Float64Array(columns);
  const column = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    column.fill(0);
    for (let i = k; i >= 0; i--) {
      let rest = i === k ? 1 : 0;
      for (let j = i + 1; j <= k; j++) rest -= r(i, j) * column[j];
      column[i] = rest / r(i, i);
      inverseDiagonal[i] += column[i] * column[i];
    }
  }
  return { coefficients, inverseDiagonal };
}

function norm(a: Float64Array, rows: number, columns: number, j: number, from: number): number {
  let most = 0;
  for (let i = from; i < rows; i++) most = Math.max(most, Math.abs(a[i * columns + j]));
  if (most === 0) return 0;
  let sum = 0;
  for (let i = from; i < rows; i++) sum += (a[i * columns + j] / most) ** 2;
  return most * Math.sqrt(sum);
}
