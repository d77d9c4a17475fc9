import { STEP_MS } from '../../state/connections.ts';
import { formatCount, formatSeconds } from '../../ui/numbers.ts';
import classes from './connections.module.css';

const BAR = 2;
const HEIGHT = 20;

/** Events of each of the last steps as bars; what was not heard of is left out, what was nothing is a line. */
export function Sparkline({ steps }: { steps: readonly (number | null)[] }) {
  const most = Math.max(0, ...steps.map((step) => step ?? 0));
  const known = steps.filter((step) => step !== null);
  const sum = known.reduce<number>((total, step) => total + (step ?? 0), 0);
  const what = `${formatCount(sum)} stored in the last ${formatSeconds((known.length * STEP_MS) / 1000)}, at most ${formatCount(most)} in ${STEP_MS / 1000} s`;
  return (
    <svg className={classes.spark} width={steps.length * BAR} height={HEIGHT} role="img" aria-label={what}>
      <title>{what}</title>
      {steps.map((step, index) => {
        if (step === null) return null;
        const height = step === 0 ? 1 : Math.max(2, Math.round((step / most) * HEIGHT));
        return <rect key={index} x={index * BAR} y={HEIGHT - height} width={BAR} height={height} data-nothing={step === 0 || undefined} />;
      })}
    </svg>
  );
}
