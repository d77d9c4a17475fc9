/** Old events leave a case for an archive file and come back as they were; nothing is ever in neither. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retentionPolicy } from '../../src/shared/contract/retention.ts';
import { openReader } from '../../src/main/engine/store/database.ts';
import { context, TempCase } from '../support/temp-case.ts';

const START = Date.UTC(2026, 8, 1);
const MINUTES_EACH = 3;
const EVENTS = 20_000;
let held: TempCase;
beforeEach(async () => {
  held = await TempCase.create();
});
afterEach(async () => await held.remove());

/** An event every three minutes: 20,000 of them are 41 days and five segments. */
const line = (i: number, name = 's'): string => `${JSON.stringify({ time: new Date(START + i * MINUTES_EACH * 60_000).toISOString(), level: i % 7 === 0 ? 'error' : 'info', service: `api${i % 2}`, msg: `step ${name}${i}s ${(Math.imul(i, 2654435761) >>> 0).toString(36)}`, duration_ms: i % 100 })}\n`;
const lines = (from: number, to: number, name = 's'): string => Array.from({ length: to - from }, (_, i) => line(from + i, name)).join('');
const room = (): TempCase['engine']['handlers']['retention'] => held.engine.handlers.retention;
const apply = async (evenOpen = false): Promise<Awaited<ReturnType<ReturnType<typeof room>['apply']>>> => await room().apply({ policy: null, evenOpen, compact: false }, context);
const total = async (query = ''): Promise<number> => (await held.page({ query, from: null, to: null })).total;
const ledger = async (): Promise<object> => (await held.engine.handlers.health.get({}, context)).ledger;
const checked = async (): Promise<string[]> => (await held.engine.handlers.cases.check({}, context)).problems;
async function sql(statement: string): Promise<unknown[][]> {
  return (await held.engine.handlers.sql.run({ sql: statement, limit: 100_000, timeoutMs: 60_000 }, context)).rows;
}
/** Every id with its record. */
async function everything(): Promise<Map<number, string>> {
  const all = new Map<number, string>();
  for (;;) {
    const { rows, extra, total: n } = await (async () => await held.engine.handlers.events.page({ scope: { query: '', from: null, to: null }, order: 'asc', at: { rank: all.size }, limit: 1000, columns: ['raw'] }, context))();
    rows.id.forEach((id, i) => all.set(id, `${rows.time[i]} ${rows.severity[i]} ${extra[0][i]}`));
    if (all.size >= n || rows.id.length === 0) return all;
  }
}
function segmentSizes(all: ReadonlyMap<number, string>): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const id of all.keys()) sizes.set(Math.floor(id / 4096), (sizes.get(Math.floor(id / 4096)) ?? 0) + 1);
  return sizes;
}
/** Segments without an event from `young` on, with their sizes. */
function oldSegments(all: ReadonlyMap<number, string>, young: number): Map<number, number> {
  const sizes = segmentSizes(all);
  for (const [id, record] of all) if (Number(record.split(' ', 1)[0]) > young) sizes.delete(Math.floor(id / 4096));
  return sizes;
}
async function whole(): Promise<void> {
  await held.ingest(held.write('a.jsonl', lines(0, EVENTS)));
}

