import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/main/cli/arguments.ts';
import { alerts as alertsCommand } from '../../src/main/cli/commands/alerts.ts';
import { DEFAULT_RULES } from '../../src/main/engine/analysis/alerts/default-rules.ts';
import type { Alert, AlertRuleEdit } from '../../src/shared/alert.ts';
import type { AlertList } from '../../src/shared/contract/alerts.ts';
import { context, TempCase } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 8);
const at = (second: number): string => new Date(START + second * 1000).toISOString();
const seconds = (time: number): number => time / 1e6 - START / 1000;

let one: TempCase;
// One case for all: each test goes on with what the one before left, because starting the workers of a case takes longest of all.
beforeAll(async () => void (one = await TempCase.create()));
afterAll(async () => await one.remove());

/** Requests of a service, one a second: `failing` and `slow` say in which seconds. */
function requests(service: string, from: number, to: number, failing: (second: number) => boolean = () => false, slow: (second: number) => boolean = () => false): string {
  let text = '';
  for (let second = from; second < to; second++) {
    const failed = failing(second);
    text += `${JSON.stringify({ timestamp: at(second), level: failed ? 'error' : 'info', service, host: `${service}-1`, message: failed ? 'it went wrong' : 'done', status: failed ? 503 : 200, duration_ms: slow(second) ? 1500 : 20 })}\n`;
  }
  return text;
}
const list = async (input: Partial<Parameters<TempCase['engine']['handlers']['alerts']['list']>[0]> = {}): Promise<AlertList> => await one.engine.handlers.alerts.list({ state: null, rule: null, limit: 1000, ...input }, context);
const evaluate = async (): ReturnType<() => Promise<{ raised: number; resolved: number; withdrawn: number; late: number }>> => await one.engine.handlers.alerts.evaluate({ run: '' }, context);
const named = async (name: string): Promise<Alert[]> => (await list()).alerts.filter(({ ruleName }) => ruleName === name);
const BASE: AlertRuleEdit = { ...DEFAULT_RULES[0], name: 'Mine' };

const FAILING = (second: number): boolean => second >= 200 && second < 220;

