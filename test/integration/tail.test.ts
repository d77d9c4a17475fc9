/** The tail connector on files that are written, rotated, emptied and missed while they are followed. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { when } from '../support/live.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

let one: TempCase;
let log: string;
beforeEach(async () => {
  one = await TempCase.create();
  fs.mkdirSync(path.join(one.folder, 'logs'));
  log = path.join(one.folder, 'logs', 'shop.log');
});
afterEach(async () => await one.remove());

async function follow(config: Record<string, unknown> = {}): Promise<number> {
  return (await one.engine.handlers.connectors.add({ connector: 'tail', name: '', config: { path: log, ...config } }, context)).id;
}
const wait = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));
const line = (n: number): string => `2026-10-01T12:00:00.000Z INFO shop - order ${n} came in from the till\n`;
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => line(from + i)).join('');
async function stored(id: number, n: number): Promise<void> {
  await when(one, id, (now) => {
    if (now.error !== '') throw new Error(now.error);
    return now.stored >= n;
  });
}
/** Every order once, in order. */
async function orders(): Promise<number[]> {
  return (await one.messages()).map((message) => Number(/order (\d+) /.exec(message)?.[1]));
}
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('the tail connector', () => {
  it('waits for the file, reads what is there and what is added, and lets half lines and traces wait', async () => {
    const id = await follow();
    expect(await when(one, id, ({ state }) => state === 'ok')).toMatchObject({ note: `Waits for ${log} to appear.`, stored: 0 });
    fs.writeFileSync(log, lines(0, 3) + line(3).slice(0, 30));
    await stored(id, 3);
    await wait(1500);
    expect(await when(one, id, () => true)).toMatchObject({ stored: 3, note: '' });
    fs.appendFileSync(log, line(3).slice(30));
    await stored(id, 4);
    expect(await orders()).toEqual(upTo(4));
    expect((await one.engine.handlers.events.sources({}, context))[0]).toMatchObject({ path: log, ledger: { read: 4, rejected: 0 } });
  });

  it('sends a record of many lines when the next begins or nothing comes any more', async () => {
    const trace = '2026-10-01 12:00:00,000 ERROR [main] shop.Till: order failed\njava.lang.IllegalStateException: no\n\tat shop.Till.ring(Till.java:1)\n';
    fs.writeFileSync(log, trace);
    const id = await follow();
    // Longer than a trickle is collected, shorter than the silence that ends a record: the rest still belongs to it.
    await wait(1500);
    fs.appendFileSync(log, '\tat shop.Main.main(Main.java:9)\n');
    await stored(id, 1);
    expect((await one.messages())[0]).toContain('Main.java:9');
    fs.appendFileSync(log, trace + trace);
    await stored(id, 3);
    expect((await one.page(everything())).total).toBe(3);
  });

  it('loses and doubles nothing when the file is renamed, emptied, packed, and missed while the case is closed', async () => {
    fs.writeFileSync(log, lines(0, 10));
    let id = await follow();
    await stored(id, 10);
    // Renamed, and written to for a moment more; the last line without its end.
    fs.appendFileSync(log, lines(10, 12));
    fs.renameSync(log, `${log}.1`);
    fs.appendFileSync(`${log}.1`, lines(12, 14) + line(14).trimEnd());
    fs.writeFileSync(log, lines(15, 20));
    await stored(id, 20);
    expect(await orders()).toEqual(upTo(20));
    // Copied and emptied, with lines in between that only the copy has; an older one is packed.
    fs.writeFileSync(`${log}.2.gz`, gzipSync(fs.readFileSync(`${log}.1`)));
    fs.rmSync(`${log}.1`);
    fs.appendFileSync(log, lines(20, 25));
    fs.copyFileSync(log, `${log}.1`);
    fs.truncateSync(log, 0);
    await stored(id, 25);
    fs.appendFileSync(log, lines(25, 26));
    await stored(id, 26);
    expect(await orders()).toEqual(upTo(26));
    // Closed, and rotated twice: the rest is two files away.
    await one.engine.close();
    fs.appendFileSync(log, lines(26, 30));
    fs.rmSync(`${log}.1`);
    fs.renameSync(log, `${log}.2`);
    fs.writeFileSync(`${log}.1`, lines(30, 40));
    await wait(20);
    fs.writeFileSync(log, lines(40, 45));
    await one.reopen();
    [{ id }] = await one.engine.handlers.connectors.list({}, context);
    await one.engine.handlers.connectors.start({ id }, context);
    await stored(id, 19);
    await one.reopen();
    await one.engine.handlers.connectors.start({ id }, context);
    fs.appendFileSync(log, lines(45, 46));
    await stored(id, 1);
    await wait(500);
    expect(await orders()).toEqual(upTo(46));
  }, 60_000);

  it.skipIf(spawnSync('logrotate', ['--version']).status !== 0)('goes along with logrotate', async () => {
    fs.writeFileSync(log, lines(0, 100));
    const id = await follow();
    await stored(id, 100);
    for (const [round, how] of ['create', 'copytruncate', 'create 0640\n  dateext\n  dateformat -%Y%m%d%s'].entries()) {
      const conf = one.write('rotate.conf', `${log} {\n  rotate 9\n  ${how}\n}\n`);
      fs.appendFileSync(log, lines(100 + round * 20, 110 + round * 20));
      expect(spawnSync('logrotate', ['-f', '-s', path.join(one.folder, 'state'), conf]).status).toBe(0);
      fs.appendFileSync(log, lines(110 + round * 20, 120 + round * 20));
      await stored(id, 120 + round * 20);
    }
    expect(await orders()).toEqual(upTo(160));
  }, 60_000);

  it('keeps up with a writer that rotates all the time', async () => {
    fs.writeFileSync(log, '');
    const id = await follow({ format: 'generic' });
    let n = 0;
    for (let rotation = 0; rotation < 4; rotation++) {
      for (let burst = 0; burst < 10; burst++) {
        const text = lines(n, n + 400);
        n += 400;
        // In pieces that are no lines.
        for (let at = 0; at < text.length; at += 7001) fs.appendFileSync(log, text.slice(at, at + 7001));
        await wait(40);
      }
      if (rotation < 3) for (let i = 3; i >= 0; i--) if (fs.existsSync(i === 0 ? log : `${log}.${i}`)) fs.renameSync(i === 0 ? log : `${log}.${i}`, `${log}.${i + 1}`);
    }
    await stored(id, n);
    expect(await orders()).toEqual(upTo(n));
  }, 60_000);

  it('reads a table by its header, from the end when asked, and a large file quickly', async () => {
    fs.writeFileSync(log, 'time,level,message\n2026-10-01T12:00:00Z,warn,first\n');
    const id = await follow();
    await stored(id, 1);
    fs.appendFileSync(log, '2026-10-01T12:00:01Z,error,second\n');
    await stored(id, 2);
    expect(await one.messages()).toEqual(['first', 'second']);
    expect(await one.messages('level:error')).toEqual(['second']);

    log = path.join(one.folder, 'logs', 'large.log');
    fs.writeFileSync(log, lines(0, 150_000));
    const large = await follow();
    await stored(large, 150_000);
    const end = await follow({ from: 'end' });
    await when(one, end, ({ state }) => state === 'ok');
    await wait(300);
    fs.appendFileSync(log, line(150_000));
    await stored(end, 1);
    await stored(large, 150_001);
    expect((await when(one, end, () => true)).stored).toBe(1);
  }, 60_000);

  it('says what cannot be followed', async () => {
    const { connectors } = one.engine.handlers;
    const says = async (config: Record<string, unknown>): Promise<string> => {
      const id = await follow(config);
      return (await when(one, id, ({ state }) => state === 'stopped')).error;
    };
    fs.writeFileSync(log, '\u{fffe}');
    expect(await says({ path: one.folder })).toContain('is not a file');
    fs.writeFileSync(log, Buffer.from(`\ufeff${line(1)}`, 'utf16le'));
    expect(await says({})).toContain('UTF-16');
    fs.writeFileSync(log, line(1));
    expect(await says({ format: 'nothing' })).toContain("no format called 'nothing'");
    expect(await says({ format: 'evtx' })).toContain('read line by line');
    fs.writeFileSync(log, gzipSync(lines(0, 20_000)));
    expect(await says({})).toContain('binary');
    expect(await connectors.test({ connector: 'tail', config: { path: log } }, context)).toMatchObject({ ok: true });
    expect(await connectors.test({ connector: 'tail', config: { path: `${log}.none` } }, context)).toMatchObject({ ok: true, message: expect.stringContaining('not there yet') as string });
    expect(await connectors.test({ connector: 'tail', config: { path: one.folder } }, context)).toMatchObject({ ok: false });
  });
});
