import type { Bounds } from './settings.ts';

export const MIN_WIDTH = 1024;
export const MIN_HEIGHT = 640;
/** As much of the title bar must lie on a screen that it can be taken hold of. */
const REACHABLE = 100;

/** Where to open the window: where it was, unless that place is on no screen any more. `screens` are work areas, the first is the primary one. */
export function boundsOn(screens: readonly Bounds[], remembered: Bounds | null): Bounds {
  const [primary] = screens;
  if (remembered) {
    const width = Math.max(MIN_WIDTH, Math.round(remembered.width));
    const height = Math.max(MIN_HEIGHT, Math.round(remembered.height));
    const home = screens.find(
      (screen) =>
        remembered.x + width >= screen.x + REACHABLE && remembered.x <= screen.x + screen.width - REACHABLE &&
        remembered.y >= screen.y && remembered.y <= screen.y + screen.height - REACHABLE,
    );
    if (home) return { x: Math.round(remembered.x), y: Math.round(remembered.y), width: Math.min(width, home.width), height: Math.min(height, home.height) };
  }
  const width = Math.min(primary.width, Math.max(MIN_WIDTH, Math.min(1600, Math.round(primary.width * 0.9))));
  const height = Math.min(primary.height, Math.max(MIN_HEIGHT, Math.min(1000, Math.round(primary.height * 0.9))));
  return { x: Math.round(primary.x + (primary.width - width) / 2), y: Math.round(primary.y + (primary.height - height) / 2), width, height };
}
