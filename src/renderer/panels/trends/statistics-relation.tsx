import type { RelationReply } from '../../../shared/contract/statistics.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { scaleOf, ticksOf } from './statistics-scale.ts';
import { figure, probability } from './statistics-words.ts';
import classes from './statistics.module.css';

const WIDTH = 360;
const HEIGHT = 220;
const LEFT = 48;
const BOTTOM = 20;

/** What goes with what: the pairs, how closely they go together, and what explains y. */
export function Relation({ reply }: { reply: RelationReply }) {
  const { correlations, regression, noRegression, paired, cautions, y, n, step } = reply;
  return (
    <div className={classes.relation}>
      <Scatter reply={reply} />
      <div className={classes.relationText}>
        <table className={classes.table}>
          <thead><tr><th scope="col">With <SafeText inline text={y} fold={60} /></th><th scope="col" className={classes.number} title="How close to a straight line">Pearson</th><th scope="col" className={classes.number} title="Of the ranks: single extreme values decide nothing">Spearman</th><th scope="col" className={classes.number} title="Pairs in the same order less those in the opposite one">Kendall</th><th scope="col" className={classes.number} title="Of Spearman">p</th></tr></thead>
          <tbody>
            {correlations.map(({ x, pearson, spearman, kendall }) => (
              <tr key={x}><td><SafeText inline text={x} fold={60} /></td><td className={classes.number} title={pearson.lower === null || pearson.upper === null ? undefined : `95 %: ${figure(pearson.lower)} to ${figure(pearson.upper)}`}>{figure(pearson.r)}</td><td className={classes.number}>{figure(spearman.r)}</td><td className={classes.number}>{figure(kendall?.r ?? null)}</td><td className={classes.number}>{probability(spearman.p)}</td></tr>
            ))}
          </tbody>
        </table>
        {regression ? (
          <>
            <p className={classes.sentence}>
              {regression.outcome ? `Logistic regression: log odds of ${figure(regression.outcome.of)} against ${figure(regression.outcome.against)}` : 'Linear regression'}: {regression.kind === 'linear' ? 'R²' : "McFadden's R²"} {figure(regression.rSquared)}, {regression.statistic}, p {probability(regression.p)}
            </p>
            <table className={classes.table}>
              <thead><tr><th scope="col">Predictor</th><th scope="col" className={classes.number}>Value</th><th scope="col" className={classes.number}>95 % from</th><th scope="col" className={classes.number}>to</th><th scope="col" className={classes.number}>{regression.kind === 'linear' ? 't' : 'z'}</th><th scope="col" className={classes.number}>p</th></tr></thead>
              <tbody>
                {regression.coefficients.map((one) => (
                  <tr key={one.name}><td>{one.name === '' ? <span className={classes.dim}>intercept</span> : <SafeText inline text={one.name} fold={60} />}</td><td className={classes.number}>{figure(one.value)}</td><td className={classes.number}>{figure(one.lower)}</td><td className={classes.number}>{figure(one.upper)}</td><td className={classes.number}>{figure(one.statistic)}</td><td className={classes.number}>{probability(one.p)}</td></tr>
                ))}
              </tbody>
            </table>
          </>
        ) : <p className={classes.sentence}>{noRegression}</p>}
        {paired ? <p className={classes.sentence}>{paired.title}: {paired.statistic}, p {probability(paired.p)}</p> : null}
        <ul className={classes.list}>{cautions.map((text) => <li key={text}>{text}</li>)}</ul>
        <p className={classes.dim}>{formatCount(n)} {step === 0 ? 'events' : `means of ${formatDuration(step)}`}</p>
      </div>
    </div>
  );
}

/** Some of the pairs of y and the first x, and the line through them where one was fitted to it alone. */
function Scatter({ reply: { points, y, x, regression } }: { reply: RelationReply }) {
  const [lowX, highX] = endsOf(points.x);
  const [lowY, highY] = endsOf(points.y);
  const sx = scaleOf(lowX, highX, false);
  const sy = scaleOf(lowY, highY, false);
  const px = (value: number): number => LEFT + sx(value) * (WIDTH - LEFT - 8);
  const py = (value: number): number => (1 - sy(value)) * (HEIGHT - BOTTOM - 8) + 4;
  const dots = Array.from(points.x, (value, i) => `M${px(value).toFixed(1)} ${py(points.y[i]).toFixed(1)}h0`).join('');
  const line = regression?.kind === 'linear' && x.length === 1 ? regression.coefficients : null;
  const of = (value: number): number => (line ? line[0].value + line[1].value * value : 0);
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" className={classes.scatter} aria-label={`${y} against ${x[0]}: ${formatCount(points.x.length)} pairs`}>
      <line className={classes.frame} x1={LEFT} x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
      <line className={classes.frame} x1={LEFT} x2={LEFT} y1={0} y2={HEIGHT - BOTTOM} />
      {ticksOf(lowX, highX, false, 4).map((tick) => <text key={tick} className={classes.tick} x={px(tick)} y={HEIGHT - 6} textAnchor="middle">{figure(tick)}</text>)}
      {ticksOf(lowY, highY, false, 4).map((tick) => <text key={tick} className={classes.tick} x={LEFT - 4} y={py(tick) + 4} textAnchor="end">{figure(tick)}</text>)}
      <path className={classes.dots} d={dots} />
      {line ? <line className={classes.fit} x1={px(lowX)} x2={px(highX)} y1={py(of(lowX))} y2={py(of(highX))} /> : null}
    </svg>
  );
}

function endsOf(values: Float64Array): [number, number] {
  return [values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY), values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)];
}
