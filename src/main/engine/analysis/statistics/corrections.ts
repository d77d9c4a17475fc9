/** Probabilities of many tests at once, made comparable with one test's. Both keep the order given. */

/** Times the number of tests. */
export function bonferroni(p: readonly number[]): number[] {
  return p.map((value) => Math.min(1, value * p.length));
}

/** False discovery rate: Benjamini and Hochberg (1995), step-up. */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[b] - p[a]);
  const adjusted = new Array<number>(p.length);
  let least = 1;
  order.forEach((i, place) => {
    least = Math.min(least, (p[i] * p.length) / (p.length - place));
    adjusted[i] = least;
  });
  return adjusted;
}
