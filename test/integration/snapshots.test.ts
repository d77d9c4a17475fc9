/** Snapshots of a case: taken at any moment, compared, restored and taken back, and nothing lost to a crash. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReader } from '../../src/main/engine/store/database.ts';
import { snapshotFolder } from '../../src/main/engine/store/snapshots.ts';
import { context, TempCase } from '../support/temp-case.ts';

let held: TempCase;
beforeEach(async () => {
  held = await TempCase.create();
});
afterEach(async () => await held.remove());

const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `${JSON.stringify({ time: new Date(Date.UTC(2026, 10, 20) + (from + i) * 10).toISOString(), level: 'info', service: 'api', msg: `step s${from + i}s ${Math.imul(from + i, 2654435761) >>> 0}` })}\n`).join('');
const room = (): TempCase['engine']['handlers']['snapshots'] => held.engine.handlers.snapshots;
const take = async (name: string): Promise<Awaited<ReturnType<ReturnType<typeof room>['take']>>> => await room().take({ name, description: 'why' }, context);
const total = async (): Promise<number> => (await held.page({ query: '', from: null, to: null })).total;

/** What a case file holds, and that it adds up. */
function look(file: string): { stored: number; inSegments: number; check: string } {
  const db = openReader(file);
  try {
    const n = (sql: string): number => db.prepare<[], number>(sql).pluck().get() ?? 0;
    expect(n('SELECT count(*) FROM source WHERE read <> stored + duplicates + rejected')).toBe(0);
    return { stored: n('SELECT coalesce(sum(stored), 0) FROM source'), inSegments: n('SELECT coalesce(sum(n), 0) FROM seg'), check: db.pragma('quick_check', { simple: true }) as string };
  } finally {
    db.close();
  }
}

