/** Figures of statistics as people read them. */
import { formatCount } from '../../ui/numbers.ts';

/** Four digits that count, grouped; '' for none. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '';
  const rounded = Number(value.toPrecision(4));
  return Math.abs(rounded) >= 1000 ? formatCount(Math.round(rounded)) : String(rounded);
}

export function probability(p: number): string {
  if (Number.isNaN(p)) return '';
  return p < 1e-4 ? '< 0.0001' : String(Number(p.toPrecision(2)));
}
