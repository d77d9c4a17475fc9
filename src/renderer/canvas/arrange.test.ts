import { describe, expect, it } from 'vitest';
import { FIRST_LAYOUT } from '../state/canvas.ts';
import type { Panel } from '../panels/panel.ts';
import { freeKey, nudged, rowHeight, withPanel, withPositions } from './arrange.ts';

const panel = { id: 'events', title: 'Events', defaultSize: { w: 30, h: 9, minW: 6, minH: 4 } } as Panel;

describe('arranging the canvas', () => {
  it('adds below everything, inside the columns, under a key of its own', () => {
    const next = withPanel(FIRST_LAYOUT, panel);
    expect(next.at(-1)).toMatchObject({ key: 'events-2', x: 0, y: 22, w: 24, h: 9, linked: true });
    expect(freeKey(next, 'events')).toBe('events-3');
  });
  it('says when nothing moved', () => {
    const same = FIRST_LAYOUT.map((one) => ({ i: one.key, x: one.x, y: one.y, w: one.w, h: one.h }));
    expect(withPositions(FIRST_LAYOUT, same)).toBe(FIRST_LAYOUT);
    expect(withPositions(FIRST_LAYOUT, [{ ...same[0], h: 9 }])[0].h).toBe(9);
  });
  it('keeps a nudged panel inside', () => {
    const placed = { ...FIRST_LAYOUT[3] };
    expect(nudged(placed, { x: 5 }, panel.defaultSize).x).toBe(24 - placed.w);
    expect(nudged(placed, { w: -9, h: -9 }, panel.defaultSize)).toMatchObject({ w: 6, h: 4 });
    expect(nudged({ ...placed, y: 0 }, { y: -1 }, panel.defaultSize).y).toBe(0);
  });
  it('fills the box with the first layout, and scrolls when it cannot', () => {
    expect(rowHeight(FIRST_LAYOUT, 734, 1) * 22 + 21).toBeCloseTo(734, 0);
    expect(rowHeight(FIRST_LAYOUT, 300, 1)).toBe(22);
  });
});
