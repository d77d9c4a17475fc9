import type { CorrelatedPair } from '../../../shared/contract/correlation.ts';
import { useView } from '../../state/view.ts';
import { formatDuration, formatShort } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatRange } from '../../ui/time.ts';
import { linePath } from '../../ui/line-path.ts';
import classes from './correlation.module.css';

const WIDTH = 600;
const HEIGHT = 56;

/** Two series over one another, each in its own scale. */
export function PairChart({ pair: { start, step, a, b, lag } }: { pair: CorrelatedPair }) {
  const zone = useView((view) => view.zone);
  const n = a.values.length;
  return (
    <figure className={classes.chart}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={classes.plot} role="img" aria-label={`${a.title} and ${b.title} over ${formatDuration(n * step)}`}>
        <path d={linePath(a.values, WIDTH, HEIGHT)} className={classes.lineA} />
        <path d={linePath(b.values, WIDTH, HEIGHT)} className={classes.lineB} />
      </svg>
      <figcaption className={classes.legend}>
        <span className={classes.keyA}><SafeText inline text={a.title} fold={80} /> <Scale values={a.values} /></span>
        <span className={classes.keyB}><SafeText inline text={b.title} fold={80} /> <Scale values={b.values} /></span>
        <span className={classes.dim}>{formatRange(start, start + n * step, zone)}{lag === 0 ? '' : `, ${formatDuration(lag)} later`}</span>
      </figcaption>
    </figure>
  );
}

function Scale({ values }: { values: Float64Array }) {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return null;
  return <span className={classes.dim}>{formatShort(known.reduce((least, value) => Math.min(least, value)))} to {formatShort(known.reduce((most, value) => Math.max(most, value)))}</span>;
}
