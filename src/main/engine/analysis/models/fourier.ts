/** Fast Fourier transform, radix 2 (Cooley and Tukey, 1965), in place. The length is a power of two. */
export function fourier(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  if (n === 0 || (n & (n - 1)) !== 0 || imaginary.length !== n) throw new RangeError('A Fourier transform of radix 2 needs a power of two.');
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    const angle = (-2 * Math.PI) / size;
    for (let k = 0; k < half; k++) {
      const c = Math.cos(angle * k);
      const s = Math.sin(angle * k);
      for (let i = k; i < n; i += size) {
        const j = i + half;
        const re = real[j] * c - imaginary[j] * s;
        const im = real[j] * s + imaginary[j] * c;
        real[j] = real[i] - re;
        imaginary[j] = imaginary[i] - im;
        real[i] += re;
        imaginary[i] += im;
      }
    }
  }
}

/** Power by frequency, from one turn in the whole length up to half the length; the mean is taken off and the ends are faded (Hann). */
export function powerSpectrum(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  const real = Float64Array.from({ length: n }, (_, i) => (values[i] - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n)));
  const imaginary = new Float64Array(n);
  fourier(real, imaginary);
  return Float64Array.from({ length: n / 2 }, (_, k) => real[k + 1] ** 2 + imaginary[k + 1] ** 2);
}
