import { afterAll, beforeAll, expect, it } from 'vitest';
import { context, TempCase } from '../support/temp-case.ts';

interface Made { time: number; service: string; severity: number; latency: number | null; user: string | null }
const START = Date.UTC(2026, 10, 19, 22) * 1000;
const WIDTHS = { '1s': 1, '1m': 60, '5m': 300, '1h': 3600, '1d': 86_400 } as const;
const LEVELS: [string, number][] = [['info', 0], ['warn', 2], ['error', 3], ['fatal', 4]];
const made: Made[] = [];
let held: TempCase;

beforeAll(async () => {
  held = await TempCase.create();
  let state = 3;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (const file of ['a.jsonl', 'b.jsonl']) {
    const lines = Array.from({ length: 9000 }, (_, i) => {
      const [level, severity] = LEVELS[next(4)];
      const time = START + i * 1_600_000 + next(30_000_000);
      const latency = next(3) === 0 ? null : Math.round(Math.exp(next(900) / 100) * 1000) / 1000;
      const user = next(2) === 0 ? `user${next(400)}` : null;
      const service = ['api', 'db', 'web'][next(3)];
      made.push({ time, service, severity, latency, user });
      const ms = Math.floor(time / 1000);
      return JSON.stringify({ time: `${new Date(ms).toISOString().slice(0, -1)}${String(time % 1000).padStart(3, '0')}Z`, level, service, latency_ms: latency ?? undefined, user: user ?? undefined, msg: `m ${i}` });
    });
    await held.ingest(held.write(file, `${lines.join('\n')}\n`));
  }
});
afterAll(async () => await held.remove());

async function rows(sql: string): Promise<(string | number | null)[][]> {
  return (await held.engine.handlers.sql.run({ sql, limit: 100_000, timeoutMs: 10_000 }, context)).rows;
}
function grouped(width: number): Map<string, Made[]> {
  const groups = new Map<string, Made[]>();
  for (const event of made) {
    const key = `${Math.floor(event.time / (width * 1e6)) * width * 1e6} ${event.service}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return groups;
}

it.each(Object.entries(WIDTHS))('rollup_%s counts what is in the events', async (name, width) => {
  const groups = grouped(width);
  const given = new Map((await rows(`SELECT time_us, service, total, info, low, medium, high, critical FROM rollup_${name}`)).map(([time, service, ...counts]) => [`${time} ${service}`, counts]));
  const expected = new Map([...groups].map(([key, list]) => [key, [list.length, ...[0, 1, 2, 3, 4].map((severity) => list.filter((event) => event.severity === severity).length)]]));
  expect(Object.fromEntries(given)).toEqual(Object.fromEntries(expected));
});

it.each([['1m', 60], ['5m', 300], ['1h', 3600], ['1d', 86_400]] as const)('latencies of rollup_%s are exact in count, mean and ends, and their quantiles within 2 %%', async (name, width) => {
  const groups = grouped(width);
  for (const [time, service, count, mean, min, max, ...quantiles] of await rows(`SELECT time_us, service, latency_count, latency_mean, latency_min, latency_max, latency_p50, latency_p95, latency_p99 FROM rollup_${name}`)) {
    const latencies = (groups.get(`${time} ${service}`) ?? []).flatMap(({ latency }) => (latency === null ? [] : [latency])).sort((a, b) => a - b);
    expect(count).toBe(latencies.length);
    if (latencies.length === 0) {
      expect([mean, min, max, ...quantiles]).toEqual([null, null, null, null, null, null]);
      continue;
    }
    const sum = latencies.reduce((total, latency) => total + latency, 0);
    // Latencies are kept with 24 bits.
    expect(Math.abs(Number(mean) - sum / latencies.length)).toBeLessThan((sum / latencies.length) * 1e-6);
    expect([min, max].map(Number).map(Math.fround)).toEqual([latencies[0], latencies[latencies.length - 1]].map(Math.fround));
    [0.5, 0.95, 0.99].forEach((q, i) => {
      const exact = latencies[Math.floor(q * (latencies.length - 1))];
      expect(Math.abs(Number(quantiles[i]) - exact) / exact).toBeLessThanOrEqual(0.0201);
    });
  }
});

it('users are counted once each', async () => {
  for (const [name, width] of [['1m', 60], ['1h', 3600], ['1d', 86_400]] as const) {
    const groups = grouped(width);
    for (const [time, service, users] of await rows(`SELECT time_us, service, users FROM rollup_${name}`)) {
      const exact = new Set((groups.get(`${time} ${service}`) ?? []).flatMap(({ user }) => user ?? [])).size;
      // Few are counted exactly, many by a sketch.
      expect(Math.abs(Number(users) - exact)).toBeLessThanOrEqual(exact < 30 ? 0 : exact * 0.1);
    }
  }
});

it('a range is pushed down, and resolutions agree with each other', async () => {
  const from = START + 3600e6;
  const to = START + 2 * 3600e6;
  const [[minutes]] = await rows(`SELECT sum(total) FROM rollup_1m WHERE from_us = ${from} AND to_us = ${to}`);
  expect(minutes).toBe(made.filter(({ time }) => time >= from && time < to).length);
  const totals = await Promise.all(Object.keys(WIDTHS).map(async (name) => (await rows(`SELECT sum(total), sum(high) FROM rollup_${name}`))[0]));
  for (const total of totals) expect(total).toEqual([made.length, made.filter(({ severity }) => severity === 3).length]);
});

it('what is read again is not rolled up again', async () => {
  await held.ingest(`${held.folder}/a.jsonl`);
  expect(await rows('SELECT sum(total) FROM rollup_1h')).toEqual([[made.length]]);
});

it('the console only reads', async () => {
  for (const sql of ['DELETE FROM source', "INSERT INTO view VALUES ('a', '1')", 'PRAGMA user_version = 5', "ATTACH 'x' AS y", 'SELECT 1; DELETE FROM source', 'WITH x AS (SELECT 1) DELETE FROM source']) {
    await expect(rows(sql)).rejects.toMatchObject({ code: expect.stringMatching(/read_only|invalid_input/) as string });
  }
  expect(await rows('SELECT count(*) FROM source')).toEqual([[2]]);
});
