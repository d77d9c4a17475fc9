/** Connections that listen, and servers that connections ask, for integration tests. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { ConnectionStatus } from '../../src/shared/contract/connectors.ts';
import { context, type TempCase } from './temp-case.ts';

export async function status(one: TempCase, id: number): Promise<ConnectionStatus> {
  const found = (await one.engine.handlers.connectors.list({}, context)).find((each) => each.id === id);
  if (!found) throw new Error(`there is no connection ${id}`);
  return found;
}

/** Adds a connection and waits until it listens. Throws what it says when it does not. */
export async function listening(one: TempCase, connector: string, config: Record<string, unknown>): Promise<{ id: number; port: number }> {
  const { id } = await one.engine.handlers.connectors.add({ connector, name: '', config: { port: 0, ...config } }, context);
  return { id, port: await portOf(one, id) };
}
/** The port that its note names, once it listens. */
export async function portOf(one: TempCase, id: number): Promise<number> {
  const { note } = await when(one, id, ({ state, note: said, error }) => {
    if (error !== '') throw new Error(error);
    return state === 'ok' && said !== '';
  });
  return Number(/:(\d+)[ /]/.exec(note)?.[1]);
}

/** Waits for at most `ms` until it is as asked. */
export async function when(one: TempCase, id: number, what: (now: ConnectionStatus) => boolean, ms = 15_000): Promise<ConnectionStatus> {
  const until = performance.now() + ms;
  for (;;) {
    const now = await status(one, id);
    if (what(now)) return now;
    if (performance.now() > until) expect.fail(`it did not come to that: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A little HTTP server on the loopback; `stop` ends it with what hangs on it. */
export async function serveHttp(answer: http.RequestListener): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => await new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}
