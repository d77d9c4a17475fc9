import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalvageAccount } from '../../src/shared/contract/cases.ts';
import Database from 'better-sqlite3';
import { openReader } from '../../src/main/engine/store/database.ts';
import { nativeBinding } from '../../src/main/engine/store/native-binding.ts';
import { FLAG } from '../../src/shared/event.ts';
import { context, everything, TempCase, whenComplete } from '../support/temp-case.ts';

/** Every page of a case is this large, and its first four hold the outline. */
const PAGE = 16_384;
let held: TempCase;
beforeEach(async () => {
  held = await TempCase.create();
});
afterEach(async () => await held.remove());

const noise = (i: number): string => ` ${(Math.imul(i + 1, 2654435761) >>> 0).toString(36)}${(Math.imul(i + 7, 40503) >>> 0).toString(36)}`;
const line = (i: number): string => `${JSON.stringify({ time: new Date(Date.UTC(2026, 10, 20) + i * 10).toISOString(), level: 'info', service: `api${i % 3}`, msg: `step s${i}s${noise(i)}`, trace: noise(i * 3) })}\n`;
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => line(from + i)).join('');
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const open = async (file: string, readOnly = false): Promise<unknown> => await held.engine.handlers.cases.open({ path: file, readOnly }, context);
const close = async (): Promise<void> => await held.engine.handlers.cases.close({}, context);
const serials = async (): Promise<number[]> => (await held.messages()).map((message) => Number(/s(\d+)s/.exec(message)?.[1]));
const stored = async (): Promise<{ read: number; stored: number; duplicates: number; rejected: number }> => (await held.engine.handlers.health.get({}, context)).ledger;
let copies = 0;
async function salvage(damaged: string): Promise<SalvageAccount> {
  const into = path.join(held.folder, `saved-${copies++}.tidemark`);
  const { info, account } = await held.engine.handlers.cases.salvage({ path: damaged, into }, context);
  expect(info).toMatchObject({ path: into, readOnly: false, events: account.events.kept });
  expect(await held.engine.handlers.cases.salvaged({}, context)).toEqual(account);
  return account;
}
/** Continues everything that can be continued and waits for it. */
async function goOn(): Promise<void> {
  const { ingest } = held.engine.handlers;
  const sources = await ingest.interrupted({}, context);
  if (sources.length === 0) return;
  const { job } = await ingest.continue({ sources: sources.map(({ id }) => id) }, context);
  await ingest.finished({ job }, context);
}
/** A closed case of one file with n events, and its bytes. */
async function wholeCase(n: number): Promise<Buffer> {
  await held.ingest(held.write('a.jsonl', lines(0, n)));
  await close();
  return fs.readFileSync(held.file);
}
function scrambled(whole: Buffer, from: number, to: number): Buffer {
  const bytes = Buffer.from(whole);
  for (let i = from; i < to; i++) bytes[i] = (i * 167 + (i >> 8)) & 255;
  return bytes;
}