describe('alerts of a case', () => {
  it('has the six rules of the start, and nothing to say of no events', async () => {
    const rules = await one.engine.handlers.alerts.rules({}, context);
    expect(rules.map(({ name, metric, operator, threshold, level, window, enabled }) => [name, metric, operator, threshold, level, window, enabled])).toEqual([
      ['High Error Rate', 'error_rate', '>', 5, 'WARNING', 60, true],
      ['Critical Errors', 'error_rate', '>', 20, 'CRITICAL', 30, true],
      ['High P99 Latency', 'latency_p99', '>', 500, 'WARNING', 60, true],
      ['Critical Latency', 'latency_p99', '>', 1000, 'CRITICAL', 30, true],
      ['Error Spike', 'error_count', '>', 100, 'WARNING', 60, true],
      ['Low Throughput', 'total_requests', '<', 10, 'INFO', 300, true],
    ]);
    // What is removed stays so when the case is opened again.
    await one.engine.handlers.alerts.removeRule({ id: rules[5].id }, context);
    await one.reopen();
    expect(await one.engine.handlers.alerts.rules({}, context)).toHaveLength(5);
    await one.engine.handlers.alerts.restoreRule({ id: rules[5].id }, context);
    expect(await evaluate()).toEqual({ raised: 0, resolved: 0, withdrawn: 0, late: 0 });
  });

  it('fires when it should, tells why, and leads to its events', async () => {
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 600, FAILING, (second) => second >= 400 && second < 410)));
    expect(await evaluate()).toEqual({ raised: 4, resolved: 0, withdrawn: 0, late: 0 });
    const { alerts, counts } = await list();
    expect(alerts.map(({ ruleName, state }) => `${ruleName} ${state}`).sort()).toEqual(['Critical Errors resolved', 'Critical Latency resolved', 'High Error Rate resolved', 'High P99 Latency resolved']);
    expect(counts).toEqual({ pending: 0, active: 0, acknowledged: 0, resolved: 4 });
    // Of the last 30 requests 7 failed at second 207, and 6 at 244.
    const [critical] = await named('Critical Errors');
    expect([critical.started, critical.fired ?? 0, critical.ended, critical.over ?? 0, critical.peakAt].map(seconds)).toEqual([207, 207, 243, 273, 220]);
    expect(critical).toMatchObject({ peak: 100 * (20 / 30), severity: 'critical', level: 'CRITICAL', group: '', resolvedBy: '' });
    expect(critical.finding.why).toBe('Error rate was over 20 % in windows of 30 s, for 37 s; the most was 66.7 %.');
    expect((await one.page(critical.finding.scope)).total).toBe(20);
    const [slow] = await named('Critical Latency');
    expect((await one.page(slow.finding.scope)).total).toBe(10);
  });

  it('says what a rule would have done before it is there', async () => {
    const { backtest } = one.engine.handlers.alerts;
    const rule: AlertRuleEdit = { ...BASE, window: 20, threshold: 30 };
    const ask = { from: null, to: null, buckets: 100, run: '' };
    const whole = await backtest({ ...ask, rule }, context);
    expect(whole).toMatchObject({ total: 1, looked: 1, idle: '', basis: { events: 600, requests: 600, latencies: 600 } });
    expect(whole.alerts.map(({ started, ended, peak }) => [seconds(started), seconds(ended), peak])).toEqual([[207, 233, 100]]);
    expect(Math.max(...whole.drawing.worst.filter((value) => !Number.isNaN(value)))).toBe(100);
    expect((await backtest({ ...ask, rule, to: (START + 200_000) * 1000 }, context)).total).toBe(0);
    expect((await list()).total).toBe(4);
    expect((await backtest({ ...ask, rule: { ...rule, query: 'service:nobody' } }, context)).idle).toBe('No event fits the query.');
    await expect(backtest({ ...ask, rule: { ...rule, query: 'service:(' } }, context)).rejects.toMatchObject({ code: 'query' });
  });

  it('judges what goes on, finds the same again and adds nothing; what people did stays', async () => {
    await one.ingest(one.write('b.jsonl', requests('shop', 600, 900, (second) => second >= 850)));
    await evaluate();
    const before = await list({ state: 'open' });
    expect(before.alerts.map(({ ruleName, state }) => `${ruleName} ${state}`).sort()).toEqual(['Critical Errors active', 'High Error Rate active']);
    const [first, second] = before.alerts;
    const { alerts } = one.engine.handlers;
    await alerts.acknowledge({ ids: [first.id], note: 'looking' }, context);
    expect(await evaluate()).toEqual({ raised: 0, resolved: 0, withdrawn: 0, late: 0 });
    expect((await list({ state: 'open' })).alerts.map(({ id, state }) => [id, state])).toEqual([[first.id, 'acknowledged'], [second.id, 'active']]);
    await alerts.resolve({ ids: [first.id], note: '' }, context);
    await evaluate();
    const { alert, changes, drawing } = await alerts.get({ id: first.id, buckets: 100, run: '' }, context);
    expect(alert).toMatchObject({ state: 'resolved', resolvedBy: 'ana', acknowledgedBy: 'ana' });
    expect(alert.finding.events).toHaveLength(5);
    expect(drawing.worst.some((value) => value === 100)).toBe(true);
    expect(changes.map(({ by, what, note }) => [by, what, note])).toEqual([['', 'raised', 'active'], ['ana', 'acknowledged', 'looking'], ['ana', 'resolved', '']]);
    await alerts.reopen({ ids: [first.id] }, context);
    await alerts.unacknowledge({ ids: [first.id] }, context);
    expect((await list()).counts).toMatchObject({ active: 2 });
    // It goes on in another file, and is over there.
    await one.ingest(one.write('c.jsonl', requests('shop', 900, 1200, (second) => second < 910)));
    await evaluate();
    const [over] = (await list()).alerts.filter(({ id }) => id === first.id);
    expect([over.state, over.resolvedBy, over.started]).toEqual(['resolved', '', first.started]);
  });

  it('is quiet where it is silenced, or its like was marked wrong', async () => {
    const { alerts, findings } = one.engine.handlers;
    const resolved = async (): Promise<number> => (await list()).counts.resolved;
    const all = await resolved();
    const [first] = await named('Critical Errors');
    const { id } = await alerts.silence({ silence: { rule: first.rule, group: null, from: first.started, until: first.started + 1, reason: 'known' } }, context);
    await alerts.silence({ silence: { rule: null, group: null, from: null, until: START * 1000, reason: 'before' } }, context);
    expect((await named('Critical Errors')).map((one) => [one.id, one.silence])).toEqual(expect.arrayContaining([[first.id, id]]));
    expect(await resolved()).toBe(all - 1);
    const [slow] = await named('Critical Latency');
    const mark = await findings.mark({ like: slow.finding.like, key: slow.finding.key, title: '', verdict: 'wrong', note: '' }, context);
    expect(await resolved()).toBe(all - 2);
    await alerts.unsilence({ id }, context);
    expect(await resolved()).toBe(all - 1);
    expect((await alerts.restoreSilence({ id }, context)).reason).toBe('known');
    await alerts.unsilence({ id }, context);
    await findings.unmark({ id: mark.id }, context);
    expect(await alerts.statistics({ from: null, to: null }, context)).toMatchObject({ total: all, open: 0 });
  });

  it('goes by group and by the query of the rule, and one that cannot be run fails alone', async () => {
    await one.ingest(one.write('d.jsonl', requests('cart', 1200, 1400) + requests('pay', 1200, 1400, (second) => second >= 1260 && second < 1280)));
    const { alerts } = one.engine.handlers;
    const { id } = await alerts.saveRule({ id: null, rule: { ...BASE, threshold: 50, window: 20, groupBy: 'service' } }, context);
    await alerts.saveRule({ id: null, rule: { ...BASE, name: 'Not shop', threshold: 20, window: 20, query: '-service:shop' } }, context);
    const broken = await alerts.saveRule({ id: null, rule: { ...BASE, name: 'Broken', query: 'service:(' } }, context);
    await evaluate();
    expect((await list({ rule: id })).alerts.map(({ finding }) => finding.title).sort()).toEqual(['Mine: pay', 'Mine: shop', 'Mine: shop']);
    const [notShop] = await named('Not shop');
    expect(seconds(notShop.peakAt)).toBe(1280);
    expect((await one.page(notShop.finding.scope)).total).toBe(20);
    expect((await list()).failed).toMatchObject([{ rule: broken.id }]);
    await alerts.removeRule({ id: broken.id }, context);
  });

  it('takes back the alerts of a rule that is switched off or changed, and keeps its history', async () => {
    const { alerts } = one.engine.handlers;
    const mine = (await alerts.rules({}, context)).find(({ name }) => name === 'Mine');
    const id = mine?.id ?? 0;
    const rule: AlertRuleEdit = { ...BASE, threshold: 50, window: 20, groupBy: 'service' };
    const [alert] = await named('Mine');
    await alerts.acknowledge({ ids: [alert.id], note: '' }, context);
    await alerts.saveRule({ id, rule: { ...rule, enabled: false } }, context);
    await evaluate();
    expect(await named('Mine')).toEqual([]);
    await alerts.saveRule({ id, rule: { ...rule, threshold: 60 } }, context);
    await evaluate();
    expect((await named('Mine')).find((one) => one.id === alert.id)).toMatchObject({ acknowledgedBy: 'ana', ruleVersion: 3 });
    const changes = await alerts.ruleChanges({ id, limit: 50 }, context);
    expect(changes.map(({ what, note }) => [what, note === '' ? null : (JSON.parse(note) as AlertRuleEdit).enabled])).toEqual([['changed', false], ['changed', true], ['created', null]]);
  });

  it('takes back what events that come late do not make any more', async () => {
    const before = await named('Critical Errors');
    await one.ingest(one.write('late.jsonl', Array.from({ length: 30 }, (_, i) => requests(`late-${i}`, 150, 300)).join('')));
    expect((await evaluate()).withdrawn).toBeGreaterThan(0);
    expect((await named('Critical Errors')).map(({ id }) => id)).toEqual(before.map(({ id }) => id).filter((id) => id !== before.at(-1)?.id));
  });

  it('judges stored metrics', async () => {
    const samples = Array.from({ length: 60 }, (_, i) => `${at(i * 10)},${i >= 30 && i < 36 ? 97 : 40}`).join('\n');
    await one.ingest(one.write('cpu.csv', `timestamp,cpu_percent\n${samples}\n`), { format: 'csv-metrics' });
    const rule: AlertRuleEdit = { ...BASE, metric: 'series', series: 'cpu', threshold: 90, window: 30 };
    const tested = await one.engine.handlers.alerts.backtest({ rule, from: null, to: null, buckets: 100, run: '' }, context);
    expect(tested.alerts.map(({ started, ended, peak }) => [seconds(started), seconds(ended), peak])).toEqual([[321, 360, 97]]);
  });

  it('is all on the command line', async () => {
    const run = async (...words: string[]): Promise<{ code: number; json: Record<string, unknown>[]; notes: string[] }> => {
      const json: Record<string, unknown>[] = [];
      const notes: string[] = [];
      const out = { text: async () => await Promise.resolve(), json: async (value: unknown) => await Promise.resolve(void json.push(value as Record<string, unknown>)), end: async () => await Promise.resolve() };
      const code = await alertsCommand.run(parseArguments([one.file, ...words, '--json'], alertsCommand.options), { engine: () => one.engine, out, note: (text) => void notes.push(text), progress: () => undefined, ...context, json: true, now: START * 1000 });
      return { code, json, notes };
    };
    const { code, json } = await run();
    expect(code).toBe(0);
    const mine = json.find(({ rule }) => rule === 'Mine');
    expect(mine).toMatchObject({ level: 'WARNING', severity: 'medium', state: 'resolved', silenced: false });
    expect((await run('--resolve', String(mine?.id), '--note', 'done')).json).toMatchObject([{ id: mine?.id }]);
    expect((await run('--rules')).json.map(({ name }) => name)).toContain('Not shop');
    expect((await run('--backtest', 'not SHOP')).json).toMatchObject([{ rule: 'Not shop', idle: '' }]);
    await expect(run('--backtest', 'nothing')).rejects.toThrow('There is no alert rule "nothing"');
    await expect(run('--ack', 'x')).rejects.toThrow('--ack is the number');
    await expect(run('--ack', '1', '--rules')).rejects.toThrow('One of --rules');
    // Another program may have it open for writing; the rules are not run then.
    await one.reopen(true);
    expect((await list()).total).toBe(json.length);
    await expect(evaluate()).rejects.toMatchObject({ code: 'read_only' });
  });
});
