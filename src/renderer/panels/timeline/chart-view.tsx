import { useMemo } from 'react';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { ChartCanvas } from '../../ui/chart-canvas.tsx';
import { makeChart } from './chart.ts';
import { windowToOption } from './window-option.ts';
import type { WindowOptionInput } from './window-option.ts';
import classes from './timeline.module.css';

/** The drawn bars. */
export function ChartView({ reply, input }: { reply: WindowReply; input: WindowOptionInput }) {
  const option = useMemo(() => windowToOption(reply, input), [reply, input]);
  return <ChartCanvas make={makeChart} option={option} width={input.width} height={input.height} className={classes.chart} />;
}
