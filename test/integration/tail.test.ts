/** The tail connector on files that are written, rotated, emptied and missed while they are followed. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { when } from '../support/live.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

/** A case and a log that is followed into it. Each test has its own, so that they wait at the same time. */
class Bench {
  readonly one: TempCase;
  log: string;

  constructor(one: TempCase) {
    this.one = one;
    this.log = path.join(one.folder, 'logs', 'shop.log');
    fs.mkdirSync(path.join(one.folder, 'logs'));
  }
  static async create(finished: (remove: () => Promise<void>) => void): Promise<Bench> {
    const one = await TempCase.create();
    finished(async () => await one.remove());
    return new Bench(one);
  }
  async follow(config: Record<string, unknown> = {}): Promise<number> {
    return (await this.one.engine.handlers.connectors.add({ connector: 'tail', name: '', config: { path: this.log, ...config } }, context)).id;
  }
  async stored(id: number, n: number): Promise<void> {
    await when(this.one, id, (now) => {
      if (now.error !== '') throw new Error(now.error);
      return now.stored >= n;
    }, 30_000);
  }
  /** Every order once, in order. */
  async orders(): Promise<number[]> {
    return (await this.one.messages()).map((message) => Number(/order (\d+) /.exec(message)?.[1]));
  }
}

const wait = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));
const line = (n: number): string => `2026-10-01T12:00:00.000Z INFO shop - order ${n} came in from the till\n`;
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => line(from + i)).join('');
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe.concurrent('the tail connector', () => {
  it('waits for the file, reads what is there and what is added, and lets half lines and traces wait', async ({ onTestFinished }) => {
    const bench = await Bench.create(onTestFinished);
    const id = await bench.follow();
    expect(await when(bench.one, id, ({ state }) => state === 'ok')).toMatchObject({ note: `Waits for ${bench.log} to appear.`, stored: 0 });
    fs.writeFileSync(bench.log, lines(0, 3) + line(3).slice(0, 30));
    await bench.stored(id, 3);
    await wait(1500);
    expect(await when(bench.one, id, () => true)).toMatchObject({ stored: 3, note: '' });
    fs.appendFileSync(bench.log, line(3).slice(30));
    await bench.stored(id, 4);
    expect(await bench.orders()).toEqual(upTo(4));
    expect((await bench.one.engine.handlers.events.sources({}, context))[0]).toMatchObject({ path: bench.log, ledger: { read: 4, rejected: 0 } });
  }, 60_000);

  it('sends a record of many lines when the next begins or nothing comes any more', async ({ onTestFinished }) => {
    const bench = await Bench.create(onTestFinished);
    const trace = '2026-10-01 12:00:00,000 ERROR [main] shop.Till: order failed\njava.lang.IllegalStateException: no\n\tat shop.Till.ring(Till.java:1)\n';
    fs.writeFileSync(bench.log, trace);
    const id = await bench.follow();
    // Longer than a trickle is collected, shorter than the silence that ends a record: the rest still belongs to it.
    await wait(1500);
    fs.appendFileSync(bench.log, '\tat shop.Main.main(Main.java:9)\n');
    await bench.stored(id, 1);
    expect((await bench.one.messages())[0]).toContain('Main.java:9');
    fs.appendFileSync(bench.log, trace + trace);
    await bench.stored(id, 3);
    expect((await bench.one.page(everything())).total).toBe(3);
  }, 60_000);

  it('loses and doubles nothing when the file is renamed, emptied, packed, and missed while the case is closed', async ({ onTestFinished }) => {
    const bench = await Bench.create(onTestFinished);
    fs.writeFileSync(bench.log, lines(0, 10));
    let id = await bench.follow();
    await bench.stored(id, 10);
    // Renamed, and written to for a moment more; the last line without its end.
    fs.appendFileSync(bench.log, lines(10, 12));
    fs.renameSync(bench.log, `${bench.log}.1`);
    fs.appendFileSync(`${bench.log}.1`, lines(12, 14) + line(14).trimEnd());
    fs.writeFileSync(bench.log, lines(15, 20));
    await bench.stored(id, 20);
    expect(await bench.orders()).toEqual(upTo(20));
    // Copied and emptied, with lines in between that only the copy has; an older one is packed.
    fs.writeFileSync(`${bench.log}.2.gz`, gzipSync(fs.readFileSync(`${bench.log}.1`)));
    fs.rmSync(`${bench.log}.1`);
    fs.appendFileSync(bench.log, lines(20, 25));
    fs.copyFileSync(bench.log, `${bench.log}.1`);
    fs.truncateSync(bench.log, 0);
    await bench.stored(id, 25);
    fs.appendFileSync(bench.log, lines(25, 26));
    await bench.stored(id, 26);
    expect(await bench.orders()).toEqual(upTo(26));
    // Closed, and rotated twice: the rest is two files away.
    await bench.one.engine.close();
    fs.appendFileSync(bench.log, lines(26, 30));
    fs.rmSync(`${bench.log}.1`);
    fs.renameSync(bench.log, `${bench.log}.2`);
    fs.writeFileSync(`${bench.log}.1`, lines(30, 40));
    fs.writeFileSync(bench.log, lines(40, 45));
    await bench.one.reopen();
    [{ id }] = await bench.one.engine.handlers.connectors.list({}, context);
    await bench.one.engine.handlers.connectors.start({ id }, context);
    await bench.stored(id, 19);
    await bench.one.reopen();
    await bench.one.engine.handlers.connectors.start({ id }, context);
    fs.appendFileSync(bench.log, lines(45, 46));
    await bench.stored(id, 1);
    await wait(500);
    expect(await bench.orders()).toEqual(upTo(46));
  }, 60_000);

  it.skipIf(spawnSync('logrotate', ['--version']).status !== 0)('goes along with logrotate', async ({ onTestFinished }) => {
    const bench = await Bench.create(onTestFinished);
    fs.writeFileSync(bench.log, lines(0, 100));
    const id = await bench.follow();
    await bench.stored(id, 100);
    for (const [round, how] of ['create', 'copytruncate', 'create 0640\n  dateext\n  dateformat -%Y%m%d%s'].entries()) {
      const conf = bench.one.write('rotate.conf', `${bench.log} {\n  rotate 9\n  ${how}\n}\n`);
      fs.appendFileSync(bench.log, lines(100 + round * 20, 110 + round * 20));
      expect(spawnSync('logrotate', ['-f', '-s', path.join(bench.one.folder, 'state'), conf]).status).toBe(0);
      fs.appendFileSync(bench.log, lines(110 + round * 20, 120 + round * 20));
      await bench.stored(id, 120 + round * 20);
    }
    expect(await bench.orders()).toEqual(upTo(160));
  }, 60_000);

  it('keeps up with a writer that rotates all the time', async ({ onTestFinished }) => {
    const bench = await Bench.create(onTestFinished);
    fs.writeFileSync(bench.log, '');
    const id = await bench.follow({ format: 'generic' });
    let n = 0;
    for (let rotation = 0; rotation < 4; rotation++) {
      for (let burst = 0; burst < 10; burst++) {
        const text = lines(n, n + 400);
        n += 400;
        // In pieces that are no lines.
        for (let at = 0; at < text.length; at += 7001) fs.appendFileSync(bench.log, text.slice(at, at + 7001));
        await wait(40);
      }
      if (rotation < 3) for (let i = 3; i >= 0; i--) if (fs.existsSync(i === 0 ? bench.log : `${bench.log}.${i}`)) fs.renameSync(i === 0 ? bench.log : `${bench.log}.${i}`, `${bench.log}.${i + 1}`);
    }
    await bench.stored(id, n);
    expect(await bench.orders()).toEqual(upTo(n));
  }, 60_000);

  it('reads a table by its header, from the end when asked, and a large file quickly', async ({ onTestFinished }) => {
    const bench = await Bench.create(onTestFinished);
    fs.writeFileSync(bench.log, 'time,level,message\n2026-10-01T12:00:00Z,warn,first\n');
    const id = await bench.follow();
    await bench.stored(id, 1);
    fs.appendFileSync(bench.log, '2026-10-01T12:00:01Z,error,second\n');
    await bench.stored(id, 2);
    expect(await bench.one.messages()).toEqual(['first', 'second']);
    expect(await bench.one.messages('level:error')).toEqual(['second']);

    bench.log = path.join(bench.one.folder, 'logs', 'large.log');
    fs.writeFileSync(bench.log, lines(0, 150_000));
    const large = await bench.follow();
    await bench.stored(large, 150_000);
    const end = await bench.follow({ from: 'end' });
    await when(bench.one, end, ({ state }) => state === 'ok');
    await wait(300);
    fs.appendFileSync(bench.log, line(150_000));
    await bench.stored(end, 1);
    await bench.stored(large, 150_001);
    expect((await when(bench.one, end, () => true)).stored).toBe(1);
  }, 60_000);

  it('says what cannot be followed', async ({ onTestFinished }) => {
    const bench = await Bench.create(onTestFinished);
    const { connectors } = bench.one.engine.handlers;
    const says = async (config: Record<string, unknown>): Promise<string> => {
      const id = await bench.follow(config);
      return (await when(bench.one, id, ({ state }) => state === 'stopped')).error;
    };
    fs.writeFileSync(bench.log, '\u{fffe}');
    expect(await says({ path: bench.one.folder })).toContain('is not a file');
    fs.writeFileSync(bench.log, Buffer.from(`\ufeff${line(1)}`, 'utf16le'));
    expect(await says({})).toContain('UTF-16');
    fs.writeFileSync(bench.log, line(1));
    expect(await says({ format: 'nothing' })).toContain("no format called 'nothing'");
    expect(await says({ format: 'evtx' })).toContain('read line by line');
    fs.writeFileSync(bench.log, gzipSync(lines(0, 20_000)));
    expect(await says({})).toContain('binary');
    expect(await connectors.test({ connector: 'tail', config: { path: bench.log } }, context)).toMatchObject({ ok: true });
    expect(await connectors.test({ connector: 'tail', config: { path: `${bench.log}.none` } }, context)).toMatchObject({ ok: true, message: expect.stringContaining('not there yet') as string });
    expect(await connectors.test({ connector: 'tail', config: { path: bench.one.folder } }, context)).toMatchObject({ ok: false });
  }, 60_000);
});
