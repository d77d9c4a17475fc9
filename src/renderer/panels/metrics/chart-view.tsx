import { useEffect, useMemo, useRef } from 'react';
import type { ECharts } from 'echarts/core';
import { makeChart } from './chart.ts';
import { linesToOption } from './chart-option.ts';
import type { ChartInput, DrawnLine } from './chart-option.ts';
import classes from './metrics.module.css';

/** The drawn lines. Pictures only: pointer, keyboard and assistive technology talk to what lies over and beside it. */
export function ChartView({ lines, input }: { lines: readonly DrawnLine[]; input: ChartInput }) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const { width, height } = input;
  const option = useMemo(() => linesToOption(lines, input), [lines, input]);
  useEffect(() => () => {
    chart.current?.dispose();
    chart.current = null;
  }, []);
  useEffect(() => {
    if (!holder.current) return;
    if (!chart.current) chart.current = makeChart(holder.current, width, height);
    else if (chart.current.getWidth() !== width || chart.current.getHeight() !== height) chart.current.resize({ width, height });
    chart.current.setOption(option, { notMerge: true, lazyUpdate: false, silent: true });
  }, [option, width, height]);
  return <div ref={holder} className={classes.chart} aria-hidden="true" />;
}
