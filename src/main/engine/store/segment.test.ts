import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLD_FIELDS, hotBytes, hotViews, packCold, packHot, unpackCold, unpackHot } from './segment.ts';

const encoder = new TextEncoder();

describe('hot columns', () => {
  it('come back as they were, sorted or not', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ time: fc.double({ noNaN: true, min: -7e15, max: 9e15 }), code: fc.nat(65_535), status: fc.nat(999), severity: fc.nat(4), flags: fc.nat(15) }), { minLength: 1, maxLength: 300 }), fc.boolean(), (rows, whole) => {
        const times = rows.map((row) => (whole ? Math.trunc(row.time) : row.time) + 0);
        const sorted = times.every((time, i) => i === 0 || time >= times[i - 1]);
        const hot = hotViews(new SharedArrayBuffer(hotBytes(rows.length, sorted)), rows.length, sorted);
        rows.forEach((row, i) => {
          hot.time[i] = times[i];
          hot.codes.forEach((codes, f) => (codes[i] = (row.code + f) % 65_536));
          hot.status[i] = row.status;
          hot.severity[i] = row.severity;
          hot.flags[i] = row.flags;
          if (hot.order) hot.order[i] = rows.length - 1 - i;
        });
        const back = unpackHot(packHot(hot)).hot;
        expect(back.time).toEqual(hot.time);
        expect(back.codes).toEqual(hot.codes);
        expect(back.status).toEqual(hot.status);
        expect(back.order).toEqual(hot.order);
        expect(back.severity).toEqual(hot.severity);
        expect(back.flags).toEqual(hot.flags);
      }),
    );
  });

  it('says so when bytes are missing', () => {
    const hot = hotViews(new SharedArrayBuffer(hotBytes(2, true)), 2, true);
    const packed = packHot(hot);
    expect(() => unpackHot(packed.subarray(0, packed.length - 3))).toThrow();
  });
});

describe('cold columns', () => {
  it('come back as they were', () => {
    const n = 5;
    const texts = ['root', 'käthe', 'x'.repeat(300)].map((value) => encoder.encode(value));
    const values = { count: 4, lengths: Uint32Array.from([0, ...texts.map((text) => text.length)]), bytes: new Uint8Array(Buffer.concat(texts)) };
    const codes = Uint16Array.from([1, 2, 3, 0, 1]);
    const cold = {
      n,
      latency: Float32Array.from([1.5, Number.NaN, 0, 3, 4]),
      offset: Float64Array.from([7, 20, 5_000_000_000, 5_000_000_100, 5_000_000_300]),
      length: Uint32Array.from([10, 40, 90, 100, 1]),
      fields: COLD_FIELDS.map((_, f) => (f === 0 || f === 4 ? { codes, values } : null)),
    };
    // A gap of more than 31 bits between two records of one segment cannot happen: batches end long before.
    cold.offset[1] = 4_999_999_000;
    cold.offset[0] = 4_999_998_000;
    const back = unpackCold(packCold(cold));
    expect(back.offset).toEqual(cold.offset);
    expect(back.length).toEqual(cold.length);
    expect(back.latency).toEqual(cold.latency);
    expect(back.fields.map((field) => field && [...field.codes].map((code) => field.values.text(code)))).toEqual([['root', 'käthe', 'x'.repeat(300), '', 'root'], null, null, null, ['root', 'käthe', 'x'.repeat(300), '', 'root'], null]);
  });
});

describe('values of cold columns', () => {
  const bytesOf = (texts: string[]) => ({ count: texts.length + 1, lengths: Uint32Array.from([0, ...texts.map((text) => encoder.encode(text).length)]), bytes: encoder.encode(texts.join('')) });
  const packed = (texts: string[]): Uint8Array => {
    const codes = Uint16Array.from(texts, (_, i) => i + 1);
    const n = texts.length;
    return packCold({ n, latency: null, offset: Float64Array.from(codes), length: new Uint32Array(n), fields: COLD_FIELDS.map((_, f) => (f === 3 ? { codes, values: bytesOf(texts) } : null)) });
  };

  it('come back whatever they are made of', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 1, maxLength: 32 });
    fc.assert(
      fc.property(fc.oneof(fc.array(digits, { minLength: 1, maxLength: 40 }), fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 40 }), fc.array(fc.oneof(digits, fc.constant('AB'), fc.constant('0g')), { minLength: 1, maxLength: 40 })), (texts) => {
        const { values, codes } = unpackCold(packed(texts)).fields[3] ?? { values: null, codes: [] };
        expect([...codes].map((code) => values?.text(code))).toEqual(texts.map((text) => new TextDecoder().decode(encoder.encode(text))));
      }),
    );
  });

  it('take half the room when they are hexadecimal digits', () => {
    const texts = Array.from({ length: 200 }, (_, i) => (i * 0x9e3779b1).toString(16).padStart(16, '0').slice(-16));
    expect(packed(texts).length).toBeLessThan(200 * 8 + 100);
  });
});
