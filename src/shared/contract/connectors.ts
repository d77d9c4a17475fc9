/** Connections: what is read that is no file (a repository, a server, a port), and how it does. */
import { z } from 'zod';
import type { Signal } from '../event.ts';
import { call, push } from './rpc.ts';

/** open: the breaker keeps it from being tried; stopped: by a person, or for good because of `error`. */
export type ConnectionState = 'starting' | 'ok' | 'degraded' | 'open' | 'stopped';

export interface ConnectorKind {
  id: string;
  title: string;
  description: string;
  signal: Signal;
  /** all that it brings, `signal` first */
  signals: Signal[];
  mode: 'pull' | 'live';
  /** JSON Schema (draft 2020-12) of the configuration, from which the form is drawn */
  schema: unknown;
}

export interface ConnectionStatus {
  id: number;
  connector: string;
  name: string;
  /** what is read, in a few words */
  target: string;
  config: unknown;
  /** names of secrets that it once was given and that are not in memory: start() wants them again */
  needs: string[];
  /** one for each kind of thing that it has brought; none until the first events */
  sources: number[];
  state: ConnectionState;
  /** microseconds UTC */
  since: number;
  breaker: 'closed' | 'open' | 'half-open';
  error: string;
  /** what else there is to know of it now: the port it listens on, what was dropped; '' = nothing */
  note: string;
  /** failures in a row, and since the case was opened */
  failures: number;
  failuresTotal: number;
  /** microseconds UTC, null = not planned */
  nextTry: number | null;
  heardAt: number | null;
  /** bytes that were brought and are not stored yet, when something was stored last */
  queued: number;
  /** since the case was opened */
  read: number;
  stored: number;
  rejected: number;
  bytes: number;
  /** over the last seconds */
  eventsPerSecond: number;
}

const config = z.record(z.string(), z.unknown());

export const connectors = {
  kinds: call(z.object({})).returns<ConnectorKind[]>(),
  /** Tries a configuration without keeping it. `ok` false: `message` says what is wrong and what to do. */
  test: call(z.object({ connector: z.string(), config })).returns<{ ok: boolean; message: string }>(),
  /** Adds a connection to the case and starts it. */
  add: call(z.object({ connector: z.string(), name: z.string().trim().max(200).default(''), config })).returns<ConnectionStatus>(),
  list: call(z.object({})).returns<ConnectionStatus[]>(),
  /** Starts it, or tries it now when it waits. Secrets are not kept in the case: they are given again after it was opened again. */
  start: call(z.object({ id: z.number(), secrets: config.optional() })).returns<void>(),
  stop: call(z.object({ id: z.number() })).returns<void>(),
  /** Waits until it has stopped or has brought all there is for now. */
  settled: call(z.object({ id: z.number() })).returns<ConnectionStatus>(),
  /** Takes it off the list; its events stay. */
  remove: call(z.object({ id: z.number() })).returns<void>(),
  /** at most four a second for each */
  status: push<ConnectionStatus>(),
};
