import { Button, Switch, VisuallyHidden } from '@mantine/core';
import { Fragment, useState } from 'react';
import type { Enrichment } from '../../../shared/contract/enrichment.ts';
import { engine } from '../../client/client.ts';
import { addMaps, chooseDatabases, replaceEnrichment } from '../../state/enrichment.ts';
import { reportError } from '../../state/notices.ts';
import { useView } from '../../state/view.ts';
import { formatBytes, formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { formatStamp } from '../../ui/time.ts';
import classes from './indicators.module.css';

/** Databases of places and maps of the case: what they are, what follows from them, whether they can be used; on and off, away. */
export function Places({ all, readOnly }: { all: readonly Enrichment[]; readOnly: boolean }) {
  const [open, setOpen] = useState<number | null>(null);
  const addFilter = useView((view) => view.addFilter);
  if (all.length === 0) {
    return (
      <EmptyState title="Nothing is known of addresses and hosts yet" action={readOnly ? null : <AddPlaces />}>
        <p>A GeoIP database (.mmdb: City, Country or ASN) says where an address is and whose: <span className={classes.hash}>source.geo.country_iso_code:DE</span>, <span className={classes.hash}>source.as.number:64500</span>. It is used where it lies.</p>
        <p>A map (CSV or JSON with a column host, ip or service) says what you know: <span className={classes.hash}>labels.team:payments</span>. It is copied into the case.</p>
        <p>Nothing leaves this machine. <button type="button" className={classes.link} onClick={() => addFilter('ip', '', 'exclude')}>Show the events that have an address</button></p>
        {readOnly ? <p>This case is read-only: copy it to add one.</p> : null}
      </EmptyState>
    );
  }
  return (
    <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Places and owners">
      <table className={classes.table}>
        <thead>
          <tr><th scope="col">On</th><th scope="col">File</th><th scope="col">What it is</th><th scope="col">Fields it gives</th><th scope="col">Added</th><th scope="col"><VisuallyHidden>Remove</VisuallyHidden></th></tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <Fragment key={one.id}>
              <Row one={one} readOnly={readOnly} open={open === one.id} toggle={() => setOpen(open === one.id ? null : one.id)} />
              {one.trouble === '' ? null : <Trouble one={one} readOnly={readOnly} />}
              {open === one.id ? <More one={one} /> : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Buttons of the head and of the empty state. */
export function AddPlaces() {
  return (
    <>
      <Button size="compact-sm" onClick={() => void chooseDatabases()}>Choose a GeoIP database</Button>
      <Button size="compact-sm" variant="default" onClick={() => void addMaps()}>Add a map</Button>
    </>
  );
}

function Row({ one, readOnly, open, toggle }: { one: Enrichment; readOnly: boolean; open: boolean; toggle: () => void }) {
  const zone = useView((view) => view.zone);
  const addFilter = useView((view) => view.addFilter);
  const [sure, setSure] = useState(false);
  const out = one.rejected.reduce((sum, { count }) => sum + count, 0);
  return (
    <tr>
      <td><Switch size="xs" aria-label={`Use ${one.name}`} disabled={readOnly} checked={one.enabled} onChange={(change) => engine.enrichment.enable({ id: one.id, enabled: change.currentTarget.checked }).then(undefined, (error: unknown) => reportError(error, 'Switching it'))} /></td>
      <td><button type="button" className={classes.link} aria-expanded={open} onClick={toggle}><SafeText inline text={one.name} fold={100} /></button></td>
      <td>{one.kind === 'geoip' ? <SafeText inline text={one.about} fold={100} /> : <>map of {formatCount(one.rows)} {one.rows === 1 ? 'row' : 'rows'}{out > 0 ? `, ${formatCount(out)} left out` : ''}</>}</td>
      <td className={classes.fields}>{one.enabled ? one.fields.map((field) => <button key={field} type="button" className={`${classes.link} ${classes.field}`} title={`Show the events that have ${field}`} onClick={() => addFilter(field, '', 'exclude')}><SafeText inline text={field} fold={80} /></button>) : <span className={classes.dim}>off: in no answer</span>}</td>
      <td>{formatStamp(one.addedAt, zone)} {one.addedBy}</td>
      <td>
        {readOnly ? null : sure
          ? <><Button size="compact-xs" color="red" onClick={() => engine.enrichment.remove({ id: one.id }).then(undefined, (error: unknown) => reportError(error, 'Removing it'))}>Remove it</Button> <Button size="compact-xs" variant="default" onClick={() => setSure(false)}>Keep</Button></>
          : <Button size="compact-xs" variant="subtle" aria-label={`Remove ${one.name}`} onClick={() => setSure(true)}>Remove</Button>}
      </td>
    </tr>
  );
}

/** Why a database is not used, and what can be done. */
function Trouble({ one, readOnly }: { one: Enrichment; readOnly: boolean }) {
  const said = {
    changed: 'Not used: the file is not the one that was added; answers would change.',
    gone: 'Not used: the file is not where it was. Put it back there, or choose where it is now.',
    unreadable: `Not used: ${one.error}`,
    '': '',
  }[one.trouble];
  return (
    <tr className={classes.more}>
      <td colSpan={6}>
        <span className={classes.bad}><SafeText inline text={said} /></span> <SafeText inline text={one.path} fold={300} />{' '}
        {readOnly ? null : (
          <>
            {one.trouble === 'changed' ? <><Button size="compact-xs" variant="default" aria-label={`Use ${one.name} as it is now`} onClick={() => void replaceEnrichment(one, one.path)}>Use it as it is now</Button>{' '}</> : null}
            <Button size="compact-xs" variant="default" aria-label={`Choose another file for ${one.name}`} onClick={() => void replaceEnrichment(one, null)}>Choose another file</Button>
          </>
        )}
      </td>
    </tr>
  );
}

function More({ one }: { one: Enrichment }) {
  return (
    <tr className={classes.more}>
      <td colSpan={6}>
        <p><SafeText inline text={one.path} /> · {formatBytes(one.size)} · SHA-256 <span className={classes.hash}>{one.sha256}</span> · Tidemark {one.toolVersion}</p>
        {one.kind === 'geoip' ? <p className={classes.dim}>Used where it lies: the case holds its path and SHA-256 only.</p> : null}
        {one.kind === 'map' && one.rejected.length === 0 ? <p className={classes.dim}>Every row of it can be used.</p> : null}
        {one.rejected.length === 0 ? null : <ul>{one.rejected.map(({ reason, count, example }) => <li key={reason}>{formatCount(count)} left out: {reason}{example === '' ? null : <>, for instance <SafeText inline text={example} fold={120} /></>}</li>)}</ul>}
      </td>
    </tr>
  );
}
