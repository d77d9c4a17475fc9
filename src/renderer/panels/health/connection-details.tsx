import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { ConnectionStatus, ConnectorKind } from '../../../shared/contract/connectors.ts';
import { useCase } from '../../state/case.ts';
import { openIngest } from '../../state/screen.ts';
import { fieldsOf, shownConfig } from '../../ui/config-schema.ts';
import { exactBytes, formatBytes, formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatStamp } from '../../ui/time.ts';
import { BREAKER_WORDS, STATE_TITLES, untilText } from './connection-words.ts';
import classes from './connections.module.css';

/** All that is known of a connection. */
export function ConnectionDetails({ status, kind, zone, now }: { status: ConnectionStatus; kind: ConnectorKind | undefined; zone: string; now: number }) {
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const { name, state, since, breaker, error, note, failures, failuresTotal, nextTry, heardAt, queued, bytes, target, config } = status;
  const settings = useMemo(() => shownConfig(fieldsOf(kind?.schema), config), [kind, config]);
  return (
    <>
      <dl className={classes.details}>
        {error ? <><dt>Last error</dt><dd className={`mono ${classes.bad}`}><SafeText text={error} /></dd></> : null}
        {note ? <><dt>Now</dt><dd><SafeText text={note} /></dd></> : null}
        <dt>State</dt><dd>{STATE_TITLES[state]} since {formatStamp(since, zone)}</dd>
        <dt>Breaker</dt><dd>{BREAKER_WORDS[breaker]}</dd>
        <dt>Failures</dt><dd>{formatCount(failures)} in a row, {formatCount(failuresTotal)} since the case was opened</dd>
        <dt>Next try</dt><dd>{nextTry === null ? 'none is planned' : `${untilText(nextTry, now)}, ${formatStamp(nextTry, zone)}`}</dd>
        <dt>Last heard</dt><dd>{heardAt === null ? 'not since the case was opened' : formatStamp(heardAt, zone)}</dd>
        <dt>Waiting</dt><dd title={exactBytes(queued)}>{queued === 0 ? 'nothing to be stored' : `${formatBytes(queued)} to be stored`}</dd>
        <dt>Brought</dt><dd title={exactBytes(bytes)}>{formatBytes(bytes)} since the case was opened</dd>
        {settings.some(({ value }) => value === target) ? null : <><dt>Reads</dt><dd className="mono"><SafeText text={target} /></dd></>}
        {settings.map(({ key, label, value }) => <div key={key} className={classes.pair}><dt>{label}</dt><dd><SafeText text={value} /></dd></div>)}
      </dl>
      {kind && !readOnly ? <Button className={classes.again} size="compact-xs" variant="default" title="What is secret is typed again" onClick={() => openIngest({ kind: 'connect', connector: kind.id, like: { name: name === target ? '' : name, config } })}>Add another with these settings</Button> : null}
    </>
  );
}
