import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOLE, ShapedTexts, type TextBlock } from '../store/shaped-text.ts';
import { ShapeCoder } from './shape-coder.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const textsOf = (block: TextBlock): string[] => Array.from(block.messageAt, (_, i) => decoder.decode(block.bytes.subarray(block.starts[i], block.starts[i + 1] - 1)));

/** A text as pieces: fixed ones, and holes filled with values or with fields. */
type Part = { kind: 'fixed' | 'value' | 'field'; text: string };
const part = fc.record({ kind: fc.constantFrom<Part['kind']>('fixed', 'fixed', 'value', 'field'), text: fc.oneof(fc.constantFrom('GET /', ' from ', '7', '\n', ''), fc.string({ maxLength: 12 }), fc.string({ minLength: 120, maxLength: 300 })) });
const texts = fc.array(fc.array(part, { maxLength: 6 }), { minLength: 1, maxLength: 40 });

function encode(coder: ShapeCoder, parts: Part[]): string {
  const whole = encoder.encode(`#${parts.map(({ text }) => text).join('')}`);
  let at = 1;
  for (const { kind, text } of parts) {
    const { length } = encoder.encode(text);
    if (kind !== 'fixed') coder.hole(at, at + length, kind === 'value' ? HOLE.value : HOLE.field + 3);
    at += length;
  }
  coder.add(whole, viewOf(whole), 1, whole.length, 0);
  return decoder.decode(whole.subarray(1));
}

describe('shapes of texts', () => {
  it('give every text back, in blocks and over segments', () => {
    fc.assert(
      fc.property(fc.array(fc.array(texts, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), (segments) => {
        const coder = new ShapeCoder();
        for (const blocks of segments) {
          const written = blocks.map((block) => {
            const list = block.map((parts) => ({ text: encode(coder, parts), fields: parts.filter(({ kind }) => kind === 'field').map(({ text }) => text) }));
            coder.closeBlock();
            return list;
          });
          const blob = coder.take(written.flat().length);
          written.forEach((list, b) => {
            const left = list.map(({ fields }) => [...fields]);
            const block = new ShapedTexts(blob).block(b, list.length, { time: () => new Uint8Array(0), field: (code, i) => encoder.encode(code === 3 ? left[i].shift() : '?') });
            expect(textsOf(block)).toEqual(list.map(({ text }) => text));
          });
        }
      }),
    );
  });

  it('keep a text that recurs once', () => {
    const coder = new ShapeCoder();
    const line = encoder.encode('connection from 10.0.0.17 closed by the other side after a while');
    for (let i = 0; i < 400; i++) {
      coder.hole(16, 25, HOLE.value);
      coder.add(line, viewOf(line), 0, line.length, 7);
    }
    const blob = coder.take(400);
    // number, length and address of each: 2 + 1 + 9
    expect(blob.length).toBeLessThan(400 * 12 + 300);
    expect(new Set(textsOf(new ShapedTexts(blob).block(0, 400)))).toEqual(new Set([decoder.decode(line)]));
  });

  it('say where the message goes', () => {
    const coder = new ShapeCoder();
    const line = encoder.encode('<34>app: hello there!');
    for (let i = 0; i < 3; i++) {
      coder.hole(9, 20, HOLE.message);
      coder.add(line, viewOf(line), 0, line.length, 0);
    }
    const block = new ShapedTexts(coder.take(3)).block(0, 3);
    // The first stands in full, so nothing was cut out of it.
    expect([...block.messageAt]).toEqual([-1, 9, 9]);
    expect(textsOf(block)).toEqual(['<34>app: hello there!', '<34>app: !', '<34>app: !']);
  });

  it('says so when bytes are missing', () => {
    const coder = new ShapeCoder();
    const line = encoder.encode('some words of a text');
    for (let i = 0; i < 9; i++) coder.add(line, viewOf(line), 0, line.length, 0);
    const blob = coder.take(9);
    expect(() => new ShapedTexts(blob).block(1, 9)).toThrow();
    for (let length = 0; length < blob.length; length++) expect(() => new ShapedTexts(blob.subarray(0, length)).block(0, 9)).toThrow();
  });
});
