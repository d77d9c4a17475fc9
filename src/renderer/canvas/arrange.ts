/** Pure arithmetic on the canvas: adding, moving and resizing panels in grid units. */
import type { Panel } from '../panels/panel.ts';
import { CANVAS_COLUMNS } from '../state/canvas.ts';
import type { Placed } from '../state/canvas.ts';

/** A key that no panel has: the panel's id, then id-2, id-3 ... */
export function freeKey(panels: readonly Placed[], id: string): string {
  const taken = new Set(panels.map((panel) => panel.key));
  if (!taken.has(id)) return id;
  for (let number = 2; ; number++) if (!taken.has(`${id}-${number}`)) return `${id}-${number}`;
}

/** The panels with one more, below all others. */
export function withPanel(panels: readonly Placed[], panel: Panel): Placed[] {
  const bottom = panels.reduce((lowest, one) => Math.max(lowest, one.y + one.h), 0);
  const { w, h } = panel.defaultSize;
  return [...panels, { key: freeKey(panels, panel.id), panel: panel.id, title: '', linked: true, x: 0, y: bottom, w: Math.min(w, CANVAS_COLUMNS), h }];
}

/** The panels with positions from the grid; the same array when nothing moved. */
export function withPositions(panels: readonly Placed[], layout: readonly { i: string; x: number; y: number; w: number; h: number }[]): readonly Placed[] {
  const byKey = new Map(layout.map((item) => [item.i, item]));
  let moved = false;
  const next = panels.map((panel) => {
    const item = byKey.get(panel.key);
    if (!item || (item.x === panel.x && item.y === panel.y && item.w === panel.w && item.h === panel.h)) return panel;
    moved = true;
    return { ...panel, x: item.x, y: item.y, w: item.w, h: item.h };
  });
  return moved ? next : panels;
}

/** One panel moved or resized by the keyboard, kept inside the columns and above its smallest size. */
export function nudged(placed: Placed, change: { x?: number; y?: number; w?: number; h?: number }, smallest: { minW: number; minH: number }): Placed {
  const w = Math.max(smallest.minW, Math.min(CANVAS_COLUMNS - placed.x, placed.w + (change.w ?? 0)));
  const x = Math.max(0, Math.min(CANVAS_COLUMNS - w, placed.x + (change.x ?? 0)));
  return { ...placed, w, x, y: Math.max(0, placed.y + (change.y ?? 0)), h: Math.max(smallest.minH, placed.h + (change.h ?? 0)) };
}

/** Row height in pixels with which the first screenful of the layout fills the box, within what stays usable. */
export function rowHeight(panels: readonly Placed[], boxHeight: number, gap: number): number {
  const rows = panels.reduce((lowest, one) => Math.max(lowest, one.y + one.h), 1);
  const fitting = (boxHeight - gap * (rows - 1)) / rows;
  return Math.max(22, Math.min(80, Math.floor(fitting * 100) / 100));
}
