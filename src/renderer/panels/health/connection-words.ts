/** How a connection is, in words: the state's name, and what it does now or next. */
import type { ConnectionStatus, ConnectorKind } from '../../../shared/contract/connectors.ts';
import { formatCount, formatSeconds } from '../../ui/numbers.ts';

export const STATE_TITLES: Readonly<Record<ConnectionStatus['state'], string>> = { starting: 'Starting', ok: 'OK', degraded: 'Degraded', open: 'Open', stopped: 'Stopped' };
export const BREAKER_WORDS: Readonly<Record<ConnectionStatus['breaker'], string>> = {
  closed: 'closed: every try goes through', open: 'open: no try goes through until it has waited', 'half-open': 'half-open: the next try decides',
};

/** "in 12 s"; what is due says so. `now` in milliseconds. */
export function untilText(at: number, now: number): string {
  const seconds = Math.ceil(at / 1e6 - now / 1000);
  return seconds <= 0 ? 'now' : `in ${formatSeconds(seconds)}`;
}
/** What it does now and next. */
export function stateSentence({ state, failures, nextTry, error, heardAt }: ConnectionStatus, mode: ConnectorKind['mode'] | undefined, now: number): string {
  const again = nextTry === null ? 'trying now' : `tries again ${untilText(nextTry, now)}`;
  switch (state) {
    case 'starting':
      return 'nothing heard yet';
    case 'ok':
      if (nextTry !== null) return `up to date, looks again ${untilText(nextTry, now)}`;
      return mode === 'live' ? 'listening' : 'reading';
    case 'degraded':
      return `${failures === 1 ? 'failed' : `failed ${formatCount(failures)} times`}, ${again}`;
    case 'open':
      return `paused by its breaker, ${again}`;
    case 'stopped':
      if (error !== '') return 'trying again would not mend it';
      return heardAt === null ? 'not started yet' : 'not running';
  }
}
/** What its button does: a stopped one is started, one that waits is tried at once. */
export function startTitle({ state, nextTry }: ConnectionStatus): string | null {
  if (state === 'stopped') return 'Start';
  if (nextTry === null) return null;
  return state === 'ok' ? 'Look now' : 'Try now';
}
