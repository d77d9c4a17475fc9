/** Files of metrics with known contents. They lie outside the repository: without them there is nothing to check. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { csvMetrics } from '../../src/main/engine/metrics/parsers/csv-metrics.ts';
import { exposition } from '../../src/main/engine/metrics/parsers/exposition.ts';
import { otlpMetrics } from '../../src/main/engine/metrics/parsers/otlp-metrics.ts';
import { seriesKey } from '../../src/main/engine/metrics/series.ts';
import { readMetrics } from '../support/conformance/metrics.ts';

const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const metrics = path.join(data, 'metrics');
const there = fs.existsSync(metrics);
if (!there) console.log('skipped: there is no ../shared/data/metrics beside the repository');

describe.skipIf(!there)('metrics', () => {
  it('tells times, kinds and exemplars of the two flavours', async () => {
    const dump = await readMetrics(exposition, path.join(metrics, 'dump-test-1.series.txt'));
    expect([...new Set(dump.samples.map(({ timeUs }) => timeUs))]).toEqual([0, 60e6, 120e6, 180e6, 240e6]);
    expect(new Set(dump.samples.map(({ series }) => seriesKey(series.name, series.labels))).size).toBe(3);
    const open = await readMetrics(exposition, path.join(metrics, 'alltypes.5mfs.openmetrics.txt'));
    expect(open.exemplars[0].value).toBe(-0.0003825067330956884);
    const kinds = new Map(open.samples.map(({ series }) => [series.name, series.kind]));
    expect(Object.fromEntries(kinds)).toMatchObject({
      go_build_info: 'gauge', rpc_requests_total: 'counter', rpc_requests_created: 'gauge', rpc_durations_seconds: 'summary',
      rpc_durations_histogram_seconds_bucket: 'histogram',
    });
  });
});

const nab = path.join(data, 'anomaly/data');
describe.skipIf(!fs.existsSync(nab))('tables of measurements', () => {
  it('reads every row of the Numenta Anomaly Benchmark', async () => {
    const files = (fs.readdirSync(nab, { recursive: true }) as string[]).filter((name) => name.endsWith('.csv'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const rows = fs.readFileSync(path.join(nab, file), 'utf8').trim().split('\n').slice(1);
      const { samples, rejects } = await readMetrics(csvMetrics, path.join(nab, file));
      expect(rejects, file).toEqual([]);
      expect(samples.length, file).toBe(rows.length);
      expect(new Set(samples.map(({ series }) => series.name)), file).toEqual(new Set([path.basename(file, '.csv')]));
      expect(samples[0], file).toMatchObject({ timeUs: Date.parse(`${rows[0].slice(0, 10)}T${rows[0].slice(11, 19)}Z`) * 1000, value: Number(rows[0].split(',')[1]) });
    }
  });
});

const otlp = path.join(data, 'traces/otlp/metrics.json');
describe.skipIf(!fs.existsSync(otlp))('OpenTelemetry', () => {
  it('reads the example of the specification', async () => {
    const { samples, rejects } = await readMetrics(otlpMetrics, otlp);
    expect(rejects).toEqual([]);
    const of = (name: string): number[] => samples.filter(({ series }) => series.name === name).map(({ value }) => value);
    const document = JSON.parse(fs.readFileSync(otlp, 'utf8')) as OtlpExample;
    const metrics = document.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: list }) => list));
    const [sum, gauge, histogram, exponential] = metrics.map((metric) => Object.values(metric).find((value): value is OtlpData => typeof value === 'object')?.dataPoints[0] ?? {});
    expect(of('my.counter')).toEqual([sum.asDouble]);
    expect(of('my.gauge')).toEqual([gauge.asDouble]);
    expect(of('my.histogram_count')).toEqual([Number(histogram.count)]);
    expect(of('my.histogram_bucket').at(-1)).toBe(Number(histogram.count));
    expect(of('my.exponential.histogram_bucket').at(-1)).toBe(Number(exponential.count));
    // The buckets of the example hold everything: the last one with a bound is already the whole.
    expect(of('my.exponential.histogram_bucket').at(-2)).toBe(Number(exponential.count));
  });
});
interface OtlpData {
  dataPoints: { asDouble?: number; count?: number | string }[];
}
interface OtlpExample {
  resourceMetrics: { scopeMetrics: { metrics: Record<string, string | OtlpData>[] }[] }[];
}
