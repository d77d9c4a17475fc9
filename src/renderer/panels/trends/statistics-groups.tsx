import type { StatisticsGroup, StatisticsReply, TestResult } from '../../../shared/contract/statistics.ts';
import { useViewStore } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { scaleOf, ticksOf } from './statistics-scale.ts';
import { figure, probability } from './statistics-words.ts';
import classes from './statistics.module.css';

const WIDTH = 320;
const HEIGHT = 34;
const MOST_PAIRS = 12;
const NUMBERS = [
  ['n', 'Values', ({ n }) => n], ['Median', 'Half are less', ({ median }) => median], ['Mean', 'With its 95 % interval on hover', ({ mean }) => mean], ['SD', 'Standard deviation', ({ sd }) => sd],
  ['MAD', 'Median distance from the median', ({ mad }) => mad], ['p95', 'One in twenty is more', ({ p95 }) => p95], ['p99', 'One in a hundred is more', ({ p99 }) => p99], ['Max', 'The greatest', ({ max }) => max],
  ['Skew', 'Skewness: 0 is even, above 0 has a tail of large values', ({ skewness }) => skewness],
] as const satisfies readonly (readonly [string, string, (described: StatisticsGroup['described']) => number | null])[];

/** Groups of numbers beside each other: where they lie, how they are spread, and whether they differ. */
export function Groups({ reply }: { reply: StatisticsReply }) {
  const { groups, bins, moreGroups, unit, contingency } = reply;
  if (contingency) return <Words reply={reply} />;
  const low = groups.reduce((least, { described: { min } }) => Math.min(least, min), Number.POSITIVE_INFINITY);
  const high = groups.reduce((most, { described: { max } }) => Math.max(most, max), Number.NEGATIVE_INFINITY);
  const scale = scaleOf(low, high, bins.log);
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Group<span className={classes.unit}>{[unit, bins.log ? 'log' : ''].filter(Boolean).join(', ')}</span></th>
            <th scope="col" className={classes.plotHead}><Axis low={low} high={high} log={bins.log} /></th>
            {NUMBERS.map(([title, hint]) => <th key={title} scope="col" className={classes.number} title={hint}>{title}</th>)}
          </tr>
        </thead>
        <tbody>{groups.map((group) => <Group key={group.name} group={group} reply={reply} scale={scale} />)}</tbody>
      </table>
      {moreGroups > 0 ? <p className={classes.dim}>{formatCount(moreGroups)} smaller groups are not shown.</p> : null}
    </>
  );
}

function Axis({ low, high, log }: { low: number; high: number; log: boolean }) {
  const scale = scaleOf(low, high, log);
  return (
    <span className={classes.axis} style={{ width: WIDTH }}>
      {ticksOf(low, high, log, 5).map((tick) => <span key={tick} style={{ left: `${scale(tick) * 100}%` }}>{figure(tick)}</span>)}
    </span>
  );
}

function Group({ group, reply, scale }: { group: StatisticsGroup; reply: StatisticsReply; scale: (value: number) => number }) {
  const store = useViewStore();
  const { name, scope, described } = group;
  const open = (): void => {
    if (!scope) return;
    const { setQuery, setRange } = store.getState();
    setQuery(scope.query);
    setRange(scope.from, scope.to);
  };
  return (
    <tr>
      <td className={classes.name}>{scope ? <button type="button" className={classes.link} title="Show its events in timeline and list" onClick={open}><SafeText inline text={name} fold={80} /></button> : <SafeText inline text={name} fold={80} />}</td>
      <td><Box group={group} reply={reply} scale={scale} /></td>
      {NUMBERS.map(([title, , of]) => <td key={title} className={classes.number} title={title === 'Mean' && described.meanInterval ? `95 %: ${figure(described.meanInterval.lower)} to ${figure(described.meanInterval.upper)}` : undefined}>{title === 'n' ? formatCount(described.n) : figure(of(described))}</td>)}
    </tr>
  );
}

