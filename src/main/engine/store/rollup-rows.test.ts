import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './byte-stream.ts';
import { CoarseBucket } from './coarse-bucket.ts';
import { Distinct } from './distinct.ts';
import { decodeCoarse, decodeSeconds, mapServices, mergeCoarse, mergeSeconds, type SecondEntry } from './rollup-rows.ts';
import { SecondsBucket } from './seconds-bucket.ts';
import { sketchIndex, sketchQuantile } from './sketch.ts';

function secondsRow(services: number[], counts: [second: number, place: number, severity: number, n: number][]): Uint8Array {
  const bucket = new SecondsBucket();
  for (let second = 0; second < 60; second++) {
    for (const [at, place, severity, n] of counts) if (at === second) bucket.add(place * 5 + severity, n);
    bucket.close(second);
  }
  const writer = new ByteWriter();
  bucket.encode(writer, services);
  return writer.take();
}
function coarseRow(services: { service: number; latencies: number[]; users: number[]; critical: number }[]): Uint8Array {
  const bucket = new CoarseBucket();
  for (const { service, latencies, users, critical } of services) {
    const place = bucket.place(service);
    bucket.count(place * 5 + 4, critical);
    for (const ms of latencies) bucket.latency(place, ms, sketchIndex(ms));
    for (const user of users) bucket.user(place, user);
  }
  const writer = new ByteWriter();
  bucket.encode(writer);
  return writer.take();
}

describe('rollup rows', () => {
  it('keep seconds through encoding, mapping and merging', () => {
    const a = secondsRow([3, 9], [[0, 0, 0, 5], [59, 1, 4, 1_000_000]]);
    // The same services in another order, and one more.
    const b = secondsRow([9, 700_000, 3], [[0, 2, 1, 7], [0, 0, 0, 1], [59, 0, 4, 2], [59, 1, 0, 2 ** 40]]);
    const entry = (second: number, service: number, severity: number, n: number): SecondEntry => ({ second, service, severity, n });
    expect(decodeSeconds(a)).toEqual([entry(0, 3, 0, 5), entry(59, 9, 4, 1_000_000)]);
    const merged = mergeSeconds(a, b);
    expect(decodeSeconds(merged)).toEqual([entry(0, 3, 0, 5), entry(0, 3, 1, 7), entry(0, 9, 0, 1), entry(59, 9, 4, 1_000_002), entry(59, 700_000, 0, 2 ** 40)]);
    const ids: number[] = [];
    ids[3] = 103;
    ids[9] = 109;
    mapServices(merged, ids);
    expect(decodeSeconds(merged).map(({ service }) => service)).toEqual([103, 103, 109, 109, 0]);
  });

  it('come out of a minute in order, however many services there are', () => {
    const slots = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 3000);
    const row = secondsRow(slots, slots.map((place) => [30, place, place % 5, place + 1]));
    expect(decodeSeconds(row)).toEqual(slots.map((service, place) => ({ second: 30, service, severity: place % 5, n: place + 1 })));
  });

  it('merge sketches and users without loss', () => {
    const first = Array.from({ length: 5000 }, (_, i) => (i + 1) / 7);
    const second = Array.from({ length: 3000 }, (_, i) => 900 + i);
    const merged = decodeCoarse(mergeCoarse(
      coarseRow([{ service: 1, latencies: first, users: [1, 2, 3], critical: 300 }, { service: 2, latencies: [], users: [], critical: 1 }]),
      coarseRow([{ service: 5, latencies: [0], users: [], critical: 0 }, { service: 1, latencies: second, users: [3, 4], critical: 300 }]),
    ));
    expect(merged.map(({ service }) => service)).toEqual([1, 2, 5]);
    const [one, two, five] = merged;
    const all = [...first, ...second].sort((x, y) => x - y);
    expect(one.latency.count).toBe(8000);
    expect([one.latency.min, one.latency.max]).toEqual([1 / 7, 3899]);
    expect(one.users.count).toBe(4);
    expect(one.counts).toEqual([0, 0, 0, 0, 600]);
    for (const q of [0.01, 0.5, 0.95, 0.99]) {
      const truth = all[Math.floor(q * (all.length - 1))];
      expect(Math.abs(sketchQuantile(one.latency.buckets, q) - truth) / truth).toBeLessThan(0.0201);
    }
    expect([two.latency.count, two.users.count, two.counts[4]]).toEqual([0, 0, 1]);
    expect(five.latency).toEqual({ count: 1, sum: 0, min: 0, max: 0, buckets: [{ index: sketchIndex(0), n: 1 }] });
  });
});

describe('Distinct', () => {
  it.each([0, 10, 500, 513, 5_000, 200_000])('counts %i values within 6 %%, merged from two halves', (n) => {
    const left = new Distinct();
    const right = new Distinct();
    for (let i = 0; i < n; i++) (i % 2 ? left : right).add(Math.imul(i + 1, 0x9e3779b1));
    const writer = new ByteWriter();
    right.encode(writer);
    const whole = new Distinct();
    whole.merge(left);
    left.mergeEncoded(new ByteReader(writer.take()));
    expect(Math.abs(left.count - n)).toBeLessThanOrEqual(n > 512 ? n * 0.06 : 0);
    whole.merge(right);
    expect(whole.count).toBe(left.count);
    whole.clear();
    expect(whole.count).toBe(0);
    whole.add(1);
    whole.add(1);
    expect(whole.count).toBe(1);
  });
});
