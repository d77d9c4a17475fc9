/**
 * Solves A x = b for a symmetric positive definite A (rows one after the other). What comes out is not finite where A is singular.
 * @param damping this share of each diagonal element is added to it (Levenberg-Marquardt, ridge)
 */
export function solveSymmetric(a: Float64Array, b: Float64Array, damping = 0): Float64Array {
  const n = b.length;
  const l = new Float64Array(n * n);
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] * (i === j ? 1 + damping : 1);
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j];
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= l[i * n + k] * x[k];
    x[i] = sum / l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * x[k];
    x[i] = sum / l[i * n + i];
  }
  return x;
}
