/** History and forecast as ECharts options. Pure: the same reply and size give the same picture. */
import type { CustomSeriesOption } from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { TrendReply } from '../../../shared/contract/trends.ts';
import { formatTick, type Measure } from '../../../shared/measure.ts';
import { RIGHT_PX } from '../../ui/time-axis/plot.ts';
import { toShare, type Box, type Range } from '../../ui/time-axis/range.ts';
import { timeTicks } from '../../ui/time-axis/ticks.ts';
import { valueScale, type Scale } from '../../ui/time-axis/value-scale.ts';

export type ForecastOption = ComposeOption<CustomSeriesOption | GridComponentOption>;
export interface ForecastColors {
  history: string;
  forecast: string;
  limit: string;
  text: string;
  line: string;
  lineStrong: string;
}
export interface ForecastInput {
  /** pixels of the whole chart */
  width: number;
  height: number;
  zone: string;
  measure: Measure;
  colors: ForecastColors;
}
const GUTTER = 72;
const TOP = 8;
const BOTTOM = 22;
const TICK_PX = 30;

export type Drawn = Pick<TrendReply, 'start' | 'step' | 'values' | 'forecast' | 'came' | 'limit'>;

export function plotOf({ width, height }: Pick<ForecastInput, 'width' | 'height'>): Box {
  return { x: GUTTER, y: TOP, width: Math.max(1, width - GUTTER - RIGHT_PX), height: Math.max(1, height - TOP - BOTTOM) };
}
/** From the first value to the end of the forecast. */
export function rangeOf({ start, step, values, forecast }: Drawn): Range {
  const end = start + values.length * step;
  return { from: start, to: Math.max(start + step, end, forecast ? forecast.start + forecast.values.length * step : end) };
}
export function scaleOf({ values, forecast, came, limit }: Drawn, height: number): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const see = (value: number): void => {
    if (!Number.isFinite(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  values.forEach(see);
  came.forEach(see);
  forecast?.values.forEach(see);
  // An interval that is many times wider than everything that was seen would flatten it: it is cut off at the edge.
  const room = high - low;
  for (const { lower, upper } of forecast?.intervals ?? []) {
    for (const value of lower) if (value > low - room) see(value);
    for (const value of upper) if (value < high + room) see(value);
  }
  if (limit !== null && limit > low - room && limit < high + room) see(limit);
  return valueScale(low, high, Math.max(2, Math.floor(height / TICK_PX)));
}

type XY = [x: number, y: number];
export interface Geometry {
  history: XY[][];
  forecast: XY[];
  came: XY[][];
  /** polygons, the widest first */
  bands: XY[][];
  /** pixels from the left where the forecast begins, and from the top where the limit lies; null = not drawn */
  begin: number | null;
  limit: number | null;
}
/** Stretches between gaps; a value alone is a dot as wide as its step. */
function stretches(values: Float64Array, x: (at: number) => number, y: (value: number) => number): XY[][] {
  const out: XY[][] = [];
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at])) continue;
    const part: XY[] = [];
    for (; at < values.length && Number.isFinite(values[at]); at++) part.push([x(at), y(values[at])]);
    out.push(part.length > 1 ? part : [[part[0][0] - 1, part[0][1]], [part[0][0] + 1, part[0][1]]]);
  }
  return out;
}
export function geometryOf(drawn: Drawn, plot: Box, scale: Scale): Geometry {
  const { start, step, values, forecast, came, limit } = drawn;
  const range = rangeOf(drawn);
  const y = (value: number): number => plot.y + plot.height * (1 - (Math.min(scale.max, Math.max(scale.min, value)) - scale.min) / (scale.max - scale.min));
  const at = (from: number) => (k: number): number => plot.x + toShare(range, from + (k + 0.5) * step) * plot.width;
  const ahead = at(forecast?.start ?? 0);
  const points = (line: Float64Array): XY[] => Array.from(line, (value, k): XY => [ahead(k), y(value)]);
  return {
    history: stretches(values, at(start), y),
    forecast: forecast ? points(forecast.values) : [],
    came: forecast ? stretches(came, ahead, y) : [],
    bands: [...(forecast?.intervals ?? [])].sort((a, b) => b.level - a.level).map(({ lower, upper }) => [...points(upper), ...points(lower).reverse()]),
    begin: forecast ? plot.x + toShare(range, forecast.start) * plot.width : null,
    limit: limit !== null && limit >= scale.min && limit <= scale.max ? y(limit) : null,
  };
}

