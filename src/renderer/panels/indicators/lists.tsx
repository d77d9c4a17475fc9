import { Button, Switch, VisuallyHidden } from '@mantine/core';
import { Fragment, useState } from 'react';
import type { IndicatorList } from '../../../shared/contract/indicators.ts';
import { engine } from '../../client/client.ts';
import { reportError } from '../../state/notices.ts';
import { useView } from '../../state/view.ts';
import { formatBytes, formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatStamp } from '../../ui/time.ts';
import classes from './indicators.module.css';

/** The lists of the case: their ledger, on and off, away. */
export function Lists({ lists, readOnly }: { lists: readonly IndicatorList[]; readOnly: boolean }) {
  const zone = useView((view) => view.zone);
  const [open, setOpen] = useState<number | null>(null);
  const [sure, setSure] = useState<number | null>(null);
  return (
    <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Lists of indicators">
      <table className={classes.table}>
        <thead>
          <tr><th scope="col">On</th><th scope="col">List</th><th scope="col">Format</th><th scope="col" className={classes.number}>Read</th><th scope="col" className={classes.number}>Stored</th><th scope="col" className={classes.number}>Duplicates</th><th scope="col" className={classes.number}>Rejected</th><th scope="col">Added</th><th scope="col"><VisuallyHidden>Remove</VisuallyHidden></th></tr>
        </thead>
        <tbody>
          {lists.map((list) => (
            <Fragment key={list.id}>
              <tr>
                <td><Switch size="xs" aria-label={`Compare with ${list.name}`} disabled={readOnly} checked={list.enabled} onChange={(change) => engine.indicators.enable({ id: list.id, enabled: change.currentTarget.checked }).then(undefined, (error: unknown) => reportError(error, 'Switching the list'))} /></td>
                <td><button type="button" className={classes.link} aria-expanded={open === list.id} onClick={() => setOpen(open === list.id ? null : list.id)}><SafeText inline text={list.name} fold={100} /></button></td>
                <td>{{ stix: 'STIX', misp: 'MISP', csv: 'table' }[list.format]}</td>
                <td className={classes.number}>{formatCount(list.read)}</td>
                <td className={classes.number}>{formatCount(list.stored)}</td>
                <td className={classes.number}>{formatCount(list.duplicates)}</td>
                <td className={classes.number}>{formatCount(list.rejected)}</td>
                <td>{formatStamp(list.addedAt, zone)} {list.addedBy}</td>
                <td>
                  {readOnly ? null : sure === list.id
                    ? <><Button size="compact-xs" color="red" onClick={() => engine.indicators.remove({ id: list.id }).then(() => setSure(null), (error: unknown) => reportError(error, 'Removing the list'))}>Remove it</Button> <Button size="compact-xs" variant="default" onClick={() => setSure(null)}>Keep</Button></>
                    : <Button size="compact-xs" variant="subtle" aria-label={`Remove ${list.name}`} onClick={() => setSure(list.id)}>Remove</Button>}
                </td>
              </tr>
              {open === list.id ? (
                <tr className={classes.more}>
                  <td colSpan={9}>
                    <p><SafeText inline text={list.path} /> · {formatBytes(list.size)} · SHA-256 <span className={classes.hash}>{list.sha256}</span> · Tidemark {list.toolVersion}</p>
                    {list.reasons.length === 0 ? <p className={classes.dim}>Every indicator of it can be matched.</p> : (
                      <ul>{list.reasons.map(({ reason, count, example }) => <li key={reason}>{formatCount(count)} rejected: {reason}{example === '' ? null : <>, for instance <SafeText inline text={example} fold={120} /></>}</li>)}</ul>
                    )}
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
