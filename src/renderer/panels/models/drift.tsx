import { useState } from 'react';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { ErrorState } from '../../ui/states.tsx';
import classes from './models.module.css';

const SHOWN = 6;

/** Whether events are still like those that a model was trained among, feature by feature. */
export function Drift({ version }: { version: number }) {
  const { run, progress } = useRun();
  const [all, setAll] = useState(false);
  const { data, error, retry } = useAsk(['models.drift', version], (signal) => engine.models.drift({ run }, { signal }), { on: ['findings'] });
  if (error && !data) return <ErrorState error={error} doing="Measuring drift" retry={retry} />;
  const rows = data ? (all ? data.rows : data.rows.slice(0, SHOWN)) : [];
  const figure = (value: number): string => String(Number(value.toPrecision(3)));
  return (
    <section className={classes.section} aria-label="Drift" aria-busy={!data}>
      <div className={classes.head}><h3 className={classes.title}>Drift</h3><span className={classes.dim}>{data ? '' : progress?.what}</span></div>
      {data && data.rows.length === 0 ? <p className={classes.sentence}>{data.since ? 'Fewer than 200 events came since it was trained: there is nothing to compare.' : 'There are too few events to compare.'}</p> : null}
      {data?.findings.map((finding) => <FindingCard key={finding.key} finding={finding} />)}
      {data && data.rows.length > 0 ? (
        <>
          <p className={classes.sentence}>{formatCount(data.compared)} events {data.since ? 'that came since' : 'of this case'} beside those of the training. PSI from 0.25 on is another population.</p>
          <table className={classes.table}>
            <thead><tr><th scope="col">Feature</th><th scope="col" className={classes.number} title="Population stability index">PSI</th><th scope="col" className={classes.number} title="Kolmogorov-Smirnov distance">KS</th><th scope="col" className={classes.number}>Mean then</th><th scope="col" className={classes.number}>Mean now</th></tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.feature}>
                  <td className={row.drifted ? classes.moved : undefined}>{row.feature}{row.drifted ? ' (drifted)' : ''}</td>
                  <td className={classes.number}>{row.psi.toFixed(2)}</td><td className={classes.number}>{row.d.toFixed(2)}</td><td className={classes.number}>{figure(row.before)}</td><td className={classes.number}>{figure(row.now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {data.rows.length > SHOWN ? <button type="button" className={classes.action} onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${formatCount(data.rows.length)}`}</button> : null}
        </>
      ) : null}
    </section>
  );
}
