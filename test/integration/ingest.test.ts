import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { context, everything, OPTIONS, TempCase } from '../support/temp-case.ts';

const CHILD = fileURLToPath(new URL('../support/ingest-child.ts', import.meta.url));
let held: TempCase;
const children: ChildProcess[] = [];
beforeEach(async () => {
  held = await TempCase.create();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await held.remove();
});

const line = (i: number, pad = ''): string => `${JSON.stringify({ time: new Date(Date.UTC(2026, 10, 20) + i * 10).toISOString(), level: 'info', service: 'api', msg: `step s${i}s${pad}` })}\n`;
const lines = (from: number, to: number, pad = ''): string => Array.from({ length: to - from }, (_, i) => line(from + i, pad)).join('');

interface Ledger { read: number; stored: number; duplicates: number; rejected: number }
/** The ledger of the case as its tables have it, checked against the events and the rejects that are really there. */
async function ledger(): Promise<Ledger> {
  const { sql, events, rejects } = held.engine.handlers;
  const { rows } = await sql.run({ sql: 'SELECT coalesce(sum(read), 0), coalesce(sum(stored), 0), coalesce(sum(duplicates), 0), coalesce(sum(rejected), 0) FROM source', limit: 1, timeoutMs: 10_000 }, context);
  const [read, stored, duplicates, rejected] = rows[0].map(Number);
  expect(read).toBe(stored + duplicates + rejected);
  await expect.poll(async () => (await events.page({ scope: everything(), order: 'asc', at: { rank: 0 }, limit: 1 }, context)).total, { timeout: 15_000 }).toBe(stored);
  expect((await rejects.list({ after: 0, limit: 1 }, context)).total).toBe(rejected);
  return { read, stored, duplicates, rejected };
}
async function serials(): Promise<number[]> {
  return (await held.messages()).map((message) => Number(/s(\d+)s/.exec(message)?.[1]));
}
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('reading again stores nothing twice', () => {
  it.each([500, 8000])('the same file, a renamed copy and a file that grew, of %i lines', async (n) => {
    const file = held.write('app.jsonl', lines(0, n));
    expect(await held.ingest(file)).toMatchObject({ read: n, stored: n, duplicates: 0, rejected: 0 });
    expect(await held.ingest(file)).toMatchObject({ read: n, stored: 0, duplicates: n });
    fs.renameSync(file, path.join(held.folder, 'app.old.jsonl'));
    expect(await held.ingest(path.join(held.folder, 'app.old.jsonl'))).toMatchObject({ read: n, stored: 0, duplicates: n });
    fs.appendFileSync(path.join(held.folder, 'app.old.jsonl'), lines(n, n + 300));
    expect(await held.ingest(path.join(held.folder, 'app.old.jsonl'))).toMatchObject({ read: n + 300, stored: 300, duplicates: n });
    expect(await ledger()).toEqual({ read: n * 4 + 300, stored: n + 300, duplicates: n * 3, rejected: 0 });
    expect(await serials()).toEqual(upTo(n + 300));
  });
  it('a packed file', async () => {
    const file = held.write('app.jsonl.gz', gzipSync(lines(0, 3000)));
    expect(await held.ingest(file)).toMatchObject({ read: 3000, stored: 3000 });
    fs.copyFileSync(file, path.join(held.folder, 'copy.gz'));
    expect(await held.ingest(file)).toMatchObject({ read: 3000, stored: 0, duplicates: 3000 });
    expect(await held.ingest(path.join(held.folder, 'copy.gz'))).toMatchObject({ read: 3000, stored: 0, duplicates: 3000 });
    expect((await ledger()).stored).toBe(3000);
  });
  it('but another file that begins alike is another file', async () => {
    const a = held.write('a.jsonl', lines(0, 1000) + lines(5000, 5100));
    await held.ingest(a);
    expect(await held.ingest(held.write('b.jsonl', lines(0, 1000) + lines(6000, 6200)))).toMatchObject({ stored: 1200 });
    fs.renameSync(a, path.join(held.folder, 'c.jsonl'));
    expect(await held.ingest(path.join(held.folder, 'c.jsonl'))).toMatchObject({ stored: 0, duplicates: 1100 });
    expect((await ledger()).stored).toBe(2300);
  });
  it('text in UTF-16, which is another file when its end is another', async () => {
    const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
    const file = held.write('a.jsonl', utf16(lines(0, 400)));
    expect(await held.ingest(file)).toMatchObject({ stored: 400 });
    expect(await held.ingest(file)).toMatchObject({ stored: 0, duplicates: 400 });
    expect(await held.ingest(held.write('b.jsonl', utf16(lines(0, 300) + lines(1000, 1200))))).toMatchObject({ stored: 500, duplicates: 0 });
  });
});

