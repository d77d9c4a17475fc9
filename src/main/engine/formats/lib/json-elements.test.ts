import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ElementCutter, type Choose, type Piece } from './json-elements.ts';

function cut(text: string | Uint8Array, choose: Choose, size = Infinity, limit?: number): Piece[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const cutter = new ElementCutter(choose, limit);
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length)) pieces.push(...cutter.push(Buffer.from(bytes.subarray(at, at + Math.min(size, bytes.length)))));
  pieces.push(...cutter.finish());
  return pieces;
}
const text = (piece: Piece): string => Buffer.from(piece.bytes).toString();
const spans: Choose = (path) => (path === 'data.*.spans.*' || path === 'data.*.p' ? 'take' : /^(|data|data\.\*|data\.\*\.spans)$/.test(path) ? 'enter' : 'skip');

describe('ElementCutter', () => {
  it('hands out what is chosen, with its path and place, and says when a list or object ends', () => {
    const document = '{"skip":{"spans":[1]},"data":[{"spans":[{"a":"]}\\""}, 2 ,"x"],"p":{}},{"spans":[]}],"n":null}';
    const pieces = cut(document, spans);
    expect(pieces.map((piece) => [piece.kind, piece.path, text(piece)])).toEqual([
      ['value', 'data.*.spans.*', '{"a":"]}\\""}'], ['value', 'data.*.spans.*', '2'], ['value', 'data.*.spans.*', '"x"'], ['left', 'data.*.spans', ''],
      ['value', 'data.*.p', '{}'], ['left', 'data.*', ''], ['left', 'data.*.spans', ''], ['left', 'data.*', ''], ['left', 'data', ''], ['left', '', ''],
    ]);
    for (const piece of pieces) expect(document.slice(piece.offset, piece.offset + piece.bytes.length)).toBe(text(piece));
  });

  it('finds the elements of any document as JSON.parse does, however the bytes are cut', () => {
    const take: Choose = (path) => (path === '' ? 'enter' : 'take');
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), fc.nat({ max: 3 }), fc.integer({ min: 1, max: 9 }), (values, indent, size) => {
        const pieces = cut(JSON.stringify(values, null, indent), take, size);
        expect(pieces.filter(({ kind }) => kind === 'value').map((piece) => JSON.parse(text(piece)) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
        expect(pieces.filter(({ kind }) => kind === 'broken')).toEqual([]);
      }),
    );
  });

  it('reads documents one behind the other, a byte order mark before them', () => {
    const pieces = cut('\ufeff{"a":1}\n{"a":2}{"a":3}\r\n', (path) => (path === '' ? 'take' : 'skip'));
    expect(pieces.map(text)).toEqual(['{"a":1}', '{"a":2}', '{"a":3}']);
  });

  it('goes on behind a document that was cut off', () => {
    for (const broken of ['{"data":[{"spans":[{"a":"x\n', '{"data":[{"spans":[{"a":1\n', '{"data":[{"spans":[{"a":1]\n', '{"data" [\n']) {
      const pieces = cut(`${broken}{"data":[{"spans":[7]}]}\n`, spans);
      expect(pieces.filter(({ kind }) => kind === 'value').map(text), broken).toEqual(['7']);
      expect(pieces.filter(({ kind }) => kind === 'broken'), broken).toHaveLength(1);
    }
  });

  it('says where a file is cut off, and ends what was entered', () => {
    const pieces = cut('{"data":[{"spans":[1,{"a":', spans);
    expect(pieces.map(({ kind, path }) => [kind, path])).toEqual([['value', 'data.*.spans.*'], ['broken', 'data.*.spans.*'], ['left', 'data.*.spans'], ['left', 'data.*'], ['left', 'data'], ['left', '']]);
    expect(pieces[1].reason).toContain('cut off');
  });

  it('keeps no more of a value than the limit, and goes on behind it', () => {
    const pieces = cut(`["${'x'.repeat(500)}",${'['.repeat(80)}${']'.repeat(80)},1]`, (path) => (path === '' ? 'enter' : 'take'), 7, 200);
    expect(pieces.map(({ kind }) => kind)).toEqual(['broken', 'broken', 'value', 'left']);
    expect(pieces[0].reason).toContain('502 bytes');
    expect(pieces[0].bytes.length).toBeLessThanOrEqual(200);
    expect(pieces[1].reason).toContain('nested deeper');
  });

  it('gives the same pieces for any bytes, however they are cut', () => {
    const bits = fc.array(fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\n', ' ', '1', 'a', '\\', '"data":', '"spans":', '[{"spans":[1]}]', '{"data":[{'), { maxLength: 40 });
    fc.assert(
      fc.property(bits, fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const said = (pieces: readonly Piece[]): unknown => pieces.map((piece) => ({ ...piece, bytes: text(piece) }));
        expect(said(cut(parts.join(''), spans, size))).toEqual(said(cut(parts.join(''), spans)));
      }),
      { numRuns: 500 },
    );
  });
});
