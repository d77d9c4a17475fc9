import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageReply } from '../../../shared/contract/events.ts';
import { PAGE_ROWS, Pages } from './pages.ts';

interface Asked {
  rank: number;
  signal: AbortSignal;
  answer(reply: PageReply): void;
  fail(error: Error): void;
}
function reply(rank: number, total: number, change: Partial<PageReply> = {}): PageReply {
  const n = Math.max(0, Math.min(PAGE_ROWS, total - rank));
  const ids = Float64Array.from({ length: n }, (_, at) => 5000 + rank + at);
  const texts = Array.from(ids, (id) => `event ${id}`);
  return {
    extra: [], rank, total, complete: true, scanned: 1, unreadable: 0, version: 1,
    rows: { id: ids, time: ids.slice(), severity: new Uint8Array(n), flags: new Uint8Array(n), source: new Uint32Array(n), service: texts, host: texts, level: texts, message: texts },
    ...change,
  };
}
let asked: Asked[];
let news: number;
let pages: Pages;
const ask = (rank: number, _limit: number, signal: AbortSignal): Promise<PageReply> =>
  new Promise((answer, fail) => {
    asked.push({ rank, signal, answer, fail });
  });
const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  news = 0;
  pages = new Pages(ask, () => news++);
});
afterEach(() => {
  pages.stop();
  vi.useRealTimers();
});

describe('Pages', () => {
  it('brings what is on screen first and its neighbours after', async () => {
    pages.want(250, 280);
    expect(asked.map(({ rank }) => rank)).toEqual([200]);
    asked[0].answer(reply(200, 10_000));
    await settle();
    expect(asked.map(({ rank }) => rank)).toEqual([200, 400, 0]);
    expect(pages.state).toMatchObject({ total: 10_000, complete: true, ready: true });
    expect(pages.row(250)).toMatchObject({ id: 5250, message: 'event 5250' });
    expect(pages.row(900)).toBeUndefined();
    expect(pages.rankOf(5250)).toBe(250);
  });
  it('aborts what was scrolled past and takes no late answer of it', async () => {
    pages.want(0, 30);
    asked[0].answer(reply(0, 1_000_000));
    await settle();
    pages.want(500_000, 500_030);
    const late = asked.find(({ rank }) => rank === 200);
    expect(late?.signal.aborted).toBe(true);
    late?.answer(reply(200, 1));
    await settle();
    expect(pages.state.total).toBe(1_000_000);
  });
  it('keeps rows on screen while it asks again, and as stale until another question has its first answer', async () => {
    pages.want(0, 30);
    asked[0].answer(reply(0, 30));
    await settle();
    pages.refresh(0, 0, 30);
    expect(pages.row(3)?.id).toBe(5003);
    expect(asked.length).toBe(2);
    asked[1].answer(reply(0, 40, { version: 2 }));
    await settle();
    expect(pages.state.total).toBe(40);
    pages.restart(ask);
    expect(pages.row(3)?.id).toBe(5003);
    expect(pages.rankOf(5003)).toBeUndefined();
    expect(pages.state).toMatchObject({ ready: false, total: 40 });
    expect(asked.length).toBe(3);
    asked[2].answer(reply(0, 2));
    await settle();
    expect(pages.state).toMatchObject({ ready: true, total: 2 });
    expect(pages.row(3)).toBeUndefined();
  });
  it('shows the same rows at their new ranks when events came in before them', async () => {
    pages.want(10, 40);
    asked[0].answer(reply(0, 190));
    await settle();
    pages.refresh(25, 35, 65);
    expect(pages.row(35)?.id).toBe(5010);
    expect(pages.row(24)).toBeUndefined();
    // a second change before the first answer
    pages.refresh(5, 40, 70);
    expect(pages.row(40)?.id).toBe(5010);
    asked.at(-1)?.answer(reply(0, 220, { version: 2 }));
    await settle();
    expect(pages.row(40)?.id).toBe(5040);
  });
  it('asks for more of an unfinished scan, and never lets the total go back meanwhile', async () => {
    pages.want(0, 30);
    asked[0].answer(reply(0, 90, { complete: false, scanned: 0.4 }));
    await settle();
    expect(pages.state).toMatchObject({ total: 90, complete: false, scanned: 0.4 });
    vi.advanceTimersByTime(300);
    asked[1].answer(reply(0, 80, { complete: false, scanned: 0.5 }));
    await settle();
    expect(pages.state.total).toBe(90);
    vi.advanceTimersByTime(300);
    asked[2].answer(reply(0, 130));
    await settle();
    expect(pages.state).toMatchObject({ total: 130, complete: true });
    vi.advanceTimersByTime(5000);
    expect(asked.length).toBe(3);
  });
  it('tells an error and tries again', async () => {
    pages.want(0, 30);
    asked[0].fail(new Error('disk on fire'));
    await settle();
    expect(pages.state.error?.message).toBe('disk on fire');
    vi.advanceTimersByTime(2000);
    asked[1].answer(reply(0, 5));
    await settle();
    expect(pages.state).toMatchObject({ error: null, total: 5 });
  });
  it('keeps a bounded number of pages', async () => {
    for (let page = 0; page < 90; page++) {
      pages.want(page * PAGE_ROWS, page * PAGE_ROWS + 30);
      for (const one of asked.splice(0)) one.answer(reply(one.rank, 1_000_000));
      await settle();
    }
    expect(pages.row(0)).toBeUndefined();
    expect(pages.row(89 * PAGE_ROWS)).toBeDefined();
  });
});
