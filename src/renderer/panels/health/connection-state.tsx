import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconPlayerStop, IconPlugConnectedX } from '@tabler/icons-react';
import type { ConnectionStatus, ConnectorKind } from '../../../shared/contract/connectors.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { STATE_TITLES, stateSentence } from './connection-words.ts';
import classes from './connections.module.css';

const ICONS: Readonly<Record<ConnectionStatus['state'], typeof IconCircleCheck>> = { starting: IconCircleDashed, ok: IconCircleCheck, degraded: IconAlertTriangle, open: IconPlugConnectedX, stopped: IconPlayerStop };

/** A state as picture, word and colour, with what comes next and why. */
export function ConnectionState({ status, mode, now }: { status: ConnectionStatus; mode: ConnectorKind['mode'] | undefined; now: number }) {
  const { state, error, note } = status;
  const Icon = ICONS[state];
  return (
    <div className={classes.state} data-state={state} data-error={error !== '' || undefined}>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      <span className={classes.lines}>
        <span><strong>{STATE_TITLES[state]}</strong> <span className="dim">{stateSentence(status, mode, now)}</span></span>
        {error || note ? <span className={classes.second} title={error || note}><SafeText text={error || note} inline fold={300} /></span> : null}
      </span>
    </div>
  );
}
