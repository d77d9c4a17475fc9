/** The connections of the open case: what the engine last said of each, and how many events each stored in the last minutes. */
import { createStore, useStore } from 'zustand';
import type { ConnectionStatus } from '../../shared/contract/connectors.ts';
import { engine } from '../client/client.ts';
import { reportUnasked } from './notices.ts';

/** Five minutes in steps of five seconds. */
export const STEP_MS = 5000;
export const STEPS = 60;

/** Counts heard of, one a step in which any was heard; older than STEPS steps are let go. */
export interface StoredHistory {
  /** the step in which the connection was first heard of */
  from: number;
  /** events stored before the first of `counts` */
  base: number;
  /** the last count heard in each step */
  counts: readonly { step: number; stored: number }[];
}

/** Takes a count in. `at` in milliseconds; counts come in the order of their times. */
export function heard(history: StoredHistory | undefined, stored: number, at: number): StoredHistory {
  const step = Math.floor(at / STEP_MS);
  if (!history) return { from: step, base: stored, counts: [{ step, stored }] };
  const counts = history.counts.at(-1)?.step === step ? history.counts.slice(0, -1) : [...history.counts];
  counts.push({ step, stored });
  const old = counts.findLast((count) => count.step <= step - STEPS);
  return old ? { from: history.from, base: old.stored, counts: counts.filter((count) => count.step > old.step) } : { ...history, counts };
}

/** Events stored in each of the last STEPS steps, oldest first; null where nobody had heard of the connection yet. */
export function storedBySteps(history: StoredHistory | undefined, at: number): (number | null)[] {
  const last = Math.floor(at / STEP_MS);
  let before = history?.base ?? 0;
  let next = 0;
  const counts = history?.counts ?? [];
  while (next < counts.length && counts[next].step <= last - STEPS) before = counts[next++].stored;
  return Array.from({ length: STEPS }, (_, index) => {
    const step = last - STEPS + 1 + index;
    if (!history || step < history.from) return null;
    if (counts[next]?.step !== step) return 0;
    const { stored } = counts[next++];
    // A count that fell began anew: the engine was started again.
    const gained = stored < before ? stored : stored - before;
    before = stored;
    return gained;
  });
}

interface ConnectionsState {
  /** by id, in the order in which they were added */
  connections: ReadonlyMap<number, ConnectionStatus>;
  history: ReadonlyMap<number, StoredHistory>;
  /** the list was asked for and is here */
  ready: boolean;
}
const NONE: ConnectionsState = { connections: new Map(), history: new Map(), ready: false };
export const connectionStore = createStore<ConnectionsState>()(() => NONE);
export function useConnections<T>(selector: (state: ConnectionsState) => T): T {
  return useStore(connectionStore, selector);
}

/** Which case the answers belong to: one that was asked of the case before must not be shown in this one. */
let generation = 0;

/** Takes in what was told of one connection, by a push or as the answer to adding it. */
export function connectionTold(status: ConnectionStatus): void {
  connectionStore.setState(({ connections, history }) => ({
    connections: new Map(connections).set(status.id, status),
    history: new Map(history).set(status.id, heard(history.get(status.id), status.stored, Date.now())),
  }));
}

/** Asks for all of them: rates fall without a push when nothing comes any more. */
export async function refreshConnections(): Promise<void> {
  const asked = generation;
  const list = await engine.connectors.list({});
  if (asked !== generation) return;
  const at = Date.now();
  connectionStore.setState(({ history }) => ({
    connections: new Map(list.map((status) => [status.id, status])),
    history: new Map(list.map((status) => [status.id, heard(history.get(status.id), status.stored, at)])),
    ready: true,
  }));
}

/** Another case, or none: forgets what was told and asks anew. */
export function connectionsOf(open: boolean): void {
  generation++;
  connectionStore.setState(NONE);
  if (open) refreshConnections().catch((error: unknown) => reportUnasked(error, 'Reading the list of connections'));
}

/** Takes it off the list for good; its events stay. */
export async function removeConnection(id: number): Promise<void> {
  await engine.connectors.remove({ id });
  connectionStore.setState((state) => {
    const connections = new Map(state.connections);
    const history = new Map(state.history);
    connections.delete(id);
    history.delete(id);
    return { connections, history };
  });
}
