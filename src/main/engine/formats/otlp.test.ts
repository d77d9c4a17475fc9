import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOGS_JSON, LOGS_PROTOBUF, SPANS_JSON, SPANS_PROTOBUF } from '../../../../test/support/otlp-vectors.ts';
import { loadDecoded } from '../../../../test/support/load-decoded.ts';
import { otlp } from './otlp.ts';

const delimited = (...messages: Uint8Array[]): Buffer => Buffer.concat(messages.flatMap((message) => [Buffer.from([(message.length & 127) | 128, message.length >> 7]), message]));
const fixed = (...messages: Uint8Array[]): Buffer => Buffer.concat(messages.flatMap((message) => [Buffer.from([0, 0, message.length >> 8, message.length & 255]), message]));

describe('OTLP in files', () => {
  it('reads a span with all its kinds of values', async () => {
    const { format, records } = await loadDecoded(JSON.stringify(SPANS_JSON));
    expect(format).toBe('otlp');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      timeText: '2026-10-01T08:30:00.250000125Z', message: 'GET /: went off', fields: { service: 'shop', traceId: '0102030405060708090a0b0c0d0e0f10', spanId: '0102030405060708', level: 'error' }, numbers: { latencyMs: 1.5 },
    });
    expect(records[0].all).toMatchObject({
      parent_span_id: '0102030405060709', name: 'GET /', 'span.kind': 'server', 'event.duration': 1500000, 'otel.status_code': 'ERROR', 'exception.type': 'Boom', 'exception.message': 'went off',
      big: '9007199254740993', minus: -5, ratio: 0.5, on: true, raw: 'AAEC', 'list.0': 'a', 'list.1': 2, 'map.x': 'y', trace_state: 'a=1', 'otel.dropped_events_count': 3,
      'events.0.name': 'exception', 'links.0.span_id': 'ff02030405060708', 'otel.scope.name': 'http', 'otel.scope.version': '1.2',
    });
  });

  it.each([
    ['one message', SPANS_PROTOBUF, SPANS_JSON, 'otlp', 1],
    ['messages behind their length', delimited(SPANS_PROTOBUF, SPANS_PROTOBUF), SPANS_JSON, 'otlp', 2],
    ['messages behind four bytes of length', fixed(SPANS_PROTOBUF, SPANS_PROTOBUF, SPANS_PROTOBUF), SPANS_JSON, 'otlp', 3],
    ['one message of logs', LOGS_PROTOBUF, LOGS_JSON, 'otlp-logs', 1],
  ] as const)('reads protobuf as JSON: %s', async (_name, bytes, json, id, count) => {
    const [binary, text] = await Promise.all([loadDecoded(bytes), loadDecoded(JSON.stringify(json))]);
    expect([binary.format, binary.rejects]).toEqual([id, []]);
    expect(binary.records).toHaveLength(count);
    for (const { all, fields, time, message } of binary.records) expect({ all, fields, time, message }).toMatchObject({ all: text.records[0].all, fields: text.records[0].fields, time: text.records[0].time, message: text.records[0].message });
  });

  it('reads on behind a damaged message where lengths say where the next one is', async () => {
    const damaged = Buffer.from(SPANS_PROTOBUF);
    damaged[damaged.length - 30] = 255;
    damaged.fill(255, 60, 70);
    const { records, rejects } = await loadDecoded(delimited(SPANS_PROTOBUF, damaged, SPANS_PROTOBUF));
    expect(records).toHaveLength(2);
    expect(rejects).toHaveLength(1);
    const cut = await loadDecoded(delimited(SPANS_PROTOBUF, SPANS_PROTOBUF).subarray(0, -5));
    expect([cut.records.length, cut.rejects.length]).toEqual([1, 1]);
  });

  it('reads a list a line, a mixed file as what most of it is, and says what it leaves out', async () => {
    const metrics = '{"resourceMetrics":[{"resource":{}}]}';
    const mixed = await loadDecoded([LOGS_JSON, SPANS_JSON, LOGS_JSON].map((envelope) => JSON.stringify(envelope)).join('\n') + `\n${metrics}\n`);
    expect([mixed.format, mixed.records.length, mixed.rejects]).toEqual(['otlp-logs', 3, [expect.stringContaining('metrics')]]);
    expect(mixed.records.map(({ message }) => message)).toEqual(['declined', 'GET /: went off', 'declined']);
    expect((await loadDecoded(metrics)).format).not.toMatch(/^otlp/);
  });

  it('reads names in protobuf’s own spelling, ids in base64 and answers of Jaeger and Tempo', async () => {
    const spans = [{ trace_id: 'AQIDBAUGBwgJCgsMDQ4PEA==', span_id: 'AQIDBAUGBwg=', name: 'x', kind: 'SPAN_KIND_CLIENT', start_time_unix_nano: '1790843400250000125', status: { code: 'STATUS_CODE_ERROR', message: 'no' } }];
    const { records } = await loadDecoded(JSON.stringify({ resource_spans: [{ scope_spans: [{ spans }] }] }));
    expect(records[0]).toMatchObject({ message: 'x: no', fields: { traceId: '0102030405060708090a0b0c0d0e0f10', spanId: '0102030405060708' }, all: { 'span.kind': 'client' } });
    for (const wrapped of [{ result: SPANS_JSON }, [SPANS_JSON], { batches: (SPANS_JSON as { resourceSpans: unknown }).resourceSpans }]) {
      expect(await loadDecoded(JSON.stringify(wrapped)), JSON.stringify(wrapped).slice(0, 30)).toMatchObject({ format: 'otlp', records: [{ message: 'GET /: went off' }] });
    }
  });

  it('keeps an end before the start as what it is', async () => {
    const spans = [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x', startTimeUnixNano: '1790843400250000000', endTimeUnixNano: 1790843400240000000 }];
    const { records } = await loadDecoded(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
    expect(records[0].numbers).toEqual({});
    expect(records[0].all).toMatchObject({ end_time: '2026-10-01T08:30:00.240000Z' });
  });

  it('comes to an end on any damage, the same however the bytes are cut', async () => {
    const whole = delimited(SPANS_PROTOBUF, LOGS_PROTOBUF, SPANS_PROTOBUF);
    const decode = async (bytes: Uint8Array, size: number): Promise<string> => {
      async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
        for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
      }
      let text = '';
      try {
        for await (const part of otlp.decode?.(pieces(), { path: 'x', modified: 0 }) ?? []) text += Buffer.from(part).toString();
      } catch (error) {
        text += String(error);
      }
      return text;
    };
    const damage = fc.record({ plain: fc.boolean(), cut: fc.nat(whole.length), flips: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 5 }), size: fc.integer({ min: 1, max: 300 }) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ plain, cut, flips, size }) => {
        const bytes = Buffer.from((plain ? SPANS_PROTOBUF : whole).subarray(0, cut));
        for (const [at, byte] of flips) if (at < bytes.length) bytes[at] = byte;
        expect(await decode(bytes, size)).toBe(await decode(bytes, bytes.length + 1));
      }),
      { numRuns: 200 },
    );
  });

  it('says so when there is nothing to read', async () => {
    for (const text of ['{"resourceSpans":[]}', 'hello']) await expect(loadDecoded(text, otlp)).rejects.toThrow(/OTLP/);
  });
});
