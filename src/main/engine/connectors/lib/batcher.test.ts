import { describe, expect, it } from 'vitest';
import type { Chunk } from '../connector.ts';
import { ALL_KEPT, MAX_CHUNK } from '../connector.ts';
import { Batcher } from './batcher.ts';

const line = (text: string): Uint8Array => Buffer.from(`${text}\n`);
async function next(chunks: AsyncGenerator<Chunk, void, void>): Promise<Chunk> {
  const { value } = await chunks.next();
  if (!value) throw new Error('there is no chunk');
  return value;
}

describe('a batcher', () => {
  it('collects a trickle, and sends at once what is enough', async () => {
    const batcher = new Batcher(undefined, { wait: 80, lines: 3 });
    const chunks = batcher.chunks('c');
    const started = performance.now();
    const first = next(chunks);
    batcher.add(line('1'), 1);
    setTimeout(() => batcher.add(line('2'), 1), 30);
    expect(Buffer.from((await first).lines).toString()).toBe('1\n2\n');
    expect(performance.now() - started).toBeGreaterThan(70);
    const again = performance.now();
    for (const text of ['3', '4', '5']) batcher.add(line(text), 1);
    expect(await next(chunks)).toMatchObject({ cursor: 'c', lines: Buffer.from('3\n4\n5\n') });
    expect(performance.now() - again).toBeLessThan(60);
    batcher.add(line('6'), 1);
    batcher.end();
    expect(Buffer.from((await next(chunks)).lines).toString()).toBe('6\n');
    expect((await chunks.next()).done).toBe(true);
  });

  it('is full until what it holds is stored, and says who was stored', async () => {
    let drained = 0;
    const told: string[] = [];
    const batcher = new Batcher(() => drained++, { capacity: 10, wait: 1 });
    const chunks = batcher.chunks('');
    batcher.add(line('123456'), 1, (stored) => told.push(`a ${stored}`));
    expect(batcher.full).toBe(false);
    batcher.add(line('789'), 1, (stored) => told.push(`b ${stored}`));
    expect(batcher.full).toBe(true);
    const chunk = await next(chunks);
    expect([chunk.waiting, batcher.full, batcher.held, drained, told]).toEqual([11, true, 11, 0, []]);
    await chunk.stored?.(ALL_KEPT);
    expect([batcher.full, batcher.held, drained, told]).toEqual([false, 0, 1, ['a true', 'b true']]);
    batcher.add(line('c'), 1, (stored) => told.push(`c ${stored}`));
    await next(chunks);
    batcher.add(line('d'), 1, (stored) => told.push(`d ${stored}`));
    // The store failed: the chunk was handed out and not stored.
    await chunks.return();
    batcher.add(line('e'), 1, (stored) => told.push(`e ${stored}`));
    expect(told.slice(2)).toEqual(['c false', 'd false', 'e false']);
  });

  it('hands out pieces of whole lines, none over the bound', async () => {
    const batcher = new Batcher(undefined, { wait: 1 });
    const one = Buffer.concat([Buffer.alloc(1000, 120), Buffer.from('\n')]);
    const all = Buffer.concat(Array.from({ length: 12_000 }, () => one));
    let stored = 0;
    batcher.add(all, 12_000, () => stored++);
    batcher.end();
    const sizes: number[] = [];
    for await (const { lines, stored: done } of batcher.chunks('')) {
      expect(stored).toBe(0);
      sizes.push(lines.length);
      expect(lines.at(-1)).toBe(10);
      await done?.(ALL_KEPT);
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_CHUNK);
    expect(sizes.reduce((a, b) => a + b)).toBe(all.length);
    expect(stored).toBe(1);
  });

  it('puts nothing of two groups into a chunk, and keeps the order in each', async () => {
    const batcher = new Batcher(undefined, { wait: 1 });
    for (const text of ['a1', 'b1', 'a2', 'b2', 'a3']) batcher.add(line(text), 1, undefined, undefined, text[0]);
    batcher.end();
    const chunks: [string, string][] = [];
    for await (const { group, lines } of batcher.chunks('')) chunks.push([group, Buffer.from(lines).toString()]);
    expect(chunks).toEqual([['a', 'a1\na2\na3\n'], ['b', 'b1\nb2\n']]);
  });

  it('sends when nothing more comes, and never cuts a document', async () => {
    const batcher = new Batcher(undefined, { wait: 5000, quiet: 20, documents: true });
    const chunks = batcher.chunks('');
    const started = performance.now();
    const first = next(chunks);
    batcher.add(Buffer.alloc(MAX_CHUNK + 10, 10), 1);
    expect((await first).lines).toHaveLength(MAX_CHUNK + 10);
    expect(performance.now() - started).toBeLessThan(1000);
    // Many lines wait for nobody.
    batcher.add(line('x'), 5000);
    await next(chunks);
  });

  it('tells each who was in a chunk how many of its records were rejected', async () => {
    const batcher = new Batcher();
    const told: string[] = [];
    for (const name of ['a', 'b', 'c']) batcher.add(line(`${name}${name}\n${name}`), 2, (stored, rejected) => told.push(`${name} ${stored} ${rejected}`));
    batcher.end();
    for await (const { stored } of batcher.chunks('')) await stored?.({ rejectedAt: [0, 3, 10], read: 6 });
    expect(told).toEqual(['a true 2', 'b true 0', 'c true 1']);
  });
});
