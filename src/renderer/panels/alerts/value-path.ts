/** Where a value stands in a chart that also shows a threshold. */
export interface ValueScale {
  low: number;
  high: number;
  /** 0 at the bottom, 1 at the top */
  at(value: number): number;
}

/** From nothing, or from the least value where there are negative ones, to a little above whatever is highest. */
export function valueScale(values: Float64Array, threshold: number): ValueScale {
  let low = Math.min(0, threshold);
  let high = Math.max(0, threshold);
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === low) high = low + 1;
  high += (high - low) * 0.08;
  return { low, high, at: (value) => (value - low) / (high - low) };
}

/** Steps through the values, each as wide as its bucket; broken where nothing was measured. */
export function stepPath(values: Float64Array, scale: ValueScale, width: number, height: number): string {
  const step = width / values.length;
  let path = '';
  let broken = true;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      broken = true;
      return;
    }
    const y = (height - scale.at(value) * height).toFixed(1);
    path += `${broken ? 'M' : 'L'}${(i * step).toFixed(1)} ${y}L${((i + 1) * step).toFixed(1)} ${y}`;
    broken = false;
  });
  return path;
}
