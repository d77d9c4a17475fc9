import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute, logRecord, Message, request } from '../../../../../../test/support/otlp-request.ts';
import { isoTime } from '../traces/span-line.ts';
import { RESOURCES } from './fields.ts';
import { resourceLines } from './lines.ts';
import { LogBytes } from './log-bytes.ts';
import { readMessage } from './protobuf.ts';
import { IsoStamp } from './stamp.ts';

/** One ResourceLogs by both ways. */
function both(resource: Uint8Array, logs = new LogBytes()): { fast: string; slow: string } {
  const slow = [...resourceLines('logs', readMessage(resource, RESOURCES.logs))].join('');
  return { fast: Buffer.concat([...logs.lines(resource)]).toString(), slow };
}
const any = fc.letrec<{ value: Message }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'binary', maxLength: 30 }).map((text) => new Message().text(1, text)),
    fc.constantFrom('', 'a"b\\c\n\u0001', '\u00e9\u{1f600}', 'x'.repeat(200)).map((text) => new Message().text(1, text)),
    fc.boolean().map((on) => new Message().number(2, on ? 1 : 0)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((number) => new Message().number(3, number)),
    fc.integer({ min: -5, max: 300 }).map((number) => new Message().number(3, number)),
    fc.double().map((number) => new Message().double(4, number)),
    fc.constant(new Message()),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => new Message().bytes(7, bytes)),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => new Message().bytes(1, bytes)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Message().message(5, items.reduce((list, item) => list.message(1, item), new Message()))),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Message().message(6, items.reduce((list, item, i) => list.message(1, new Message().text(1, `k${i}`).message(2, item)), new Message()))),
  ),
})).value;
const NAMES = ['a', 'user.id', 'message', 'level', 'host.name', 'service.name', 'timestamp', 'trace_id', 'otel.scope.name', 'otel.severity_number', 'attributes.a', 'component', 'duration', '', 'ümlaut "x"', 'n'.repeat(600), 'severity', 'k8s.node.name'];
const pair = fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 8 })), fc.option(any, { freq: 20 })).map(([name, value]) => (value ? new Message().text(1, name).message(2, value) : new Message().text(1, name)));
const time = fc.constantFrom(0n, 1n, 1_790_843_400_250_000_125n, 1_790_843_400_250_000_000n, 1_790_843_400_999_999_999n, 999n, 2n ** 64n - 1n);
const record = fc.record({
  time: fc.option(time), observed: fc.option(time), number: fc.option(fc.constantFrom(0, 1, 9, 17, 24, 25, 300)), text: fc.option(fc.constantFrom('', 'INFO', 'error', 'Warning"')), body: fc.option(any),
  attributes: fc.array(pair, { maxLength: 6 }), dropped: fc.constantFrom(0, 0, 0, 3), flags: fc.option(fc.constantFrom(0, 1, 4_000_000_000)), trace: fc.option(fc.uint8Array({ maxLength: 16 })), span: fc.option(fc.uint8Array({ maxLength: 8 })),
  event: fc.option(fc.constantFrom('', 'login')), unknown: fc.constantFrom(false, false, false, true),
}).map((one) => {
  const made = new Message();
  if (one.observed !== null) made.fixed64(11, one.observed);
  if (one.time !== null) made.fixed64(1, one.time);
  if (one.number !== null) made.number(2, one.number);
  if (one.text !== null) made.text(3, one.text);
  if (one.body) made.message(5, one.body);
  for (const each of one.attributes) made.message(6, each);
  if (one.dropped > 0) made.number(7, one.dropped);
  if (one.flags !== null) made.fixed32(8, one.flags);
  if (one.trace) made.bytes(9, one.trace);
  if (one.span) made.bytes(10, one.span);
  if (one.event !== null) made.text(12, one.event);
  return one.unknown ? made.number(40, 7) : made;
});
const resourceLogs = fc.tuple(fc.array(pair, { maxLength: 4 }), fc.array(pair, { maxLength: 2 }), fc.array(record, { minLength: 1, maxLength: 8 }), fc.boolean()).map(([resource, scope, records, late]) => {
  const group = new Message();
  const said = scope.reduce((message, each) => message.message(3, each), new Message().text(1, 'pay'));
  if (!late) group.message(1, said);
  for (const each of records) group.message(2, each);
  if (late) group.message(1, said).text(3, 'https://x');
  const head = new Message().message(1, attribute('service.name', 'shop'));
  for (const each of resource) head.message(1, each);
  return Buffer.from((late ? new Message().message(2, group).message(1, head) : new Message().message(1, head).message(2, group)).done());
});

describe('lines of log records made of bytes', () => {
  it('are those made of objects', () => {
    const logs = new LogBytes();
    fc.assert(fc.property(resourceLogs, (resource) => {
      const { fast, slow } = both(resource, logs);
      expect(fast).toBe(slow);
    }), { numRuns: 1500 });
  });

  it('are those made of objects when they are many, with ever new names', () => {
    const logs = new LogBytes();
    for (let round = 0; round < 3; round++) {
      const whole = request('shop', Array.from({ length: 9000 }, (_, i) => (i % 2 === 0 ? logRecord(i) : new Message().fixed64(1, 1_790_843_400_250_000_125n).message(6, attribute(`name ${round} ${i}`, i)).message(6, attribute('otel.scope.name', 'taken')))));
      // Without the tag and length of the request's only resource.
      const { fast, slow } = both(whole.subarray(1 + lengthOf(whole)), logs);
      expect(fast === slow).toBe(true);
    }
  });

  it('say before the first of them that they are damaged', () => {
    const whole = request('shop', [logRecord(1), logRecord(2)]);
    const damaged = Buffer.from(whole.subarray(1 + lengthOf(whole)));
    damaged[damaged.length - 12] = 255;
    expect(() => [...new LogBytes().lines(damaged.subarray(0, -2))]).toThrow('longer than the message');
  });

  it('have times as others write them', () => {
    const stamp = new IsoStamp();
    fc.assert(fc.property(fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 5_000_000_000n }).map((n) => n * 1_000_000_000n + 999_999_999n), time), (ns) => {
      const bytes = Buffer.alloc(9);
      bytes.writeBigUInt64LE(ns, 1);
      const expected = isoTime(ns);
      expect(stamp.read(bytes, 1) ? JSON.parse(Buffer.from(stamp.text).toString()) : null).toBe(expected);
    }), { numRuns: 3000 });
  });
});

function lengthOf(bytes: Uint8Array): number {
  let at = 1;
  while (bytes[at] > 127) at++;
  return at;
}
