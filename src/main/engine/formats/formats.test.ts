/** The one test that every format passes: samples, cutting anywhere, synchronising anywhere, hostile input. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWhole } from '../../../../test/support/decode-whole.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import type { Format, Sample, SourceContext } from './format.ts';
import { CollectingSink, type ReadRecord, type Rejection } from './lib/collect.ts';
import { severityOf } from './lib/severity.ts';
import { readRecord } from './read-record.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

const encoder = new TextEncoder();
const REFERENCE = Date.parse('2026-06-15T12:00:00Z') * 1000;

/** Buffers, as the pipeline hands them out: their indexOf is the fast one. */
function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
function contextOf(format: Format, head: Uint8Array): SourceContext {
  return { path: `sample.${format.id}`, modified: REFERENCE, zone: 'UTC', ...format.sampleContext, head: head.subarray(0, 65536) };
}
function headText(format: Format): string {
  return format.sampleHead === undefined ? '' : `${format.sampleHead.replace(/\n$/, '')}\n`;
}
function parseAll(format: Format, context: SourceContext, buf: Uint8Array): CollectingSink {
  const sink = new CollectingSink(buf, false);
  const consumed = format.open(context).parse(buf, 0, buf.length, buf.length, true, sink);
  expect(consumed, 'everything is consumed at the end').toBe(buf.length);
  return sink;
}
/** Severity as the pipeline derives it: the format's word, else the level, else the status. */
function severityName(record: ReadRecord): string | undefined {
  const status = record.numbers.status ?? 0;
  const byStatus = status >= 500 ? 3 : status >= 400 ? 2 : -1;
  const code = record.severity ?? (record.fields.level === undefined ? byStatus : severityOf(record.fields.level));
  return SEVERITIES[code];
}
function check(record: ReadRecord, sample: Sample): void {
  if (sample.time !== undefined) {
    const expected = sample.time === null ? null : Date.parse(sample.time) * 1000 + Number(/\.\d{3}(\d{3})Z$/.exec(sample.time)?.[1] ?? 0);
    expect(record.time).toBe(expected);
  }
  if (sample.severity !== undefined) expect(severityName(record)).toBe(sample.severity);
  if (sample.message !== undefined) expect(record.message).toBe(sample.message);
  if (sample.fields) expect(record.fields).toMatchObject(sample.fields);
  for (const [name, value] of Object.entries(sample.numbers ?? {})) expect(record.numbers[name as keyof ReadRecord['numbers']]).toBeCloseTo(value, 9);
}
function columns({ time, fields, numbers, severity, message }: ReadRecord): unknown {
  return { time, fields, numbers, severity, message };
}
function columnsOf({ records, rejects }: CollectingSink): unknown {
  return [records.map((record) => [record.start, record.end, columns(record)]), rejects];
}
function joined(format: Format): { text: string; buf: Uint8Array; context: SourceContext } {
  const text = `${headText(format)}${format.samples.map((sample) => sample.record).join('\n')}\n`;
  const buf = bytesOf(text);
  return { text, buf, context: contextOf(format, buf) };
}

/** Feeds the first `length` bytes of `buf`, then all of it, as a pipeline does that reads in pieces. */
function parseInTwo(format: Format, context: SourceContext, buf: Uint8Array, length: number): CollectingSink {
  const sink = new CollectingSink(buf, false);
  const parser = format.open(context);
  const at = parser.parse(buf, 0, length, length, false, sink);
  expect(at).toBeLessThanOrEqual(length);
  parser.parse(buf, at, buf.length, buf.length, true, sink);
  return sink;
}