describe('snapshots', () => {
  it('are listed with what they hold, and say what came since', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 3000)));
    const { investigations } = held.engine.handlers;
    const { id: investigation } = await investigations.create({ title: 'Orders fail' }, context);
    const taken = await take('first');
    expect(taken).toMatchObject({ name: 'first', description: 'why', takenBy: 'ana', reason: 'asked', events: 3000, sources: 1, investigations: 1, pins: 0, reading: false, state: 'kept' });
    expect((await room().list({}, context))).toEqual([taken]);
    expect((await room().compare({ id: taken.id, against: null }, context)).changes).toEqual([]);

    await held.ingest(held.write('b.jsonl', lines(5000, 6000)));
    fs.appendFileSync(path.join(held.folder, 'a.jsonl'), lines(3000, 3500));
    await held.ingest(path.join(held.folder, 'a.jsonl'));
    const [event] = (await held.page({ query: 's5003s', from: null, to: null })).rows.id;
    await investigations.pin({ id: investigation, eventIds: [event], note: '' }, context);
    await investigations.update({ id: investigation, edit: { status: 'contained' } }, context);
    const { before, after, changes, more } = await room().compare({ id: taken.id, against: null }, context);
    expect([before.events, after.events, more]).toEqual([3000, 4500, 0]);
    expect(changes).toEqual([
      { kind: 'source', change: 'changed', title: path.join(held.folder, 'a.jsonl'), what: '500 events more, 3,500 now', event: null },
      { kind: 'source', change: 'added', title: path.join(held.folder, 'b.jsonl'), what: '1,000 events more, 1,000 now', event: null },
      { kind: 'investigation', change: 'changed', title: 'Orders fail', what: 'contained, medium, was open, medium', event: null },
      { kind: 'pin', change: 'added', title: `Event ${event}`, what: '', event },
    ]);
  });

  it('are restored, and that is taken back', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 2000)));
    const { id } = await take('two thousand');
    await held.ingest(held.write('b.jsonl', lines(6000, 7000)));
    const { info, before } = await room().restore({ id }, context);
    expect([info.events, await total()]).toEqual([2000, 2000]);
    expect(before).toMatchObject({ reason: 'before-restore', events: 3000, name: 'Before restoring "two thousand"' });
    // Work goes on in it.
    await held.ingest(held.write('c.jsonl', lines(8000, 8100)));
    expect(await total()).toBe(2100);
    await room().restore({ id: before.id }, context);
    expect(await total()).toBe(3000);
    expect(fs.existsSync(`${held.file}.restore.part`)).toBe(false);
    expect(look(held.file)).toEqual({ stored: 3000, inSegments: 3000, check: 'ok' });
  }, 90_000);

  it('can be taken while a file is read, and adds up then', async () => {
    const file = held.write('a.jsonl', lines(0, 30_000));
    const { ingest } = held.engine.handlers;
    const { job } = await ingest.start({ paths: [file], options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 } }, context);
    const some: ReturnType<typeof take> = new Promise((resolve, reject) => {
      let asked = false;
      const stop = held.engine.onPush((name) => {
        if (name !== 'ingest.progress' || asked) return;
        asked = true;
        stop();
        take('meanwhile').then(resolve, reject);
      });
    });
    const taken = await some;
    await ingest.finished({ job }, context);
    const found = look(path.join(snapshotFolder(held.file), `${taken.id}.tidemark`));
    expect(found).toEqual({ stored: taken.events, inSegments: taken.events, check: 'ok' });
    expect(await total()).toBe(30_000);
    await room().restore({ id: taken.id }, context);
    // What was not read by then is read now.
    const sources = await held.engine.handlers.ingest.interrupted({}, context);
    if (sources.length > 0) {
      const { job: rest } = await held.engine.handlers.ingest.continue({ sources: sources.map(({ id }) => id) }, context);
      await held.engine.handlers.ingest.finished({ job: rest }, context);
    }
    expect(await total()).toBe(30_000);
  }, 90_000);

  it('that were altered or are gone are not restored, and the case stays', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 100)));
    const { id } = await take('one');
    const file = path.join(snapshotFolder(held.file), `${id}.tidemark`);
    fs.chmodSync(file, 0o644);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 1] ^= 1;
    fs.writeFileSync(file, bytes);
    await expect(room().restore({ id }, context)).rejects.toMatchObject({ code: 'corrupt' });
    fs.rmSync(file);
    expect((await room().list({}, context))[0].state).toBe('missing');
    await expect(room().restore({ id }, context)).rejects.toMatchObject({ code: 'not_found' });
    expect(await total()).toBe(100);
    expect(await room().list({}, context)).toHaveLength(1);
  });

  it('are removed for good, with their folder', async () => {
    const { id } = await take('empty');
    await room().remove({ id }, context);
    expect(await room().list({}, context)).toEqual([]);
    expect(fs.existsSync(snapshotFolder(held.file))).toBe(false);
    await expect(room().remove({ id }, context)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are whole or not there, and the case is one of the two, whenever the process is killed', async () => {
    await held.ingest(held.write('a.jsonl', lines(0, 9000)));
    const { id } = await take('first');
    await held.ingest(held.write('b.jsonl', lines(50_000, 51_000)));
    await held.engine.close();
    // At each thing that it says it does, and once more when it is through.
    for (const [what, ...args] of [['computing its checksum'], ['checking the snapshot', id], ['computing its checksum', id], ['done', id]]) {
      await killedAt(what, args);
      await held.reopen();
      const events = await total();
      if (what === 'done') expect(events).toBe(9000);
      else expect(events, what).toBe(10_000);
      for (const one of await room().list({}, context)) expect(look(path.join(snapshotFolder(held.file), `${one.id}.tidemark`)).stored).toBe(one.events);
      await held.engine.close();
      expect(look(held.file)).toEqual({ stored: events, inSegments: events, check: 'ok' });
    }
    await held.reopen();
  }, 120_000);
});

/** Runs a child on the case and kills it when it says `what`. */
async function killedAt(what: string, args: string[]): Promise<void> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../support/snapshot-child.ts'), path.join(held.folder, 'child'), held.file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes(what)) child.kill('SIGKILL');
  });
  await ended;
  expect(said).toContain(what);
}
