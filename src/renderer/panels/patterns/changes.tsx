import { IconArrowBackUp } from '@tabler/icons-react';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { takeBack } from './acts.ts';
import { PatternText } from './pattern-text.tsx';
import classes from './patterns.module.css';

/** What people merged and split in this case; each can be taken back at any time. */
export function Changes() {
  const zone = useView((view) => view.zone);
  const writable = useCase((state) => state.info?.readOnly === false);
  const { data, error, retry } = useAsk(['patterns.changes'], (signal) => engine.patterns.changes({}, { signal }), { on: ['patterns'] });
  if (error && !data) return <ErrorState error={error} doing="Reading what was merged and split" retry={retry} />;
  if (data?.length === 0) {
    return <EmptyState title="No pattern was merged or split by hand">Mark two patterns or more in the list and merge them, or open one and split templates off. Counts, filters and detectors go by it, and it can be taken back here.</EmptyState>;
  }
  return (
    <div className={classes.changesBox} tabIndex={0} role="region" aria-label="Merged and split">
      <table className={classes.changes}>
        <thead><tr><th scope="col">What</th><th scope="col">Pattern</th><th scope="col" data-number>Templates</th><th scope="col">When</th><th scope="col">Who</th><td /></tr></thead>
        <tbody>
          {data?.map(({ id, kind, text, templates, madeAt, madeBy }) => (
            <tr key={id}>
              <td>{kind === 'merge' ? 'Merged' : 'Split off'}</td>
              <td className={classes.text} title={text.slice(0, 1000)}><PatternText text={text} fold={300} /></td>
              <td data-number>{formatCount(templates)}</td>
              <td className="mono" title={formatStamp(madeAt, zone)}>{formatTime(madeAt, zone, 'minute')}</td>
              <td><SafeText text={madeBy} inline fold={60} /></td>
              <td><button type="button" className={classes.action} disabled={!writable} onClick={() => void takeBack(id)}><IconArrowBackUp size={14} />Take back</button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
