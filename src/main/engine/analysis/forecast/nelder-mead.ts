/** Minimises a function of a few numbers without derivatives (Nelder & Mead 1965, with the usual coefficients 1, 2, 1/2, 1/2). */

export interface Minimum {
  x: Float64Array;
  value: number;
}

/**
 * @param f what is not finite counts as worst, so a bound is kept by answering Infinity beyond it
 * @param step how far the corners of the first simplex lie from `start`, for each number
 */
export function minimise(f: (x: Float64Array) => number, start: Float64Array, step: ArrayLike<number>, { evaluations, tolerance }: { evaluations: number; tolerance: number }): Minimum {
  const n = start.length;
  const points: Float64Array[] = [];
  const values = new Float64Array(n + 1);
  let asked = 0;
  const ask = (x: Float64Array): number => {
    asked++;
    const value = f(x);
    return value === value ? value : Number.POSITIVE_INFINITY;
  };
  for (let i = 0; i <= n; i++) {
    const point = start.slice();
    if (i > 0) point[i - 1] += step[i - 1];
    values[i] = ask(point);
    // A first corner beyond a bound is tried on the other side.
    if (i > 0 && values[i] === Number.POSITIVE_INFINITY) {
      point[i - 1] -= 2 * step[i - 1];
      values[i] = ask(point);
    }
    points.push(point);
  }
  const centre = new Float64Array(n);
  let tried: Float64Array = new Float64Array(n);
  let further: Float64Array = new Float64Array(n);
  const towards = (to: Float64Array, from: Float64Array, by: number): number => {
    for (let j = 0; j < n; j++) to[j] = centre[j] + by * (from[j] - centre[j]);
    return ask(to);
  };
  while (asked < evaluations) {
    let best = 0;
    let worst = 0;
    for (let i = 1; i <= n; i++) {
      if (values[i] < values[best]) best = i;
      if (values[i] >= values[worst]) worst = i;
    }
    let second = best;
    for (let i = 0; i <= n; i++) if (i !== worst && values[i] > values[second]) second = i;
    const spread = values[worst] - values[best];
    if (spread <= tolerance * (Math.abs(values[best]) + tolerance) || spread !== spread) break;
    centre.fill(0);
    for (let i = 0; i <= n; i++) if (i !== worst) for (let j = 0; j < n; j++) centre[j] += points[i][j] / n;
    const reflected = towards(tried, points[worst], -1);
    if (reflected < values[best]) {
      const expanded = towards(further, points[worst], -2);
      if (expanded < reflected) {
        values[worst] = expanded;
        [points[worst], further] = [further, points[worst]];
      } else {
        values[worst] = reflected;
        [points[worst], tried] = [tried, points[worst]];
      }
    } else if (reflected < values[second]) {
      values[worst] = reflected;
      [points[worst], tried] = [tried, points[worst]];
    } else {
      const outside = reflected < values[worst];
      const contracted = towards(further, outside ? tried : points[worst], 0.5);
      if (contracted < Math.min(reflected, values[worst])) {
        values[worst] = contracted;
        [points[worst], further] = [further, points[worst]];
      } else {
        for (let i = 0; i <= n; i++) {
          if (i === best) continue;
          for (let j = 0; j < n; j++) points[i][j] = points[best][j] + 0.5 * (points[i][j] - points[best][j]);
          values[i] = ask(points[i]);
        }
      }
    }
  }
  let best = 0;
  for (let i = 1; i <= n; i++) if (values[i] < values[best]) best = i;
  return { x: points[best], value: values[best] };
}
