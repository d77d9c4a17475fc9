import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LISTED_MESSAGE, LISTED_VALUE } from '../../../../shared/contract/events.ts';
import type { ExportStatus } from '../../../../shared/contract/reports.ts';
import type { EventPage } from '../../../../shared/event.ts';
import { reportHandlers } from '../../handlers/reports.ts';
import type { ReportQuestions } from '../report.ts';
import { exportError, exportEvents, type ExportCount } from './export-events.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-export-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Makes every value longer than a page lists. */
const LONG = 'x'.repeat(LISTED_VALUE);
/** A case of `count` events whose search is through after `searching` questions. */
function caseOf(count: number, { searching = 0, message = (id: number): string => `m${id}`, source = '' } = {}): Pick<ReportQuestions, 'events' | 'cases'> & { pages: number; open: boolean } {
  let left = searching;
  const state = {
    pages: 0,
    open: true,
    cases: { info: () => (state.open ? { path: path.join(folder, 'a.tidemark') } : null) },
    events: {
      page({ at, limit, columns = [] }: { at: { rank: number } | { after: number }; limit: number; columns?: string[] }) {
        state.pages++;
        const from = 'rank' in at ? at.rank : at.after;
        const complete = left-- <= 0;
        const n = Math.max(0, Math.min(limit, (complete ? count : Math.floor(count / 2)) - from));
        const ids = Array.from({ length: n }, (_, i) => from + i + 1);
        const rows: EventPage = {
          id: Float64Array.from(ids), time: Float64Array.from(ids, (id) => id * 1e6), severity: new Uint8Array(n), flags: new Uint8Array(n), source: new Uint32Array(n).fill(1),
          service: ids.map(() => ''), host: ids.map(() => ''), level: ids.map(() => ''), message: ids.map((id) => message(id).slice(0, LISTED_MESSAGE)),
        };
        const extra = columns.map((column) => ids.map((id) => `${column} of ${id}${LONG}`.slice(0, LISTED_VALUE)));
        return { rows, extra, rank: from, total: count, complete, scanned: 1, unreadable: 0, version: 1 };
      },
      get: ({ id }: { id: number }) => ({ message: message(id), fields: [], attributes: [{ name: 'User_Agent', value: `user_agent of ${id}${LONG}` }] }),
      sources: () => [{ id: 1, path: source || '/logs/x.log' }],
    },
  };
  return state as unknown as ReturnType<typeof caseOf>;
}
const never = new AbortController().signal;
const input = (name: string, format: 'csv' | 'json' | 'jsonl' = 'jsonl') => ({ scope: { query: '', from: null, to: null }, order: 'asc' as const, format, path: path.join(folder, name), zone: 'UTC' });
const read = (name: string): string => fs.readFileSync(path.join(folder, name), 'utf8');

