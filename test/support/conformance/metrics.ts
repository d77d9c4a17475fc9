/** metrics/: the Prometheus text format and OpenMetrics by expected_counts.json, and bodies of the HTTP API (api/). */
import fs from 'node:fs';
import path from 'node:path';
import { makeHead } from '../../../src/main/engine/formats/recognise.ts';
import { exposition } from '../../../src/main/engine/metrics/parsers/exposition.ts';
import type { MetricCounts, MetricParser, MetricSink, Reject } from '../../../src/main/engine/metrics/parsers/parser.ts';
import { recogniseMetrics } from '../../../src/main/engine/metrics/recognise-metrics.ts';
import { prometheusJson } from '../../../src/main/engine/metrics/parsers/prometheus-json.ts';
import { seriesKey, type SeriesHead } from '../../../src/main/engine/metrics/series.ts';
import type { Ledger } from './ledger.ts';
import { readJson } from './log-times.ts';

interface Expected {
  file: string;
  samples: number;
  type_lines: number;
  help_lines: number;
  type_counts: Record<string, number>;
  distinct_sample_names: number;
  exemplars: number;
  nan_or_inf: number;
}
export interface ReadMetrics {
  counts: MetricCounts;
  samples: { series: SeriesHead; timeUs: number | null; value: number }[];
  exemplars: { traceId: string; value: number }[];
  rejects: Reject[];
}

/** All that `parser` reads in the file, given in small pieces. */
export async function readMetrics(parser: MetricParser, file: string): Promise<ReadMetrics> {
  const found: Omit<ReadMetrics, 'counts'> = { samples: [], exemplars: [], rejects: [] };
  const sink: MetricSink = {
    sample: (series, timeUs, value) => found.samples.push({ series, timeUs, value }),
    exemplar: (_series, _timeUs, value, traceId) => found.exemplars.push({ traceId, value }),
    reject: (reject) => found.rejects.push(reject),
  };
  const counts = await parser.read(fs.createReadStream(file, { highWaterMark: 1000 }), sink, { path: file, modified: Date.UTC(2026, 0, 1) * 1000, zone: 'UTC' });
  return { ...found, counts };
}

export async function judgeMetrics(folder: string, ledger: Ledger): Promise<void> {
  const list = path.join(folder, 'expected_counts.json');
  if (fs.existsSync(list)) {
    for (const expected of readJson(list) as Expected[]) await ledger.file(expected.file, async () => await judgeText(folder, expected, ledger));
  } else {
    ledger.absent.push('expected_counts.json');
  }
  const api = path.join(folder, 'api');
  if (!fs.existsSync(api)) return void ledger.absent.push('api');
  for (const name of fs.readdirSync(api).filter((one) => one.endsWith('.json')).toSorted()) await ledger.file(`api/${name}`, async () => await judgeAnswer(folder, `api/${name}`, ledger));
  return undefined;
}

async function judgeText(folder: string, expected: Expected, ledger: Ledger): Promise<void> {
  const { file } = expected;
  const full = path.join(folder, file);
  const text = fs.readFileSync(full);
  const parser = recogniseMetrics(makeHead(file, text))?.parser;
  ledger.compare(file, 'recognised', exposition.id, parser?.id);
  if (!parser) return;
  const { counts, samples, rejects } = await readMetrics(parser, full);
  ledger.compare(file, 'unreadable', [], rejects.map(({ reason }) => reason));
  ledger.compare(file, 'samples', expected.samples, samples.length);
  ledger.compare(file, 'TYPE lines', expected.type_lines, counts.typeLines);
  ledger.compare(file, 'HELP lines', expected.help_lines, counts.helpLines);
  const kinds: Record<string, number> = {};
  for (const [, kind] of families(samples.map(({ series }) => series))) kinds[kind] = (kinds[kind] ?? 0) + 1;
  if (expected.type_lines > 0) ledger.compare(file, 'types', expected.type_counts, kinds, { holds: typesExplained(text.toString('utf8'), expected.type_counts, kinds), reason: 'families without a sample make no series, and kinds other than counter, gauge, summary and histogram have none of their own here' });
  const names = new Set(samples.map(({ series }) => series.name)).size;
  const series = new Set(samples.map(({ series: one }) => seriesKey(one.name, one.labels))).size;
  ledger.compare(file, 'sample names', expected.distinct_sample_names, names, {
    holds: text.toString('utf8').startsWith('{__name__=') && series === expected.distinct_sample_names,
    reason: `the name is a label here: the script took what stands in front of the value for it and so counted the ${series} series`,
  });
  ledger.compare(file, 'exemplars', expected.exemplars, counts.exemplars);
  ledger.compare(file, 'NaN and infinities', expected.nan_or_inf, samples.filter(({ value }) => !Number.isFinite(value)).length);
}
const OWN_KINDS = ['counter', 'gauge', 'summary', 'histogram'];
/** Whether what is missing of each kind are families that are described only; what has another kind is not compared. */
function typesExplained(text: string, expected: Readonly<Record<string, number>>, ours: Readonly<Record<string, number>>): boolean {
  const lines = text.split('\n');
  const empty = lines.flatMap((line) => {
    const [, name, kind] = /^#\s+TYPE\s+(\S+)\s+(\S+)/.exec(line) ?? [];
    return name !== undefined && !lines.some((sample) => sample.startsWith(name) && !/^[\w:]/.test(sample.slice(name.length).replace(/^_(?:total|sum|count|bucket|created|info)/, ''))) ? [kind] : [];
  });
  const others = Object.keys(expected).some((kind) => !OWN_KINDS.includes(kind));
  return OWN_KINDS.every((kind) => {
    const difference = (expected[kind] ?? 0) - (ours[kind] ?? 0);
    return difference === empty.filter((one) => one === kind).length || (others && kind === 'gauge' && difference < 0);
  });
}
/** Families of series and their kinds: those of a summary or histogram share one. */
function families(heads: readonly SeriesHead[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, kind } of heads) {
    const compound = kind === 'summary' || kind === 'histogram';
    // OpenMetrics: when a series of any kind began
    if (!compound && name.endsWith('_created')) continue;
    found.set(compound ? name.replace(/_(?:sum|count|bucket|created)$/, '') : name, kind);
  }
  return found;
}

async function judgeAnswer(folder: string, file: string, ledger: Ledger): Promise<void> {
  const full = path.join(folder, file);
  const { samples, rejects } = await readMetrics(prometheusJson, full);
  ledger.compare(file, 'unreadable', [], rejects.map(({ reason }) => reason));
  const { data } = readJson(full) as { data?: { resultType?: string; result?: { value?: unknown; values?: unknown[] }[] } };
  const wanted = data?.resultType === 'matrix' || data?.resultType === 'vector' ? (data.result ?? []) : [];
  ledger.compare(file, 'samples', wanted.reduce((sum, { value, values = [] }) => sum + values.length + (value === undefined ? 0 : 1), 0), samples.length);
}
