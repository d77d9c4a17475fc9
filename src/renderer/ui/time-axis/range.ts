/** Arithmetic on time ranges: zoom, pan, brush. All times are microseconds UTC; ranges are half-open [from, to). */

export interface Range {
  from: number;
  to: number;
}
/** Where something is drawn, in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Nothing is told apart below a tenth of a millisecond on screen, and doubles still hold every microsecond there. */
export const SHORTEST_RANGE = 100;
/** 400 years: wide enough for records with a broken clock, narrow enough that the arithmetic stays exact. */
export const LONGEST_RANGE = 400 * 365.25 * 86_400e6;

/**
 * Zooms a range around a moment, which keeps its place on screen.
 * @param factor below 1 zooms in, above 1 zooms out
 */
export function zoomAround(range: Range, centre: number, factor: number): Range {
  const span = range.to - range.from;
  const wanted = Math.min(LONGEST_RANGE, Math.max(SHORTEST_RANGE, span * factor));
  const share = span > 0 ? (centre - range.from) / span : 0.5;
  const from = Math.round(centre - share * wanted);
  return { from, to: from + Math.round(wanted) };
}

/** Moves a range by a share of its own length (0.25 = a quarter to the right). */
export function pan(range: Range, share: number): Range {
  const by = Math.round((range.to - range.from) * share);
  return { from: range.from + by, to: range.to + by };
}

/** The range between two moments in either order, at least the shortest one long. */
export function between(a: number, b: number): Range {
  const from = Math.round(Math.min(a, b));
  return { from, to: Math.max(from + SHORTEST_RANGE, Math.round(Math.max(a, b))) };
}

/**
 * Keeps a range where there is something to see: never longer than thrice the data, never wholly beside it.
 * @param data the believable first and last event; null when unknown
 */
export function keepNear(range: Range, data: Range | null): Range {
  if (data === null) return range;
  const margin = Math.max(data.to - data.from, 1_000_000);
  const most = margin * 3;
  let { from, to } = range;
  if (to - from > most) {
    const centre = (from + to) / 2;
    from = Math.round(centre - most / 2);
    to = from + most;
  }
  const reach = to - from;
  if (to < data.from) return { from: data.from - reach, to: data.from };
  if (from > data.to) return { from: data.to, to: data.to + reach };
  return { from, to };
}

export const toShare = (range: Range, time: number): number => (time - range.from) / (range.to - range.from);
export const toTime = (range: Range, share: number): number => range.from + share * (range.to - range.from);
