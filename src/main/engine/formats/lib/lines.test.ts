import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectingSink } from './collect.ts';
import { byteText, lineParser, MAX_RECORD_BYTES, MAX_RECORD_LINES, nextLine, skipAnsi, type RecordReader } from './lines.ts';

/** Records start with '#'; what is reported is the record's range only. */
const reader: RecordReader = {
  starts: (buf, start) => buf[start] === 35,
  report(_buf, start, _lineEnd, end, sink) {
    sink.begin(start, end);
    sink.end();
  },
};
function cut(buf: Uint8Array, pieces: readonly number[] = []): string[] {
  const sink = new CollectingSink(buf, false);
  const parser = lineParser(reader);
  let at = 0;
  for (const end of pieces) if (end >= at) at = parser.parse(buf, at, end, end, false, sink);
  expect(parser.parse(buf, at, buf.length, buf.length, true, sink)).toBe(buf.length);
  return sink.records.map(({ start, end }) => Buffer.from(buf.subarray(start, end)).toString('latin1'));
}

describe('lineParser', () => {
  it.each([
    ['', []],
    ['\n \n\r\n', []],
    ['#a\n#b', ['#a', '#b']],
    ['#a\r\n#b\r', ['#a', '#b']],
    ['\ufeff#a\n', ['#a']],
    ['head\nmore\n#a\n at\n\n end\n\n#b\n', ['head', 'more', '#a\n at\n\n end', '#b']],
    ['#a  \n#b', ['#a  ', '#b']],
  ])('cuts %j', (text, records) => {
    expect(cut(Buffer.from(text))).toEqual(records);
  });

  it('gives the same records however the bytes arrive', () => {
    const line = fc.constantFrom('#a', 'b', '', ' ', '#', '\r', '\ufeff#x', '\0');
    fc.assert(fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 5 }), (lines, ends) => {
      const buf = Buffer.from(lines.join('\n'));
      const pieces = ends.map((end) => Math.min(end, buf.length)).sort((a, b) => a - b);
      expect(cut(buf, pieces)).toEqual(cut(buf));
    }), { numRuns: 500 });
  });

  it('bounds a record by lines and by bytes, and hands a longer line on whole', () => {
    const many = cut(Buffer.from(`#a\n${'x\n'.repeat(MAX_RECORD_LINES + 5)}`));
    expect(many).toHaveLength(2);
    expect(many[0].split('\n')).toHaveLength(MAX_RECORD_LINES);
    const long = cut(Buffer.from(`#a\n${`${'y'.repeat(300_000)}\n`.repeat(5)}#b\n`));
    expect(long.map((record) => record.length <= MAX_RECORD_BYTES)).toEqual([true, true, true]);
    expect(cut(Buffer.from(`#${'z'.repeat(MAX_RECORD_BYTES * 2)}\n#b`)).map((record) => record.length)).toEqual([MAX_RECORD_BYTES * 2 + 1, 2]);
  });

  it('stops before a record that starts at stopAt, and finds the next start', () => {
    const buf = Buffer.from('#a\nb\n#c\nd\n#e\n');
    const sink = new CollectingSink(buf, false);
    const parser = lineParser(reader);
    expect(parser.parse(buf, 0, buf.length, 4, false, sink)).toBe(5);
    expect(sink.records).toHaveLength(1);
    expect(parser.sync(buf, 1, buf.length)).toBe(5);
    expect(parser.sync(buf, 5, buf.length)).toBe(5);
    expect(parser.sync(buf, 11, buf.length)).toBe(-1);
  });
});

describe('helpers', () => {
  it('finds line starts', () => {
    const buf = Buffer.from('ab\ncd\n');
    expect([0, 1, 3, 4].map((from) => nextLine(buf, from, buf.length))).toEqual([0, 3, 3, -1]);
  });
  it('keeps one character a byte, whatever the bytes are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const text = byteText(bytes, 0, bytes.length);
      expect(text).toHaveLength(bytes.length);
      for (let i = 0; i < bytes.length; i++) if (bytes[i] < 128) expect(text.charCodeAt(i)).toBe(bytes[i]);
    }));
  });
  it('passes over colour codes', () => {
    const buf = Buffer.from('\u001b[2m\u001b[0;31mx\u001b[');
    expect(skipAnsi(buf, 0, buf.length)).toBe(11);
    expect(skipAnsi(buf, 12, buf.length)).toBe(buf.length);
  });
});
