/** A line through values over the whole width, from its least value at the bottom to its greatest at the top; it is broken where nothing is known. */
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
  let path = '';
  let broken = true;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      broken = true;
      return;
    }
    path += `${broken ? 'M' : 'L'}${((i / Math.max(1, values.length - 1)) * width).toFixed(1)} ${y(value).toFixed(1)}`;
    broken = false;
  });
  return path;
}
