import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventDetail } from '../../src/shared/event.ts';
import { zip } from '../support/archives.ts';
import { context, everything, TempCase, whenComplete } from '../support/temp-case.ts';

let held: TempCase;
beforeAll(async () => {
  held = await TempCase.create();
});
afterAll(async () => await held.remove());

async function only(query: string): Promise<EventDetail> {
  const { rows, total } = await held.page(everything(query));
  expect(total).toBe(1);
  return await held.engine.handlers.events.get({ id: rows.id[0] }, context);
}
const iso = (i: number): string => new Date(Date.UTC(2026, 10, 20) + i * 1000).toISOString();

it('keeps script, escape sequences, NUL and reversed text as they are, as text', async () => {
  const hostile = ['<script>alert(1)</script>', '\u001b[31mred\u001b[0m\u001b]0;title\u0007', 'nul\0inside', '\u202Egnp.exe', "'; DROP TABLE source; --", '${jndi:ldap://x/a}', '=cmd|/c calc!A1', '\uD83D\uDE00 emoji', 'a\u2028b'];
  const file = held.write('hostile.jsonl', hostile.map((msg, i) => `${JSON.stringify({ time: iso(i), service: `h${i} ${msg}`, msg: `hostile${i} ${msg}` })}\n`).join(''));
  expect(await held.ingest(file)).toMatchObject({ read: hostile.length, stored: hostile.length, rejected: 0 });
  for (const [i, msg] of hostile.entries()) {
    const event = await only(`hostile${i}`);
    expect(event.message).toBe(`hostile${i} ${msg}`);
    expect(event.service).toBe(`h${i} ${msg}`);
  }
  const text = held.write('raw.log', Buffer.concat(hostile.map((msg, i) => Buffer.from(`${iso(i)} INFO rawline${i} ${msg.replaceAll('\n', '')}\n`))));
  expect((await held.ingest(text)).read).toBe(hostile.length);
  expect((await only('rawline2')).raw).toContain('nul\0inside');
  expect(await held.engine.handlers.sql.run({ sql: 'SELECT count(*) > 0 FROM source', limit: 1, timeoutMs: 5000 }, context)).toMatchObject({ rows: [[1]] });
});

it('shows bytes that are not UTF-8 as U+FFFD and says so', async () => {
  const file = held.write('latin1.log', Buffer.from(`${iso(1)} INFO badbytes caf\xe9 \xff\xfe\x80\n${iso(2)} INFO goodbytes\n`, 'latin1'));
  expect(await held.ingest(file)).toMatchObject({ read: 2, stored: 2 });
  const event = await only('badbytes');
  expect(event.message).toContain('\ufffd');
  expect(event.flags & 8).toBe(8);
  expect((await only('goodbytes')).flags & 8).toBe(0);
});

it('counts a line of 50 MB and keeps its neighbours', async () => {
  const file = held.write('long.log', `${iso(1)} INFO beforelong\n${iso(2)} INFO ${'a'.repeat(50 << 20)}\n${iso(3)} INFO afterlong\n`);
  const summary = await held.ingest(file);
  expect(summary).toMatchObject({ read: 3, stored: 2, rejected: 1 });
  const { rows } = await held.engine.handlers.rejects.list({ after: 0, limit: 10 }, context);
  expect(rows[0].length).toBeGreaterThan(50 << 20);
  expect(rows[0].preview.length).toBeLessThanOrEqual(4096);
  expect((await held.engine.handlers.rejects.get({ id: rows[0].id }, context)).text.length).toBeLessThanOrEqual(1 << 20);
  await only('beforelong');
  await only('afterlong');
}, 20_000);

