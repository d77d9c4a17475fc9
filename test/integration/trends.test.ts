/** Series of a case and how they go on, through the whole engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrendReply } from '../../src/shared/contract/trends.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 8);
const MINUTES = 300;

/** A request every 10 s, more of them in each second quarter of an hour; an error a minute from minute 200 on. */
function log(): string {
  const lines: string[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    const busy = minute % 30 < 15 ? 6 : 12;
    for (let i = 0; i < busy; i++) lines.push(JSON.stringify({ timestamp: new Date(START + minute * 60_000 + (i * 60_000) / busy).toISOString(), service: 'api', level: 'info', message: `GET /orders/${i}`, status: 200, latency_ms: 20 + minute / 10 }));
    if (minute >= 200) lines.push(JSON.stringify({ timestamp: new Date(START + minute * 60_000 + 30_001).toISOString(), service: 'api', level: 'error', message: 'pool is empty', status: 503 }));
  }
  return `${lines.join('\n')}\n`;
}
/** Memory in per cent: rises from 40 to about 85 with a wave; and a counter. */
function metrics(): string {
  const rows = Array.from({ length: MINUTES }, (_, minute) => `${new Date(START + minute * 60_000).toISOString()},${40 + 0.15 * minute + Math.sin(minute * 1.7)}`);
  return `timestamp,memory (%)\n${rows.join('\n')}\n`;
}

describe('how series of a case go on', () => {
  let made: TempCase;
  const ask = async (input: Partial<Parameters<TempCase['engine']['handlers']['trends']['forecast']>[0]> = {}): Promise<TrendReply> =>
    await made.engine.handlers.trends.forecast({ subject: { of: 'events', measure: 'events' }, scope: everything(''), step: 60e6, horizon: null, season: null, method: '', limit: null, run: '', ...input }, context);
  beforeAll(async () => {
    made = await TempCase.create();
    await made.ingest(made.write('app.jsonl', log()));
    await made.ingest(made.write('memory.csv', metrics()));
  });
  afterAll(async () => await made.remove());

  it('counts events by step, finds their season, looks back and goes on', async () => {
    const reply = await ask({ horizon: 30 });
    expect(reply).toMatchObject({ title: 'Events', start: START * 1000, step: 60e6, seasons: [30], filled: 0, limitNote: '', findings: [] });
    expect(Array.from(reply.values.subarray(10, 20))).toEqual([6, 6, 6, 6, 6, 12, 12, 12, 12, 12]);
    expect(reply.origins).toBe(8);
    expect(reply.methods[0].mae).toBeLessThan(1);
    expect(reply.forecast?.start).toBe((START + reply.values.length * 60_000) * 1000);
    reply.forecast?.values.forEach((value, k) => expect(Math.abs(value - ((reply.values.length + k) % 30 < 15 ? 7 : 13))).toBeLessThan(1.5));
  });

  it('counts errors and measures latency', async () => {
    const errors = await ask({ subject: { of: 'events', measure: 'errors' } });
    expect(errors.values.reduce((sum, value) => sum + value, 0)).toBe(errors.values.length - 200);
    const latency = await ask({ subject: { of: 'events', measure: 'latency' }, scope: everything('service:api') });
    expect(latency.title).toBe('95th percentile of latency of service:api');
    expect(latency.trend?.direction).toBe('rising');
    expect(latency.trend?.slope).toBeCloseTo(6, 0);
  });

  it('shows what came where the range ends before the case does', async () => {
    const reply = await ask({ scope: { query: '', from: null, to: (START + 200 * 60_000) * 1000 }, horizon: 20 });
    expect(reply.values).toHaveLength(200);
    expect(Array.from(reply.came.subarray(0, 12))).toEqual([13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 7, 7]);
  });

  it('finds when a share reaches its limit, unless its like was marked wrong', async () => {
    const { rows } = await made.engine.handlers.metrics.list({ text: 'memory', limit: 5 }, context);
    const memory = { of: 'metric', id: rows[0].id } as const;
    const reply = await ask({ subject: memory, horizon: 150 });
    expect(reply.limit).toBe(100);
    expect(reply.trend).toMatchObject({ direction: 'rising' });
    const [finding] = reply.findings;
    expect(finding.title).toMatch(/^memory reaches 100 % in about 1 h/);
    await made.engine.handlers.findings.mark({ like: finding.like, key: finding.key, title: finding.title, verdict: 'wrong', note: '' }, context);
    expect((await ask({ subject: memory, horizon: 150 })).findings[0].quieted).toBe(true);
    const { limitNote, findings } = await ask({ subject: memory, horizon: 10, limit: 100 });
    expect(findings).toEqual([]);
    expect(limitNote).toContain('stays below 100 %');
  });

  it('says what is wrong, and shows what is too short to be forecast', async () => {
    await expect(ask({ step: 1e6 })).rejects.toThrow('choose a longer step');
    await expect(ask({ subject: { of: 'metric', id: 999 } })).rejects.toThrow('not in the case any more');
    const short = await ask({ step: 3600e6 });
    expect(short).toMatchObject({ forecast: null, origins: 0, methods: [] });
    expect(short.values).toHaveLength(4);
    expect((await ask({ scope: everything('service:nobody') })).values.every((value) => value === 0)).toBe(true);
  });
});
