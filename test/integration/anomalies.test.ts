/** Anomalies of a real case: what is odd is found with its reasons and events, what is usual is not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnomalyReply } from '../../src/shared/contract/anomalies.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 12);
const MINUTE = 60_000;

let made: TempCase;
let reply: AnomalyReply;
const find = async (query = ''): Promise<AnomalyReply> => await made.engine.handlers.anomalies.find({ scope: everything(query), run: '' }, context);

beforeAll(async () => {
  made = await TempCase.create();
  const lines: [number, object][] = [];
  let seed = 7;
  const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  // Three hours of requests; between 100 and 106 minutes half of those of shop fail. bob works on two hosts, and once on a third.
  for (let i = 0; i < 10_800; i++) {
    const ms = i * 1000;
    const bad = ms >= 100 * MINUTE && ms < 106 * MINUTE;
    lines.push([ms, { service: 'shop', level: chance() < (bad ? 0.5 : 0.02) ? 'error' : 'info', message: 'order handled' }]);
    if (chance() < 0.5) lines.push([ms + 3, { service: 'mail', level: chance() < 0.02 ? 'error' : 'info', message: 'mail handed over' }]);
    if (i % 9 === 0) lines.push([ms + 5, { service: 'sshd', level: 'info', user: 'bob', host: i % 2 === 0 ? 'web-1' : 'web-2', message: 'session opened' }]);
  }
  lines.push([150 * MINUTE, { service: 'sshd', level: 'info', user: 'bob', host: 'db-7', message: 'session opened' }]);
  lines.sort((a, b) => a[0] - b[0]);
  await made.ingest(made.write('app.jsonl', `${lines.map(([ms, more]) => JSON.stringify({ time: new Date(START + ms).toISOString(), ...more })).join('\n')}\n`));
  reply = await find();
}, 120_000);
afterAll(async () => await made.remove());

describe('anomalies of a case', () => {
  it('are the stretch in which a service fails, with the votes of all detectors', () => {
    const [first] = reply.findings.filter(({ kind }) => kind === 'series');
    expect(first.title).toMatch(/^Errors of shop: 1\d\d in /);
    expect(first.severity).toBe('high');
    expect(Math.abs(first.from / 1000 - (START + 100 * MINUTE))).toBeLessThanOrEqual(2 * MINUTE);
    expect(Math.abs(first.to / 1000 - (START + 106 * MINUTE))).toBeLessThanOrEqual(2 * MINUTE);
    expect(first.votes.map(({ detector }) => detector)).toEqual(reply.detectors.map(({ id }) => id));
    expect(first.votes.filter(({ voted }) => voted).length).toBeGreaterThan(3);
    expect(first.chart?.values.length).toBeGreaterThan(300);
    expect(reply.findings.filter(({ title }) => title.includes('mail'))).toEqual([]);
  });

  it('are what a user never did before, with the event', async () => {
    const found = reply.findings.filter(({ kind }) => kind === 'behaviour');
    expect(found.map(({ title }) => title)).toEqual(['User bob on host db-7 for the first time']);
    expect(found[0].why).toMatch(/^In 1,\d\d\d events before, bob had 2 hosts in all, and never this one\.$/);
    const { rows, total } = await made.page(found[0].scope);
    expect(total).toBe(1);
    expect(found[0].events).toEqual([...rows.id]);
  });

  it('open their events, and are the same when asked again', async () => {
    const [first] = reply.findings;
    const { total } = await made.page(first.scope);
    expect(total).toBeGreaterThan(100);
    expect((await find()).findings.map(({ key, score }) => [key, score])).toEqual(reply.findings.map(({ key, score }) => [key, score]));
  });

  it('are of what is asked about alone', async () => {
    const { findings } = await find('service:mail');
    expect(findings).toEqual([]);
    expect((await find('service:nobody')).findings).toEqual([]);
  });

  it('are found all the same when one event is years away', async () => {
    await made.ingest(made.write('stray.jsonl', `${JSON.stringify({ time: '2019-01-01T00:00:00Z', service: 'shop', level: 'info', message: 'order handled' })}\n`));
    const again = await find();
    expect(again.looked.series).toMatch(/in buckets of 1 min, by 7 detectors; between 2026-10-01 11:5\d and 2026-10-01 1[45]:\d\d, where nearly all events are\.$/);
    expect(again.findings.map(({ like }) => like)).toContain(reply.findings[0].like);
  });

  it('come last, marked, once somebody called their like wrong', async () => {
    const [first] = reply.findings;
    await made.engine.handlers.findings.mark({ like: first.like, key: first.key, title: first.title, verdict: 'wrong', note: '' }, context);
    const { findings } = await find();
    expect(findings.find(({ like }) => like === first.like)?.quieted).toBe(true);
    expect(findings[0].quieted).toBe(false);
  });
});
