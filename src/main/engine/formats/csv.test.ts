import { describe, expect, it } from 'vitest';
import { csv } from './csv.ts';
import { CollectingSink } from './lib/collect.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

function read(text: string): { id: string | undefined; sink: CollectingSink } {
  const buf = Buffer.from(text);
  const sink = new CollectingSink(buf, true);
  csv.open({ path: 'x', modified: Date.UTC(2026, 9, 2) * 1000, zone: 'UTC', head: buf.subarray(0, 65536) }).parse(buf, 0, buf.length, buf.length, true, sink);
  return { id: recognise(makeHead('x.log', buf), formats).format?.id, sink };
}
const T = Date.UTC(2026, 9, 1, 10) * 1000;

describe('csv', () => {
  it.each([
    ['tab', 'timestamp\tlevel\tmessage\n2026-10-01T10:00:00Z\tERROR\tbad\n'],
    ['semicolon', 'timestamp;level;message\r\n2026-10-01T10:00:00Z;ERROR;bad\r\n'],
    ['pipe', 'timestamp|level|message\n2026-10-01T10:00:00Z|ERROR|bad'],
    ['a byte order mark and quotes', '\ufeff"timestamp","level","message"\n"2026-10-01T10:00:00Z","ERROR","bad"\n'],
    ['epoch seconds', 'ts,severity,msg\n1790848800,ERROR,bad\n'],
    ['no header', '2026-10-01T10:00:00Z,1,ERROR,bad\n2026-10-01T10:00:01Z,2,INFO,good\n'],
  ])('reads %s', (_name, text) => {
    const { id, sink } = read(text);
    expect(id).toBe('csv');
    expect(sink.rejects).toEqual([]);
    expect(sink.records[0]).toMatchObject({ time: T, message: 'bad', fields: { level: 'ERROR' } });
  });

  it('leaves out the header when it comes again, and gives up only the line of a stray quote', () => {
    const { sink } = read('time,message\n2026-10-01T10:00:00Z,a\ntime,message\n2026-10-01T10:00:01Z,"b\n2026-10-01T10:00:02Z,c\n');
    expect(sink.records.map(({ message }) => message)).toEqual(['a', 'c']);
    expect(sink.rejects.map(({ reason }) => reason)).toEqual(['A quoted cell is not closed.']);
  });

  it('makes a message of rows that have none', () => {
    expect(read('time,sensor,value\n2026-10-01T10:00:00Z,s 1,7\n').sink.records[0].message).toBe('sensor="s 1" value=7');
  });

  it('unpacks a line that a container runtime put into JSON, and finds its level and the workload of its pod', () => {
    const { sink } = read('Timestamp,TimeUnixNano,Node,PodName,TraceID,Log\n2026-10-01T10:00:00.5Z,1790848800500000000,10.1.1.1,cart-64469b5b48-25zj6,a49350ad,"{""log"":""18:00:00.499 ERROR c.CartService#31 no \\""cart\\"" here\\n"",""stream"":""stdout"",""time"":""2026-10-01T10:00:00.5Z""}"\n');
    expect(sink.records[0]).toMatchObject({ time: T + 500_000, message: '18:00:00.499 ERROR c.CartService#31 no "cart" here', fields: { service: 'cart', host: '10.1.1.1', level: 'ERROR', traceId: 'a49350ad' } });
    expect(sink.records[0].attributes).toEqual(expect.arrayContaining([{ name: 'PodName', value: 'cart-64469b5b48-25zj6' }, { name: 'Log.stream', value: 'stdout' }]));
  });

  it('keeps a level that is said, in the row or in the object', () => {
    expect(read('time,level,message\n2026-10-01T10:00:00Z,WARN,ERROR first\n').sink.records[0].fields).toMatchObject({ level: 'WARN' });
    expect(read('time,message\n2026-10-01T10:00:00Z,"{""level"":""warn"",""msg"":""ERROR first""}"\n').sink.records[0].fields).toMatchObject({ level: 'warn' });
  });

  it('does not take prose or logs for tables', () => {
    for (const text of ['Hello, world\nOne, two\n', '2026-10-01 10:00:00,123 INFO a, b, c\n2026-10-01 10:00:00,456 INFO d, e, f\n', 'a\nb\n', '#fields\tts\tx\n1\t2\n']) {
      expect(csv.recognise(makeHead('x', Buffer.from(text)))).toBeNull();
    }
  });
});
