import { useMemo } from 'react';
import { ChartCanvas } from '../../ui/chart-canvas.tsx';
import { makeChart } from '../../ui/shape-chart.ts';
import { linesToOption } from './chart-option.ts';
import type { ChartInput, DrawnLine } from './chart-option.ts';
import classes from './metrics.module.css';

/** The drawn lines. */
export function ChartView({ lines, input }: { lines: readonly DrawnLine[]; input: ChartInput }) {
  const option = useMemo(() => linesToOption(lines, input), [lines, input]);
  return <ChartCanvas make={makeChart} option={option} width={input.width} height={input.height} className={classes.chart} />;
}
