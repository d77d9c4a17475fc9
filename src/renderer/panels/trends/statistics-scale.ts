/** Where values lie on the axis that all groups share. */

/** Share of the width, 0..1; the logarithm where `log`. Values outside [low, high] lie at the ends. */
export function scaleOf(low: number, high: number, log: boolean): (value: number) => number {
  const of = (value: number): number => (log ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value);
  const from = of(low);
  const span = of(high) - from;
  return (value) => (span > 0 ? Math.max(0, Math.min(1, (of(value) - from) / span)) : 0.5);
}

const NICE = [1, 2, 5, 10];
/** About `count` round values inside [low, high]: multiples of 1, 2 or 5 times a power of ten, or powers of ten where `log`. */
export function ticksOf(low: number, high: number, log: boolean, count: number): number[] {
  if (!(high > low)) return [low];
  if (log) {
    const first = Math.ceil(Math.log10(low));
    const last = Math.floor(Math.log10(high));
    const every = Math.max(1, Math.ceil((last - first + 1) / count));
    const found: number[] = [];
    for (let power = first; power <= last; power += every) found.push(10 ** power);
    return found.length > 0 ? found : [low, high];
  }
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (NICE.find((nice) => nice * power >= rough) ?? 10);
  const found: number[] = [];
  // Whole numbers of steps, so that nothing adds up.
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high * (1 + 1e-12) && found.length < 50; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}
