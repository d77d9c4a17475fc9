import { useEffect, useRef } from 'react';
import type { ECharts } from 'echarts/core';

interface ChartCanvasProps {
  /** makes a chart of what the panel has registered; the same function each time */
  make: (element: HTMLElement, width: number, height: number) => ECharts;
  /** memoised: a new one is drawn */
  option: Parameters<ECharts['setOption']>[0];
  width: number;
  height: number;
  className: string;
}

/** A chart as a picture only: pointer, keyboard and assistive technology talk to what lies over and beside it. */
export function ChartCanvas({ make, option, width, height, className }: ChartCanvasProps) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  useEffect(() => () => {
    chart.current?.dispose();
    chart.current = null;
  }, []);
  useEffect(() => {
    if (!holder.current) return;
    if (!chart.current) chart.current = make(holder.current, width, height);
    else if (chart.current.getWidth() !== width || chart.current.getHeight() !== height) chart.current.resize({ width, height });
    chart.current.setOption(option, { notMerge: true, lazyUpdate: false, silent: true });
  }, [make, option, width, height]);
  return <div ref={holder} className={className} aria-hidden="true" />;
}
