/** Ten connections at once: none takes the turns of the others, whatever it brings; told by the order in which chunks are stored. */
import dgram from 'node:dgram';
import fs from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { afterEach, describe, expect, it } from 'vitest';
import { connector, MAX_CHUNK, type Connector } from '../../src/main/engine/connectors/connector.ts';
import { Connected } from '../support/connections.ts';
import { listening, status, when } from '../support/live.ts';
import { context, TempCase } from '../support/temp-case.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const line = (text: string): string => `{"time":"2026-10-01T12:00:00Z","message":"${text}"}\n`;
/** Brings chunks of `bytes` as fast as they are taken, `chunks` of them, and says so in `order` when each is stored. */
function bringing(order: number[]): Connector {
  return connector({
    id: 'bringing', title: '', description: '', signal: 'logs', format: 'jsonl', mode: 'pull', config: z.object({ number: z.number(), bytes: z.number(), chunks: z.number() }),
    target: ({ number }) => `number ${number}`, test: async () => await Promise.resolve(''),
    async *read({ number, bytes, chunks }, { cursor, signal }) {
      const one = line(`number ${number}`);
      const lines = Buffer.from(one.repeat(Math.max(1, Math.floor(bytes / one.length))));
      for (let n = Number(cursor) + 1; n <= chunks && !signal.aborted; n++) yield await Promise.resolve({ lines, cursor: String(n), stored: () => void order.push(number) });
    },
  });
}

/** The most chunks of `other` that are stored between two of `mine`, while `mine` has more to bring. */
function mostBetween(order: readonly number[], mine: number, other: number): number {
  let most = 0;
  let run = 0;
  for (const number of order.slice(order.indexOf(mine), order.lastIndexOf(mine) + 1)) {
    if (number === mine) run = 0;
    else if (number === other) most = Math.max(most, ++run);
  }
  return most;
}

/** Files that keep every worker for files busy until they are let go. */
async function busy(held: Connected): Promise<{ done(): number; release(): Promise<void> }> {
  const N = 4;
  const answers: (() => void)[] = [];
  let done = 0;
  for (let i = 0; i < N; i++) {
    const file = path.join(held.folder, `${i}.jsonl`);
    fs.writeFileSync(file, line('a file'));
    // Its worker asks what to do with it, and waits.
    held.pool.give({ kind: 'file', path: file, size: 1e9, modified: 0, options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 } }, new SharedArrayBuffer(4), (message, worker) => {
      if (message.type === 'member') answers.push(() => worker.send({ type: 'answer', task: message.task, answer: { action: 'skip' } }));
      else if (message.type === 'end') done++;
    });
  }
  while (answers.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    done: () => done,
    async release() {
      while (done < N) {
        answers.shift()?.();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

describe('ten connections at once', () => {
  it('take turns, also beside files that keep every worker: one with chunks a thousand times as large is not served more often', async () => {
    const order: number[] = [];
    const held = new Connected([bringing(order)]);
    ends.push(async () => await held.remove());
    const files = await busy(held);
    const flooding = held.connections.add('bringing', 'flood', { number: 0, bytes: MAX_CHUNK, chunks: 1e9 });
    await held.when(flooding.id, ({ stored }) => stored > 0);
    const others = Array.from({ length: 9 }, (_, i) => held.connections.add('bringing', '', { number: i + 1, bytes: 4000, chunks: 12 }));
    for (const { id } of others) await held.when(id, ({ state }) => state === 'stopped', 40_000);
    expect(files.done()).toBe(0);
    await held.connections.stop(flooding.id);
    await files.release();
    const numbers = Array.from({ length: 10 }, (_, i) => i);
    for (const mine of numbers.slice(1)) expect(order.filter((number) => number === mine)).toHaveLength(12);
    const unfair = numbers.slice(1).flatMap((mine) => numbers.filter((other) => other !== mine && mostBetween(order, mine, other) > 2).map((other) => [mine, other, mostBetween(order, mine, other)]));
    expect(unfair).toEqual([]);
  }, 60_000);
});

describe('ten real ones', () => {
  it('all come to their end while one is flooded, and nothing of any is lost or doubled', async () => {
    const one = await TempCase.create();
    ends.push(async () => await one.remove());
    const { connectors } = one.engine.handlers;
    const flooded = await listening(one, 'http-json', {});
    const body = Buffer.from(line('flood').repeat(4000));
    let accepted = 0;
    let flooding = true;
    const flood = async (): Promise<void> => {
      while (flooding) {
        const { status: code } = await fetch(`http://127.0.0.1:${flooded.port}/`, { method: 'POST', body });
        if (code === 200) accepted += 4000;
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const floods = [flood(), flood(), flood()];
    await when(one, flooded.id, ({ stored }) => stored > 0);

    const waits: Promise<unknown>[] = [];
    const N = 20;
    // Two more that listen, with little to bring.
    for (let i = 0; i < 2; i++) {
      const { id, port } = await listening(one, 'http-json', {});
      const posts = Array.from({ length: N }, async (_, n) => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: line(`http ${i} ${n}`) })).status);
      waits.push(Promise.all(posts).then((codes) => expect(new Set(codes)).toEqual(new Set([200]))), when(one, id, ({ stored }) => stored === N));
    }
    const syslog = await listening(one, 'syslog', { protocols: 'udp' });
    const socket = dgram.createSocket('udp4');
    ends.push(async () => await new Promise<void>((resolve) => socket.close(() => resolve())));
    for (let n = 0; n < N; n++) {
      await new Promise<void>((resolve, reject) => socket.send(`<13>1 2026-10-01T12:00:00Z host app - - - syslog ${n}`, syslog.port, '127.0.0.1', (error) => (error ? reject(error) : resolve())));
    }
    waits.push(when(one, syslog.id, ({ stored }) => stored === N));
    for (let i = 0; i < 5; i++) {
      const file = one.write(`tail-${i}.jsonl`, '');
      const { id } = await connectors.add({ connector: 'tail', name: '', config: { path: file } }, context);
      for (let n = 0; n < N; n++) fs.appendFileSync(file, line(`tail ${i} ${n}`));
      waits.push(when(one, id, ({ stored }) => stored === N));
    }
    const repository = path.join(one.folder, 'repository');
    fs.mkdirSync(repository);
    const git = (...args: string[]): void => void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'init.defaultBranch=main', ...args], { cwd: repository, stdio: 'ignore' });
    git('init');
    for (let n = 0; n < 5; n++) git('commit', '--allow-empty', '-m', `commit ${n}`);
    const repo = await connectors.add({ connector: 'git', name: '', config: { path: repository } }, context);
    waits.push(when(one, repo.id, ({ state, stored }) => state === 'stopped' && stored >= 5));
    await Promise.all(waits);

    const before = accepted;
    await when(one, flooded.id, ({ stored }) => stored > before);
    flooding = false;
    await Promise.all(floods);
    expect(await status(one, flooded.id)).toMatchObject({ stored: accepted, rejected: 0, state: 'ok' });
    const list = await connectors.list({}, context);
    expect(list).toHaveLength(10);
    expect(list.filter(({ failuresTotal }) => failuresTotal > 0)).toEqual([]);
    const { ledger } = await one.engine.handlers.health.get({}, context);
    const repoStored = (await status(one, repo.id)).stored;
    expect(ledger).toEqual({ read: accepted + 8 * N + repoStored, stored: accepted + 8 * N + repoStored, duplicates: 0, rejected: 0 });
  }, 60_000);
});