/** The histogram of a group, and over it its box: quartiles, median, Tukey's whiskers, and the mean as a diamond. */
function Box({ group: { name, counts, described, whiskers, outliers }, reply: { bins }, scale }: { group: StatisticsGroup; reply: StatisticsReply; scale: (value: number) => number }) {
  const most = counts.reduce((top, count) => Math.max(top, count), 1);
  const x = (value: number): number => scale(value) * WIDTH;
  const at = (bin: number): number => {
    const value = bins.from + bin * bins.width;
    return x(bins.log ? 10 ** value : value);
  };
  const { q1, median, q3, mean } = described;
  const middle = HEIGHT - 9;
  return (
    <svg
      width={WIDTH} height={HEIGHT} role="img" className={classes.box}
      aria-label={`${name}: half between ${figure(q1)} and ${figure(q3)}, median ${figure(median)}, mean ${figure(mean)}, ${formatCount(outliers)} beyond ${figure(whiskers.low)} to ${figure(whiskers.high)}`}
    >
      {bins.n > 1 ? Array.from(counts, (count, bin) => (count === 0 ? null : <rect key={bin} className={classes.column} x={at(bin)} width={Math.max(1, at(bin + 1) - at(bin) - 1)} y={HEIGHT - (count / most) * (HEIGHT - 2)} height={(count / most) * (HEIGHT - 2)} />)) : null}
      <line className={classes.whisker} x1={x(whiskers.low)} x2={x(whiskers.high)} y1={middle} y2={middle} />
      <rect className={classes.quartiles} x={x(q1)} width={Math.max(1, x(q3) - x(q1))} y={middle - 5} height={10} />
      <line className={classes.median} x1={x(median)} x2={x(median)} y1={middle - 7} y2={middle + 7} />
      <path className={classes.mean} d={`M ${x(mean)} ${middle - 4} l 4 4 l -4 4 l -4 -4 z`} />
    </svg>
  );
}

/** Counts of words by group. */
function Words({ reply: { contingency } }: { reply: StatisticsReply }) {
  if (!contingency) return null;
  const { groups, values, counts, more } = contingency;
  const titles = [...values, ...(more > 0 ? [`${formatCount(more)} others`] : [])];
  return (
    <table className={classes.table}>
      <thead><tr><th scope="col">Group</th>{titles.map((title) => <th key={title} scope="col" className={classes.number}><SafeText inline text={title} fold={40} /></th>)}</tr></thead>
      <tbody>
        {counts.map((row, g) => {
          const total = row.reduce((sum, n) => sum + n, 0);
          return <tr key={groups[g]}><td className={classes.name}><SafeText inline text={groups[g]} fold={80} /></td>{row.map((n, i) => <td key={titles[i]} className={classes.number}>{formatCount(n)} <span className={classes.dim}>{total > 0 ? `${Math.round((n / total) * 100)} %` : ''}</span></td>)}</tr>;
        })}
      </tbody>
    </table>
  );
}

/** What was tested, why so, what has to hold, and whether other tests agree. */
export function Tests({ reply: { test, also, chosen, pairs, unit } }: { reply: StatisticsReply }) {
  if (!test) return null;
  return (
    <section className={classes.tests} aria-label="Tests">
      <table className={classes.table}>
        <thead><tr><th scope="col">Test</th><th scope="col">Statistic</th><th scope="col" className={classes.number}>p</th><th scope="col">Effect</th></tr></thead>
        <tbody>{[test, ...also].map((one, i) => <Test key={one.id} test={one} first={i === 0} />)}</tbody>
      </table>
      <p className={classes.dim}>{chosen}</p>
      <ul className={classes.list}>{test.assumptions.map((text) => <li key={text}>{text}</li>)}</ul>
      {pairs.length > 0 ? (
        <table className={classes.table}>
          <thead><tr><th scope="col">Pair</th><th scope="col" className={classes.number}>Difference{unit === '' ? '' : `, ${unit}`}</th><th scope="col" className={classes.number}>p</th><th scope="col" className={classes.number} title="False discovery rate of Benjamini and Hochberg">corrected</th><th scope="col" className={classes.number}>Bonferroni</th></tr></thead>
          <tbody>
            {pairs.slice(0, MOST_PAIRS).map(({ a, b, difference, p, adjusted, bonferroni }) => (
              <tr key={`${a} ${b}`}><td><SafeText inline text={`${a} - ${b}`} fold={120} /></td><td className={classes.number}>{figure(difference)}</td><td className={classes.number}>{probability(p)}</td><td className={classes.number}>{probability(adjusted)}</td><td className={classes.number}>{probability(bonferroni)}</td></tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {pairs.length > MOST_PAIRS ? <p className={classes.dim}>{formatCount(pairs.length - MOST_PAIRS)} more pairs, with greater p, are not shown.</p> : null}
    </section>
  );
}

function Test({ test: { title, statistic, p, exact, effect }, first }: { test: TestResult; first: boolean }) {
  return (
    <tr className={first ? undefined : classes.dim}>
      <td>{title}</td><td>{statistic}</td><td className={classes.number}>{probability(p)}{exact ? ' (exact)' : ''}</td>
      <td>{effect ? `${effect.size}: ${effect.name} ${figure(effect.value)}` : ''}</td>
    </tr>
  );
}
