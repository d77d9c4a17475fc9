import { describe, expect, it } from 'vitest';
import { geometryOf, plotOf, rangeOf, scaleOf } from './forecast-option.ts';
import type { Drawn } from './forecast-option.ts';

const STEP = 60e6;
const drawn: Drawn = {
  start: 0, step: STEP, values: Float64Array.of(10, 12, Number.NaN, 14, Number.NaN, 15, 16, 17, 18, 19), limit: 30, came: Float64Array.of(21, Number.NaN),
  forecast: { method: 'combination', start: 10 * STEP, values: Float64Array.of(20, 21), intervals: [{ level: 0.8, lower: Float64Array.of(19, 19), upper: Float64Array.of(21, 23) }, { level: 0.95, lower: Float64Array.of(18, 17), upper: Float64Array.of(22, 25) }] },
};
const plot = plotOf({ width: 72 + 12 + 1200, height: 8 + 22 + 100 });

describe('the picture of a forecast', () => {
  it('goes from the first value to the end of the forecast', () => {
    expect(rangeOf(drawn)).toEqual({ from: 0, to: 12 * STEP });
    expect(rangeOf({ ...drawn, forecast: null })).toEqual({ from: 0, to: 10 * STEP });
  });
  it('shows everything, the limit too when it is near', () => {
    const scale = scaleOf(drawn, plot.height);
    expect(scale.min).toBeLessThanOrEqual(10);
    expect(scale.max).toBeGreaterThanOrEqual(30);
    expect(scaleOf({ ...drawn, limit: 5000 }, plot.height).max).toBeLessThan(100);
  });
  it('is not flattened by an interval that is far too wide', () => {
    const wide = { ...drawn, forecast: { ...drawn.forecast!, intervals: [{ level: 0.95, lower: Float64Array.of(18, -1e6), upper: Float64Array.of(22, 1e6) }] }, limit: null };
    const scale = scaleOf(wide, plot.height);
    expect(scale.max).toBeLessThan(50);
    for (const [, y] of geometryOf(wide, plot, scale).bands[0]) {
      expect(y).toBeGreaterThanOrEqual(plot.y);
      expect(y).toBeLessThanOrEqual(plot.y + plot.height);
    }
  });
  it('places values in the middle of their steps, with gaps', () => {
    const { history, forecast, bands, came, begin, limit } = geometryOf(drawn, plot, scaleOf(drawn, plot.height));
    expect(history.map((part) => part.length)).toEqual([2, 2, 5]);
    expect(history[0][0][0]).toBeCloseTo(72 + 50, 6);
    expect(forecast.map(([x]) => x)).toEqual([expect.closeTo(72 + 1050, 6), expect.closeTo(72 + 1150, 6)]);
    expect(bands).toHaveLength(2);
    expect(bands[0][0][1]).toBeLessThan(bands[1][0][1]);
    expect(came).toHaveLength(1);
    expect(begin).toBeCloseTo(72 + 1000, 6);
    expect(limit).not.toBeNull();
  });
});
