import type { CausePeriod } from '../../../shared/contract/root-cause.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import classes from './root-cause.module.css';

const MOST_SAMPLES = 2000;
const MOST_FILES = 4;
const [WIDTH, HEIGHT] = [240, 28];
/** Of the normal time so much is shown at most, as a multiple of the trouble's. */
const MOST_BEFORE = 3;

interface MetricLineProps {
  series: readonly number[];
  periods: { normal: CausePeriod; incident: CausePeriod };
}

/** A metric over the end of the normal time and the trouble, with a mark where that starts. */
export function MetricLine({ series, periods: { normal, incident } }: MetricLineProps) {
  const from = Math.max(normal.from, incident.from - MOST_BEFORE * (incident.to - incident.from));
  const { data } = useAsk(['metrics.samples', series, from, incident.to], async (signal) => await Promise.all(series.slice(0, MOST_FILES).map(async (id) => await engine.metrics.samples({ id, from, to: incident.to, limit: MOST_SAMPLES }, { signal }))), { on: ['series'] });
  const path = data ? pathOf(data.flatMap(({ time, value }) => Array.from(time, (at, i): [number, number] => [at, value[i]])), from, incident.to) : '';
  if (path === '') return null;
  const at = ((incident.from - from) / (incident.to - from)) * WIDTH;
  return (
    <svg className={classes.line} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="The metric over time, with a mark where the trouble starts">
      <line x1={at} x2={at} y1="0" y2={HEIGHT} className={classes.mark} />
      <path d={path} className={classes.curve} />
    </svg>
  );
}

/** A line through samples in time order, from the least value at the bottom to the greatest at the top; '' for fewer than two. */
export function pathOf(samples: readonly (readonly [time: number, value: number])[], from: number, to: number): string {
  const known = samples.filter(([, value]) => Number.isFinite(value)).toSorted((a, b) => a[0] - b[0]);
  if (known.length < 2) return '';
  const least = known.reduce((low, [, value]) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const most = known.reduce((high, [, value]) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  const y = (value: number): number => (most === least ? HEIGHT / 2 : HEIGHT - 1 - ((value - least) / (most - least)) * (HEIGHT - 2));
  return known.map(([time, value], i) => `${i === 0 ? 'M' : 'L'}${(((time - from) / (to - from)) * WIDTH).toFixed(1)} ${y(value).toFixed(1)}`).join('');
}
