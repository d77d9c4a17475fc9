/** Coverage of sources through a real engine: bounds, gaps, who fell silent, what all are about. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CoverageReply } from '../../src/shared/contract/coverage.ts';
import { context, TempCase, whenComplete } from '../support/temp-case.ts';

const T = Date.UTC(2026, 10, 20, 8) * 1000;
const MINUTE = 60e6;
let held: TempCase;
beforeEach(async () => {
  held = await TempCase.create();
});
afterEach(async () => await held.remove());

/** One line every 10 s over [from, to) minutes, without those of [silentFrom, silentTo). */
function lines(name: string, from: number, to: number, silentFrom = 0, silentTo = 0): string {
  const out: string[] = [];
  for (let at = from * MINUTE; at < to * MINUTE; at += 10e6) {
    if (at >= silentFrom * MINUTE && at < silentTo * MINUTE) continue;
    out.push(JSON.stringify({ time: new Date((T + at) / 1000).toISOString(), level: 'info', service: name, message: `${name} beats` }));
  }
  return `${out.join('\n')}\n`;
}
const ask = async (from: number | null = null, to: number | null = null, buckets = 120): Promise<CoverageReply> =>
  await whenComplete(async () => await held.engine.handlers.coverage.get({ from, to, buckets }, context));

describe('coverage', () => {
  it('tells first, last, gaps, and who fell silent before the rest', async () => {
    await held.ingest([held.write('api.jsonl', lines('api', 0, 240)), held.write('db.jsonl', lines('db', 30, 240, 100, 130)), held.write('web.jsonl', lines('web', 10, 60))]);
    const reply = await ask();
    expect(reply).toMatchObject({ more: 0, complete: true, buckets: 120, from: T, to: T + 240 * MINUTE - 10e6 + 1 });
    const [api, web, db] = reply.sources;
    expect(reply.sources.map(({ path }) => path.split('/').at(-1))).toEqual(['api.jsonl', 'web.jsonl', 'db.jsonl']);
    expect(api).toMatchObject({ signal: 'logs', events: 1440, first: T, last: T + 240 * MINUTE - 10e6, gaps: [], gapCount: 0, usualPause: 10e6, stoppedEarly: null });
    expect(db.gaps).toEqual([{ from: T + 100 * MINUTE - 10e6, to: T + 130 * MINUTE }]);
    expect(db.stoppedEarly).toBeNull();
    expect(web.stoppedEarly).toBe(180 * MINUTE);
    expect(reply.overlap).toEqual({ from: T + 30 * MINUTE, to: T + 60 * MINUTE - 10e6 });
    expect(reply.bounds).toEqual({ beginsLast: db.id, endsFirst: web.id });
    expect([...api.counts].reduce((sum, n) => sum + n, 0)).toBe(1440);
    expect(db.counts[57]).toBe(0);
    expect(db.counts[40]).toBe(12);
    // Two minutes a bucket: every bucket of the steady source has its share.
    expect(Math.min(...api.counts)).toBeGreaterThanOrEqual(11);
  });

  it('counts in the range asked for and tells gaps of all', async () => {
    await held.ingest(held.write('db.jsonl', lines('db', 0, 240, 100, 130)));
    const { sources: [source], from, to } = await ask(T + 90 * MINUTE, T + 110 * MINUTE, 20);
    expect([from, to]).toEqual([T + 90 * MINUTE, T + 110 * MINUTE]);
    expect([...source.counts]).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(source.gapCount).toBe(1);
  });

  it('knows metrics, typed events and sources without any time, and says when sources have no time in common', async () => {
    const samples = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `cpu{host="a"} ${i} ${(T + (from + i) * MINUTE) / 1000}`).join('\n');
    await held.ingest([held.write('m.prom', `# TYPE cpu gauge\n${samples(0, 60)}\n${samples(100, 160)}\n`), held.write('late.jsonl', lines('late', 500, 510))]);
    await held.engine.handlers.typed.add({ time: T + 200 * MINUTE, severity: 'low', service: '', host: '', message: 'seen', tags: [], evidence: '', attributes: [] }, context);
    const reply = await ask();
    const by = Object.fromEntries(reply.sources.map((source) => [source.signal, source]));
    expect(by.metrics).toMatchObject({ events: 120, first: T, last: T + 159 * MINUTE, gaps: [{ from: T + 59 * MINUTE, to: T + 100 * MINUTE }], usualPause: MINUTE });
    expect(by.manual).toMatchObject({ events: 1, gaps: [], usualPause: null });
    expect(by.metrics.counts.reduce((sum, n) => sum + n, 0)).toBe(120);
    expect(reply.overlap).toBeNull();
    expect(reply.bounds).toEqual({ beginsLast: by.logs.id, endsFirst: by.metrics.id });
  });

  it('of an empty case is empty', async () => {
    expect(await ask()).toMatchObject({ sources: [], overlap: null, bounds: null, more: 0 });
  });
});
