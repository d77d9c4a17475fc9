import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Distinct } from '../store/distinct.ts';
import { decodeCoarse, decodeSeconds, mergeCoarse, mergeSeconds, type RollupRows } from '../store/rollup-rows.ts';
import { sketchIndex } from '../store/sketch.ts';
import { RollupBuilder, type RollupInput } from './rollup-builder.ts';

interface Event {
  /** microseconds */
  time: number;
  service: number;
  severity: number;
  suspect: boolean;
  /** eighths of a millisecond: their sums are exact in any order */
  latency: number | null;
  user: number;
}
/** What is known of a service in a bucket, as plain values. */
interface Known { counts: number[]; sum: number; min: number; max: number; sketch: Record<string, number>; users: number }
const RESOLUTIONS = [1, 60, 300, 3600, 86_400];
/** ids that the worker gave to codes 0..5 */
const SERVICE_IDS = Uint32Array.from([0, 7, 3, 4000, 1, 12]);
const hashOf = (user: number): number => Math.imul(user, 0x9e3779b1) >>> 0;

function segment(events: readonly Event[], unsorted: boolean): RollupInput {
  const list = unsorted ? events : [...events].sort((a, b) => a.time - b.time);
  const order = Uint16Array.from(list.keys()).sort((a, b) => list[a].time - list[b].time || a - b);
  return {
    n: list.length,
    order: unsorted ? order : null,
    time: Float64Array.from(list, ({ time }) => time),
    service: Uint16Array.from(list, ({ service }) => service),
    serviceIds: SERVICE_IDS,
    severity: Uint8Array.from(list, ({ severity }) => severity),
    flags: Uint8Array.from(list, ({ suspect }) => (suspect ? 2 : 1)),
    skipBits: 2,
    latency: list.some(({ latency }) => latency !== null) ? Float32Array.from(list, ({ latency }) => (latency === null ? Number.NaN : latency / 8)) : null,
    user: list.some(({ user }) => user > 0) ? Uint16Array.from(list, ({ user }) => user) : null,
    userHash: Uint32Array.from({ length: 2000 }, (_, user) => hashOf(user)),
  };
}

/** Merges rows of one bucket as the writer does. */
function put(stored: Map<string, Uint8Array>, { resolution, bucket, end, data }: RollupRows): void {
  expect(data.length).toBe(end.length === 0 ? 0 : end[end.length - 1]);
  for (let i = 0; i < end.length; i++) {
    const row = data.subarray(i === 0 ? 0 : end[i - 1], end[i]);
    const key = `${resolution[i]} ${bucket[i]}`;
    const held = stored.get(key);
    stored.set(key, held ? (resolution[i] === 1 ? mergeSeconds : mergeCoarse)(held, row) : row);
  }
}

function read(stored: Map<string, Uint8Array>): Record<string, Partial<Known>> {
  const known: Record<string, Partial<Known>> = {};
  for (const [key, row] of stored) {
    const [resolution, bucket] = key.split(' ').map(Number);
    if (resolution === 1) {
      for (const { second, service, severity, n } of decodeSeconds(row)) {
        const counts = ((known[`1 ${bucket * 60 + second} ${service}`] ??= { counts: [0, 0, 0, 0, 0] }).counts ??= []);
        counts[severity] += n;
      }
      continue;
    }
    for (const { service, counts, latency, users } of decodeCoarse(row)) {
      expect(latency.buckets.map(({ index }) => index)).toEqual(latency.buckets.map(({ index }) => index).sort((a, b) => a - b));
      expect(latency.buckets.reduce((sum, { n }) => sum + n, 0)).toBe(latency.count);
      known[`${key} ${service}`] = { counts, sum: latency.sum, min: latency.min, max: latency.max, sketch: Object.fromEntries(latency.buckets.map(({ index, n }) => [index, n])), users: users.count };
    }
  }
  return known;
}

/** The same by the book. */
function naive(events: readonly Event[]): Record<string, Partial<Known>> {
  const known: Record<string, Partial<Known>> = {};
  for (const resolution of RESOLUTIONS) {
    const groups = new Map<string, Event[]>();
    for (const event of events) {
      if (event.suspect) continue;
      const key = `${resolution} ${Math.floor(event.time / (resolution * 1e6))} ${SERVICE_IDS[event.service]}`;
      groups.set(key, [...(groups.get(key) ?? []), event]);
    }
    for (const [key, group] of groups) {
      const counts = [0, 1, 2, 3, 4].map((severity) => group.filter((event) => event.severity === severity).length);
      const latencies = group.flatMap(({ latency }) => (latency === null ? [] : [latency / 8]));
      const sketch: Record<string, number> = {};
      for (const ms of latencies) sketch[sketchIndex(ms)] = (sketch[sketchIndex(ms)] ?? 0) + 1;
      const users = new Distinct();
      for (const { user } of group) if (user > 0) users.add(hashOf(user));
      known[key] = resolution === 1 ? { counts } : { counts, sum: latencies.reduce((a, b) => a + b, 0), min: latencies.length ? Math.min(...latencies) : 0, max: latencies.length ? Math.max(...latencies) : 0, sketch, users: users.count };
    }
  }
  return known;
}

const START = Date.UTC(2026, 10, 19, 23, 50) * 1000;
/** Gaps from nothing to days, so that each resolution closes and stays open often. */
const time = fc.oneof(fc.integer({ min: 0, max: 3e6 }), fc.integer({ min: 0, max: 900e6 }), fc.integer({ min: 0, max: 3 * 86_400e6 })).map((us) => START + us);
const event: fc.Arbitrary<Event> = fc.record({
  time,
  service: fc.nat({ max: 5 }),
  severity: fc.nat({ max: 4 }),
  suspect: fc.nat({ max: 9 }).map((n) => n === 0),
  latency: fc.oneof(fc.constant(null), fc.nat({ max: 80 }), fc.nat({ max: 8_000_000 })),
  user: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1999 })),
});
const plain = event.map((e) => ({ ...e, latency: null, user: 0 }));
const batches = fc.array(fc.array(fc.tuple(fc.oneof(fc.array(event, { maxLength: 60 }), fc.array(plain, { maxLength: 60 })), fc.boolean()), { maxLength: 4 }), { maxLength: 4 });

describe('RollupBuilder', () => {
  it('makes the rows that counting by the book makes, whatever the order and the borders of segments and batches', () => {
    const builder = new RollupBuilder();
    fc.assert(fc.property(batches, (list) => {
      const stored = new Map<string, Uint8Array>();
      for (const batch of list) {
        for (const [events, unsorted] of batch) builder.add(segment(events, unsorted));
        put(stored, builder.take());
      }
      expect(read(stored)).toEqual(naive(list.flat().flatMap(([events]) => events)));
    }), { numRuns: 150 });
  });

  it('holds many users and services, and forgets them with the bucket', () => {
    const builder = new RollupBuilder();
    const crowd = Array.from({ length: 4000 }, (_, i): Event => ({ time: START + i * 40_000, service: i % 3, severity: i % 5, suspect: false, latency: i, user: 1 + (i % 1999) }));
    const few = crowd.slice(0, 3).map((e) => ({ ...e, time: e.time + 86_400e6 }));
    const stored = new Map<string, Uint8Array>();
    builder.add(segment([...crowd, ...few], false));
    put(stored, builder.take());
    expect(read(stored)).toEqual(naive([...crowd, ...few]));
    const rows = builder.take();
    expect([rows.end.length, rows.data.length]).toEqual([0, 0]);
  });
});
