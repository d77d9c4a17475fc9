import type { AnomalyChart } from '../../../shared/contract/anomalies.ts';
import { useView } from '../../state/view.ts';
import { linePath } from '../../ui/line-path.ts';
import { formatDuration, formatShort } from '../../ui/numbers.ts';
import { formatRange } from '../../ui/time.ts';
import classes from './anomalies.module.css';

const WIDTH = 600;
const HEIGHT = 56;
/** A stretch of one bucket in hundreds has to be seen. */
const NARROWEST = 4;

/** The series over the whole range, with the stretch of the finding in it. */
export function AnomalyPicture({ chart: { start, step, values, first, last }, title }: { chart: AnomalyChart; title: string }) {
  const zone = useView((view) => view.zone);
  const n = values.length;
  const known = values.filter((value) => !Number.isNaN(value));
  const width = Math.max(NARROWEST, ((last + 1 - first) / n) * WIDTH);
  const x = Math.min(WIDTH - width, (first / n) * WIDTH);
  return (
    <figure className={classes.picture}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={classes.plot} role="img" aria-label={`${title}, over ${formatDuration(n * step)}`}>
        <rect x={x} y={0} width={width} height={HEIGHT} className={classes.stretch} />
        <path d={linePath(values, WIDTH, HEIGHT)} className={classes.line} />
      </svg>
      <figcaption className={classes.caption}>
        {known.length > 0 ? <span>{formatFigure(known.reduce((least, value) => Math.min(least, value)))} to {formatFigure(known.reduce((most, value) => Math.max(most, value)))}, {formatDuration(step)} a bucket</span> : null}
        <span>{formatRange(start, start + n * step, zone)}</span>
      </figcaption>
    </figure>
  );
}

/** Counts are whole, rates and shares are not. */
function formatFigure(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? formatShort(value) : String(Number(value.toPrecision(3)));
}
