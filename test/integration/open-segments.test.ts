/** Events that come one by one go into one segment, and every answer is as if they had come at once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { listening } from '../support/live.ts';
import { context, everything, TempCase, whenComplete } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const FIRST = Date.UTC(2026, 9, 1, 12);
/** The fourth comes before the third; each has a word, an attribute and a level of its own kind. */
const SECONDS = [0, 1, 5, 3, 7];
const line = (n: number): string => JSON.stringify({ time: new Date(FIRST + SECONDS[n] * 1000).toISOString(), level: n % 2 ? 'error' : 'info', service: n > 3 ? 'till' : 'web', message: `event nr ${n} of order`, order: { kind: n % 3 ? 'mail' : 'shop' }, latency_ms: n });

interface Answers {
  ids: number[];
  messages: string[];
  words: number;
  /** asked for where nothing else is held, so that what is held cannot be what mends it */
  kinds: Record<string, number>;
  services: Record<string, number>;
  severities: number[];
  last: unknown;
}
async function answers(n: number): Promise<Answers> {
  const { events } = one.engine.handlers;
  const page = await one.page(everything());
  const facets = await whenComplete(async () => await events.facets({ scope: everything(), fields: ['order.kind', 'service'], limit: 10 }, context));
  const [kinds, services] = facets.facets.map(({ values }) => Object.fromEntries(values.map(({ value, count }) => [value, count])));
  const window = await whenComplete(async () => await events.window({ scope: everything(), buckets: 10, lanes: 'none', maxLanes: 1 }, context));
  const detail = await events.get({ id: page.rows.id[page.rows.message.indexOf(`event nr ${n - 1} of order`)] }, context);
  return {
    ids: [...page.rows.id], messages: page.rows.message, words: (await one.page(everything('order "of order" /nr [0-9]/'))).total,
    kinds, services, severities: window.severities, last: { raw: detail.raw, attributes: detail.attributes },
  };
}
const segments = (): number[] => {
  const db = new Database(one.file, { readonly: true });
  const rows = db.prepare<[], number>('SELECT n FROM seg ORDER BY id').pluck().all();
  db.close();
  return rows;
};

describe('events that come one by one', () => {
  it('are one segment, keep their ids, and are found, counted and read back at every step', async () => {
    const { port } = await listening(one, 'http-json', {});
    const ids: number[] = [];
    for (let n = 0; n < SECONDS.length; n++) {
      const body = n === 2 ? `${line(n)}\n{"message": broken}\n` : line(n);
      const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
      expect(status).toBe(n === 2 ? 400 : 200);
      // What is refused is sent again, as senders do.
      if (n === 2) await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: line(n) });
      const count = n + 1;
      const now = await answers(count);
      const inOrder = Array.from({ length: count }, (_, i) => i).sort((a, b) => SECONDS[a] - SECONDS[b]);
      expect(now.messages).toEqual(inOrder.map((i) => `event nr ${i} of order`));
      ids[n] = now.ids[inOrder.indexOf(n)];
      // An event keeps the id that it was given first: pins point to it.
      expect(now.ids).toEqual(inOrder.map((i) => ids[i]));
      expect(now.words).toBe(count);
      const kinds = inOrder.map((i) => (i % 3 ? 'mail' : 'shop'));
      expect(now.kinds).toEqual(Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((each) => each === kind).length])));
      expect(Object.values(now.services).reduce((a, b) => a + b, 0)).toBe(count);
      expect(now.severities.reduce((a, b) => a + b, 0)).toBe(count);
      expect(now.last).toMatchObject({ raw: line(n) });
      if (n === 1) {
        const { id } = await one.engine.handlers.investigations.create({ title: 'x' }, context);
        await one.engine.handlers.investigations.pin({ id, eventIds: [ids[0]], note: '' }, context);
      }
      await new Promise((resolve) => setTimeout(resolve, 520));
    }
    expect((await one.page(everything('is:pinned'))).rows.message).toEqual(['event nr 0 of order']);
    expect(segments()).toEqual([SECONDS.length]);
    const [source] = await one.engine.handlers.events.sources({}, context);
    expect(source.ledger).toEqual({ read: SECONDS.length + 1, stored: SECONDS.length, duplicates: 0, rejected: 1 });
    const report = await one.engine.handlers.cases.check({}, context);
    expect(report).toMatchObject({ ok: true, segments: { total: 1, checked: 1, damaged: 0 } });
    const before = await answers(SECONDS.length);
    await one.reopen();
    expect(await answers(SECONDS.length)).toEqual(before);
    // Rollups count each once.
    const rollup = await one.engine.handlers.sql.run({ sql: 'SELECT count(*) AS n FROM events', limit: 10, timeoutMs: 10_000 }, context);
    expect(rollup.rows).toEqual([[SECONDS.length]]);
  }, 60_000);

  it('begin a new segment when the last one is worth being one', async () => {
    const { port } = await listening(one, 'http-json', {});
    const many = (from: number, n: number): string => Array.from({ length: n }, (_, i) => JSON.stringify({ time: new Date(FIRST + (from + i) * 1000).toISOString(), message: `m ${from + i}` })).join('\n');
    const send = async (from: number, n: number): Promise<void> => void (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: many(from, n) }));
    await send(0, 1100);
    await new Promise((resolve) => setTimeout(resolve, 520));
    await send(1100, 1);
    await send(1101, 1);
    expect(segments()).toEqual([1100, 2]);
    expect(await one.messages()).toEqual(Array.from({ length: 1102 }, (_, i) => `m ${i}`));
  }, 30_000);
});
