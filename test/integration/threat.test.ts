/** Threat analysis over a real case: who attacks stands out, with the reasons; who works does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ThreatEntity } from '../../src/shared/contract/threat.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 12);
let made: TempCase;
let rows: ThreatEntity[];
const overview = async (): Promise<ThreatEntity[]> => (await made.engine.handlers.threat.overview({ scope: everything(), limit: 100, run: '' }, context)).rows;

beforeAll(async () => {
  made = await TempCase.create();
  const lines: string[] = [];
  const say = (second: number, more: object): void => void lines.push(JSON.stringify({ time: new Date(START + second * 1000).toISOString(), service: 'sshd', ...more }));
  // Ten people at work, each from an address of their own.
  for (let i = 0; i < 600; i++) {
    const user = `user${i % 10}`;
    say(i * 10, { host: 'web-1', level: 'info', user, ip: `10.0.0.${i % 10}`, message: `Accepted password for ${user} from 10.0.0.${i % 10} port 4${i} ssh2` });
  }
  // One address tries many, and gets in.
  for (let i = 0; i < 60; i++) say(4000 + i, { host: 'web-1', level: 'warning', user: `user${i % 12}`, ip: '203.0.113.9', message: `Failed password for user${i % 12} from 203.0.113.9 port 5${i} ssh2` });
  say(4070, { host: 'web-1', level: 'info', user: 'user3', ip: '203.0.113.9', message: 'Accepted password for user3 from 203.0.113.9 port 599 ssh2' });
  await made.ingest(made.write('auth.jsonl', `${lines.sort().join('\n')}\n`));
  rows = await overview();
}, 120_000);
afterAll(async () => await made.remove());

describe('threat analysis', () => {
  it('puts the attacker first, and says why', () => {
    const [first] = rows;
    expect(first).toMatchObject({ type: 'ip', value: '203.0.113.9', count: 61, quieted: false });
    expect(first.score).toBeGreaterThan(0.6);
    expect(first.parts.map(({ part }) => part)).toEqual(expect.arrayContaining(['sequence', 'failed logins', 'spread']));
    expect(first.parts.find(({ part }) => part === 'failed logins')?.why).toBe('60 failed logins');
    expect(first.score).toBeCloseTo(1 - first.parts.reduce((open, { weight, value }) => open * (1 - weight * value), 1), 10);
  });

  it('gives those who only work no score worth a look', () => {
    for (const { type, value, score } of rows) if (type === 'ip' && value !== '203.0.113.9') expect(score, value).toBeLessThan(0.3);
  });

  it('leads from each part to its events', async () => {
    const part = rows[0].parts.find((each) => each.part === 'failed logins');
    expect((await made.page(everything(part?.query ?? ''))).total).toBe(60);
    expect((await made.page(rows[0].scope)).total).toBe(61);
  });

  it('knows all about one of them', async () => {
    const page = await made.engine.handlers.threat.entity({ scope: everything(), type: 'ip', value: '203.0.113.9', run: '' }, context);
    expect(page.count).toBe(61);
    expect(page.related.filter(({ type }) => type === 'user')).toHaveLength(12);
    expect(page.related.find(({ type }) => type === 'host')).toMatchObject({ value: 'web-1', count: 61 });
    expect(page.hours[13]).toBe(61);
    expect(page.buckets.reduce((sum, n) => sum + n, 0)).toBe(61);
    await expect(made.engine.handlers.threat.entity({ scope: everything(), type: 'host', value: 'nowhere', run: '' }, context)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('takes indicators into account, and what was marked wrong goes to the end', async () => {
    const list = made.write('bad.csv', 'indicator,type\n10.0.0.4,ip\n');
    await made.engine.handlers.indicators.add({ path: list, name: 'bad.csv' }, context);
    await expect.poll(async () => (await overview()).find(({ value }) => value === '10.0.0.4')?.parts[0]?.part, { timeout: 20_000 }).toBe('indicator');
    await made.engine.handlers.findings.mark({ like: rows[0].like, key: rows[0].key, title: rows[0].title, verdict: 'wrong', note: 'our scanner' }, context);
    const again = await overview();
    expect(again[0].value).not.toBe('203.0.113.9');
    expect(again.at(-1)).toMatchObject({ value: '203.0.113.9', quieted: true });
  });
});
