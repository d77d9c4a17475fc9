/** A line through values over the whole width, from its least value at the bottom to its greatest at the top; it is broken where nothing is known for more than two of its usual steps. */
export function linePath(values: Float64Array, width: number, height: number): string {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return '';
  const y = (value: number): number => (most === least ? height / 2 : height - 1 - ((value - least) / (most - least)) * (height - 2));
  const known = [...values.keys()].filter((i) => !Number.isNaN(values[i]));
  const bridged = 2 * usualStep(known);
  let path = '';
  known.forEach((i, place) => {
    const joined = place > 0 && i - known[place - 1] <= bridged;
    path += `${joined ? 'L' : 'M'}${((i / Math.max(1, values.length - 1)) * width).toFixed(1)} ${y(values[i]).toFixed(1)}`;
  });
  return path;
}

/** How far apart values usually stand: 1, or more where they are written less often than there are places. */
function usualStep(known: readonly number[]): number {
  const steps = known.slice(1).map((i, place) => i - known[place]).sort((a, b) => a - b);
  return steps[Math.floor((steps.length - 1) / 2)] ?? 1;
}