describe('the same content twice at once is stored once', () => {
  /** A plain file that is read in one task, one that is read in ranges, and a packed one. */
  const kinds = [['small', 300], ['in ranges', 12_000], ['packed', 6000]] as const;
  const twins = (kind: string, n: number): string[] => {
    const content = kind === 'packed' ? gzipSync(lines(0, n)) : lines(0, n);
    return [1, 2, 3].map((i) => held.write(`twins/${i}.log`, content));
  };

  it.each(kinds)('in one job: %s', async (kind, n) => {
    twins(kind, n);
    const other = lines(50_000, 50_100);
    held.write('twins/other.log', other);
    expect(await held.ingest(path.join(held.folder, 'twins'))).toMatchObject({ read: 3 * n + 100, stored: n + 100, duplicates: 2 * n, rejected: 0 });
    expect((await held.engine.handlers.ingest.jobs({}, context))[0]).toMatchObject({ state: 'done', files: 4, filesDone: 4, bytes: (await held.engine.handlers.ingest.jobs({}, context))[0].totalBytes });
    expect(await ledger()).toEqual({ read: 3 * n + 100, stored: n + 100, duplicates: 2 * n, rejected: 0 });
  });
  it.each(kinds)('in two jobs: %s', async (kind, n) => {
    const [a, b, c] = twins(kind, n);
    const summaries = await Promise.all([held.ingest([a, b]), held.ingest(c), held.ingest(a)]);
    expect(summaries.reduce((sum, { stored }) => sum + stored, 0)).toBe(n);
    expect(await ledger()).toEqual({ read: 4 * n, stored: n, duplicates: 3 * n, rejected: 0 });
  });
  it('waits for a paused job, holds up no other file meanwhile, and goes on when that job is cancelled', async () => {
    // More ranges than workers can have been given when the pause takes hold.
    const n = 120_000;
    const content = lines(0, n, 'x'.repeat(400));
    const [a, b] = [1, 2].map((i) => held.write(`${i}.jsonl`, content));
    const { ingest } = held.engine.handlers;
    const first = await ingest.start({ paths: [a], options: OPTIONS }, context);
    await expect.poll(async () => (await ingest.jobs({}, context))[0].ledger.stored, { interval: 2, timeout: 15_000 }).toBeGreaterThan(0);
    await ingest.pause(first, context);
    const second = await ingest.start({ paths: [b, held.write('other.jsonl', lines(90_000, 90_200))], options: OPTIONS }, context);
    const third = await ingest.start({ paths: [b], options: OPTIONS }, context);
    const status = async (job: number): Promise<{ state: string; ledger: Ledger } | undefined> => (await ingest.jobs({}, context)).find((candidate) => candidate.job === job);
    await expect.poll(async () => (await status(second.job))?.ledger.stored, { timeout: 15_000 }).toBe(200);
    expect(await status(second.job)).toMatchObject({ state: 'running' });
    // Jobs that wait can be cancelled like others.
    await ingest.cancel(third, context);
    await ingest.finished(third, context);
    await ingest.cancel(first, context);
    const kept = (await ingest.finished(first, context)).stored;
    expect(kept).toBeLessThan(n);
    expect(await ingest.finished(second, context)).toMatchObject({ stored: n + 200, duplicates: 0 });
    expect((await ledger()).stored).toBe(kept + n + 200);
  });
});

it('groups identical lines only when told to, and only within the window', async () => {
  const repeated = lines(0, 10) + lines(0, 10) + lines(10, 500) + lines(0, 10);
  expect(await held.ingest(held.write('all.jsonl', repeated))).toMatchObject({ read: 520, stored: 520, duplicates: 0 });
  // Another beginning, so that it is another file.
  expect(await held.ingest(held.write('few.jsonl', line(9999) + repeated), { dedupWindow: 100 })).toMatchObject({ read: 521, stored: 511, duplicates: 10 });
  expect(await held.ingest(held.write('many.jsonl', line(9998) + repeated), { dedupWindow: 5000 })).toMatchObject({ read: 521, stored: 501, duplicates: 20 });
  await ledger();
});