it('suspect times are kept and found, and stretch nothing', async () => {
  const own = await TempCase.create();
  const times = ['1754-08-30T22:43:41Z', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z'];
  const summary = await own.ingest(own.write('times.jsonl', times.map((time, i) => `${JSON.stringify({ time, msg: `when${i}` })}\n`).join('')));
  expect(summary).toMatchObject({ read: 6, stored: 6 });
  const from = Date.parse(times[4]) * 1000;
  const to = Date.parse(times[5]) * 1000;
  expect(summary.sources[0]).toMatchObject({ from, to });
  expect(await own.engine.handlers.cases.info({}, context)).toMatchObject({ from, to, events: 6 });
  const suspects = await own.page(everything('is:suspect'));
  expect([...suspects.rows.message].toSorted((a, b) => a.localeCompare(b))).toEqual(['when0', 'when1', 'when2', 'when3']);
  const window = await whenComplete(async () => await own.engine.handlers.events.window({ scope: everything(), buckets: 10, lanes: 'none', maxLanes: 1 }, context));
  expect(window).toMatchObject({ from, to: to + 1, total: 6 });
  expect(window.lanes[0].total).toBe(2);
  const first = await own.engine.handlers.events.get({ id: (await own.page(everything('when0'))).rows.id[0] }, context);
  expect(first.time).toBe(Date.parse(times[0]) * 1000);
  const last = await own.engine.handlers.events.get({ id: (await own.page(everything('when1'))).rows.id[0] }, context);
  expect(Math.abs(last.time - Date.parse(times[1]) * 1000)).toBeLessThanOrEqual(64);
  expect(last.timeText).toBe(times[1]);
  const { rows } = await own.engine.handlers.sql.run({ sql: 'SELECT sum(total) FROM rollup_1d', limit: 1, timeoutMs: 5000 }, context);
  expect([2, 6]).toContain(rows[0][0]);
  await own.remove();
});

describe('files of other shapes', () => {
  it.each<[string, string | Uint8Array]>([['empty.log', ''], ['blank.log', '\n\n   \n'], ['nul.log', new Uint8Array(70_000)], ['empty.gz', gzipSync('')], ['bom.log', '\ufeff'], ['noise.bin', Uint8Array.from({ length: 9000 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255)]])('%s does no harm', async (name, content) => {
    const summary = await held.ingest(held.write(name, content));
    expect(summary.read).toBe(summary.stored + summary.duplicates + summary.rejected);
  });
  it('line ends of Windows, and none at the end', async () => {
    expect(await held.ingest(held.write('crlf.log', `${iso(1)} INFO crlfone\r\n${iso(2)} INFO crlftwo`))).toMatchObject({ read: 2, stored: 2 });
    expect((await only('crlfone')).message).not.toContain('\r');
    await only('crlftwo');
  });
  it.each(['utf16le', 'utf16be'])('%s', async (encoding) => {
    const bytes = Buffer.from(`\ufeff${iso(1)} INFO wide${encoding} f\u00fcnf\r\n${iso(2)} INFO second${encoding}\r\n`, 'utf16le');
    if (encoding === 'utf16be') bytes.swap16();
    const summary = await held.ingest(held.write(`${encoding}.log`, bytes));
    // Read as text, or refused with words: never events full of NUL.
    if (summary.stored > 0) expect((await only(`wide${encoding}`)).message).toContain('f\u00fcnf');
    else expect(summary.sources[0].error).not.toBe('');
  });
  it('an archive that unpacks to far more than it is', async () => {
    const bomb = zip([{ name: 'bomb.log', data: Buffer.alloc(100 << 20) }, { name: 'fine.log', data: Buffer.from(`${iso(1)} INFO besidebomb\n`) }]);
    const summary = await held.ingest(held.write('bomb.zip', bomb));
    expect(summary.read).toBe(summary.stored + summary.duplicates + summary.rejected);
    expect(summary.stored).toBeLessThan(10);
  }, 20_000);
  it('an archive cut short says so and gives what it has', async () => {
    const whole = gzipSync(Array.from({ length: 5000 }, (_, i) => `${iso(i)} INFO cutgz ${Math.imul(i + 1, 2654435761)}\n`).join(''));
    const summary = await held.ingest(held.write('cut.log.gz', whole.subarray(0, Math.floor(whole.length / 2))));
    expect(summary.stored).toBeGreaterThan(1000);
    expect(summary.sources[0].error).not.toBe('');
  });
  it('what cannot be there is named', async () => {
    const summary = await held.ingest([`${held.folder}/missing.log`, '/dev/null']);
    expect(summary).toMatchObject({ read: 0, stored: 0 });
    expect(summary.sources.map(({ error }) => error !== '')).toContain(true);
  });
});

it('after all of that the ledger is whole and everything can still be asked', async () => {
  const { rows } = await held.engine.handlers.sql.run({ sql: 'SELECT sum(read), sum(stored), sum(duplicates), sum(rejected) FROM source', limit: 1, timeoutMs: 5000 }, context);
  const [read, stored, duplicates, rejected] = rows[0].map(Number);
  expect(read).toBe(stored + duplicates + rejected);
  expect((await held.messages()).length).toBe(stored);
  await held.reopen();
  expect(await held.engine.handlers.cases.info({}, context)).toMatchObject({ events: stored });
});
