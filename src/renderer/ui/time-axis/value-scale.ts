/** Marks of the value axis at round places. Pure. */
export interface Scale {
  min: number;
  max: number;
  /** ascending, from min to max; none when there is nothing to measure */
  ticks: number[];
}
/**
 * A value axis with round ends. It begins at zero unless that would flatten the line to nothing.
 * @param most how many marks there is room for, at least 2
 */
export function valueScale(low: number, high: number, most: number): Scale {
  if (!(low <= high) || !Number.isFinite(low) || !Number.isFinite(high)) return { min: 0, max: 1, ticks: [] };
  const zero = low >= 0 && low <= (high - low) * 3;
  let from = zero ? 0 : low;
  let to = high <= 0 && high >= (low - high) * 3 ? 0 : high;
  // Values that differ in less than marks can say are one value.
  if (to - from <= Math.max(Math.abs(from), Math.abs(to)) * 1e-9) {
    const pad = Math.abs(from) > 0 ? Math.abs(from) * 0.1 : 1;
    to += pad;
    if (from !== 0) from -= pad;
  }
  const raw = (to - from) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((one) => one >= raw * 0.999) ?? raw;
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  if (!Number.isFinite(first) || !Number.isFinite(last) || !(step > 0) || last - first > 50) return { min: from, max: to, ticks: [from, to] };
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  return { min: ticks[0], max: ticks[ticks.length - 1], ticks };
}
