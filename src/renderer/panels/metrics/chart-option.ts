/**
 * Lines of one metric, as ECharts options. Pure: the same lines, range and size give the same picture. The lines may be older than
 * the range: they are placed by time, so a zoom moves them at once and the finer ones replace them when they come.
 */
import type { CustomSeriesOption } from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { formatTick } from '../../../shared/measure.ts';
import type { Measure } from '../../../shared/measure.ts';
import { outer, stretches, unusualMarks } from './points.ts';
import type { Point } from './points.ts';
import { toShare } from '../../ui/time-axis/range.ts';
import type { Box, Range } from '../../ui/time-axis/range.ts';
import { RIGHT_PX } from '../../ui/time-axis/plot.ts';
import { timeTicks } from '../../ui/time-axis/ticks.ts';
import { valueScale } from '../../ui/time-axis/value-scale.ts';
import type { Scale } from '../../ui/time-axis/value-scale.ts';

export type MetricOption = ComposeOption<CustomSeriesOption | GridComponentOption>;
export interface ChartColors {
  /** of the lines, by their place in the chart */
  lines: readonly string[];
  text: string;
  strong: string;
  ground: string;
  line: string;
  lineStrong: string;
}
export interface DrawnLine {
  id: number;
  points: readonly Point[];
  /** longest distance that is joined, microseconds */
  reach: number;
}
export interface ChartInput {
  /** pixels of the whole chart */
  width: number;
  height: number;
  /** pixels left of the plot, where the values stand */
  gutter: number;
  range: Range;
  zone: string;
  measure: Measure;
  colors: ChartColors;
}
const TOP = 8;
const BOTTOM = 8;
const TICK_PX = 26;
const MARK_PX = 4;
/** Marks nearer than this share one. */
const MARKS_APART_PX = 10;

/** Lines differ by their dashes as well as by their colour. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3]];
export function styleOf(index: number, colors: readonly string[]): { color: string; dash: readonly number[] } {
  return { color: colors[index % colors.length], dash: DASHES[index % DASHES.length] };
}

export function plotBox({ width, height, gutter }: Pick<ChartInput, 'width' | 'height' | 'gutter'>): Box {
  return { x: gutter, y: TOP, width: Math.max(1, width - gutter - RIGHT_PX), height: Math.max(1, height - TOP - BOTTOM) };
}
/** The value axis of a chart: of what is seen of its lines, peaks included. */
export function scaleOf(lines: readonly DrawnLine[], range: Range, height: number): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const { points } of lines) {
    for (const point of points) {
      if (point.time + point.width < range.from || point.time - point.width > range.to) continue;
      low = Math.min(low, point.min);
      high = Math.max(high, point.max);
    }
  }
  return valueScale(low, high, Math.max(2, Math.floor(height / TICK_PX)));
}

type XY = [x: number, y: number];
export interface Geometry {
  /** polygons from lowest to highest, one a stretch */
  bands: XY[][];
  /** polylines of the means */
  lines: XY[][];
  /** samples alone between two gaps, which no line shows */
  dots: XY[];
  /** corners of the diamonds */
  marks: XY[][];
}
/** A line in pixels of the plot. */
export function geometryOf({ points, reach }: DrawnLine, range: Range, plot: Box, scale: Scale): Geometry {
  const x = (time: number): number => plot.x + toShare(range, time) * plot.width;
  const y = (value: number): number => plot.y + plot.height * (1 - (value - scale.min) / (scale.max - scale.min));
  const out: Geometry = { bands: [], lines: [], dots: [], marks: [] };
  for (const part of stretches(points, reach)) {
    if (part.length === 1) out.dots.push([x(part[0].time), y(part[0].mean)]);
    else out.lines.push(part.map((point): XY => [x(point.time), y(point.mean)]));
    if (part.every((point) => point.max === point.min)) continue;
    // A stretch of one bucket has a width too: its band is as wide as the bucket.
    const [first, last] = [part[0], part[part.length - 1]];
    const upper = part.map((point): XY => [x(point.time), y(point.max)]);
    const lower = part.map((point): XY => [x(point.time), y(point.min)]);
    if (part.length === 1) {
      upper.push([x(last.from + last.width), y(last.max)]);
      lower.push([x(last.from + last.width), y(last.min)]);
      upper[0] = [x(first.from), y(first.max)];
      lower[0] = [x(first.from), y(first.min)];
    }
    out.bands.push([...upper, ...lower.reverse()]);
  }
  const apart = ((range.to - range.from) / plot.width) * MARKS_APART_PX;
  for (const index of unusualMarks(points, apart)) {
    const [cx, cy] = [x(points[index].time), y(outer(points, index))];
    out.marks.push([[cx, cy - MARK_PX], [cx + MARK_PX, cy], [cx, cy + MARK_PX], [cx - MARK_PX, cy]]);
  }
  return out;
}

