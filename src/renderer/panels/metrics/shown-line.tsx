import type { DrawnLine } from './chart-option.ts';
import classes from './metrics.module.css';

/** One series of a chart as the parts beside the picture need it. */
export interface ShownLine extends DrawnLine {
  /** what tells it from the others; '' when it is alone */
  label: string;
  color: string;
  dash: readonly number[];
}

/** A piece of the line as it is drawn. */
export function Swatch({ line }: { line: Pick<ShownLine, 'color' | 'dash'> }) {
  return <svg className={classes.swatch} width="18" height="8" aria-hidden="true"><path d="M0 4H18" stroke={line.color} strokeWidth="2" strokeDasharray={line.dash.join(' ')} /></svg>;
}
