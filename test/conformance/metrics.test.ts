/** Files of metrics with known contents. They lie outside the repository: without them there is nothing to check. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { csvMetrics } from '../../src/main/engine/metrics/parsers/csv-metrics.ts';
import { exposition } from '../../src/main/engine/metrics/parsers/exposition.ts';
import { otlpMetrics } from '../../src/main/engine/metrics/parsers/otlp-metrics.ts';
import type { MetricCounts, MetricParser, MetricSink, Reject } from '../../src/main/engine/metrics/parsers/parser.ts';
import { prometheusJson } from '../../src/main/engine/metrics/parsers/prometheus-json.ts';
import { seriesKey, type SeriesHead } from '../../src/main/engine/metrics/series.ts';

const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const metrics = path.join(data, 'metrics');
const there = fs.existsSync(metrics);
if (!there) console.log('skipped: there is no ../shared/data/metrics beside the repository');

interface Found {
  counts: MetricCounts;
  samples: { series: SeriesHead; timeUs: number | null; value: number }[];
  exemplars: { traceId: string; value: number }[];
  rejects: Reject[];
}
async function read(parser: MetricParser, file: string): Promise<Found> {
  const found: Omit<Found, 'counts'> = { samples: [], exemplars: [], rejects: [] };
  const sink: MetricSink = {
    sample: (series, timeUs, value) => found.samples.push({ series, timeUs, value }),
    exemplar: (_series, _timeUs, value, traceId) => found.exemplars.push({ traceId, value }),
    reject: (reject) => found.rejects.push(reject),
  };
  const counts = await parser.read(fs.createReadStream(file, { highWaterMark: 1000 }), sink, { path: file, modified: Date.UTC(2026, 0, 1) * 1000, zone: 'UTC' });
  return { ...found, counts };
}

interface Expected {
  file: string;
  samples: number;
  type_lines: number;
  help_lines: number;
  distinct_sample_names: number;
  exemplars: number;
  nan_or_inf: number;
}

describe.skipIf(!there)('metrics', () => {
  const expected = there ? (JSON.parse(fs.readFileSync(path.join(metrics, 'expected_counts.json'), 'utf8')) as Expected[]) : [];

  it.each(expected)('reads $file as counted', async ({ file, ...want }) => {
    const { counts, samples, rejects } = await read(exposition, path.join(metrics, file));
    expect(rejects).toEqual([]);
    // The counter of the ground truth took what stands in front of the value for the name where the name is a label (dump-test-1: two
    // metrics, three series), so there it counted series.
    const nameIsLabel = fs.readFileSync(path.join(metrics, file), 'utf8').startsWith('{__name__=');
    expect({
      samples: samples.length,
      type_lines: counts.typeLines,
      help_lines: counts.helpLines,
      distinct_sample_names: new Set(samples.map(({ series }) => (nameIsLabel ? seriesKey(series.name, series.labels) : series.name))).size,
      exemplars: counts.exemplars,
      nan_or_inf: samples.filter(({ value }) => !Number.isFinite(value)).length,
    }).toEqual({
      samples: want.samples, type_lines: want.type_lines, help_lines: want.help_lines,
      distinct_sample_names: want.distinct_sample_names, exemplars: want.exemplars, nan_or_inf: want.nan_or_inf,
    });
  });

  it('tells times, kinds and exemplars of the two flavours', async () => {
    const dump = await read(exposition, path.join(metrics, 'dump-test-1.series.txt'));
    expect([...new Set(dump.samples.map(({ timeUs }) => timeUs))]).toEqual([0, 60e6, 120e6, 180e6, 240e6]);
    expect(new Set(dump.samples.map(({ series }) => seriesKey(series.name, series.labels))).size).toBe(3);
    const open = await read(exposition, path.join(metrics, 'alltypes.5mfs.openmetrics.txt'));
    expect(open.exemplars[0].value).toBe(-0.0003825067330956884);
    const kinds = new Map(open.samples.map(({ series }) => [series.name, series.kind]));
    expect(Object.fromEntries(kinds)).toMatchObject({
      go_build_info: 'gauge', rpc_requests_total: 'counter', rpc_requests_created: 'gauge', rpc_durations_seconds: 'summary',
      rpc_durations_histogram_seconds_bucket: 'histogram',
    });
  });

  it('reads the answers of the Prometheus API', async () => {
    const counts: Record<string, number[]> = {};
    for (const file of fs.readdirSync(path.join(metrics, 'api'))) {
      const text = fs.readFileSync(path.join(metrics, 'api', file), 'utf8');
      const { samples, exemplars, rejects } = await read(prometheusJson, path.join(metrics, 'api', file));
      expect(rejects, file).toEqual([]);
      counts[file] = [samples.length, exemplars.length];
      if (/vector|matrix/.test(file)) expect(samples.length, file).toBe(text.match(/\b\d{10}\.\d+,/g)?.length);
      else expect(samples).toEqual([]);
    }
    expect(counts['prom_api_00_vector.json']).toEqual([2, 0]);
    expect(counts['prom_api_01_matrix.json']).toEqual([6, 0]);
    expect(counts['prom_api_08_other.json']).toEqual([0, 3]);
  });
});

const nab = path.join(data, 'anomaly/data');
describe.skipIf(!fs.existsSync(nab))('tables of measurements', () => {
  it('reads every row of the Numenta Anomaly Benchmark', async () => {
    const files = (fs.readdirSync(nab, { recursive: true }) as string[]).filter((name) => name.endsWith('.csv'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const rows = fs.readFileSync(path.join(nab, file), 'utf8').trim().split('\n').slice(1);
      const { samples, rejects } = await read(csvMetrics, path.join(nab, file));
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
    const { samples, rejects } = await read(otlpMetrics, otlp);
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
