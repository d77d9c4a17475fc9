import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOGS_PROTOBUF, SPANS_PROTOBUF } from '../../../../../../test/support/otlp-vectors.ts';
import { attribute, gauge, logRecord, Message, request, span } from '../../../../../../test/support/otlp-request.ts';
import { checkRequest, Malformed } from './check.ts';
import { readResource } from './protobuf.ts';

const many = (n: number, one: (i: number) => Message): Message[] => Array.from({ length: n }, (_, i) => one(i));

describe('a request of OTLP', () => {
  it('is counted by its records', () => {
    expect(checkRequest(new Uint8Array(0), 'logs')).toEqual({ records: 0, resources: new Uint8Array(0) });
    expect(checkRequest(LOGS_PROTOBUF, 'logs').records).toBe(1);
    expect(checkRequest(SPANS_PROTOBUF, 'spans').records).toBe(1);
    const two = Buffer.concat([request('a', many(130, logRecord)), request('b', many(7, logRecord))]);
    expect(checkRequest(two, 'logs')).toEqual({ records: 137, resources: two });
    expect(checkRequest(request('a', many(3, (i) => gauge('g', i, i))), 'metrics').records).toBe(3);
  });

  it('is handed on without what it does not define', () => {
    const [a, b] = [request('a', many(2, span)), request('b', many(1, span))];
    const odd = Buffer.concat([new Message().number(3, 1n << 60n).done(), a, new Message().fixed32(4, 5).fixed64(6, 7n).text(2, 'x').done(), b]);
    expect(checkRequest(odd, 'spans')).toEqual({ records: 3, resources: Uint8Array.from(Buffer.concat([a, b])) });
    // A tag may be written in more bytes than it takes.
    const padded = Buffer.concat([Buffer.from([0x8a, 0x00, 0]), a]);
    expect(checkRequest(padded, 'spans')).toEqual({ records: 2, resources: Uint8Array.from(Buffer.concat([Buffer.from([0x0a, 0]), a])) });
  });

  it('is refused with the place', () => {
    const wrong = (...bytes: number[]): string => {
      try {
        return String(checkRequest(Uint8Array.from(bytes), 'logs').records);
      } catch (error) {
        if (error instanceof Malformed) return error.message;
        throw error;
      }
    };
    expect(wrong(0x0a, 5, 0x0a)).toBe('The field at byte 0 is longer than the message around it.');
    expect(wrong(0x0a, 2, 0x12, 9)).toBe('The field at byte 2 is longer than the message around it.');
    expect(wrong(0x0b)).toBe('The field at byte 0 is of a kind that protobuf does not have any more.');
    expect(wrong(0x00)).toBe('No field of protobuf begins at byte 0.');
    expect(wrong(0x0a, 0xff)).toMatch(/cut off or too long/);
    let deep = new Message().text(1, 'x');
    for (let i = 0; i < 100; i++) deep = new Message().message(5, new Message().message(1, deep));
    expect(() => checkRequest(request('a', [new Message().message(5, deep)]), 'logs')).toThrow('nested deeper');
    // Bounds of a histogram that end in the middle of a number.
    const bounds = new Message().message(9, new Message().message(1, new Message().bytes(7, Buffer.alloc(12))));
    expect(() => checkRequest(request('a', [bounds]), 'metrics')).toThrow('ends in the middle');
  });

  it('can be read when it passes, whatever was done to its bytes', () => {
    const wholes = [
      ['logs', request('a', [...many(3, logRecord), new Message().message(6, attribute('n', 7))])], ['spans', SPANS_PROTOBUF], ['metrics', request('a', many(3, (i) => gauge('g', i, i)))],
    ] as const;
    let passed = 0;
    fc.assert(
      fc.property(fc.constantFrom(...wholes), fc.array(fc.tuple(fc.nat(10_000), fc.nat(255)), { maxLength: 4 }), fc.nat(30), ([kind, whole], flips, cut) => {
        const bytes = Buffer.from(whole.subarray(0, whole.length - Math.max(0, cut - 20)));
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        let resources;
        try {
          ({ resources } = checkRequest(bytes, kind));
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
          return;
        }
        passed++;
        for (let at = 0; at < resources.length; ) {
          expect(resources[at++]).toBe(0x0a);
          let length = 0;
          for (let scale = 1; ; scale *= 128) {
            const byte = resources[at++];
            length += (byte & 127) * scale;
            if (byte < 128) break;
          }
          readResource(resources.subarray(at, at + length), kind);
          at += length;
        }
      }),
      { numRuns: 500 },
    );
    expect(passed).toBeGreaterThan(20);
  });
});