describe('a damaged case', () => {
  it('that was cut short is refused, is salvaged as far as it is there, and takes the rest from the file again', async () => {
    const n = 20_000;
    await close();
    const empty = fs.statSync(held.file).size;
    await held.reopen();
    const whole = await wholeCase(n);
    let most = 0;
    for (const share of [0.35, 0.667]) {
      // Of what was read: the tables of an empty case alone are larger than a small log.
      const cut = held.write(`cut-${share}.tidemark`, whole.subarray(0, Math.floor(empty + (whole.length - empty) * share)));
      await expect(open(cut)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining('cut short') as string });
      const account = await salvage(cut);
      expect(account.events.kept + account.events.lost).toBe(n);
      expect(account.events.lost).toBeGreaterThan(0);
      expect(account.events.kept).toBeGreaterThanOrEqual(most);
      most = account.events.kept;
      expect(account.sources).toMatchObject([{ kept: account.events.kept, lost: account.events.lost, readable: true }]);
      const kept = await serials();
      expect(kept).toHaveLength(account.events.kept);
      expect(await stored()).toEqual({ read: kept.length, stored: kept.length, duplicates: 0, rejected: 0 });
      const [source] = await held.engine.handlers.ingest.interrupted({}, context);
      expect(source).toMatchObject({ state: 'stopped', error: expect.stringContaining(`${account.events.lost} events were lost`) as string });
      // The ranges are where the lost records stand in the file.
      const text = fs.readFileSync(path.join(held.folder, 'a.jsonl'));
      const lost = account.sources[0].ranges.flatMap(({ from, to }) => [...text.subarray(from, to).toString().matchAll(/step s(\d+)s/g)].map((match) => Number(match[1])));
      expect([...kept, ...lost].sort((a, b) => a - b)).toEqual(upTo(n));
      await goOn();
      expect(await serials()).toEqual(upTo(n));
      // Filters that were lost let every word pass.
      expect((await held.messages('s7s')).length).toBe(1);
      expect(await stored()).toEqual({ read: n, stored: n, duplicates: 0, rejected: 0 });
      expect(await held.engine.handlers.cases.check({}, context)).toMatchObject({ ok: true, problems: [], eventsDamaged: 0 });
    }
    expect(most).toBeGreaterThan(n / 4);
  });

  it('that was overwritten in the middle loses what stood there, and only that comes back', async () => {
    const n = 60_000;
    const whole = await wholeCase(n);
    const damaged = held.write('damaged.tidemark', scrambled(whole, Math.floor(whole.length * 0.4), Math.floor(whole.length * 0.45)));
    await expect(open(damaged)).rejects.toMatchObject({ code: 'corrupt' });
    const account = await salvage(damaged);
    expect(account.events.lost).toBeGreaterThan(0);
    expect(account.events.kept).toBeGreaterThan(n / 3);
    expect(account.events.kept + account.events.lost).toBe(n);
    const before = await held.page(everything(), { rank: 0 });
    // Events keep their ids, so that what points to them goes on pointing.
    await goOn();
    expect(await serials()).toEqual(upTo(n));
    expect(await stored()).toMatchObject({ read: n, stored: n });
    const after = await held.page(everything(), { rank: 0 });
    const ids = new Map([...after.rows.id].map((id, i) => [id, after.rows.message[i]]));
    for (const [i, id] of [...before.rows.id].entries()) if (ids.has(id)) expect(ids.get(id)).toBe(before.rows.message[i]);
    // Rollups count what is there, once.
    const { rows } = await held.engine.handlers.sql.run({ sql: 'SELECT sum(total) FROM rollup_1m', limit: 1, timeoutMs: 10_000 }, context);
    expect(rows[0][0]).toBe(n);
    await held.ingest(path.join(held.folder, 'a.jsonl'));
    expect(await stored()).toEqual({ read: n * 2, stored: n, duplicates: n, rejected: 0 });
  });

  it('of a compressed file takes its end again; its middle is told to be lost and never stored twice', async () => {
    const n = 40_000;
    const file = held.write('a.jsonl.gz', gzipSync(lines(0, n)));
    await held.ingest(file);
    await close();
    const whole = fs.readFileSync(held.file);
    const cut = await salvage(held.write('cut.tidemark', whole.subarray(0, Math.floor(whole.length * 0.7))));
    expect(cut.events.kept).toBeGreaterThan(0);
    expect(cut.sources).toMatchObject([{ readable: true }]);
    await goOn();
    expect(await serials()).toEqual(upTo(n));

    const holed = await salvage(held.write('holed.tidemark', scrambled(whole, Math.floor(whole.length * 0.4), Math.floor(whole.length * 0.45))));
    expect(holed.events.lost).toBeGreaterThan(0);
    expect(holed.sources).toMatchObject([{ readable: false, lost: holed.events.lost }]);
    const kept = await serials();
    await held.ingest(file);
    expect(await serials()).toEqual(kept);
    const [source] = await held.engine.handlers.events.sources({}, context);
    expect(source).toMatchObject({ state: 'failed', error: expect.stringContaining('case of its own') as string });
    expect(await stored()).toEqual({ read: kept.length, stored: kept.length, duplicates: 0, rejected: 0 });
  });

  it('says of indicators only what the events that are left have, and of its lists what is lost', async () => {
    const { indicators, enrichment } = held.engine.handlers;
    const n = 40_000;
    await held.ingest(held.write('a.jsonl', lines(0, n).replaceAll(/step s(\d*7)s/g, 'step s$1s to 203.0.113.7')));
    const away = await indicators.add({ path: held.write('old.txt', '198.51.100.1\n198.51.100.2\n198.51.100.3\n'), name: '' }, context);
    await indicators.remove({ id: away.id }, context);
    await indicators.add({ path: held.write('list.txt', '203.0.113.7\n'), name: 'ours' }, context);
    await enrichment.add({ kind: 'map', path: held.write('map.csv', 'service,team\napi0,payments\n') }, context);
    await indicators.settled({}, context);
    const met = async (): Promise<number> => (await indicators.hits({ text: '', list: null, limit: 10 }, context)).rows.reduce((sum, { events }) => sum + events, 0);
    expect(await met()).toBe(n / 10);
    await close();
    const whole = fs.readFileSync(held.file);
    const account = await salvage(held.write('holed.tidemark', scrambled(whole, Math.floor(whole.length * 0.4), Math.floor(whole.length * 0.45))));
    expect(account.events.lost).toBeGreaterThan(0);
    expect(account.tables.filter(({ name }) => /indicator|enrichment/.test(name))).toEqual([]);
    await indicators.settled({}, context);
    const left = (await serials()).filter((serial) => serial % 10 === 7).length;
    expect(left).toBeLessThan(n / 10);
    expect(await met()).toBe(left);
    expect((await held.page(everything('has:threat'))).total).toBe(left);
    expect((await indicators.status({}, context)).lists).toMatchObject([{ name: 'ours', stored: 1 }]);
    expect((await held.page(everything('labels.team:payments'))).total).toBe((await held.page(everything('service:api0'))).total);
  });

  it('without its first page is known as a case and salvaged whole', async () => {
    const n = 9000;
    const whole = await wholeCase(n);
    const damaged = held.write('headless.tidemark', scrambled(whole, 0, PAGE));
    await expect(open(damaged)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining('first bytes') as string });
    expect(await salvage(damaged)).toMatchObject({ events: { kept: n, lost: 0 }, segments: { lost: 0 }, sources: [] });
    expect(await serials()).toEqual(upTo(n));
  });

  it('keeps what people wrote, and says which pins lost their event', async () => {
    const n = 30_000;
    await close();
    const empty = fs.statSync(held.file).size;
    await held.reopen();
    await held.ingest(held.write('a.jsonl', lines(0, n)));
    const { investigations, cases } = held.engine.handlers;
    const { rows } = await held.page(everything(), { rank: 0 }, 'asc', 1);
    const last = await held.page(everything(), { rank: n - 1 }, 'asc', 1);
    const { id } = await investigations.create({ title: 'Outage' }, context);
    await investigations.pin({ id, eventIds: [rows.id[0], last.rows.id[0]], note: '' }, context);
    await close();
    const whole = fs.readFileSync(held.file);
    // The newest events lie at the end of the file, the tables of an empty case at its start.
    const cut = held.write('cut.tidemark', whole.subarray(0, Math.floor(empty + (whole.length - empty) * 0.6)));
    const account = await salvage(cut);
    expect((await investigations.list({ text: '', status: 'all' }, context)).map(({ title }) => title)).toEqual(['Outage']);
    const { rows: pins } = await held.engine.handlers.sql.run({ sql: 'SELECT count(*) FROM pin', limit: 1, timeoutMs: 10_000 }, context);
    expect(pins).toEqual([[2]]);
    expect(account.stranded).toBe(1);
    expect(account.tables).toEqual([]);
    expect(await cases.salvaged({}, context)).toMatchObject({ stranded: 1 });
  });

  it('that its owner left in the middle of writing is salvaged with its log', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 5000)));
    // A copy of an open case: what was committed last is in the log.
    for (const end of ['', '-wal']) fs.copyFileSync(`${held.file}${end}`, path.join(held.folder, `crashed.tidemark${end}`));
    expect(fs.statSync(path.join(held.folder, 'crashed.tidemark-wal')).size).toBeGreaterThan(PAGE);
    expect(await salvage(path.join(held.folder, 'crashed.tidemark'))).toMatchObject({ events: { kept: 5000, lost: 0 } });
    expect(await serials()).toEqual(upTo(5000));
  });

  it('says when what would prove segments unchanged is lost', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 50)));
    await close();
    const db = new Database(held.file, nativeBinding());
    db.exec('DELETE FROM seg_check');
    db.close();
    expect(await salvage(held.file)).toMatchObject({ events: { kept: 50, lost: 0 }, segments: { kept: 1, lost: 0, unverified: 1 } });
    await held.reopen();
    await close();
    expect(await salvage(held.file)).toMatchObject({ segments: { kept: 1, unverified: 1 } });
  });
  it('reads its records without the first lines of a source, when those are lost', async () => {
    const whole = await wholeCase(50);
    const db = openReader(held.file);
    const head = db.prepare<[], Buffer>('SELECT head FROM source').pluck().get() ?? Buffer.alloc(0);
    db.close();
    const at = whole.indexOf(head.subarray(0, 200));
    expect(at).toBeGreaterThan(0);
    for (const place of [1, 6, 150]) {
      const bytes = Buffer.from(whole);
      bytes[at + place] ^= 0x55;
      const account = await salvage(held.write('headless.tidemark', bytes));
      expect(account).toMatchObject({ events: { kept: 50, lost: 0 }, tables: [{ name: 'head', kept: 0, lost: 1 }] });
      const { rows } = await held.page(everything(), { rank: 49 });
      expect((await held.engine.handlers.events.get({ id: rows.id[0] }, context)).raw).toBe(line(49).trimEnd());
    }
  });
  it('is what remains of it, whichever bytes are turned', async () => {
    const n = 1500;
    const whole = await wholeCase(n);
    const records = lines(0, n).trimEnd().split('\n');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ at: fc.nat(whole.length - 1), by: fc.integer({ min: 1, max: 255 }) }), { minLength: 1, maxLength: 40 }), async (flips) => {
        const bytes = Buffer.from(whole);
        for (const { at, by } of flips) bytes[at] ^= by;
        const damaged = held.write('flipped.tidemark', bytes);
        let account: SalvageAccount;
        try {
          account = await salvage(damaged);
        } catch (error) {
          // A header that is still one, of something else: said so.
          expect((error as { code?: string }).code).toMatch(/^(newer|not_a_case)$/);
          return;
        }
        const { rows, total } = await held.page(everything(), { rank: 500 });
        expect(total).toBe(account.events.kept);
        expect((await stored()).stored).toBe(total);
        // What is kept is what was read, to the byte, unless the account says that nobody can tell.
        for (const i of account.segments.unverified > 0 ? [] : [0, 500, 999, 1499]) {
          if (i >= rows.id.length) continue;
          const { raw, provenance } = await held.engine.handlers.events.get({ id: rows.id[i] }, context);
          const serial = Number(/s(\d+)s/.exec(raw)?.[1]);
          expect(raw).toBe(records[serial]);
          expect(lines(0, serial).length).toBe(provenance.offset);
        }
        expect((await held.engine.handlers.cases.check({}, context)).problems).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 300_000);
});

