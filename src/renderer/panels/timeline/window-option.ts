/**
 * A window of counts, as ECharts options. Pure: the same reply, range and size give the same picture, in the window and anywhere
 * else a chart is drawn. The picture may be of an older reply than the range: bars are placed by time, so zooming moves them at
 * once and the finer ones replace them when they come.
 */
import type { CustomSeriesOption } from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { SEVERITIES } from '../../../shared/event.ts';
import type { Severity } from '../../../shared/event.ts';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { barRects, hatchLines, peakOf } from './density.ts';
import { RIGHT_PX } from '../../ui/time-axis/plot.ts';
import { toShare } from '../../ui/time-axis/range.ts';
import type { Box, Range } from '../../ui/time-axis/range.ts';
import { timeTicks } from '../../ui/time-axis/ticks.ts';

export type TimelineOption = ComposeOption<CustomSeriesOption | GridComponentOption>;

export interface TimelineColors {
  severity: Record<Severity, string>;
  text: string;
  line: string;
  lineStrong: string;
}
export interface Layout {
  /** pixels of the whole chart */
  width: number;
  height: number;
  /** pixels left of the plot, where the lanes' names stand */
  gutter: number;
}
export interface WindowOptionInput extends Layout {
  colors: TimelineColors;
  zone: string;
  /** what is visible */
  range: Range;
  log: boolean;
  /** all lanes to one scale; otherwise each to its own peak */
  sameScale: boolean;
}

const AXIS_PX = 20;
const LANE_PAD = 3;

/** The plot without axis and names. */
export function plotBox({ width, height, gutter }: Layout): Box {
  return { x: gutter, y: 0, width: Math.max(1, width - gutter - RIGHT_PX), height: Math.max(1, height - AXIS_PX) };
}
/** One lane of the plot; `inner` leaves room to the lane above. */
export function laneBox(plot: Box, lane: number, lanes: number, inner = false): Box {
  const top = Math.round(plot.y + (plot.height * lane) / lanes);
  const bottom = Math.round(plot.y + (plot.height * (lane + 1)) / lanes);
  const pad = inner ? Math.min(LANE_PAD, Math.max(1, bottom - top - 4)) : 0;
  return { x: plot.x, y: top + pad, width: plot.width, height: Math.max(1, bottom - top - pad - (inner ? 1 : 0)) };
}

export function windowToOption(reply: WindowReply, input: WindowOptionInput): TimelineOption {
  const { colors, range, zone, log, sameScale } = input;
  const plot = plotBox(input);
  const ticks = timeTicks(range, zone, plot.width);
  const shares = ticks.map((tick) => toShare(range, tick.time));
  const x = (time: number): number => plot.x + toShare(range, time) * plot.width;
  const edge = (bucket: number): number => x(reply.from + bucket * reply.step);
  const peaks = reply.lanes.map((lane) => peakOf(lane.counts));
  const highest = peaks.reduce((most, peak) => Math.max(most, peak), 0);
  const lanes = Math.max(1, reply.lanes.length);
  const rects = reply.lanes.map((lane, index) =>
    barRects({ counts: lane.counts, edge, box: laneBox(plot, index, lanes, true), peak: sameScale ? highest : peaks[index], log }),
  );
  return {
    animation: false,
    backgroundColor: 'transparent',
    grid: { left: plot.x, top: plot.y, width: plot.width, height: plot.height, containLabel: false },
    xAxis: {
      // Shares of the visible range, not times: microseconds since 1970 are too large for a chart's own rounding.
      type: 'value', min: 0, max: 1, position: 'bottom',
      axisLine: { show: true, onZero: false, lineStyle: { color: colors.lineStrong } },
      axisTick: { show: true, customValues: shares, length: 4, lineStyle: { color: colors.lineStrong } },
      axisLabel: {
        customValues: shares, color: colors.text, fontSize: 11, margin: 6, hideOverlap: true, showMinLabel: null, showMaxLabel: null,
        formatter: (value: number) => labelAt(shares, ticks.map((tick) => tick.label), value),
      },
      splitLine: { show: false },
    },
    yAxis: { type: 'value', min: 0, max: lanes, show: false },
    series: [
      rulesSeries(plot, lanes, shares, ticks.map((tick) => tick.strong), colors),
      gapSeries(reply, plot, lanes, x, colors),
      ...SEVERITIES.map((severity, index) => barSeries(severity, colors.severity[severity], rects.map((lane) => lane[index]))),
    ],
  };
}

function labelAt(shares: readonly number[], labels: readonly string[], value: number): string {
  const index = shares.findIndex((share) => Math.abs(share - value) < 1e-9);
  return index < 0 ? '' : labels[index];
}

/** Shapes drawn by chart.ts; `data` of every series is the list of lanes (or one thing), drawn from what is closed over here. */
function shapeSeries(id: string, name: string, z: number, shapes: readonly { type: string; points: Float32Array; style: Record<string, unknown> }[]): CustomSeriesOption {
  return {
    id, name, type: 'custom', silent: true, z, animation: false, coordinateSystem: 'cartesian2d', clip: true,
    data: shapes.map((_shape, index) => [0.5, index]),
    encode: { x: -1, y: -1 },
    renderItem: ({ dataIndex }) => {
      const shape = shapes[dataIndex];
      if (!shape || shape.points.length === 0) return undefined;
      return { type: shape.type, shape: { points: shape.points }, style: shape.style, silent: true } as never;
    },
  };
}
function barSeries(severity: Severity, color: string, lanes: readonly Float32Array[]): CustomSeriesOption {
  return shapeSeries(`severity-${severity}`, severity, 3, lanes.map((points) => ({ type: 'tidemarkBars', points, style: { fill: color } })));
}
function gapSeries(reply: WindowReply, plot: Box, lanes: number, x: (time: number) => number, colors: TimelineColors): CustomSeriesOption {
  const shapes = reply.lanes.map((lane, index) => {
    const { y, height } = laneBox(plot, index, lanes, true);
    const lines = lane.gaps.flatMap((gap) => {
      const left = Math.max(plot.x, x(gap.from));
      const right = Math.min(plot.x + plot.width, x(gap.to));
      return right - left < 2 ? [] : [...hatchLines({ x: left, y, width: right - left, height })];
    });
    return { type: 'tidemarkLines', points: Float32Array.from(lines), style: { stroke: colors.lineStrong, lineWidth: 1, fill: undefined, opacity: 0.8 } };
  });
  return shapeSeries('gaps', 'gaps', 2, shapes);
}
function rulesSeries(plot: Box, lanes: number, shares: readonly number[], strong: readonly boolean[], colors: TimelineColors): CustomSeriesOption {
  const upright = (which: boolean): Float32Array =>
    Float32Array.from(shares.flatMap((share, index) => {
      if (strong[index] !== which) return [];
      const at = Math.round(plot.x + share * plot.width) + 0.5;
      return [at, plot.y, at, plot.y + plot.height];
    }));
  const across: number[] = [];
  for (let lane = 1; lane < lanes; lane++) {
    const { y } = laneBox(plot, lane, lanes);
    across.push(plot.x, y - 0.5, plot.x + plot.width, y - 0.5);
  }
  return shapeSeries('rules', 'rules', 1, [
    { type: 'tidemarkLines', points: upright(false), style: { stroke: colors.line, lineWidth: 1, fill: undefined } },
    { type: 'tidemarkLines', points: upright(true), style: { stroke: colors.lineStrong, lineWidth: 1, fill: undefined } },
    { type: 'tidemarkLines', points: Float32Array.from(across), style: { stroke: colors.line, lineWidth: 1, fill: undefined } },
  ]);
}
