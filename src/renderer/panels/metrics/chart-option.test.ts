import { describe, expect, it } from 'vitest';
import type { CustomSeriesOption } from 'echarts/charts';
import { geometryOf, linesToOption, plotBox, scaleOf, styleOf } from './chart-option.ts';
import type { ChartInput, DrawnLine } from './chart-option.ts';
import type { Point } from './points.ts';

const HOUR = 3_600e6;
const FROM = Date.parse('2026-11-20T12:00:00Z') * 1000;
const range = { from: FROM, to: FROM + 10 * HOUR };
const input: ChartInput = {
  width: 1096, gutter: 84, height: 116, range, zone: 'UTC', measure: { kind: 'bytes', factor: 1, unit: '', perSecond: true },
  colors: { lines: ['#0', '#1'], text: '#t', strong: '#s', ground: '#g', line: '#l', lineStrong: '#ls' },
};
const point = (hour: number, mean: number, more: Partial<Point> = {}): Point => ({ time: FROM + (hour + 0.5) * HOUR, from: FROM + hour * HOUR, width: HOUR, min: mean, max: mean, mean, z: NaN, ...more });
const line = (id: number, points: Point[]): DrawnLine => ({ id, points, reach: 2.5 * HOUR });
const series = (lines: DrawnLine[]): CustomSeriesOption[] => linesToOption(lines, input).series as CustomSeriesOption[];
const named = (lines: DrawnLine[], id: string): CustomSeriesOption => {
  const found = series(lines).find((one) => one.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};
const shapes = (one: CustomSeriesOption): number => (one.data as unknown[]).length;

describe('the picture of lines', () => {
  const plot = plotBox(input);
  it('goes from edge to edge of the range, up for more', () => {
    const { lines } = geometryOf(line(1, [point(-0.5, 0), point(1.5, 50), point(3.5, 100)]), range, plot, { min: 0, max: 100, ticks: [] });
    expect(lines).toEqual([[[plot.x, plot.y + plot.height], [plot.x + plot.width * 0.2, plot.y + plot.height / 2], [plot.x + plot.width * 0.4, plot.y]]]);
  });
  it('leaves a gap open, and shows a sample alone as a dot', () => {
    const { lines, dots } = geometryOf(line(1, [point(0, 1), point(1, 1), point(5, 1), point(9, 1)]), range, plot, { min: 0, max: 2, ticks: [] });
    expect([lines.length, dots.length]).toEqual([1, 2]);
  });
  it('has a band only where samples differ, one for each stretch', () => {
    const wide = { min: 0, max: 4 };
    expect(geometryOf(line(1, [point(0, 1), point(1, 1)]), range, plot, { min: 0, max: 4, ticks: [] }).bands).toEqual([]);
    const { bands } = geometryOf(line(1, [point(0, 1, wide), point(1, 1, wide), point(7, 1, wide)]), range, plot, { min: 0, max: 4, ticks: [] });
    expect(bands.map((band) => band.length)).toEqual([4, 4]);
    expect(bands[1][1][0] - bands[1][0][0]).toBeCloseTo(plot.width / 10, 6);
  });
  it('has marks where it is unusual, at the peak', () => {
    const { marks } = geometryOf(line(1, [point(0, 1), point(4.5, 2, { max: 4, z: 3 })]), range, plot, { min: 0, max: 4, ticks: [] });
    expect(marks).toHaveLength(1);
    expect(marks[0][0]).toEqual([plot.x + plot.width / 2, plot.y - 4]);
    expect(shapes(named([line(1, [point(0, 1, { z: 2.9 })])], 'unusual'))).toBe(0);
  });
  it('is scaled to what is in the range', () => {
    const { max } = scaleOf([line(1, [point(1, 3), point(2, 9, { max: 18 }), point(30, 1000)])], range, 100);
    expect(max).toBe(20);
  });
  it('has rates with their unit on the axis, and draws nothing from data as markup', () => {
    const { yAxis } = linesToOption([line(1, [point(1, 2e6)])], input) as { yAxis: { axisLabel: { formatter(value: number): string } } };
    expect(yAxis.axisLabel.formatter(2e6)).toBe('2 MB/s');
    expect(linesToOption([line(1, [])], input)).not.toHaveProperty('tooltip');
  });
  it('tells lines apart by dash as well as colour', () => {
    expect(new Set(Array.from({ length: 6 }, (_, index) => JSON.stringify(styleOf(index, input.colors.lines)))).size).toBe(6);
    expect(styleOf(0, ['#a']).dash).not.toEqual(styleOf(1, ['#a']).dash);
    expect(series([line(4, [point(0, 1), point(1, 2)]), line(5, [])]).map(({ id }) => id)).toEqual(['rules', 'band-4', 'band-5', 'mean-4', 'mean-5', 'unusual']);
  });
});
