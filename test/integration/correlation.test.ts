/** Correlation over a real case: what goes together is found, what does not is not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CorrelationReply } from '../../src/shared/contract/correlation.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 12);
const iso = (ms: number): string => new Date(START + ms).toISOString();
const line = (ms: number, more: object): string => JSON.stringify({ time: iso(ms), ...more });
const MINUTE = 60_000;

let made: TempCase;
let reply: CorrelationReply;
const find = async (query = ''): Promise<CorrelationReply> => await made.engine.handlers.correlation.find({ scope: everything(query), kinds: [], run: '' }, context);

beforeAll(async () => {
  made = await TempCase.create();
  const lines: [number, string][] = [];
  let seed = 7;
  const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  // Three hours: api calls db in each request; when db fails, api fails 20 ms later. After 100 minutes db fails nine times as often.
  for (let i = 0; i < 5400; i++) {
    const ms = i * 2000;
    const fails = chance() < (ms > 100 * MINUTE ? 0.3 : 0.03);
    const request = `req-${i}`;
    lines.push([ms, line(ms, { service: 'db', level: fails ? 'error' : 'info', request_id: request, message: fails ? 'query failed: too many connections' : 'query done' })]);
    lines.push([ms + 20, line(ms + 20, { service: 'api', level: fails ? 'error' : 'info', request_id: request, message: fails ? 'request failed' : 'request done' })]);
    if (chance() < 0.3) lines.push([ms + 5, line(ms + 5, { service: 'mail', level: chance() < 0.1 ? 'error' : 'info', message: 'mail sent' })]);
  }
  for (let i = 0; i < 6; i++) lines.push([50 * MINUTE + i * 3000, line(50 * MINUTE + i * 3000, { service: 'sshd', level: 'warning', ip: '10.0.0.9', user: 'root', message: 'Failed password for root from 10.0.0.9 port 4022 ssh2' })]);
  lines.push([50 * MINUTE + 30_000, line(50 * MINUTE + 30_000, { service: 'sshd', level: 'info', ip: '10.0.0.9', user: 'root', message: 'Accepted password for root from 10.0.0.9 port 4022 ssh2' })]);
  lines.push([51 * MINUTE, line(51 * MINUTE, { service: 'sshd', level: 'info', ip: '10.0.0.7', user: 'eve', message: 'Accepted password for eve from 10.0.0.7 port 4022 ssh2' })]);
  lines.sort((a, b) => a[0] - b[0]);
  await made.ingest(made.write('app.jsonl', `${lines.map(([, text]) => text).join('\n')}\n`));
  reply = await find();
}, 120_000);
afterAll(async () => await made.remove());

const of = (kind: string): CorrelationReply['findings'] => reply.findings.filter((finding) => finding.kind === kind);

describe('correlation', () => {
  it('says which service fails first in shared requests, and not the other way round', () => {
    const causal = of('causal').filter(({ detector }) => detector === 'shared ids');
    expect(causal.map(({ title }) => title)).toEqual(['When api fails, db has failed in the same request']);
    expect(causal[0].why).toContain('first in 100 % of them (median 20 ms earlier)');
  });

  it('finds that errors of the two go together, and none with the third', () => {
    const titles = of('temporal').map(({ title }) => title);
    expect(titles.some((title) => title.includes('rrors of api') && title.includes('rrors of db'))).toBe(true);
    expect(titles.some((title) => title.includes('errors of mail'))).toBe(false);
    const [first] = of('temporal');
    expect(first.pair?.a.values.length).toBe(first.pair?.b.values.length);
  });

  it('finds a login after failed ones by address, with its events', async () => {
    const [found, ...others] = of('security').filter(({ like }) => like.startsWith('sequence:-1:'));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: 'critical', title: 'Failed logins, then a login from the same address (ip 10.0.0.9)' });
    expect(found.events).toHaveLength(7);
    const { rows, total } = await made.page(found.scope);
    expect(total).toBe(7);
    expect([...rows.id]).toEqual(found.events);
  });

  it('quiets what somebody called wrong, and what is like it', async () => {
    const [finding] = of('security');
    const { findings } = made.engine.handlers;
    const mark = await findings.mark({ like: finding.like, key: finding.key, title: finding.title, verdict: 'wrong', note: 'a test of ours' }, context);
    const again = await find();
    expect(again.findings.find(({ like }) => like === finding.like)?.quieted).toBe(true);
    expect(again.findings.filter(({ quieted }) => quieted)).toHaveLength(1);
    await findings.unmark({ id: mark.id }, context);
    expect((await find()).findings.some(({ quieted }) => quieted)).toBe(false);
  });

  it('finds sequences of one\'s own, refuses those that cannot be read, and keeps what is switched off', async () => {
    const { correlation } = made.engine.handlers;
    const rule = { title: 'Mail after a failure', kind: 'causal' as const, severity: 'low' as const, by: '', within: 60, steps: [{ query: 'service:db severity>=high', least: 2, absent: false }, { query: 'service:mail', least: 1, absent: false }] };
    expect(await correlation.tryRule({ scope: everything(), rule, run: '' }, context)).toHaveLength(1);
    await expect(async () => await correlation.saveRule({ id: null, rule: { ...rule, steps: [{ query: 'severity>=', least: 1, absent: false }] } }, context)).rejects.toThrow(/Step 1/);
    const saved = await correlation.saveRule({ id: null, rule }, context);
    await correlation.switchRule({ id: -1, enabled: false }, context);
    await made.reopen();
    const rules = await made.engine.handlers.correlation.rules({}, context);
    expect(rules.find(({ id }) => id === saved.id)).toMatchObject({ ...rule, enabled: true, createdBy: 'ana' });
    expect(rules.find(({ id }) => id === -1)?.enabled).toBe(false);
    expect((await find()).findings.some(({ like }) => like.startsWith('sequence:-1:'))).toBe(false);
  });

  it('answers for a case without anything', async () => {
    const none = await find('nothing-has-this-word');
    expect(none.findings).toEqual([]);
  });
});