describe('what is no case, or no longer', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'not_a_case', 'is empty'],
    ['a log', Buffer.from(lines(0, 20)), 'not_a_case', 'not an SQLite file'],
    ['a page of zeros', Buffer.alloc(PAGE * 3), 'not_a_case', 'not an SQLite file'],
  ])('%s is called so', async (_what, bytes, code, message) => {
    const file = held.write('odd.tidemark', bytes);
    await expect(open(file)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
    await expect(open(file, true)).rejects.toMatchObject({ code });
    const into = path.join(held.folder, 'into.tidemark');
    if (bytes.length === 0) await expect(held.engine.handlers.cases.salvage({ path: file, into }, context)).rejects.toMatchObject({ code });
    expect(fs.existsSync(into)).toBe(false);
  });
  it('a case of a newer version is not taken apart', async () => {
    const whole = await wholeCase(10);
    whole.writeUInt32BE(999, 60);
    const newer = held.write('newer.tidemark', whole);
    const into = path.join(held.folder, 'into.tidemark');
    await expect(held.engine.handlers.cases.salvage({ path: newer, into }, context)).rejects.toMatchObject({ code: 'newer' });
    expect(fs.existsSync(into)).toBe(false);
  });
});

describe('a check', () => {
  it('finds a bit turned in a word filter, which a search would never notice', async () => {
    const whole = await wholeCase(3000);
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(held.file);
    const words = db.prepare<[], Buffer>('SELECT data FROM seg_words').pluck().get();
    db.close();
    const at = words ? whole.indexOf(words.subarray(0, 64)) : -1;
    expect(at).toBeGreaterThan(0);
    const bytes = Buffer.from(whole);
    bytes[at + 5] ^= 16;
    await open(held.write('turned.tidemark', bytes));
    const report = await held.engine.handlers.cases.check({}, context);
    expect(report).toMatchObject({ ok: false, eventsDamaged: 3000, segments: { total: 1, checked: 1, damaged: 1 } });
    expect(report.problems).toEqual([expect.stringMatching(/segment 1 .*seg_words was altered/)]);
  });
  it('is ended with the case, or by whoever asked', async () => {
    await wholeCase(3000);
    await open(held.file);
    const abort = new AbortController();
    const asked = held.engine.handlers.cases.check({}, { signal: abort.signal });
    abort.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(await held.engine.handlers.cases.check({}, context)).toMatchObject({ ok: true });
  });
});

