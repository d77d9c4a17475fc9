/** Statistics of what was read, through the whole engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RelationReply, StatisticsReply } from '../../src/shared/contract/statistics.ts';
import { Random } from '../../src/main/engine/analysis/models/random.ts';
import { context, TempCase, everything } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 8);
const N = 1200;

/** Latencies of payment are about twice those of cart; the size of an answer grows with its latency; late ones fail. */
function log(): string {
  const random = new Random(8);
  const normal = (): number => Array.from({ length: 12 }, () => random.next()).reduce((sum, value) => sum + value, -6);
  return Array.from({ length: N }, (_, i) => {
    const service = i % 2 === 0 ? 'cart' : 'payment';
    const latency = (service === 'cart' ? 100 : 200) + 10 * normal();
    const line = { timestamp: new Date(START + i * 1000).toISOString(), service, level: i % 3 === 0 && service === 'payment' ? 'error' : 'info', message: `request ${i}`, latency_ms: Number(latency.toFixed(2)), bytes: Math.round(latency * 40 + 60 * normal()), status: latency > 215 ? 500 : 200, zone: 'eu' };
    return JSON.stringify(line);
  }).join('\n');
}
const METRICS = Array.from({ length: 60 }, (_, i) => `cpu_load{host="a"} ${(i % 10) / 10} ${START + i * 20_000}\ncpu_load{host="b"} ${3 + (i % 10) / 10} ${START + i * 20_000}`).join('\n');

describe('statistics of a case', () => {
  let made: TempCase;
  const compare = async (field: string, more: { by?: string; part?: { from: number; to: number }; query?: string } = {}): Promise<StatisticsReply> =>
    await made.engine.handlers.statistics.compare({ scope: everything(more.query), field, by: more.by ?? '', part: more.part ?? null, run: '' }, context);
  const relate = async (y: string, ...x: string[]): Promise<RelationReply> => await made.engine.handlers.statistics.relate({ scope: everything(), y, x, run: '' }, context);
  beforeAll(async () => {
    made = await TempCase.create();
    await made.ingest(made.write('app.jsonl', log()));
    await made.ingest(made.write('load.prom', `# TYPE cpu_load gauge\n${METRICS}\n`));
  });
  afterAll(async () => await made.remove());

  it('offers what has numbers, each once', async () => {
    const fields = await made.engine.handlers.statistics.fields({ scope: everything() }, context);
    expect(fields.map(({ name, unit }) => `${name} ${unit}`.trim()).sort()).toEqual(['bytes', 'latency_ms ms', 'metric:cpu_load', 'status']);
    expect(fields.every(({ share }) => share === 1)).toBe(true);
  });

  it('compares means of groups that are large and not skewed', async () => {
    const { groups, test, also, conclusion, unit, present, bins } = await compare('latency_ms', { by: 'service' });
    expect(test).toMatchObject({ id: 'welch-t', effect: { size: 'large' } });
    expect(test?.p).toBeLessThan(1e-10);
    expect(also.map(({ id }) => id)).toEqual(['mann-whitney', 'student-t', 'kolmogorov-smirnov']);
    expect([unit, present]).toEqual(['ms', N]);
    expect(conclusion).toMatch(/^Hardly chance\. The two groups differ \(p < 0\.0001, large effect: Hedges' g -?\d+\); medians (199|200)(\.\d+)? ms \(payment\) and (99|100)(\.\d+)? ms \(cart\)\.$/);
    const cart = groups.find(({ name }) => name === 'cart');
    expect(cart?.described.mean).toBeCloseTo(100, -0.5);
    expect(cart?.described.sd).toBeCloseTo(10, -0.5);
    expect(cart?.counts.reduce((sum, n) => sum + n, 0)).toBe(N / 2);
    expect(cart?.counts).toHaveLength(bins.n);
    expect(cart?.whiskers.low).toBeGreaterThanOrEqual(cart?.described.min ?? 0);
    // The scope of a group finds its events.
    const found = await made.engine.handlers.events.count({ scope: cart?.scope ?? everything(), limit: 1 }, context);
    expect(found.total).toBe(N / 2);
  });

  it('finds no difference between two halves of the time', async () => {
    const part = { from: START * 1000, to: (START + (N / 2) * 1000) * 1000 };
    const { test, groups, conclusion } = await compare('latency_ms', { part, query: 'service:cart' });
    expect(groups.map(({ name, described: { n } }) => [name, n])).toEqual([['selection', N / 4], ['the rest', N / 4]]);
    expect(test?.p).toBeGreaterThan(0.05);
    expect(conclusion).toContain('This may be chance.');
  });

  it('compares counts of words', async () => {
    const { kind, contingency, test } = await compare('level', { by: 'service' });
    expect([kind, contingency]).toEqual(['words', { groups: ['cart', 'payment'], values: ['info', 'error'], counts: [[600, 0], [400, 200]], more: 0 }]);
    expect(test).toMatchObject({ id: 'chi-square', effect: { name: "Cramér's V" } });
    expect(test?.statistic).toBe('X² = 240, df = 1');
  });

  it('describes one group without a test, and says when there is nothing', async () => {
    expect((await compare('latency_ms')).test).toBeNull();
    expect(await compare('nothing')).toMatchObject({ groups: [], present: 0, conclusion: 'No event of this scope has a value of nothing.' });
    expect((await compare('zone')).conclusion).toBe('1 different value.');
  });

  it('compares series of a metric by label', async () => {
    const { groups, test } = await compare('metric:cpu_load', { by: 'host' });
    expect(groups.map(({ name, described: { n, median } }) => [name, n, Number(median.toFixed(2))])).toEqual([['a', 60, 0.45], ['b', 60, 3.45]]);
    expect(test?.id).toBe('welch-t');
    await expect(compare('metric:none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('correlates and explains', async () => {
    const { n, correlations: [{ pearson, spearman }], regression, conclusion, points } = await relate('bytes', 'latency_ms');
    expect(n).toBe(N);
    expect(pearson.r).toBeGreaterThan(0.99);
    expect(spearman.r).toBeGreaterThan(0.98);
    expect(regression).toMatchObject({ kind: 'linear' });
    expect(regression?.coefficients[1].value).toBeCloseTo(40, -0.3);
    expect(conclusion).toContain('bytes and latency_ms closely go together');
    expect(points.x).toHaveLength(N);
    // Ten times out of ten the same threshold.
    expect(await relate('status', 'latency_ms')).toMatchObject({ regression: null, noRegression: expect.stringContaining('tells 200 from 500') });
    const logistic = await relate('status', 'bytes');
    expect(logistic.regression).toMatchObject({ kind: 'logistic', outcome: { of: 500, against: 200 } });
    expect(logistic.regression?.coefficients[1].value).toBeGreaterThan(0);
  });

  it('brings metrics and events together by steps of time', async () => {
    const { step, n, cautions } = await relate('metric:cpu_load', 'latency_ms');
    expect(step).toBeGreaterThan(0);
    expect(n).toBeGreaterThan(20);
    expect(cautions[1]).toContain('Pairs are means of');
  });

  it('refuses what makes no sense', async () => {
    await expect(relate('bytes', 'bytes')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(relate('bytes', 'zone')).rejects.toMatchObject({ message: expect.stringContaining('Only 0 events have a number') });
  });
});
