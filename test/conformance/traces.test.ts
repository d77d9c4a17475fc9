/**
 * Trace files with known contents (Jaeger, Zipkin and OTLP fixtures of those projects), decoded and read as the engine does. Counts were made by an
 * independent script; every rule where a reader could count otherwise is said at the comparison. The files lie outside the repository,
 * so without them there is nothing to check.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ReadRecord } from '../../src/main/engine/formats/lib/collect.ts';
import { loadDecoded, type Loaded } from '../support/load-decoded.ts';
import { severityCode } from '../support/read-log.ts';

const folder = fileURLToPath(new URL('../../../shared/data/traces', import.meta.url));
const there = fs.existsSync(folder);
if (!there) console.log('skipped: there is no ../shared/data/traces beside the repository');

interface Expectation {
  file: string;
  detected?: 'otlp' | 'jaeger' | 'zipkin-v2' | 'zipkin-v1';
  traces: number;
  spans: number;
  services: string[];
  root_spans: number;
  orphan_spans: number;
  error_spans: number;
}

const load = (file: string): Promise<Loaded> => loadDecoded(fs.readFileSync(path.join(folder, file)), undefined, file);
function attribute(record: ReadRecord, name: string): unknown {
  return record.attributes.find((found) => found.name === name)?.value;
}

/** What the counting script counts, from our records. */
function counted(records: readonly ReadRecord[]): Omit<Expectation, 'file'> {
  const known = new Set(records.map(({ fields }) => `${fields.traceId} ${fields.spanId}`));
  const parents = records.map((record) => ({ trace: record.fields.traceId, parent: attribute(record, 'parent_span_id') }));
  return {
    traces: new Set(records.map(({ fields }) => fields.traceId)).size,
    spans: records.length,
    services: [...new Set(records.flatMap(({ fields }) => fields.service ?? []))].toSorted(),
    root_spans: parents.filter(({ parent }) => parent === undefined).length,
    orphan_spans: parents.filter(({ trace, parent }) => parent !== undefined && !known.has(`${trace} ${String(parent)}`)).length,
    error_spans: records.filter((record) => attribute(record, 'otel.status_code') === 'ERROR').length,
  };
}

const expectations = there ? (JSON.parse(fs.readFileSync(path.join(folder, 'expected_counts.json'), 'utf8')) as Expectation[]).filter(({ detected }) => detected !== undefined) : [];

/** Where a rule of ours counts otherwise than the script. */
const OTHERWISE: Readonly<Record<string, Partial<Expectation>>> = {
  // span-7 has only a FOLLOWS_FROM reference. The script counts CHILD_OF alone; Jaeger (model.Span.ParentSpanID, and the tree of its window)
  // takes FOLLOWS_FROM of the same trace for the parent when there is no CHILD_OF, and so do we: one root less.
  'jaeger-ui/tableValuesTestTrace__testTrace.json': { root_spans: 1 },
};
/** Spans that were written without a name (Zipkin allows it): the server's halves of shared spans. */
const NAMELESS: Readonly<Record<string, number>> = { 'zipkin/smartthings-oauth-authorization.json': 6 };

describe.skipIf(!there)('trace files', () => {
  it('are all there', () => {
    expect(expectations.length).toBeGreaterThanOrEqual(32);
  });

  it.each(expectations.map((expected) => [expected.file, expected] as const))('loads %s with equal counts', async (file, expected) => {
    const { format, records, rejects, signal } = await load(file);
    expect(rejects).toEqual([]);
    expect(format).toBe(expected.detected?.replace(/-v\d$/, ''));
    expect(signal).toBe('traces');
    const { traces, spans, services, root_spans, orphan_spans, error_spans } = { ...expected, ...OTHERWISE[file] };
    expect(counted(records)).toEqual({ traces, spans, services: services.toSorted(), root_spans, orphan_spans, error_spans });
    expect(records.filter((record) => attribute(record, 'name') === undefined), 'spans without an operation').toHaveLength(NAMELESS[file] ?? 0);
    for (const record of records) {
      expect(record.time, 'every span has its start').not.toBeNull();
      // What failed stands out, and nothing else is called failed: not by its wording, only by its status.
      const failed = attribute(record, 'otel.status_code') === 'ERROR';
      if (failed) expect(severityCode(record)).toBe(3);
      else expect(severityCode(record)).toBe((record.numbers.status ?? 0) >= 500 ? 3 : (record.numbers.status ?? 0) >= 400 ? 2 : 0);
    }
  });

  it('reads OTLP as Jaeger converts it', async () => {
    const [otlp, jaeger] = await Promise.all([load('otlp-to-jaeger/otlp2jaeger-in.json'), load('otlp-to-jaeger/otlp2jaeger-out.json')]);
    expect(otlp.records).toHaveLength(2);
    const said = ({ time, fields, numbers, message, attributes }: ReadRecord): unknown => ({
      time, fields, numbers, message,
      // The schema's address has no place in Jaeger's model; the conversion leaves it out.
      attributes: Object.fromEntries(attributes.filter(({ name }) => name !== 'otel.schema_url').map(({ name, value }) => [name, value])),
    });
    expect(otlp.records.map(said)).toEqual(jaeger.records.map(said));
  });

  it('reads the log record of opentelemetry-proto', async () => {
    const { format, signal, records, rejects } = await load('otlp/logs.json');
    expect([format, signal, rejects, records.length]).toEqual(['otlp-logs', 'logs', [], 1]);
    expect(records[0]).toMatchObject({ time: 1544712660300000, message: 'Example log record', fields: { service: 'my.service', traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', level: 'info' } });
    expect(Object.fromEntries(records[0].attributes.map(({ name, value }) => [name, value]))).toMatchObject({
      'string.attribute': 'some string', 'boolean.attribute': true, 'int.attribute': 10, 'double.attribute': 637.704, 'array.attribute.1': 'values', 'map.attribute.some.map.key': 'some value',
      'otel.scope.name': 'my.library', 'otel.scope.my.scope.attribute': 'some scope attribute',
    });
  });
});
