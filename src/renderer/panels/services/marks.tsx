import type { HealthState, ServiceObjective, ServiceRow } from '../../../shared/contract/services.ts';
import { formatCount } from '../../ui/numbers.ts';
import { barsOf, budgetWords, HEALTH_TITLES, percent, serviceName } from './words.ts';
import classes from './services.module.css';

/** Each state has a shape as well as a colour. */
const SHAPES: Readonly<Record<HealthState, string>> = {
  healthy: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Z', degraded: 'M6 1 11.5 11H.5Z', unhealthy: 'M1.5 1.5h9v9h-9Z', silent: 'M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z', unknown: 'M2 6h8',
};
export function HealthMark({ state }: { state: HealthState }) {
  return (
    <span className={classes.health} data-state={state}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path d={SHAPES[state]} /></svg>
      {HEALTH_TITLES[state]}
    </span>
  );
}

const BAR = 2;
const HEIGHT = 16;
/** Error rates below this do not fill the picture, so that one error among thousands does not look like an outage. */
const LEAST_TOP = 0.05;

/** Error rate over the range; what is empty had no event. */
export function RateLine({ row }: { row: ServiceRow }) {
  const bars = barsOf(row);
  const top = Math.max(LEAST_TOP, ...bars.map((rate) => rate ?? 0));
  const worst = Math.max(0, ...bars.map((rate) => rate ?? 0));
  const what = `Error rate of ${serviceName(row.service)} over the range, at most ${percent(worst)}`;
  return (
    <svg className={classes.line} width={bars.length * BAR} height={HEIGHT} role="img" aria-label={what}>
      <title>{what}</title>
      {bars.map((rate, i) => {
        if (rate === null) return null;
        const height = rate === 0 ? 1 : Math.max(2, Math.round((rate / top) * HEIGHT));
        return <rect key={i} x={i * BAR} y={HEIGHT - height} width={BAR} height={height} data-none={rate === 0 || undefined} />;
      })}
    </svg>
  );
}

const BUDGET = 60;
/** How much of an error budget is left. */
export function BudgetBar({ objective }: { objective: ServiceObjective }) {
  const { left, allowed, failed, availability } = objective;
  const words = budgetWords(objective);
  return (
    <span className={classes.budget} data-over={left < 0 || undefined} title={`Of ${formatCount(Math.floor(allowed))} errors that ${percent(availability)} allows, there were ${formatCount(failed)}`}>
      <svg width={BUDGET} height="8" aria-hidden="true">
        <rect className={classes.budgetAll} width={BUDGET} height="8" />
        <rect className={classes.budgetLeft} width={left < 0 ? BUDGET : Math.round(BUDGET * left)} height="8" />
      </svg>
      {words}
    </span>
  );
}
