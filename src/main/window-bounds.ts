import type { Bounds } from './settings.ts';

export const MIN_WIDTH = 1024;
export const MIN_HEIGHT = 640;
/** As much of the title bar must lie on a screen that it can be taken hold of. */
const REACHABLE = 100;

/** Where to open the window: where it was, unless that place is on no screen any more. `screens` are work areas, the first is the primary one. */
export function boundsOn(screens: readonly Bounds[], remembered: Bounds | null): Bounds {
  const [primary] = screens;
  if (remembered) {
    const x = Math.round(remembered.x);
    const y = Math.round(remembered.y);
    for (const screen of screens) {
      // Never smaller than the smallest the window can be, else never larger than the screen.
      const width = Math.max(MIN_WIDTH, Math.min(Math.round(remembered.width), screen.width));
      const height = Math.max(MIN_HEIGHT, Math.min(Math.round(remembered.height), screen.height));
      const across = x + width >= screen.x + REACHABLE && x <= screen.x + screen.width - REACHABLE;
      const down = y >= screen.y && y <= screen.y + screen.height - REACHABLE;
      if (across && down) return { x, y, width, height };
    }
  }
  const width = Math.min(primary.width, Math.max(MIN_WIDTH, Math.min(1600, Math.round(primary.width * 0.9))));
  const height = Math.min(primary.height, Math.max(MIN_HEIGHT, Math.min(1000, Math.round(primary.height * 0.9))));
  return { x: Math.round(primary.x + (primary.width - width) / 2), y: Math.round(primary.y + (primary.height - height) / 2), width, height };
}
