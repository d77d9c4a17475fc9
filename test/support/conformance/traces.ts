/** traces/: spans of Jaeger, Zipkin and OTLP by expected_counts.json, and Jaeger's own conversion of OTLP. */
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ReadRecord } from '../../../src/main/engine/formats/lib/collect.ts';
import { loadDecoded, type Loaded } from '../load-decoded.ts';
import type { Ledger } from './ledger.ts';
import { readJson } from './log-times.ts';

interface Counts {
  traces: number;
  spans: number;
  services: string[];
  root_spans: number;
  orphan_spans: number;
  error_spans: number;
}
interface Expected extends Counts {
  file: string;
  detected?: string;
  top_level_keys?: string[];
  note?: string;
}

export async function judgeTraces(folder: string, ledger: Ledger): Promise<void> {
  if (!fs.existsSync(path.join(folder, 'expected_counts.json'))) return void ledger.absent.push('expected_counts.json');
  for (const expected of readJson(path.join(folder, 'expected_counts.json')) as Expected[]) {
    const { file, detected, top_level_keys: keys } = expected;
    if (detected !== undefined) await ledger.file(file, async () => await judgeSpans(folder, expected, ledger));
    else if (keys?.includes('resourceLogs')) await ledger.file(file, async () => await judgeLogs(folder, file, ledger));
    else if (fs.existsSync(path.join(folder, file))) ledger.add(file, 'ground truth', expected.note ?? 'none', 'not compared', false, { holds: true, reason: 'the ground truth counts nothing in it' });
  }
  const conversions = path.join(folder, 'otlp-to-jaeger');
  if (!fs.existsSync(conversions)) return void ledger.absent.push('otlp-to-jaeger');
  for (const name of fs.readdirSync(conversions).filter((one) => one.endsWith('-in.json'))) {
    const file = `otlp-to-jaeger/${name}`;
    await ledger.file(file, async () => await judgeConversion(folder, file, ledger));
  }
  return undefined;
}

/** The document `file` of the folder, as the engine loads it. */
export async function loadTraces(folder: string, file: string): Promise<Loaded> {
  return await loadDecoded(fs.readFileSync(path.join(folder, file)), undefined, file);
}
export function spanAttribute(record: ReadRecord, name: string): unknown {
  return record.attributes.find((found) => found.name === name)?.value;
}

/** What the counting script counts, from our records. */
function counted(records: readonly ReadRecord[]): Counts {
  const known = new Set(records.map(({ fields }) => `${fields.traceId} ${fields.spanId}`));
  const parents = records.map((record) => ({ trace: record.fields.traceId, parent: spanAttribute(record, 'parent_span_id') }));
  return {
    traces: new Set(records.map(({ fields }) => fields.traceId)).size,
    spans: records.length,
    services: [...new Set(records.flatMap(({ fields }) => fields.service ?? []))].toSorted(),
    root_spans: parents.filter(({ parent }) => parent === undefined).length,
    orphan_spans: parents.filter(({ trace, parent }) => parent !== undefined && !known.has(`${trace} ${String(parent)}`)).length,
    error_spans: records.filter((record) => spanAttribute(record, 'otel.status_code') === 'ERROR').length,
  };
}

async function judgeSpans(folder: string, expected: Expected, ledger: Ledger): Promise<void> {
  const { file } = expected;
  const { format, signal, records, rejects } = await loadTraces(folder, file);
  ledger.compare(file, 'recognised', [expected.detected?.replace(/-v\d$/, ''), 'traces'], [format, signal]);
  ledger.compare(file, 'undecodable', [], rejects);
  const ours = counted(records);
  for (const what of ['traces', 'spans', 'orphan_spans', 'error_spans'] as const) ledger.compare(file, what, expected[what], ours[what]);
  ledger.compare(file, 'services', expected.services.toSorted(), ours.services);
  ledger.compare(file, 'root_spans', expected.root_spans, ours.root_spans, {
    holds: expected.root_spans - ours.root_spans === followers(readJson(path.join(folder, file))),
    reason: 'the script takes CHILD_OF alone for a parent; Jaeger (model.Span.ParentSpanID, and the tree of its window) takes FOLLOWS_FROM of the same trace where there is no CHILD_OF, and so do we',
  });
  ledger.compare(file, 'spans without a start', 0, records.filter(({ time }) => time === null).length);
}

interface JaegerSpan {
  traceID?: string;
  parentSpanID?: string;
  references?: { refType?: string; traceID?: string }[];
}
/** How many spans of a Jaeger document name nothing but a span of their trace that they follow. */
function followers(document: unknown): number {
  const { data = document } = document as { data?: unknown };
  const spans = [data].flat().flatMap((trace) => (trace as { spans?: JaegerSpan[] }).spans ?? []);
  return spans.filter(({ traceID, parentSpanID, references = [] }) => !parentSpanID && references.some(({ refType, traceID: other }) => refType === 'FOLLOWS_FROM' && (other ?? traceID) === traceID) && references.every(({ refType }) => refType !== 'CHILD_OF')).length;
}

async function judgeLogs(folder: string, file: string, ledger: Ledger): Promise<void> {
  const { format, records, rejects } = await loadTraces(folder, file);
  const { resourceLogs } = readJson(path.join(folder, file)) as { resourceLogs: { scopeLogs: { logRecords: unknown[] }[] }[] };
  ledger.compare(file, 'recognised', 'otlp-logs', format);
  ledger.compare(file, 'undecodable', [], rejects);
  ledger.compare(file, 'records', resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)).length, records.length);
}

async function judgeConversion(folder: string, file: string, ledger: Ledger): Promise<void> {
  const [otlp, jaeger] = await Promise.all([loadTraces(folder, file), loadTraces(folder, file.replace(/-in\.json$/, '-out.json'))]);
  const said = ({ records }: Loaded, without: string): unknown[] => records.map(({ time, fields, numbers, message, attributes }) => ({
    time, fields, numbers, message, attributes: Object.fromEntries(attributes.filter(({ name }) => name !== without).map(({ name, value }) => [name, value])),
  }));
  ledger.compare(file, 'as Jaeger converts it', said(jaeger, ''), said(otlp, ''), {
    holds: isDeepStrictEqual(said(jaeger, ''), said(otlp, 'otel.schema_url')), reason: 'the address of the schema has no place in Jaeger\'s model: its conversion leaves it out, we keep it',
  });
}
