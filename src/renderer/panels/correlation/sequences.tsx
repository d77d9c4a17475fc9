import { Button } from '@mantine/core';
import { useState } from 'react';
import type { StoredSequenceRule } from '../../../shared/contract/correlation.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { reportError } from '../../state/notices.ts';
import { perform } from '../../state/undo.ts';
import { formatSeconds } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { KIND_TITLES } from './kinds.ts';
import { SequenceDialog } from './sequence-dialog.tsx';
import classes from './correlation.module.css';

/** The sequences that are looked for: those of the product can be switched off, one's own written, changed and taken away. */
export function Sequences() {
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const [edited, setEdited] = useState<StoredSequenceRule | 'new' | null>(null);
  const { data, error, retry } = useAsk(['correlation.rules'], (signal) => engine.correlation.rules({}, { signal }), { on: ['rules'] });
  if (error && !data) return <ErrorState error={error} doing="Reading the sequences" retry={retry} />;
  if (!data) return <div aria-busy="true" />;
  const act = (title: string, redo: () => Promise<void>, undo: () => Promise<void>): void => void perform({ title, redo, undo }).catch((failure: unknown) => reportError(failure, title));
  const turn = ({ id, enabled }: StoredSequenceRule): void => act(enabled ? 'Switch a sequence off' : 'Switch a sequence on', () => engine.correlation.switchRule({ id, enabled: !enabled }), () => engine.correlation.switchRule({ id, enabled }));
  const remove = ({ id }: StoredSequenceRule): void => act('Delete a sequence', () => engine.correlation.removeRule({ id }), () => engine.correlation.removeRule({ id, removed: false }));
  return (
    <>
      <div className={classes.head}>
        <span className={classes.dim}>Steps that follow each other, for each value of a field, without a longer silence between them.</span>
        <span className={classes.grow} />
        {readOnly ? null : <Button size="compact-sm" onClick={() => setEdited('new')}>Write a sequence</Button>}
      </div>
      <div className={classes.list} tabIndex={0} role="region" aria-label="Sequences">
        <table className={classes.table}>
          <thead><tr><th scope="col">On</th><th scope="col">Sequence</th><th scope="col">Kind</th><th scope="col">By</th><th scope="col">Within</th><th scope="col">Steps</th><th scope="col">From</th><th scope="col"><span hidden>Acts</span></th></tr></thead>
          <tbody>
            {data.map((rule) => (
              <tr key={rule.id}>
                <td><input type="checkbox" aria-label={`Look for: ${rule.title}`} checked={rule.enabled} disabled={readOnly} onChange={() => turn(rule)} /></td>
                <td><SeverityMark severity={rule.severity} /> <SafeText inline text={rule.title} fold={100} /></td>
                <td>{KIND_TITLES[rule.kind]}</td>
                <td>{rule.by === '' ? 'the whole case' : <SafeText inline text={rule.by} />}</td>
                <td>{formatSeconds(rule.within)}</td>
                <td className={classes.steps} title={rule.steps.map(({ query }) => query).join(', then ')}>{rule.steps.length === 1 && rule.steps[0].least > 1 ? `${rule.steps[0].least} of ` : ''}<SafeText inline text={rule.steps.map(({ query, absent }) => `${absent ? 'none of ' : ''}${query}`).join(', then ')} fold={120} /></td>
                <td>{rule.id < 0 ? 'Tidemark' : rule.createdBy}</td>
                <td>
                  <button type="button" className={classes.action} onClick={() => setEdited(rule)}>{rule.id < 0 || readOnly ? 'Look at' : 'Change'}</button>
                  {rule.id < 0 || readOnly ? null : <button type="button" className={classes.action} onClick={() => remove(rule)}>Delete</button>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {edited ? <SequenceDialog rule={edited === 'new' ? null : edited} readOnly={readOnly} close={() => setEdited(null)} /> : null}
    </>
  );
}