/** Formats in which a line that begins with '#' describes the rows and is no record. */
const DIRECTIVES = new Set(['w3c', 'zeek']);
/** Bytes that are in no record, no reject and are not blank. */
function unaccounted(format: Format, buf: Uint8Array, records: readonly (ReadRecord | Rejection)[]): string {
  const covered = new Uint8Array(buf.length);
  if (DIRECTIVES.has(format.id)) for (const { index, 0: line } of Buffer.from(buf).toString('latin1').matchAll(/^(?:\u00ef\u00bb\u00bf)?#[^\n]*/gm)) covered.fill(1, index, index + line.length);
  for (const { start, end } of records) covered.fill(1, start, end);
  let rest = '';
  for (let i = 0; i < buf.length; i++) if (covered[i] === 0) rest += String.fromCharCode(buf[i]);
  return rest.replace(/^\u00ef\u00bb\u00bf/, '').replace(/[\s]+/g, '');
}
async function decode(format: Format, document: Uint8Array, size: number): Promise<Buffer> {
  return await decodeWhole(format, document, { size, modified: REFERENCE });
}

/** What a format may leave out on purpose: the brackets and commas around the objects of a JSON list, a header. */
function structure(format: Format, rest: string, header: string): string {
  const without = header === '' ? rest : rest.replaceAll(header.replace(/\s+/g, ''), '');
  return format.id === 'json' ? without.replace(/[[\],]/g, '') : without;
}

describe.each(formats.map((format) => [format.id, format] as const))('format %s', (id, format) => {
  it('has samples, a title and an id of its own', () => {
    expect(format.samples.length).toBeGreaterThan(0);
    expect(format.title).not.toBe('');
    expect(formats.filter((other) => other.id === id)).toHaveLength(1);
  });

  it.each(format.samples.map((sample, index) => [index, sample] as const))('reads sample %i', (_index, sample) => {
    const whole = bytesOf(`${headText(format)}${sample.record}\n`);
    // What a header means shows in the rows below it, so formats with one are given all of them.
    const head = format.sampleHead === undefined ? whole : joined(format).buf;
    const context = contextOf(format, head);
    // A decoded record is met only behind its decoder.
    const found = format.decode || format.fromConnector ? { format, reason: '', alternatives: [] } : recognise(makeHead('unknown', head), formats);
    expect(found.format?.id, `${found.reason} ${JSON.stringify(found.alternatives.map((a) => [a.format.id, a.confidence]))}`).toBe(id);
    const sink = parseAll(format, context, whole);
    expect(sink.rejects).toEqual([]);
    // The head may itself hold records (comments); the sample is the last one.
    const record = sink.records.at(-1);
    if (!record) throw new Error('no record came out');
    check(record, sample);

    const stored = whole.slice(record.start, record.end);
    const back = readRecord(format, context, stored);
    if (!back) throw new Error('the record cannot be read back');
    expect(columns(back)).toEqual(columns(record));
    const attributes = Object.fromEntries(back.attributes.map(({ name, value }) => [name, value]));
    if (sample.attributes) expect(attributes).toMatchObject(sample.attributes);
  });

  it.runIf(format.decode !== undefined)('recognises a document and takes its records out, however it is cut', async () => {
    const document = format.document?.();
    if (!document) throw new Error('a format that decodes needs a document');
    const found = recognise(makeHead('unknown', document.subarray(0, 65536)), formats);
    expect(found.format?.id, `${found.reason} ${JSON.stringify(found.alternatives.map((a) => [a.format.id, a.confidence]))}`).toBe(id);
    const whole = await decode(format, document, document.length);
    const sink = parseAll(format, contextOf(format, whole), whole);
    expect(sink.rejects).toEqual([]);
    expect(sink.records.length).toBeGreaterThan(0);
    for (const size of [1, 7, 100, 4096]) expect(await decode(format, document, size)).toEqual(whole);
  });

  it.runIf(format.decode !== undefined)('decodes damaged documents to an end', async () => {
    const document = format.document?.() ?? new Uint8Array(0);
    const cuts = fc.record({ cut: fc.nat(document.length), flips: fc.array(fc.tuple(fc.nat(Math.max(0, document.length - 1)), fc.nat(255)), { maxLength: 6 }) });
    await fc.assert(
      fc.asyncProperty(cuts, async ({ cut, flips }) => {
        const damaged = document.slice(0, cut);
        for (const [at, byte] of flips) if (at < damaged.length) damaged[at] = byte;
        const lines = await decode(format, damaged, 997).catch((error: unknown) => {
          expect(error).toBeInstanceOf(Error);
          expect((error as Error).message).not.toBe('');
          return Buffer.alloc(0);
        });
        parseAll(format, contextOf(format, lines), lines);
      }),
      { numRuns: 100 },
    );
  });

  it('gives the same records wherever the input is cut', () => {
    const { buf, context } = joined(format);
    const whole = parseAll(format, context, buf);
    const step = Math.max(1, Math.floor(buf.length / 1500));
    for (let cut = 0; cut <= buf.length; cut += step) {
      const parts = parseInTwo(format, context, buf, cut);
      expect(parts.records, `cut at ${cut}`).toEqual(whole.records);
      expect(parts.rejects).toEqual(whole.rejects);
    }
  });

  it('gives the same records byte by byte, and with stopAt anywhere', () => {
    const { buf, context } = joined(format);
    const whole = parseAll(format, context, buf);
    const sink = new CollectingSink(buf, false);
    const parser = format.open(context);
    const step = Math.max(1, Math.floor(buf.length / 3000));
    let at = 0;
    for (let end = 0; end <= buf.length; end += step) at = parser.parse(buf, at, end, end, false, sink);
    parser.parse(buf, at, buf.length, buf.length, true, sink);
    expect(sink.records).toEqual(whole.records);
    const stopped = new CollectingSink(buf, false);
    const again = format.open(context);
    const middle = buf.length >> 1;
    const next = again.parse(buf, 0, buf.length, middle, true, stopped);
    again.parse(buf, next, buf.length, buf.length, true, stopped);
    expect(stopped.records).toEqual(whole.records);
  });

  it.runIf(format.parallel)('synchronises only on record starts', () => {
    const { buf, context } = joined(format);
    const whole = parseAll(format, context, buf);
    const step = Math.max(1, Math.floor(buf.length / 400));
    for (let from = 1; from < buf.length; from += step) {
      const parser = format.open(context);
      if (!parser.sync) throw new Error('a parallel format needs sync()');
      const at = parser.sync(buf, from, buf.length);
      if (at < 0) continue;
      expect(at).toBeGreaterThanOrEqual(from);
      const sink = new CollectingSink(buf, false);
      parser.parse(buf, at, buf.length, buf.length, true, sink);
      const expected = whole.records.filter((record) => record.start >= at);
      expect(sink.records, `from ${from}`).toEqual(expected);
      // What was before `at` is what another worker reads.
      const before = new CollectingSink(buf, false);
      format.open(context).parse(buf, 0, buf.length, at, true, before);
      expect(before.records).toEqual(whole.records.filter((record) => record.start < at));
    }
  });

  it('accounts for every byte of Windows line ends, byte order marks and records cut off', () => {
    const { text, context } = joined(format);
    for (const variant of [text.replaceAll('\n', '\r\n'), `\ufeff${text}`, text.slice(0, -20), `\n\n${text}\n \n`]) {
      const buf = bytesOf(variant);
      const sink = parseAll(format, { ...context, head: buf }, buf);
      const rest = unaccounted(format, buf, [...sink.records, ...sink.rejects]);
      expect(structure(format, rest, headText(format))).toBe('');
    }
  });

  it('never throws on hostile bytes, and accounts for all of them', () => {
    const { buf: good, context } = joined(format);
    const nasty = ['\0\0\0', '\u001b[31mred\u001b[0m', '<script>alert(1)</script>', '{"a":', '"', '1754-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '\n', '\r\n', ',', '\t', '{', '}', '[', ']', '\\', '=', ' '];
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(...nasty).map((text) => encoder.encode(text)),
      fc.tuple(fc.nat(good.length), fc.nat(80)).map(([at, length]) => good.slice(at, at + length)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(), fc.boolean(), (pieces, cut, detail) => {
        const buf = Buffer.concat(pieces);
        const sink = new CollectingSink(buf, detail);
        const parser = format.open(context);
        const length = buf.length === 0 ? 0 : cut % buf.length;
        const at = parser.parse(buf, 0, length, length, false, sink);
        parser.parse(buf, at, buf.length, buf.length, true, sink);
        const whole = parseAll(format, context, buf);
        expect(columnsOf(sink)).toEqual(columnsOf(whole));
        recognise(makeHead('x', buf), formats);
        parser.sync?.(buf, length, buf.length);
        const rest = structure(format, unaccounted(format, buf, [...sink.records, ...sink.rejects]), headText(format));
        expect(rest.replace(/[\0\u00ef\u00bb\u00bf]/g, '')).toBe('');
      }),
      { numRuns: 150 },
    );
  });

  it('reads a line of 2 MiB', () => {
    const { context } = joined(format);
    const [{ record }] = format.samples;
    const buf = bytesOf(`${headText(format)}${record}${'x'.repeat(2 << 20)}\n`);
    const started = performance.now();
    const sink = parseAll(format, context, buf);
    expect(structure(format, unaccounted(format, buf, [...sink.records, ...sink.rejects]), headText(format))).toBe('');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
