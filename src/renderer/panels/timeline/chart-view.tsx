import { useEffect, useMemo, useRef } from 'react';
import type { ECharts } from 'echarts/core';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { makeChart } from './chart.ts';
import { windowToOption } from './window-option.ts';
import type { WindowOptionInput } from './window-option.ts';
import classes from './timeline.module.css';

/** The drawn bars. Pictures only: pointer, keyboard and assistive technology talk to what lies over and beside it. */
export function ChartView({ reply, input }: { reply: WindowReply; input: WindowOptionInput }) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const { width, height } = input;
  const option = useMemo(() => windowToOption(reply, input), [reply, input]);
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
