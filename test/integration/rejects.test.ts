/** Dead letters of all kinds of sources: what is shown of them, and what another try makes of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reject } from '../../src/shared/event.ts';
import { sampleLog } from '../../src/main/engine/formats/lib/evtx/document.ts';
import { listening, status } from '../support/live.ts';
import { context, TempCase } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const letters = async (): Promise<Reject[]> => (await one.engine.handlers.rejects.list({ after: 0, limit: 100 }, context)).rows;
const whole = async (id: number): Promise<{ offset: number | null; length: number; kept: number; binary: boolean; text: string; hex: string; attempts: number; reason: string }> => await one.engine.handlers.rejects.get({ id }, context);
const again = async (format = '', ids?: number[]): Promise<unknown> => await one.engine.handlers.rejects.replay({ format, zone: '', ...(ids ? { ids } : {}) }, context);
async function balanced(): Promise<void> {
  const { ledger } = await one.engine.handlers.health.get({}, context);
  expect(ledger.read).toBe(ledger.stored + ledger.duplicates + ledger.rejected);
  expect((await letters()).length).toBe(ledger.rejected);
}

describe('a damaged record of an event log', () => {
  const CHUNK_AT = 4096;
  const events = [1, 2].map((recordId) => ({ id: 4624, recordId, level: 0, time: Date.UTC(2026, 9, 1) + recordId, computer: 'dc01', user: `user${recordId}`, address: '::1' }));
  it('is shown as its bytes at their place, and says honestly that it does not read alone', async () => {
    const log = sampleLog(events);
    log[CHUNK_AT + 512] = 0;
    expect(await one.ingest(one.write('x.evtx', log))).toMatchObject({ read: 2, stored: 1, rejected: 1 });
    const [letter] = await letters();
    expect(letter.preview).not.toContain('undecodable');
    const { offset, length, kept, binary, hex } = await whole(letter.id);
    expect({ offset, binary, kept }).toEqual({ offset: CHUNK_AT + 512, binary: true, kept: length });
    expect(hex).toBe(Buffer.from(log.subarray(CHUNK_AT + 512, CHUNK_AT + 512 + Math.min(4096, length))).toString('hex'));
    expect(await again()).toEqual({ stored: 0, rejected: 1, notes: [expect.stringContaining('from the middle of a document') as string] });
    const [back] = await letters();
    expect(back).toMatchObject({ attempts: 2, offset, length, reason: letter.reason });
    // Another binary format refuses it with a reason of its own; the bytes and their place stay.
    expect(await again('json')).toMatchObject({ stored: 0, rejected: 1 });
    const [third] = await letters();
    expect(third).toMatchObject({ attempts: 3, offset, length });
    expect(third.reason).not.toBe(letter.reason);
    expect((await whole(third.id)).hex).toBe(hex);
    await balanced();
  });
});

describe('what was posted', () => {
  it('is shown as it was posted, and its good lines become events on the second try', async () => {
    const { id, port } = await listening(one, 'http-json', {});
    const body = '{"message":"first"}\n{"message": <script>}\n{"message":"third"}\n';
    expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).status).toBe(400);
    const [letter] = await letters();
    expect(letter).toMatchObject({ offset: null, length: body.length, preview: body, attempts: 1 });
    expect(await whole(letter.id)).toMatchObject({ text: body, binary: false, kept: body.length });
    expect(await again()).toEqual({ stored: 2, rejected: 1, notes: [] });
    expect(await one.messages()).toEqual(['first', 'third']);
    const [left, ...more] = await letters();
    expect(more).toEqual([]);
    expect(left).toMatchObject({ preview: '{"message": <script>}', attempts: 2 });
    expect(await again('text', [left.id])).toMatchObject({ stored: 1, rejected: 0 });
    expect(await letters()).toEqual([]);
    expect((await status(one, id)).state).toBe('ok');
    await balanced();
  });

  it('has to match the schema of its connection on the next try too, which may have been mended', async () => {
    const file = one.write('schema.json', JSON.stringify({ required: ['user'] }));
    const { port } = await listening(one, 'http-json', { schema: file });
    await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '[{"message":"a","user":"u"},{"message":"b"}]' });
    expect(await again()).toEqual({ stored: 0, rejected: 1, notes: [expect.stringContaining('still do not match') as string] });
    expect(await letters()).toMatchObject([{ attempts: 2, preview: '{"message":"b"}', reason: "Does not match the JSON Schema: The record must have required property 'user'." }]);
    one.write('schema.json', '{}');
    expect(await again()).toEqual({ stored: 1, rejected: 0, notes: [] });
    expect((await one.messages()).sort()).toEqual(['a', 'b']);
    await balanced();
  });

  it('is not stored twice when it is tried twice at once', async () => {
    const { port } = await listening(one, 'http-json', {});
    await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'plain words' });
    const both = await Promise.allSettled([again('text'), again('text')]);
    expect(both.filter(({ status: how }) => how === 'fulfilled')).toHaveLength(1);
    expect(both.find(({ status: how }) => how === 'rejected')).toMatchObject({ reason: { code: 'busy' } });
    expect(await one.messages()).toEqual(['plain words']);
    await balanced();
  });
});

describe('an element of a document', () => {
  it('is shown with its place, and becomes an event as another format', async () => {
    const text = '[{"message":"a","level":"info"},{"message":"b" "x"},{"message":"c","level":"info"}]';
    expect((await one.ingest(one.write('list.json', text), { format: 'json' })).rejected).toBeGreaterThan(0);
    const [letter] = await letters();
    const { offset, hex, kept } = await whole(letter.id);
    expect(hex).toBe(Buffer.from(text).subarray(offset ?? NaN, (offset ?? NaN) + kept).toString('hex'));
    expect(kept).toBeGreaterThan(0);
    expect(await again('text')).toMatchObject({ rejected: 0 });
    expect((await one.messages()).join(' ')).toContain('"b" "x"');
    await balanced();
  });
});

describe('a line in a file of metrics', () => {
  it('counts its attempts, and becomes a sample as another format of metrics', async () => {
    const text = '# TYPE a gauge\na{x="1"} 1\na{x="2"} 2\na{x="3"} 3\na{x="4"} 4\na{x="5"} 5\na{x="6"} 6\na{x="7"} 7\na{x="8"} 8\na{x="9"} 9\ncpu,host=web idle=93.5 1790843400000000000\n';
    expect(await one.ingest(one.write('m.prom', text))).toMatchObject({ stored: 9, rejected: 1 });
    expect(await again()).toEqual({ stored: 0, rejected: 1, notes: [] });
    expect(await letters()).toMatchObject([{ attempts: 2, preview: 'cpu,host=web idle=93.5 1790843400000000000' }]);
    expect(await again('jsonl')).toMatchObject({ stored: 0, rejected: 1, notes: [expect.stringContaining('metrics') as string] });
    expect(await again('influx')).toEqual({ stored: 1, rejected: 0, notes: [] });
    expect(await letters()).toEqual([]);
    const { rows } = await one.engine.handlers.metrics.list({ text: 'idle', limit: 10 }, context);
    expect(rows).toMatchObject([{ name: expect.stringContaining('idle') as string, n: 1 }]);
    await balanced();
  });
});
