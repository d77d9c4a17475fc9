/** Metrics of OTLP in protobuf say what the same metrics in JSON say. The bytes are written by the field numbers of metrics.proto. */
import { describe, expect, it } from 'vitest';
import { attribute, gauge, Message, request } from '../../../../../test/support/otlp-request.ts';
import { makeHead } from '../../formats/recognise.ts';
import { recogniseMetrics } from '../recognise-metrics.ts';
import { seriesTitle } from '../series.ts';
import { otlpMetrics } from './otlp-metrics.ts';

const NS = 1_544_712_660_300_000_000n;
const T = String(NS);
async function read(bytes: Uint8Array, size = 1 << 20): Promise<{ samples: string[]; exemplars: string[]; help: string[]; rejects: string[] }> {
  async function* cut(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size));
  }
  const found = { samples: [] as string[], exemplars: [] as string[], help: [] as string[], rejects: [] as string[] };
  await otlpMetrics.read(cut(), {
    sample: (series, time, value) => found.samples.push(`${seriesTitle(series)} ${series.kind}${series.cumulative ? '+' : ''} ${series.unit} ${time} ${value}`),
    exemplar: (series, time, value, trace) => found.exemplars.push(`${seriesTitle(series)} ${time} ${value} ${trace}`),
    help: (name, text) => found.help.push(`${name}: ${text}`),
    reject: ({ reason }) => found.rejects.push(reason),
  }, { path: 'x', modified: 0, zone: 'UTC' });
  return found;
}
const packed = (...values: number[]): Buffer => Buffer.concat(values.map((value) => new Message().double(1, value).done().subarray(1)));
const packed64 = (...values: bigint[]): Buffer => Buffer.concat(values.map((value) => new Message().fixed64(1, value).done().subarray(1)));
const point = (): Message => new Message().fixed64(3, NS);
const metric = (name: string, field: number, ...points: Message[]): { cumulative(): Message; done(): Message } => {
  const data = points.reduce((message, each) => message.message(1, each), new Message());
  return { cumulative: () => new Message().text(1, name).message(field, data.number(2, 2)), done: () => new Message().text(1, name).message(field, data) };
};

const PROTOBUF = request('shop', [
  new Message().text(1, 'g').text(2, 'a gauge').text(3, 'By').message(5, new Message()
    .message(1, point().fixed64(6, -12n).message(7, attribute('n', 3)).message(5, new Message().fixed64(2, NS).double(3, 1.5).bytes(5, Buffer.from('ff00', 'hex'))))
    .message(1, point().number(8, 1)).message(1, point().double(4, Infinity))),
  new Message().text(1, 's').message(7, new Message().message(1, point().double(4, 5)).number(2, 2).number(3, 1)),
  new Message().text(1, 'd').message(7, new Message().message(1, point().double(4, 5)).number(2, 1).number(3, 1)),
  metric('h', 9, point().fixed64(4, 3n).double(5, 6).bytes(6, packed64(1n, 2n)).bytes(7, packed(1)).double(12, 4), point().fixed64(4, 1n).bytes(6, packed64(1n, 2n))).cumulative(),
  // Lists of numbers may also be written one by one.
  metric('u', 9, point().fixed64(4, 3n).fixed64(6, 1n).fixed64(6, 2n).double(7, 0.5)).cumulative(),
  metric('e', 10, point().fixed64(4, 6n).double(5, 1).number(6, 0).fixed64(7, 1n).message(8, new Message().number(1, 2).bytes(2, Buffer.from([2, 1]))).message(9, new Message().bytes(2, Buffer.from([2])))).cumulative(),
  metric('n', 10, point().fixed64(4, 1n).number(6, 3).message(8, new Message().number(1, 5).bytes(2, Buffer.from([1])))).cumulative(),
  metric('q', 11, point().fixed64(4, 2n).double(5, 3).message(6, new Message().double(1, 0.5).double(2, 1))).done(),
  new Message().text(1, 'none'),
]);
const attributes = [{ key: 'service.name', value: { stringValue: 'shop' } }, { key: 'host.name', value: { stringValue: 'web-1' } }];
const JSON_TEXT = JSON.stringify({
  resourceMetrics: [{
    resource: { attributes },
    scopeMetrics: [{
      scope: { name: 'test' },
      metrics: [
        { name: 'g', unit: 'By', description: 'a gauge', gauge: { dataPoints: [
          { asInt: '-12', timeUnixNano: T, attributes: [{ key: 'n', value: { intValue: '3' } }], exemplars: [{ timeUnixNano: T, asDouble: 1.5, traceId: 'ff00' }] }, { flags: 1, timeUnixNano: T }, { asDouble: 'Infinity', timeUnixNano: T },
        ] } },
        { name: 's', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ asDouble: 5, timeUnixNano: T }] } },
        { name: 'd', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [{ asDouble: 5, timeUnixNano: T }] } },
        { name: 'h', histogram: { aggregationTemporality: 2, dataPoints: [{ count: '3', sum: 6, max: 4, bucketCounts: ['1', '2'], explicitBounds: [1], timeUnixNano: T }, { count: 1, bucketCounts: [1, 2], explicitBounds: [], timeUnixNano: T }] } },
        { name: 'u', histogram: { aggregationTemporality: 2, dataPoints: [{ count: '3', bucketCounts: ['1', '2'], explicitBounds: [0.5], timeUnixNano: T }] } },
        { name: 'e', exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{ count: 6, sum: 1, scale: 0, zeroCount: 1, positive: { offset: 1, bucketCounts: ['2', '1'] }, negative: { offset: 0, bucketCounts: ['2'] }, timeUnixNano: T }] } },
        { name: 'n', exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{ count: 1, scale: -2, positive: { offset: -3, bucketCounts: ['1'] }, timeUnixNano: T }] } },
        { name: 'q', summary: { dataPoints: [{ count: 2, sum: 3, quantileValues: [{ quantile: 0.5, value: 1 }], timeUnixNano: T }] } },
        { name: 'none' },
      ],
    }],
  }],
});

describe('OTLP metrics in protobuf', () => {
  it('say what they say in JSON, of every kind, however the bytes are cut', async () => {
    const json = await read(Buffer.from(JSON_TEXT));
    expect(json.samples.length).toBeGreaterThan(20);
    for (const size of [1 << 20, 7]) expect(await read(PROTOBUF, size)).toEqual(json);
  });

  it('are recognised in a file: one message, or each behind its length', async () => {
    const one = request('shop', [gauge('heat', 1, 20.5), gauge('heat', 2, 21)]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(one.length);
    for (const [bytes, count] of [[one, 2], [Buffer.concat([length, one, length, one]), 4], [Buffer.concat([Buffer.from([one.length & 127 | 128, one.length >> 7]), one]), 2]] as const) {
      expect(recogniseMetrics(makeHead('x.bin', bytes))?.parser.id).toBe('otlp-metrics');
      expect((await read(bytes)).samples).toHaveLength(count);
    }
  });

  it('that are damaged are rejected with the reason, and the next message is read', async () => {
    const one = request('shop', [gauge('heat', 1, 20.5)]);
    const broken = Buffer.from(one);
    broken.fill(255, 40, 50);
    const framed = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
    const { samples, rejects } = await read(Buffer.concat([framed(one), framed(broken), framed(one)]));
    expect([samples.length, rejects.length]).toEqual([2, 1]);
  });
});
