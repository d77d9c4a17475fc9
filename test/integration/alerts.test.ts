import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../src/main/engine/analysis/alerts/default-rules.ts';
import type { Alert, AlertRuleEdit } from '../../src/shared/alert.ts';
import type { AlertList } from '../../src/shared/contract/alerts.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 8);
const at = (second: number): string => new Date(START + second * 1000).toISOString();
const seconds = (time: number): number => time / 1e6 - START / 1000;

let one: TempCase;
beforeEach(async () => {
  one = await TempCase.create();
});
afterEach(async () => await one.remove());

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

describe('alerts of a case', () => {
  it('has the six rules of the start', async () => {
    const rules = await one.engine.handlers.alerts.rules({}, context);
    expect(rules.map(({ name, metric, operator, threshold, level, window, enabled }) => [name, metric, operator, threshold, level, window, enabled])).toEqual([
      ['High Error Rate', 'error_rate', '>', 5, 'WARNING', 60, true],
      ['Critical Errors', 'error_rate', '>', 20, 'CRITICAL', 30, true],
      ['High P99 Latency', 'latency_p99', '>', 500, 'WARNING', 60, true],
      ['Critical Latency', 'latency_p99', '>', 1000, 'CRITICAL', 30, true],
      ['Error Spike', 'error_count', '>', 100, 'WARNING', 60, true],
      ['Low Throughput', 'total_requests', '<', 10, 'INFO', 300, true],
    ]);
    // They stay as they are left, opened again or not.
    await one.engine.handlers.alerts.removeRule({ id: rules[5].id }, context);
    await one.reopen();
    expect(await one.engine.handlers.alerts.rules({}, context)).toHaveLength(5);
  });

  it('fires when it should, tells why, and leads to its events', async () => {
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 600, (second) => second >= 200 && second < 220, (second) => second >= 400 && second < 410)));
    expect(await evaluate()).toEqual({ raised: 4, resolved: 0, withdrawn: 0, late: 0 });
    const { alerts, counts } = await list();
    expect(alerts.map(({ ruleName, state }) => [ruleName, state]).sort()).toEqual([['Critical Errors', 'resolved'], ['Critical Latency', 'resolved'], ['High Error Rate', 'resolved'], ['High P99 Latency', 'resolved']]);
    expect(counts).toEqual({ pending: 0, active: 0, acknowledged: 0, resolved: 4 });
    // Of the last 30 requests 7 failed at second 207, and 6 at 244.
    const [critical] = await named('Critical Errors');
    expect([critical.started, critical.fired ?? 0, critical.ended, critical.over ?? 0, critical.peakAt].map(seconds)).toEqual([207, 207, 243, 273, 220]);
    expect(critical).toMatchObject({ peak: 100 * (20 / 30), severity: 'critical', level: 'CRITICAL', group: '', resolvedBy: '' });
    expect(critical.finding.why).toBe('Error rate was over 20 % in windows of 30 s, for 37 s; the most was 66.7 %.');
    const { query, from, to } = critical.finding.scope;
    const found = await one.page({ query, from, to });
    expect(found.total).toBe(20);
    const [slow] = await named('Critical Latency');
    expect((await one.page(slow.finding.scope)).total).toBe(10);
  });

  it('finds the same again and adds nothing; what people did stays', async () => {
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 300, (second) => second >= 200)));
    await evaluate();
    const before = await list();
    expect(before.counts).toMatchObject({ active: 2 });
    const [first] = before.alerts;
    await one.engine.handlers.alerts.acknowledge({ ids: [first.id], note: 'looking' }, context);
    expect(await evaluate()).toEqual({ raised: 0, resolved: 0, withdrawn: 0, late: 0 });
    expect((await list()).alerts.map(({ id, state }) => [id, state])).toEqual(before.alerts.map(({ id }) => [id, id === first.id ? 'acknowledged' : 'active']));
    await one.engine.handlers.alerts.resolve({ ids: [first.id], note: '' }, context);
    await evaluate();
    const { alert, changes } = await one.engine.handlers.alerts.get({ id: first.id, buckets: 100, run: '' }, context);
    expect(alert).toMatchObject({ state: 'resolved', resolvedBy: 'ana', acknowledgedBy: 'ana' });
    expect(changes.map(({ by, what, note }) => [by, what, note])).toEqual([['', 'raised', 'active'], ['ana', 'acknowledged', 'looking'], ['ana', 'resolved', '']]);
    await one.engine.handlers.alerts.reopen({ ids: [first.id] }, context);
    await one.engine.handlers.alerts.unacknowledge({ ids: [first.id] }, context);
    expect((await list()).counts).toMatchObject({ active: 2 });
  });

  it('judges again what comes late, and what goes on', async () => {
    const failing = (second: number): boolean => second >= 200 && second < 250;
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 210, failing)));
    await evaluate();
    const [open] = await named('Critical Errors');
    expect([open.state, seconds(open.ended)]).toEqual(['active', 210]);
    await one.ingest(one.write('b.jsonl', requests('cart', 210, 400, failing)));
    const { raised, resolved } = await evaluate();
    expect(resolved).toBeGreaterThan(0);
    const [over] = await named('Critical Errors');
    expect([over.id, over.state, seconds(over.started)]).toEqual([open.id, 'resolved', seconds(open.started)]);
    // Good requests that come late take the alert back.
    await one.ingest(one.write('c.jsonl', Array.from({ length: 30 }, (_, i) => requests(`late-${i}`, 150, 300)).join('')));
    expect(await evaluate()).toMatchObject({ withdrawn: 2 + raised });
    expect((await list()).alerts).toEqual([]);
  });

  it('goes by group, and by the query of the rule', async () => {
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 200, (second) => second >= 100 && second < 150) + requests('cart', 0, 200) + requests('pay', 0, 200, (second) => second >= 60 && second < 80)));
    const { id } = await one.engine.handlers.alerts.saveRule({ id: null, rule: { ...BASE, threshold: 50, window: 20, groupBy: 'service' } }, context);
    await one.engine.handlers.alerts.saveRule({ id: null, rule: { ...BASE, name: 'Not shop', threshold: 20, window: 20, query: '-service:shop' } }, context);
    await evaluate();
    expect((await list({ rule: id })).alerts.map(({ group }) => group).sort()).toEqual(['pay', 'shop']);
    const [notShop] = await named('Not shop');
    expect(seconds(notShop.peakAt)).toBe(80);
    expect((await one.page(notShop.finding.scope)).total).toBe(20);
    expect((await named('Mine')).map(({ finding }) => finding.title).sort()).toEqual(['Mine: pay', 'Mine: shop']);
  });

  it('takes back the alerts of a rule that is switched off or changed, and keeps its history', async () => {
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 300, (second) => second >= 200)));
    const { id } = await one.engine.handlers.alerts.saveRule({ id: null, rule: BASE }, context);
    await evaluate();
    const [alert] = await named('Mine');
    await one.engine.handlers.alerts.acknowledge({ ids: [alert.id], note: '' }, context);
    await one.engine.handlers.alerts.saveRule({ id, rule: { ...BASE, enabled: false } }, context);
    await evaluate();
    expect(await named('Mine')).toEqual([]);
    await one.engine.handlers.alerts.saveRule({ id, rule: { ...BASE, threshold: 10 } }, context);
    await evaluate();
    expect((await named('Mine')).map(({ id: same, state, ruleVersion }) => [same, state, ruleVersion])).toEqual([[alert.id, 'acknowledged', 3]]);
    const changes = await one.engine.handlers.alerts.ruleChanges({ id, limit: 50 }, context);
    expect(changes.map(({ what, note }) => [what, note === '' ? null : (JSON.parse(note) as AlertRuleEdit).threshold])).toEqual([['changed', 5], ['changed', 5], ['created', null]]);
  });

  it('is quiet where it is silenced, or its like was marked wrong', async () => {
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 300, (second) => second >= 200)));
    await evaluate();
    const { alerts } = one.engine.handlers;
    const [first, second] = (await list()).alerts;
    const { id } = await alerts.silence({ silence: { rule: first.rule, group: null, from: first.started, until: first.started + 1, reason: 'known' } }, context);
    await alerts.silence({ silence: { rule: null, group: null, from: null, until: first.started - 3600e6, reason: 'before' } }, context);
    expect((await list()).alerts.map(({ silence }) => silence).sort()).toEqual([id, null].sort());
    expect((await list()).counts.active).toBe(1);
    await one.engine.handlers.findings.mark({ like: second.finding.like, key: second.finding.key, title: '', verdict: 'wrong', note: '' }, context);
    expect((await list()).counts.active).toBe(0);
    await alerts.unsilence({ id }, context);
    expect((await list()).counts.active).toBe(1);
    expect((await alerts.restoreSilence({ id }, context)).reason).toBe('known');
    expect(await alerts.statistics({ from: null, to: null }, context)).toMatchObject({ total: 2, open: 2 });
  });

  it('says what a rule would have done before it is there', async () => {
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 600, (second) => (second >= 100 && second < 110) || (second >= 400 && second < 420))));
    const { backtest } = one.engine.handlers.alerts;
    const rule: AlertRuleEdit = { ...BASE, window: 20, threshold: 30 };
    const whole = await backtest({ rule, from: null, to: null, buckets: 100, run: '' }, context);
    expect(whole).toMatchObject({ total: 2, looked: 1, idle: '', basis: { events: 600, requests: 600, latencies: 600 } });
    expect(whole.alerts.map(({ started, ended, peak }) => [seconds(started), seconds(ended), peak])).toEqual([[107, 123, 50], [407, 433, 100]]);
    expect(Math.max(...whole.drawing.worst.filter((value) => !Number.isNaN(value)))).toBe(100);
    const half = await backtest({ rule, from: null, to: (START + 300_000) * 1000, buckets: 100, run: '' }, context);
    expect(half.total).toBe(1);
    expect(await list()).toMatchObject({ alerts: [] });
    expect((await backtest({ rule: { ...rule, query: 'service:nobody' }, from: null, to: null, buckets: 100, run: '' }, context)).idle).toBe('No event fits the query.');
    await expect(backtest({ rule: { ...rule, query: 'service:(' }, from: null, to: null, buckets: 100, run: '' }, context)).rejects.toMatchObject({ code: 'query' });
  });

  it('goes on although one rule cannot be run', async () => {
    await one.ingest(one.write('a.jsonl', requests('shop', 0, 300, (second) => second >= 200)));
    const { id } = await one.engine.handlers.alerts.saveRule({ id: null, rule: { ...BASE, query: 'service:(' } }, context);
    await evaluate();
    const { alerts, failed } = await list();
    expect(alerts).toHaveLength(2);
    expect(failed).toMatchObject([{ rule: id }]);
  });

  it('judges stored metrics', async () => {
    const samples = Array.from({ length: 60 }, (_, i) => `${at(i * 10)},${i >= 30 && i < 36 ? 97 : 40}`).join('\n');
    await one.ingest(one.write('cpu.csv', `timestamp,cpu_percent\n${samples}\n`), { format: 'csv-metrics' });
    const rule: AlertRuleEdit = { ...BASE, metric: 'series', series: 'cpu', threshold: 90, window: 30 };
    const tested = await one.engine.handlers.alerts.backtest({ rule, from: null, to: null, buckets: 100, run: '' }, context);
    expect(tested.alerts.map(({ started, ended, peak }) => [seconds(started), seconds(ended), peak])).toEqual([[321, 360, 97]]);
  });

  it('has nothing to say of a case without events', async () => {
    expect(await evaluate()).toEqual({ raised: 0, resolved: 0, withdrawn: 0, late: 0 });
    expect((await one.page(everything())).total).toBe(0);
  });
});
