import { useDeferredValue, useState } from 'react';
import type { IndicatorHit } from '../../../shared/contract/indicators.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { formatStamp } from '../../ui/time.ts';
import { valueProps } from '../../ui/value.ts';
import classes from './indicators.module.css';

const LISTED = 500;

/** Indicators that events have, most events first; a click shows the events. */
export function Hits() {
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim());
  const addFilter = useView((view) => view.addFilter);
  const zone = useView((view) => view.zone);
  const { data, error, retry } = useAsk(['indicators.hits', text], (signal) => engine.indicators.hits({ text, limit: LISTED }, { signal }), { on: ['indicators', 'events'] });
  if (error && !data) return <ErrorState error={error} doing="Reading what was met" retry={retry} />;
  if (!data) return <div aria-busy="true" />;
  if (data.total === 0 && text === '') return <EmptyState title="None was met">No event of the case has an indicator of the lists that are on.</EmptyState>;
  return (
    <>
      <div className={classes.tools}>
        <input className={classes.search} aria-label="Find an indicator" placeholder="Find a value, a note or a label" value={typed} onChange={(change) => setTyped(change.currentTarget.value)} />
        <span className={classes.dim}>{data.total > data.rows.length ? `The ${formatCount(data.rows.length)} with most events of ${formatCount(data.total)}` : `${formatCount(data.total)} met`}</span>
        <button type="button" className={classes.link} onClick={() => addFilter('threat', '', 'exclude')}>Show all of their events</button>
      </div>
      <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Indicators that were met">
        <table className={classes.table}>
          <thead>
            <tr><th scope="col">Indicator</th><th scope="col">Type</th><th scope="col" className={classes.number}>Events</th><th scope="col">Says</th><th scope="col">First</th><th scope="col">Last</th><th scope="col" className={classes.number}>Confidence</th><th scope="col">TLP</th><th scope="col">List</th></tr>
          </thead>
          <tbody>
            {data.rows.map((hit) => (
              <tr key={hit.id}>
                <td {...valueProps('threat', hit.value)}><button type="button" className={classes.link} title="Show its events" onClick={() => addFilter('threat', hit.value, 'include')}><SafeText inline text={hit.value} fold={120} /></button></td>
                <td>{hit.type}</td>
                <td className={classes.number}>{formatCount(hit.events)}</td>
                <td className={classes.says}><SafeText inline text={[hit.note, hit.labels.join(', ')].filter(Boolean).join(' · ')} fold={160} />{expired(hit) ? <span className={classes.bad} title="The list says that it held only until then, which is before its last event here."> · expired {formatStamp(hit.validUntil ?? 0, zone)}</span> : null}</td>
                <td>{formatStamp(hit.first, zone)}</td>
                <td>{formatStamp(hit.last, zone)}</td>
                <td className={classes.number}>{hit.confidence ?? ''}</td>
                <td>{hit.tlp}</td>
                <td><SafeText inline text={hit.listName} fold={60} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function expired({ validUntil, last }: IndicatorHit): boolean {
  return validUntil !== null && validUntil < last;
}