it('keeps what cannot be read, and reads it with another format', async () => {
  const broken = Array.from({ length: 40 }, (_, i) => `{"time":"2026-11-20T10:00:00Z","msg":"cut ${i}\n`);
  const text = Array.from({ length: 200 }, (_, i) => line(i) + (i % 5 === 0 ? broken[i / 5] : '')).join('');
  const file = held.write('mixed.jsonl', text);
  expect(await held.ingest(file)).toMatchObject({ read: 240, stored: 200, rejected: 40 });
  const { rejects } = held.engine.handlers;
  const list = await rejects.list({ after: 0, limit: 1000 }, context);
  expect(list).toMatchObject({ total: 40, reasons: [{ count: 40 }] });
  const bytes = fs.readFileSync(file);
  for (const reject of list.rows) {
    const from = reject.offset ?? NaN;
    expect(bytes.toString('utf8', from, from + reject.length)).toBe(reject.preview);
    expect(reject.preview).toContain('cut ');
  }
  const one = await rejects.get({ id: list.rows[3].id }, context);
  expect(Buffer.from(one.hex, 'hex').toString()).toBe(one.text);
  expect(await rejects.replay({ format: '', zone: '' }, context)).toEqual({ stored: 0, rejected: 40, notes: [] });
  expect((await rejects.list({ after: 0, limit: 1 }, context)).rows[0].attempts).toBe(2);
  const some = (await rejects.list({ after: 0, limit: 15 }, context)).rows.map(({ id }) => id);
  expect(await rejects.replay({ ids: some, format: 'text', zone: '' }, context)).toEqual({ stored: 15, rejected: 0, notes: [] });
  expect(await ledger()).toEqual({ read: 240, stored: 215, duplicates: 0, rejected: 25 });
  expect((await held.messages('cut')).length).toBe(15);
  await expect(async () => await rejects.replay({ format: 'nonsense', zone: '' }, context)).rejects.toMatchObject({ code: 'invalid_input' });
});

