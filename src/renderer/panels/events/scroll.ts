/**
 * Scrolling over more rows than a browser can lay out. Browsers cap an element at some 33 million pixels (1.4 million rows), so
 * the scrolled box has a bounded height and the position is kept in rows: `top` is the row at the upper edge, with a fraction.
 * The scroll bar maps to it linearly; wheel and keys move it by exact rows, however many rows one pixel of the bar stands for.
 */

/** Well under every browser's limit. */
export const MAX_SCROLL_PX = 8_000_000;

export interface Geometry {
  /** rows in the result */
  total: number;
  rowHeight: number;
  /** pixels of the list that are visible */
  viewport: number;
}

/** The largest `top`: the last row stands at the lower edge. */
export function lastTop({ total, rowHeight, viewport }: Geometry): number {
  return Math.max(0, total - viewport / rowHeight);
}
/** Height of the scrolled box in pixels. */
export function contentHeight({ total, rowHeight }: Geometry): number {
  return Math.min(MAX_SCROLL_PX, total * rowHeight);
}
/** The largest scrollTop. */
function lastScroll(geometry: Geometry): number {
  return Math.max(0, contentHeight(geometry) - geometry.viewport);
}
export function clampTop(top: number, geometry: Geometry): number {
  return Math.min(lastTop(geometry), Math.max(0, top));
}
/** Where the scroll bar belongs for a position in rows. */
export function scrollOf(top: number, geometry: Geometry): number {
  const last = lastTop(geometry);
  return last === 0 ? 0 : (clampTop(top, geometry) / last) * lastScroll(geometry);
}
/** The position in rows a scroll bar stands for. */
export function topOf(scroll: number, geometry: Geometry): number {
  const last = lastScroll(geometry);
  return last === 0 ? 0 : (Math.min(last, Math.max(0, scroll)) / last) * lastTop(geometry);
}
/** The rows to draw: those that are visible even in part. `to` is exclusive. */
export function visibleRows(top: number, geometry: Geometry): { from: number; to: number } {
  const from = Math.min(geometry.total, Math.floor(clampTop(top, geometry)));
  return { from, to: Math.min(geometry.total, Math.ceil(clampTop(top, geometry) + geometry.viewport / geometry.rowHeight)) };
}
/** The nearest position at which a row is wholly visible; unchanged where it is already. */
export function reveal(row: number, top: number, geometry: Geometry): number {
  const rows = geometry.viewport / geometry.rowHeight;
  if (row < top) return clampTop(row, geometry);
  if (row + 1 > top + rows) return clampTop(row + 1 - rows, geometry);
  return clampTop(top, geometry);
}
/** The position at which a row stands in the middle: for jumps, which should show what comes before as well. */
export function centre(row: number, geometry: Geometry): number {
  return clampTop(row - (geometry.viewport / geometry.rowHeight - 1) / 2, geometry);
}