describe('retention', () => {
  it('says what would go, archives exactly that, and puts it back as it was', async () => {
    await whole();
    const before = await everything();
    const hours = await sql('SELECT time, service, total, high, latency_count FROM rollup_1h ORDER BY time, service');
    const seconds = await sql('SELECT time, service, total FROM rollup_1s ORDER BY time, service');
    const preview = await room().preview({ policy: null }, context);
    expect(preview.tiers.map(({ tier }) => tier)).toEqual(['hot', 'warm', 'cold', 'archive']);
    expect(preview.tiers.reduce((sum, { events }) => sum + events, 0)).toBe(EVENTS);
    // All segments that end more than a week before the newest event.
    const young = START * 1000 + (EVENTS - 1) * MINUTES_EACH * 60e6 - 7 * 86_400e6;
    const old = oldSegments(before, young);
    expect(old.size).toBeGreaterThan(2);
    expect(preview.goes.events).toBe([...old.values()].reduce((sum, n) => sum + n, 0));
    expect(preview.goes.sources).toEqual([{ id: 1, path: path.join(held.folder, 'a.jsonl'), events: preview.goes.events }]);
    expect([preview.open, preview.kept]).toEqual([[], []]);

    const { archive, events, counts } = await apply();
    expect(events).toBe(preview.goes.events);
    expect(counts).toBe(preview.tiers.reduce((sum, tier) => sum + tier.counts, 0));
    expect(archive).toMatchObject({ id: 1, events, archived: events, createdBy: 'ana', state: 'kept', restoredAt: null });
    expect(JSON.parse(fs.readFileSync(`${archive?.path}.json`, 'utf8'))).toMatchObject({ sha256: archive?.sha256, events });
    for (const again of [false, true]) {
      if (again) await held.reopen();
      expect(await total()).toBe(EVENTS - events);
      expect(await everything()).toEqual(new Map([...before].filter(([id]) => !old.has(Math.floor(id / 4096)))));
      expect(await ledger()).toEqual({ read: EVENTS, stored: EVENTS, duplicates: 0, rejected: 0, archived: events });
      expect((await held.engine.handlers.cases.info({}, context))?.events).toBe(EVENTS - events);
      expect(await checked()).toEqual([]);
      expect((await sql('SELECT time, service, total, high, latency_count FROM rollup_1h ORDER BY time, service'))).toEqual(hours);
    }
    // What comes now does not take the numbers of what went.
    await held.ingest(held.write('b.jsonl', lines(EVENTS, EVENTS + 100)));
    expect(await total()).toBe(EVENTS + 100 - events);
    expect(await room().restore({ id: 1, path: '' }, context)).toMatchObject({ events, archive: { archived: 0, state: 'kept' } });
    const after = await everything();
    expect(after.size).toBe(EVENTS + 100);
    for (const [id, record] of before) expect(after.get(id)).toBe(record);
    expect(await ledger()).toEqual({ read: EVENTS + 100, stored: EVENTS + 100, duplicates: 0, rejected: 0 });
    await held.engine.handlers.clocks.counted({}, context);
    expect((await sql('SELECT time, service, total FROM rollup_1s ORDER BY time, service')).slice(0, seconds.length)).toEqual(seconds);
    expect(await checked()).toEqual([]);
    await held.reopen();
    expect(await everything()).toEqual(after);
    await expect(room().restore({ id: 1, path: '' }, context)).rejects.toMatchObject({ code: 'invalid_input' });
  }, 120_000);

  it('keeps what people refer to with its neighbours, and does nothing while an investigation is open', async () => {
    await whole();
    const { investigations } = held.engine.handlers;
    const { id } = await investigations.create({ title: 'Orders fail' }, context);
    // The second event of the second segment, whose neighbours are in the first; and the middle of the fourth.
    const pinned = [2 * 4096 + 1, 4 * 4096 + 2000];
    await investigations.pin({ id, eventIds: [pinned[0]], note: '' }, context);
    await investigations.addNote({ id, eventId: pinned[1], time: null, body: 'here' }, context);
    const preview = await room().preview({ policy: null }, context);
    expect(preview.open).toEqual([{ id, title: 'Orders fail' }]);
    const sizes = segmentSizes(await everything());
    const size = (id: number): number => sizes.get(id) ?? 0;
    expect(preview.kept).toEqual([{ reason: 'pin', things: 1, events: size(1) + size(2) }, { reason: 'note', things: 1, events: size(4) }]);
    expect(preview.goes.events).toBe(size(3));
    await expect(apply()).rejects.toMatchObject({ code: 'busy' });
    expect(await total()).toBe(EVENTS);
    expect((await apply(true)).events).toBe(size(3));
    const left = await everything();
    for (const event of pinned) expect(left.has(event)).toBe(true);
    expect(await total()).toBe(EVENTS - size(3));
  });

  it('does nothing to a case that is young, and can be told other days', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 1000)));
    expect(await apply()).toMatchObject({ archive: null, events: 0 });
    expect(await room().policy({}, context)).toMatchObject({ enabled: false, evenOpen: false, hotDays: 1, warmDays: 7, coldDays: 30 });
    await room().setPolicy({ policy: retentionPolicy.parse({ hotDays: 0, warmDays: 0, coldDays: 0 }) }, context);
    // The newest event is as old as the newest event: everything that is older goes.
    await held.ingest(held.write('b.jsonl', lines(5000, 5001)));
    expect((await apply()).events).toBe(1001);
    expect(await total()).toBe(0);
  });

  it('counts rollups of what is archived when clocks are set, and asks for the archive where its own clock is', async () => {
    await whole();
    await held.ingest(held.write('b.jsonl', lines(EVENTS - 2000, EVENTS, 'b')));
    const hours = await sql('SELECT time, service, total FROM rollup_1h ORDER BY time, service');
    await apply();
    const { clocks } = held.engine.handlers;
    const setting = { offset: 3600e6, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '' };
    await expect((async () => await clocks.set({ source: 1, setting }, context))()).rejects.toMatchObject({ code: 'invalid_input' });
    await clocks.set({ source: 2, setting }, context);
    await clocks.counted({}, context);
    const moved = await sql('SELECT time, service, total FROM rollup_1h ORDER BY time, service');
    expect(moved).not.toEqual(hours);
    expect(moved.reduce((sum, [, , n]) => sum + Number(n), 0)).toBe(EVENTS + 2000);
    await clocks.set({ source: 2, setting: null }, context);
    await clocks.counted({}, context);
    expect(await sql('SELECT time, service, total FROM rollup_1h ORDER BY time, service')).toEqual(hours);
  });

  it('leaves alerts that were found in what is archived', async () => {
    await whole();
    const { alerts } = held.engine.handlers;
    const ids = async (): Promise<number[]> => (await alerts.list({ state: null, rule: null, limit: 5000 }, context)).alerts.map(({ id }) => id);
    await alerts.evaluate({ run: '' }, context);
    const before = await ids();
    expect(before.length).toBeGreaterThan(10);
    await apply();
    expect(await alerts.evaluate({ run: '' }, context)).toMatchObject({ withdrawn: 0 });
    expect(await ids()).toEqual(before);
  });

  it('restores only what was written, from wherever it is', async () => {
    await whole();
    const { archive, events } = await apply();
    const file = archive?.path ?? '';
    const bytes = fs.readFileSync(file);
    const altered = Buffer.from(bytes);
    altered[bytes.length >> 1] ^= 1;
    fs.writeFileSync(file, altered);
    await expect(room().restore({ id: 1, path: '' }, context)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(room().restore({ id: null, path: file }, context)).rejects.toMatchObject({ code: 'invalid_input' });
    fs.rmSync(file);
    expect((await room().archives({}, context))[0].state).toBe('missing');
    await expect(room().restore({ id: 1, path: '' }, context)).rejects.toMatchObject({ code: 'not_found' });
    expect(await total()).toBe(EVENTS - events);
    await room().restore({ id: null, path: held.write('elsewhere/copy.bin', bytes) }, context);
    expect(await total()).toBe(EVENTS);
  });

  it('is not taken for damage when a case is salvaged', async () => {
    await whole();
    const { events } = await apply();
    await held.engine.handlers.cases.close({}, context);
    const into = path.join(held.folder, 'saved.tidemark');
    const { account } = await held.engine.handlers.cases.salvage({ path: held.file, into }, context);
    expect(account).toMatchObject({ events: { kept: EVENTS - events, lost: 0 }, segments: { lost: 0 }, tables: [] });
    expect(await ledger()).toEqual({ read: EVENTS, stored: EVENTS, duplicates: 0, rejected: 0, archived: events });
    expect(await room().restore({ id: 1, path: '' }, context)).toMatchObject({ events });
    expect(await total()).toBe(EVENTS);
  });

  it('loses nothing and doubles nothing whenever the process is killed', async () => {
    await whole();
    await held.engine.close();
    for (const [act, what] of [['apply', 'writing the archive'], ['apply', 'computing its checksum'], ['apply', 'done'], ['restore', 'restoring events'], ['restore', 'done']]) {
      await killedAt(act, what);
      const db = openReader(held.file);
      const n = (statement: string): number => db.prepare<[], number>(statement).pluck().get() ?? 0;
      const there = n('SELECT coalesce(sum(n), 0) FROM seg');
      const away = n('SELECT coalesce(sum(n), 0) FROM archived_segment');
      expect(n('SELECT count(*) FROM seg JOIN archived_segment USING (id)')).toBe(0);
      expect(there + away, what).toBe(EVENTS);
      if (away > 0) expect(db.prepare<[], string>('SELECT path FROM archive').pluck().all().every((file) => fs.existsSync(file))).toBe(true);
      db.close();
    }
    await held.reopen();
    expect(await total()).toBe(EVENTS);
    expect(await checked()).toEqual([]);
  }, 120_000);
});

/** Runs a child on the case and kills it when it says `what`. */
async function killedAt(act: string, what: string): Promise<void> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../support/retention-child.ts'), path.join(held.folder, 'child'), held.file, act], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes(what)) child.kill('SIGKILL');
  });
  await ended;
  expect(said).toContain(what);
}