describe('a job that is stopped', () => {
  const N = 60_000;
  it('pauses, resumes and is cancelled; continuing reads the rest once', async () => {
    const file = held.write('big.jsonl', lines(0, N, 'x'.repeat(100)));
    const { ingest } = held.engine.handlers;
    const { job } = await ingest.start({ paths: [file], options: OPTIONS }, context);
    await expect.poll(async () => (await ingest.jobs({}, context))[0].ledger.stored, { interval: 2, timeout: 15_000 }).toBeGreaterThan(0);
    await ingest.pause({ job }, context);
    await ingest.cancel({ job }, context);
    await ingest.finished({ job }, context);
    expect((await ingest.jobs({}, context))[0].state).toBe('cancelled');
    const kept = await ledger();
    const interrupted = await ingest.interrupted({}, context);
    expect(interrupted).toMatchObject([{ state: 'stopped' }]);
    expect(await serials()).toEqual(upTo(kept.stored));
    const again = await ingest.continue({ sources: interrupted.map(({ id }) => id) }, context);
    await ingest.finished({ job: again.job }, context);
    expect(await ledger()).toEqual({ read: N, stored: N, duplicates: 0, rejected: 0 });
    expect(await serials()).toEqual(upTo(N));
    expect(await ingest.interrupted({}, context)).toEqual([]);
  });

  it.each([0, 0.3])('killed by the system when %f of it is stored, it goes on where it was', async (share) => {
    // Large enough that a third of it is not all of it by the time that somebody hears of it.
    const n = 400_000;
    const file = held.write('huge.jsonl', lines(0, n, 'y'.repeat(130)));
    expect(fs.statSync(file).size).toBeGreaterThan(80e6);
    await held.engine.close();
    const child = spawn(process.execPath, [CHILD, path.join(held.folder, 'data'), held.file, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const ended = new Promise<string | null>((resolve) => child.on('exit', (_code, signal) => resolve(signal)));
    child.stdout.on('data', (chunk: Buffer) => {
      const stored = [...chunk.toString().matchAll(/stored (\d+)/g)].map(([, count]) => Number(count));
      if (stored.some((count) => count > share * n)) child.kill('SIGKILL');
    });
    expect(await ended).toBe('SIGKILL');
    await held.reopen();
    const { ingest } = held.engine.handlers;
    const kept = await ledger();
    expect(kept.stored).toBeGreaterThan(share * n);
    expect(kept.stored).toBeLessThan(n);
    const interrupted = await ingest.interrupted({}, context);
    expect(interrupted).toHaveLength(1);
    const { job } = await ingest.continue({ sources: [interrupted[0].id] }, context);
    await ingest.finished({ job }, context);
    expect(await ledger()).toEqual({ read: n, stored: n, duplicates: 0, rejected: 0 });
    const rollup = await held.engine.handlers.sql.run({ sql: 'SELECT sum(total) FROM rollup_1h', limit: 1, timeoutMs: 10_000 }, context);
    expect(rollup.rows).toEqual([[n]]);
    if (share > 0) expect(await serials()).toEqual(upTo(n));
  });
});

it('a full disk stops cleanly, keeps what is committed, and goes on when there is room', async (test) => {
  const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-disk-'));
  const mounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tidemark-test', disk]).status === 0;
  if (!mounted) {
    fs.rmdirSync(disk);
    test.skip('a small disk cannot be made here (it takes root on Linux)');
  }
  const small = await TempCase.create(disk);
  const n = 100_000;
  const noise = (i: number): string => ` ${(Math.imul(i + 1, 2654435761) >>> 0).toString(36)}${(Math.imul(i + 7, 40503) >>> 0).toString(36)}`;
  const file = held.write('random.jsonl', Array.from({ length: n }, (_, i) => line(i, noise(i) + noise(i * 31) + noise(i * 17))).join(''));
  try {
    const { ingest } = small.engine.handlers;
    await expect(small.ingest(file)).rejects.toMatchObject({ code: 'disk_full', message: expect.stringMatching(/no room.*kept.*free some space/) as string });
    expect((await ingest.jobs({}, context))[0].state).toBe('failed');
    expect(spawnSync('mount', ['-o', 'remount,size=200m', disk]).status).toBe(0);
    await small.reopen();
    const kept = await small.engine.handlers.cases.info({}, context);
    expect(kept?.events).toBeGreaterThan(0);
    const interrupted = await small.engine.handlers.ingest.interrupted({}, context);
    const { job } = await small.engine.handlers.ingest.continue({ sources: interrupted.map(({ id }) => id) }, context);
    await small.engine.handlers.ingest.finished({ job }, context);
    expect(await small.engine.handlers.cases.info({}, context)).toMatchObject({ events: n, sources: 1 });
    expect((await small.messages()).map((message) => Number(/s(\d+)s/.exec(message)?.[1]))).toEqual(upTo(n));
  } finally {
    spawnSync('mount', ['-o', 'remount,size=200m', disk]);
    await small.engine.close();
    spawnSync('umount', [disk]);
    fs.rmdirSync(disk);
  }
});

describe('case files that are not as they should be', () => {
  const open = async (file: string, readOnly = false): Promise<unknown> => await held.engine.handlers.cases.open({ path: file, readOnly }, context);

  it('says what is no case', async () => {
    await expect(open(held.write('log.tidemark', lines(0, 10)))).rejects.toMatchObject({ code: 'not_a_case' });
    await expect(open(path.join(held.folder, 'none.tidemark'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(open(held.folder)).rejects.toBeDefined();
  });
  it('opens what a newer version wrote only to be read', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 100)));
    await held.engine.handlers.cases.close({}, context);
    const fd = fs.openSync(held.file, 'r+');
    // user_version: https://www.sqlite.org/fileformat.html section 1.3
    fs.writeSync(fd, Buffer.from([0, 0, 3, 231]), 0, 4, 60);
    fs.closeSync(fd);
    expect(await open(held.file)).toMatchObject({ readOnly: true, readOnlyReason: expect.stringContaining('999') as string, events: 100 });
    expect(await serials()).toEqual(upTo(100));
    await expect(held.ingest(held.write('b.jsonl', lines(0, 5)))).rejects.toMatchObject({ code: 'read_only' });
  });
  it('is one window\'s at a time, and can be read meanwhile', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 100)));
    await held.engine.handlers.cases.close({}, context);
    const child = spawn(process.execPath, [CHILD, path.join(held.folder, 'data'), held.file], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    await expect(open(held.file)).rejects.toMatchObject({ code: 'locked' });
    expect(await open(held.file, true)).toMatchObject({ readOnly: true, events: 100 });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(await open(held.file)).toMatchObject({ readOnly: false, events: 100 });
  });
});
