import { Button, VisuallyHidden } from '@mantine/core';
import type { Alert, AlertRule, Silence } from '../../../shared/alert.ts';
import { removeSilence } from '../../state/alerts.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import classes from './alerts.module.css';

interface SilencesProps {
  silences: readonly Silence[];
  rules: readonly AlertRule[];
  alerts: readonly Alert[];
  readOnly: boolean;
  onNew(): void;
}

/** What is kept quiet, until when and why. */
export function Silences({ silences, rules, alerts, readOnly, onNew }: SilencesProps) {
  const zone = useView((view) => view.zone);
  const add = readOnly ? null : <Button size="compact-xs" onClick={onNew}>Silence a time</Button>;
  if (silences.length === 0) {
    return (
      <EmptyState title="Nothing is silenced" action={add}>
        A silence keeps alerts quiet that began in a stretch of time: planned work, or a fault that is known. They are kept, but neither counted as active nor told. Silence one from its own page, or all of a time here.
      </EmptyState>
    );
  }
  const bound = (time: number | null, open: string) => (time === null ? <span className="dim">{open}</span> : <span className="mono" title={formatStamp(time, zone)}>{formatTime(time, zone, 'second')}</span>);
  return (
    <>
      <div className={classes.tools}><span className={classes.grow} />{add}</div>
      <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Silences">
        <table className={classes.table}>
          <thead><tr><th scope="col">Rule</th><th scope="col">Group</th><th scope="col">Began from</th><th scope="col">to before</th><th scope="col">Why</th><th scope="col">By</th><th scope="col" className={classes.number}>Alerts</th><th scope="col"><VisuallyHidden>End</VisuallyHidden></th></tr></thead>
          <tbody>
            {silences.map((silence) => {
              const rule = rules.find(({ id }) => id === silence.rule);
              return (
                <tr key={silence.id}>
                  <td>{silence.rule === null ? <span className="dim">every rule</span> : <SafeText inline text={rule?.name ?? `rule ${silence.rule}, removed`} fold={60} />}</td>
                  <td className={classes.group}>{silence.group === null ? <span className="dim">every group</span> : silence.group === '' ? <span className="dim">no group</span> : <SafeText inline text={silence.group} fold={60} />}</td>
                  <td>{bound(silence.from, 'the beginning')}</td>
                  <td>{bound(silence.until, 'for good')}</td>
                  <td className={classes.says}><SafeText inline text={silence.reason} fold={200} /></td>
                  <td title={formatStamp(silence.createdAt, zone)}><SafeText inline text={silence.createdBy} fold={40} /></td>
                  <td className={classes.number}>{formatCount(alerts.filter((alert) => alert.silence === silence.id).length)}</td>
                  <td>{readOnly ? null : <Button size="compact-xs" variant="subtle" aria-label={`End the silence: ${silence.reason}`} onClick={() => void removeSilence(silence)}>End</Button>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
