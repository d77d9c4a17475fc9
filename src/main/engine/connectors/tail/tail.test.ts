import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tailConnector } from './index.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-tail-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const wait = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

/** Follows the file; `stored` is what a case would hold. It may be killed between a chunk and the next, and goes on from its cursor. */
class Follower {
  readonly #log: string;
  readonly stored: string[] = [];
  #cursor = '';
  #abort = new AbortController();
  #done: Promise<void> = Promise.resolve();

  constructor(log: string) {
    this.#log = log;
  }

  start(): void {
    this.#abort = new AbortController();
    this.#done = this.#run(this.#abort);
  }
  async #run({ signal }: AbortController): Promise<void> {
    const nothing = (): void => undefined;
    for await (const { lines, cursor } of tailConnector.read({ path: this.#log }, { signal, cursor: this.#cursor, idle: nothing, note: nothing, complete: (bytes) => bytes.length })) {
      // Killed before it was stored: as if it had not come.
      if (signal.aborted) return;
      expect(lines.length === 0 || lines.at(-1) === 10).toBe(true);
      this.stored.push(...Buffer.from(lines).toString().split('\n').filter((line) => line !== ''));
      this.#cursor = cursor;
    }
  }
  /** Follows until it ends by itself. */
  async ended(): Promise<void> {
    this.start();
    await this.#done;
  }
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }
}

describe.concurrent('a file that is followed', () => {
  // Which way it is rotated, and how often the reader is killed, by a fixed sequence.
  it.each(['rename', 'copytruncate', 'both'])('brings every line once, in order, over kills and rotations (%s)', async (how) => {
    const log = path.join(folder, `${how}.log`);
    const follower = new Follower(log);
    let n = 0;
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    const write = (count: number): void => {
      let text = '';
      for (let i = 0; i < count; i++) text += `line ${n++} ${'x'.repeat(random(200))}\n`;
      const half = random(text.length);
      fs.appendFileSync(log, text.slice(0, half));
      fs.appendFileSync(log, text.slice(half));
    };
    const rotate = (): void => {
      for (let i = 8; i >= 1; i--) if (fs.existsSync(`${log}.${i}`)) fs.renameSync(`${log}.${i}`, `${log}.${i + 1}`);
      if (how === 'rename' || (how === 'both' && random(2) === 0)) {
        fs.renameSync(log, `${log}.1`);
      } else {
        fs.copyFileSync(log, `${log}.1`);
        fs.truncateSync(log, 0);
      }
    };
    write(20);
    follower.start();
    for (let step = 0; step < 14; step++) {
      await wait(100 + random(500));
      write(1 + random(300));
      const what = random(3);
      if (what === 0) {
        await follower.stop();
        write(random(50));
        if (random(2) === 0) rotate();
        write(1 + random(50));
        follower.start();
      } else if (what === 1) {
        rotate();
        write(1 + random(20));
      }
    }
    for (let i = 0; i < 60 && follower.stored.length < n; i++) await wait(100);
    await follower.stop();
    const brought = follower.stored.map((line) => Number(line.split(' ')[1]));
    const wrong = brought.flatMap((number, i) => (i > 0 && number !== brought[i - 1] + 1 ? [`${brought[i - 1]} then ${number}`] : []));
    expect({ wrong, first: brought[0], last: brought.at(-1), count: brought.length }).toEqual({ wrong: [], first: 0, last: n - 1, count: n });
  }, 30_000);

  it('is known again when it was written anew with what it held and more, and begins anew when it is another', async () => {
    const log = path.join(folder, 'edited.log');
    const first = Array.from({ length: 20 }, (_, i) => `2026-10-01 first ${i}\n`).join('');
    fs.writeFileSync(log, first);
    const follower = new Follower(log);
    follower.start();
    while (follower.stored.length < 20) await wait(50);
    // As an editor saves: another file under the same name.
    fs.writeFileSync(`${log}~`, `${first}more\n`);
    fs.renameSync(`${log}~`, log);
    while (follower.stored.length < 21) await wait(50);
    fs.writeFileSync(`${log}~`, 'another\n');
    fs.renameSync(`${log}~`, log);
    while (follower.stored.length < 22) await wait(50);
    await follower.stop();
    expect(follower.stored.slice(19)).toEqual(['2026-10-01 first 19', 'more', 'another']);
  }, 15_000);
});

it('refuses a file that turns out to be UTF-16 when its first bytes come, or after it was emptied', async () => {
  for (const before of ['', 'a line\n']) {
    const log = path.join(folder, `wide-${before.length}.log`);
    fs.writeFileSync(log, before);
    const follower = new Follower(log);
    const end = follower.ended();
    await wait(before === '' ? 100 : 1500);
    fs.writeFileSync(log, Buffer.from('\ufeffIn wide characters\r\n', 'utf16le'));
    await expect(end).rejects.toThrow('UTF-16, which is not followed');
    expect(follower.stored).toEqual(before === '' ? [] : ['a line']);
  }
}, 20_000);