export function linesToOption(lines: readonly DrawnLine[], input: ChartInput): MetricOption {
  const { colors, range, zone, measure } = input;
  const plot = plotBox(input);
  const scale = scaleOf(lines, range, plot.height);
  const drawn = lines.map((line) => geometryOf(line, range, plot, scale));
  return {
    animation: false,
    backgroundColor: 'transparent',
    grid: { left: plot.x, top: plot.y, width: plot.width, height: plot.height, containLabel: false },
    // Shares of the visible range, not times: microseconds since 1970 are too large for a chart's own rounding.
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: {
      type: 'value', min: scale.min, max: scale.max,
      axisLine: { show: false },
      axisTick: { show: false, customValues: scale.ticks },
      axisLabel: { customValues: scale.ticks, color: colors.text, fontSize: 11, margin: 6, hideOverlap: true, formatter: (value: number) => formatTick(value, measure) },
      splitLine: { show: false },
    },
    series: [
      rules(range, zone, plot, scale, colors),
      ...drawn.map((one, index) => drawnSeries(`band-${lines[index].id}`, 2, one.bands.map((points) => ({ type: 'polygon', shape: { points }, style: { fill: styleOf(index, colors.lines).color, opacity: 0.2 } })))),
      ...drawn.map((one, index) => {
        const { color, dash } = styleOf(index, colors.lines);
        return drawnSeries(`mean-${lines[index].id}`, 3, [
          ...one.lines.map((points) => ({ type: 'polyline', shape: { points }, style: { stroke: color, fill: undefined, lineWidth: 1.5, lineDash: dash.length === 0 ? undefined : [...dash], lineJoin: 'round' } })),
          ...one.dots.map(([cx, cy]) => ({ type: 'circle', shape: { cx, cy, r: 2 }, style: { fill: color } })),
        ]);
      }),
      drawnSeries('unusual', 4, drawn.flatMap((one, index) => one.marks.map((points) => ({ type: 'polygon', shape: { points }, style: { fill: colors.ground, stroke: lines.length > 1 ? styleOf(index, colors.lines).color : colors.strong, lineWidth: 1.5 } }))), false),
    ],
  };
}

interface Shape {
  type: string;
  shape: Record<string, unknown>;
  style: Record<string, unknown>;
}
function drawnSeries(id: string, z: number, shapes: readonly Shape[], clip = true): CustomSeriesOption {
  return {
    id, type: 'custom', silent: true, z, animation: false, coordinateSystem: 'cartesian2d', clip,
    data: shapes.map((_shape, index) => [0.5, index]),
    encode: { x: -1, y: -1 },
    renderItem: ({ dataIndex }) => ({ ...shapes[dataIndex], silent: true }) as never,
  };
}
function rules(range: Range, zone: string, plot: Box, scale: Scale, colors: ChartColors): CustomSeriesOption {
  const upright = timeTicks(range, zone, plot.width).map(({ time, strong }) => {
    const at = Math.round(plot.x + toShare(range, time) * plot.width) + 0.5;
    return { x1: at, x2: at, y1: plot.y, y2: plot.y + plot.height, strong };
  });
  const across = scale.ticks.map((value) => {
    const at = Math.round(plot.y + plot.height * (1 - (value - scale.min) / (scale.max - scale.min))) + 0.5;
    return { x1: plot.x, x2: plot.x + plot.width, y1: at, y2: at, strong: value === 0 };
  });
  return drawnSeries('rules', 1, [...upright, ...across].map(({ strong, ...shape }) => ({ type: 'line', shape, style: { stroke: strong ? colors.lineStrong : colors.line, lineWidth: 1 } })), false);
}
