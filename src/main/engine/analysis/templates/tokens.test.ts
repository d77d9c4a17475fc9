import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, patternText, readPattern, shapeKey } from './tokens.ts';

const shape = (message: string): string => patternText(cut(message));

describe('cut', () => {
  it.each([
    ['Connection from 10.0.0.1 port 22', 'Connection from <ip> port <num>'],
    ['read 0x1f3a at fe80::1:2', 'read <hex> at <ip>'],
    ['block blk_-1608999 of rdd_2', 'block blk_<num> of rdd_<num>'],
    ['job 3f2504e0-4f89-11d3-9a0c-0305e82c3301 done.', 'job <uuid> done.'],
    ['leased to 00:1a:2b:3c:4d:5e', 'leased to <mac>'],
    ['GET https://example.org/a?b=1 in 20 ms', 'GET <url> in <qty>'],
    ['opened /var/log/app.log, C:\\Temp\\x.log', 'opened <list>'],
    ['mail to ada@example.org', 'mail to <email>'],
    ['proxy.example.org:8080 refused', '<host>:<num> refused'],
    ['started Sat Jul  9 12:16:49 2005', 'started <time>'],
    ['at 2024-05-01T10:00:00.123Z took 01:02:03', 'at <time> took <time>'],
    ['flags=3,force=false', 'flags=<num>,force=false'],
    ['state=null owner=Task{id 4}', 'state=<object> owner=<object>'],
    ['fill..........9', 'fill...<num>'],
    ['AppFoo::wake called', 'AppFoo::wake called'],
  ])('%s -> %s', (message, pattern) => expect(shape(message)).toBe(pattern));

  it('takes lists of any length as one value', () => {
    expect(shape('delete blk_1 blk_2 blk_3')).toBe(shape('delete blk_9'));
    expect(shape('peers 10.0.0.1, 10.0.0.2, 10.0.0.3')).toBe(shape('peers 10.0.0.7, 10.0.0.8'));
  });
  it('takes a quantity and its second reading as one', () => expect(shape('5 close, 12853 bytes (12.5 KB) sent')).toBe(shape('5 close, 0 bytes sent')));
  it('takes empty brackets as an empty value', () => expect(shapeKey(cut('from 10.0.0.1 () at noon'))).toBe(shapeKey(cut('from 10.0.0.1 (10.0.0.1) at noon'))));
  it('says where values stand', () => {
    const message = 'user 7 from 10.0.0.1 blk_55';
    expect(cut(message).filter(({ type }) => type !== '').map(({ from, to }) => message.slice(from, to))).toEqual(['7', '10.0.0.1', '55']);
  });
});

describe('readPattern', () => {
  it('reads what patternText wrote', () => {
    for (const message of ['a=1, tag="x y", name=foo{1} blk_3 [1, 2] ....5', 'from 10.0.0.1 () at 10:00:00', 'HTTP/1.1 "GET /a" 200']) {
      const tokens = cut(message);
      expect(shapeKey(readPattern(patternText(tokens)))).toBe(shapeKey(tokens));
    }
  });
  it('bears any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100, unit: 'binary' }), (text) => {
        const tokens = cut(text);
        expect(tokens.every(({ from, to }) => from <= to && to <= text.length)).toBe(true);
        readPattern(patternText(tokens));
      }),
    );
  });
});