describe('a damaged case that is opened to be read', () => {
  it('says how much its answers do not cover', async () => {
    const n = 30_000;
    await held.ingest(held.write('a.jsonl', lines(0, n)));
    await close();
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(held.file);
    db.prepare('UPDATE seg_msg SET data = zeroblob(100) WHERE id = 2').run();
    const lost = db.prepare<[], number>('SELECT n FROM seg WHERE id = 2').pluck().get() ?? 0;
    db.close();
    await open(held.file, true);
    const { events } = held.engine.handlers;
    const found = await whenComplete(async () => await events.page({ scope: everything('step'), order: 'asc', at: { rank: 0 }, limit: 10 }, context));
    expect(found).toMatchObject({ complete: true, unreadable: lost, total: n - lost });
    // Without a test on texts every event is there; those whose text is gone are marked.
    const all = await whenComplete(async () => await events.page({ scope: everything(), order: 'asc', at: { rank: 0 }, limit: 1000 }, context));
    expect(all).toMatchObject({ total: n, unreadable: 0 });
    const marked: number[] = [];
    for (let rank = 0; rank < n; rank += 1000) {
      const { rows } = await held.page(everything(), { rank });
      rows.flags.forEach((flags, i) => (flags & FLAG.UNREADABLE) !== 0 && marked.push(rows.id[i]));
    }
    expect(marked).toHaveLength(lost);
    expect(await events.count({ scope: everything('step'), limit: 1 }, context)).toMatchObject({ complete: true, unreadable: lost });
    await expect(events.get({ id: marked[0] }, context)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(held.engine.handlers.sql.run({ sql: "SELECT count(*) FROM events WHERE query = 'step'", limit: 1, timeoutMs: 10_000 }, context)).rejects.toMatchObject({ message: expect.stringContaining('damaged') as string });
  });
  it.each([0, 1])('even when columns that are read at once are gone, packed as %i', async (packing) => {
    const n = 12_000;
    await held.ingest(held.write('a.jsonl', lines(0, n)));
    await close();
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(held.file);
    db.prepare('UPDATE seg SET hot = ? WHERE id = 2').run(Buffer.alloc(100, packing, 'latin1').fill(0, 1));
    const lost = db.prepare<[], number>('SELECT n FROM seg WHERE id = 2').pluck().get() ?? 0;
    db.close();
    await open(held.file, true);
    const found = await whenComplete(async () => await held.engine.handlers.events.page({ scope: everything(), order: 'asc', at: { rank: 0 }, limit: 10 }, context));
    expect(found).toMatchObject({ complete: true, unreadable: lost, total: n - lost });
  });
});