export function forecastToOption(drawn: Drawn, input: ForecastInput): ForecastOption {
  const { colors, zone, measure } = input;
  const plot = plotOf(input);
  const scale = scaleOf(drawn, plot.height);
  const { history, forecast, came, bands, begin, limit } = geometryOf(drawn, plot, scale);
  const line = (points: XY[], style: Record<string, unknown>): Shape => ({ type: 'polyline', shape: { points }, style: { fill: undefined, lineWidth: 1.5, lineJoin: 'round', ...style } });
  const across = (y: number, style: Record<string, unknown>): Shape => ({ type: 'line', shape: { x1: plot.x, x2: plot.x + plot.width, y1: Math.round(y) + 0.5, y2: Math.round(y) + 0.5 }, style: { lineWidth: 1, ...style } });
  const upright = (x: number, style: Record<string, unknown>): Shape => ({ type: 'line', shape: { x1: Math.round(x) + 0.5, x2: Math.round(x) + 0.5, y1: plot.y, y2: plot.y + plot.height }, style: { lineWidth: 1, ...style } });
  const range = rangeOf(drawn);
  return {
    animation: false,
    backgroundColor: 'transparent',
    grid: { left: plot.x, top: plot.y, width: plot.width, height: plot.height, containLabel: false },
    // Shares of the range, not times: microseconds since 1970 are too large for a chart's own rounding.
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: {
      type: 'value', min: scale.min, max: scale.max, axisLine: { show: false }, axisTick: { show: false, customValues: scale.ticks }, splitLine: { show: false },
      axisLabel: { customValues: scale.ticks, color: colors.text, fontSize: 11, margin: 6, hideOverlap: true, formatter: (value: number) => formatTick(value, measure) },
    },
    series: [
      shapes('rules', 1, [
        ...timeTicks(range, zone, plot.width).map(({ time, strong }) => upright(plot.x + toShare(range, time) * plot.width, { stroke: strong ? colors.lineStrong : colors.line })),
        ...scale.ticks.map((value) => across(plot.y + plot.height * (1 - (value - scale.min) / (scale.max - scale.min)), { stroke: value === 0 ? colors.lineStrong : colors.line })),
      ]),
      shapes('bands', 2, bands.map((points) => ({ type: 'polygon', shape: { points }, style: { fill: colors.forecast, opacity: 0.18 } }))),
      shapes('history', 3, history.map((points) => line(points, { stroke: colors.history }))),
      shapes('came', 4, came.map((points) => line(points, { stroke: colors.history, lineDash: [1, 3] }))),
      shapes('forecast', 5, forecast.length > 0 ? [line(forecast, { stroke: colors.forecast, lineWidth: 2, lineDash: [6, 3] })] : []),
      shapes('marks', 6, [...(begin === null ? [] : [upright(begin, { stroke: colors.text, lineDash: [2, 2] })]), ...(limit === null ? [] : [across(limit, { stroke: colors.limit, lineWidth: 1.5, lineDash: [8, 4] })])]),
    ],
  };
}

interface Shape {
  type: string;
  shape: Record<string, unknown>;
  style: Record<string, unknown>;
}
function shapes(id: string, z: number, drawn: readonly Shape[]): CustomSeriesOption {
  return {
    id, type: 'custom', silent: true, z, animation: false, coordinateSystem: 'cartesian2d', clip: false,
    data: drawn.map((_shape, index) => [0.5, index]), encode: { x: -1, y: -1 }, renderItem: ({ dataIndex }) => ({ ...drawn[dataIndex], silent: true }) as never,
  };
}