describe('exportEvents', () => {
  it('writes every event once, in order, over many pages, after the search is through', async () => {
    const seen: ExportCount[] = [];
    const count = await exportEvents(caseOf(2500, { searching: 3 }), input('x.jsonl'), never, (now) => seen.push({ ...now }));
    const rows = read('x.jsonl').trimEnd().split('\n').map((line) => JSON.parse(line) as { id: number; source: string });
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1));
    expect(rows[0].source).toBe('/logs/x.log');
    expect(count).toEqual({ rows: 2500, total: 2500, unreadable: 0, bytes: fs.statSync(path.join(folder, 'x.jsonl')).size });
    expect(seen.slice(0, 3).every(({ total }) => total === 0)).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(['x.jsonl']);
  });
  it.each([0, 1, 1000, 1001])('makes valid JSON of %i events', async (n) => {
    await exportEvents(caseOf(n), input('x.json', 'json'), never, () => undefined);
    expect(JSON.parse(read('x.json'))).toHaveLength(n);
  });
  it('writes long messages whole', async () => {
    const long = 'y'.repeat(LISTED_MESSAGE * 3);
    await exportEvents(caseOf(30, { message: (id) => (id % 3 === 0 ? long : 'short') }), input('x.jsonl'), never, () => undefined);
    const lengths = read('x.jsonl').trimEnd().split('\n').map((line) => (JSON.parse(line) as { message: string }).message.length);
    expect(lengths.filter((length) => length === long.length)).toHaveLength(10);
  });
  it.each(['csv', 'jsonl'] as const)('writes further columns whole in %s, after the fixed ones and without repeating those', async (format) => {
    await exportEvents(caseOf(3), { ...input(`x.${format}`, format), columns: ['message', 'user_agent', 'user_agent'] }, never, () => undefined);
    const lines = read(`x.${format}`).trimEnd().split(/\r?\n/);
    if (format === 'csv') {
      expect(lines[0]).toBe('id,time,severity,service,host,level,message,source,doubts,user_agent');
      expect(lines[2].split(',').at(-1)).toBe(`user_agent of 2${LONG}`);
    } else expect(JSON.parse(lines[1])).toMatchObject({ id: 2, message: 'm2', user_agent: `user_agent of 2${LONG}` });
  });
  it('leaves nothing behind when cancelled, and what was there before untouched', async () => {
    fs.writeFileSync(path.join(folder, 'x.jsonl'), 'before');
    const abort = new AbortController();
    const work = exportEvents(caseOf(50_000), input('x.jsonl'), abort.signal, ({ rows }) => rows >= 3000 && abort.abort());
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(fs.readdirSync(folder)).toEqual(['x.jsonl']);
    expect(read('x.jsonl')).toBe('before');
  });
  it('stops when the case is closed under it', async () => {
    const open = caseOf(50_000);
    const work = exportEvents(open, input('x.jsonl'), never, ({ rows }) => {
      if (rows >= 2000) open.open = false;
    });
    await expect(work).rejects.toMatchObject({ code: 'no_case' });
    expect(fs.readdirSync(folder)).toEqual([]);
  });
  it('refuses the case, a source and a folder that is missing', async () => {
    const evidence = path.join(folder, 'evidence.log');
    fs.writeFileSync(evidence, 'evidence');
    fs.symlinkSync(evidence, path.join(folder, 'link'));
    for (const name of ['a.tidemark', 'evidence.log', 'link']) await expect(exportEvents(caseOf(1, { source: evidence }), input(name), never, () => undefined)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(read('evidence.log')).toBe('evidence');
    await expect(exportEvents(caseOf(1), input('none/x.csv', 'csv'), never, () => undefined)).rejects.toMatchObject({ code: 'not_found' });
  });
  it('says what to do about a full disk and missing permission', () => {
    const failing = (code: string): Error => Object.assign(new Error(code), { code });
    expect(exportError(failing('ENOSPC'), '/a/b')).toMatchObject({ code: 'disk_full', message: expect.stringContaining('no room') });
    expect(exportError(failing('EACCES'), '/a/b')).toMatchObject({ code: 'permission' });
  });
});

describe('the exports of the report room', () => {
  it('answer with a job and tell how it goes; a cancelled one says so', async () => {
    const told: ExportStatus[] = [];
    const room = reportHandlers({ ...(caseOf(20_000) as unknown as ReportQuestions), push: (status) => told.push(status), toolVersion: '1', user: 'ana' });
    const ended = async (job: number): Promise<ExportStatus> => {
      for (;;) {
        const last = told.find((status) => status.job === job && status.state !== 'running');
        if (last) return last;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const first = await room.exportEvents(input('x.csv', 'csv'), { signal: never });
    expect(told).toEqual([]);
    expect(() => room.exportEvents(input('x.csv', 'csv'), { signal: never })).toThrow(/another export/);
    expect(await ended(first.job)).toMatchObject({ state: 'done', rows: 20_000, total: 20_000, error: '' });
    const second = await room.exportEvents(input('y.csv', 'csv'), { signal: never });
    await room.cancelExport({ job: second.job }, { signal: never });
    expect(await ended(second.job)).toMatchObject({ state: 'cancelled' });
    expect(() => room.cancelExport({ job: 99 }, { signal: never })).toThrow(/no export/);
    const third = await room.exportEvents(input('none/z.csv', 'csv'), { signal: never });
    expect(await ended(third.job)).toMatchObject({ state: 'failed', error: expect.stringContaining('does not exist') });
  });
});
