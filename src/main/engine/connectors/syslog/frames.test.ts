import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frames, MAX_MESSAGE } from './frames.ts';
import { asLines } from './lines.ts';

function read(stream: Buffer, sizes: readonly number[] = []): string[] {
  const frames = new Frames();
  const found: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < stream.length; i++) {
    const size = Math.max(1, sizes.length > 0 ? sizes[i % sizes.length] : stream.length);
    found.push(...frames.push(Buffer.from(stream.subarray(at, at + size))).map((message) => Buffer.from(message)));
    at += size;
  }
  found.push(...frames.end());
  return found.map((message) => message.toString());
}
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

describe('the frames of a syslog stream', () => {
  it('are counted or end with a line, mixed in one stream', () => {
    expect(read(Buffer.from(`${counted('<1>a\nb')}<2>plain\n${counted('<3>c')}${counted('<4>é\n')}<5>x\0<6>y\r\n\n17 is no count\n2026 neither\n`)))
      .toEqual(['<1>a\nb', '<2>plain', '<3>c', '<4>é', '<5>x', '<6>y', '17 is no count', '2026 neither']);
  });

  it('hands on what a sender that broke off had sent', () => {
    expect(read(Buffer.from('<1>whole\n<2>half'))).toEqual(['<1>whole', '<2>half']);
    expect(read(Buffer.from('8 <1>whole40 <2>half'))).toEqual(['<1>whole', '<2>half']);
    expect(read(Buffer.from('<1>whole\n12'))).toEqual(['<1>whole', '12']);
    expect(read(Buffer.from('<1>whole\n'))).toEqual(['<1>whole']);
  });

  it('cuts what is too long and finds the next message', () => {
    const long = `<1>${'x'.repeat(MAX_MESSAGE * 2)}`;
    for (const stream of [`${counted(long)}<2>next\n`, `${long}\n<2>next\n`]) {
      for (const sizes of [[], [1000], [MAX_MESSAGE + 10]]) {
        const [first, second, ...none] = read(Buffer.from(stream), sizes);
        expect(first).toBe(long.slice(0, MAX_MESSAGE));
        expect([second, ...none]).toEqual(['<2>next']);
      }
    }
  });

  it('are the same however the stream is cut', () => {
    const message = fc.tuple(fc.constantFrom('<1>', '<165>1 '), fc.string({ maxLength: 30 }).map((text) => text.replace(/[\0\r]/g, ' ').trim())).map(([start, text]) => `${start}${text}.`);
    const frame = fc.tuple(message, fc.boolean()).map(([text, count]) => (count ? { text, frame: counted(text) } : { text: text.replaceAll('\n', ' '), frame: `${text.replaceAll('\n', ' ')}\n` }));
    fc.assert(fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }), (frames, sizes) => {
      expect(read(Buffer.from(frames.map((one) => one.frame).join('')), sizes)).toEqual(frames.map(({ text }) => text));
    }));
  });

  it('never lose their way in hostile bytes', () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)), fc.constantFrom('999999999 <', '0 <1>', '5 <', '\n', '\0', '<1>').map((text) => Buffer.from(text)));
    fc.assert(fc.property(fc.array(piece, { maxLength: 10 }), fc.integer({ min: 1, max: 50 }), (pieces, size) => {
      const stream = Buffer.concat(pieces);
      expect(read(stream, [size])).toEqual(read(stream));
    }));
  });
});

describe('the lines of messages', () => {
  it('say when and from where, and nobody can write a line of his own', () => {
    const lines = asLines([Buffer.from('<1>a\n2026-11-21T11:40:00.123Z 10.6.6.6 <8>forged\n'), Buffer.from('<2>b')], '::ffff:192.0.2.7', Date.UTC(2026, 10, 21)).toString();
    expect(lines).toBe('2026-11-21T00:00:00.000Z 192.0.2.7 <1>a\n\t2026-11-21T11:40:00.123Z 10.6.6.6 <8>forged\n\t\n2026-11-21T00:00:00.000Z 192.0.2.7 <2>b\n');
  });
});
