/**
 * Trace files with known contents (Jaeger, Zipkin and OTLP fixtures of those projects), decoded and read as the engine does. Counts were made by an
 * independent script; every rule where a reader could count otherwise is said at the comparison. The files lie outside the repository,
 * so without them there is nothing to check.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTraces, spanAttribute } from '../support/conformance/traces.ts';
import { severityCode } from '../support/read-log.ts';

const folder = fileURLToPath(new URL('../../../shared/data/traces', import.meta.url));
const there = fs.existsSync(folder);
if (!there) console.log('skipped: there is no ../shared/data/traces beside the repository');

const expectations = there ? (JSON.parse(fs.readFileSync(path.join(folder, 'expected_counts.json'), 'utf8')) as { file: string; detected?: string }[]).filter(({ detected }) => detected !== undefined) : [];

/** Spans that were written without a name (Zipkin allows it): the server's halves of shared spans. */
const NAMELESS: Readonly<Record<string, number>> = { 'zipkin/smartthings-oauth-authorization.json': 6 };

describe.skipIf(!there)('trace files', () => {
  it('are all there', () => {
    expect(expectations.length).toBeGreaterThanOrEqual(32);
  });

  it.each(expectations.map(({ file }) => file))('tells of %s what failed', async (file) => {
    const { records } = await loadTraces(folder, file);
    expect(records.filter((record) => spanAttribute(record, 'name') === undefined), 'spans without an operation').toHaveLength(NAMELESS[file] ?? 0);
    for (const record of records) {
      // What failed stands out, and nothing else is called failed: not by its wording, only by its status.
      const failed = spanAttribute(record, 'otel.status_code') === 'ERROR';
      if (failed) expect(severityCode(record)).toBe(3);
      else expect(severityCode(record)).toBe((record.numbers.status ?? 0) >= 500 ? 3 : (record.numbers.status ?? 0) >= 400 ? 2 : 0);
    }
  });

  it('reads the log record of opentelemetry-proto', async () => {
    const { format, signal, records, rejects } = await loadTraces(folder, 'otlp/logs.json');
    expect([format, signal, rejects, records.length]).toEqual(['otlp-logs', 'logs', [], 1]);
    expect(records[0]).toMatchObject({ time: 1544712660300000, message: 'Example log record', fields: { service: 'my.service', traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', level: 'info' } });
    expect(Object.fromEntries(records[0].attributes.map(({ name, value }) => [name, value]))).toMatchObject({
      'string.attribute': 'some string', 'boolean.attribute': true, 'int.attribute': 10, 'double.attribute': 637.704, 'array.attribute.1': 'values', 'map.attribute.some.map.key': 'some value',
      'otel.scope.name': 'my.library', 'otel.scope.my.scope.attribute': 'some scope attribute',
    });
  });
});
