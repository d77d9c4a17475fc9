/**
 * What one segment adds to the rollups, as small columns. A parse worker makes it, the writer merges it in the transaction that
 * stores the segment. `service` is the segment's own code (dicts[0] gives the id).
 */
import { DDSKETCH_MIN, sketchIndex } from '../store/sketch.ts';

export interface RollupDelta {
  /** event counts: second (since 1970), service code, severity, n */
  seconds: { second: Float64Array; service: Uint16Array; severity: Uint8Array; n: Uint32Array };
  /** latency sketches by minute: minute (since 1970), service code, sketch index, n */
  latency: { minute: Float64Array; service: Uint16Array; index: Int16Array; n: Uint32Array };
  /** exact parts of the sketches: count, sum, min, max in milliseconds */
  latencyStats: { minute: Float64Array; service: Uint16Array; count: Uint32Array; sum: Float64Array; min: Float64Array; max: Float64Array };
  /** distinct users by minute, as 32-bit hashes */
  users: { minute: Float64Array; service: Uint16Array; hash: Uint32Array };
}

interface Columns {
  n: number;
  order: Uint16Array | null;
  time: Float64Array;
  service: Uint16Array;
  services: number;
  severity: Uint8Array;
  /** events whose time is not believable stay out */
  skip: Uint8Array;
  skipBits: number;
  latency: Float32Array | null;
  user: Uint16Array | null;
  /** hash of each user code */
  userHash: Uint32Array;
}

const SECOND = 1e6;

/** One pass over the segment in time order; only the current second and minute are open at a time. */
export function rollupDelta(c: Columns): RollupDelta {
  const perSecond: number[][] = [[], [], [], []];
  const counts = new Uint32Array(c.services * 5);
  let touched: number[] = [];
  let second = Number.NaN;
  const flushSecond = (): void => {
    for (const slot of touched) {
      perSecond[0].push(second);
      perSecond[1].push((slot / 5) | 0);
      perSecond[2].push(slot % 5);
      perSecond[3].push(counts[slot]);
      counts[slot] = 0;
    }
    touched = [];
  };

  const lat: number[][] = [[], [], [], []];
  const stats: number[][] = [[], [], [], [], [], []];
  const users: number[][] = [[], [], []];
  let minute = Number.NaN;
  let sketches = new Map<number, number>();
  let minuteStats = new Map<number, { count: number; sum: number; min: number; max: number }>();
  let minuteUsers = new Set<number>();
  const flushMinute = (): void => {
    for (const [key, n] of sketches) {
      lat[0].push(minute);
      lat[1].push((key / 4096) | 0);
      lat[2].push((key % 4096) + DDSKETCH_MIN);
      lat[3].push(n);
    }
    for (const [service, s] of minuteStats) {
      stats[0].push(minute);
      stats[1].push(service);
      stats[2].push(s.count);
      stats[3].push(s.sum);
      stats[4].push(s.min);
      stats[5].push(s.max);
    }
    for (const key of minuteUsers) {
      users[0].push(minute);
      users[1].push((key / 65536) | 0);
      users[2].push(c.userHash[key % 65536]);
    }
    if (sketches.size) sketches = new Map();
    if (minuteStats.size) minuteStats = new Map();
    if (minuteUsers.size) minuteUsers = new Set();
  };

  for (let k = 0; k < c.n; k++) {
    const i = c.order ? c.order[k] : k;
    if (c.skip[i] & c.skipBits) continue;
    const s = Math.floor(c.time[i] / SECOND);
    if (s !== second) {
      flushSecond();
      second = s;
      const m = Math.floor(s / 60);
      if (m !== minute) {
        flushMinute();
        minute = m;
      }
    }
    const service = c.service[i];
    const slot = service * 5 + c.severity[i];
    if (counts[slot]++ === 0) touched.push(slot);
    if (c.latency !== null) {
      const ms = c.latency[i];
      if (ms >= 0) {
        const key = service * 4096 + sketchIndex(ms) - DDSKETCH_MIN;
        sketches.set(key, (sketches.get(key) ?? 0) + 1);
        const known = minuteStats.get(service);
        if (known) {
          known.count++;
          known.sum += ms;
          if (ms < known.min) known.min = ms;
          if (ms > known.max) known.max = ms;
        } else minuteStats.set(service, { count: 1, sum: ms, min: ms, max: ms });
      }
    }
    if (c.user !== null && c.user[i] !== 0) minuteUsers.add(service * 65536 + c.user[i]);
  }
  flushSecond();
  flushMinute();
  return {
    seconds: { second: Float64Array.from(perSecond[0]), service: Uint16Array.from(perSecond[1]), severity: Uint8Array.from(perSecond[2]), n: Uint32Array.from(perSecond[3]) },
    latency: { minute: Float64Array.from(lat[0]), service: Uint16Array.from(lat[1]), index: Int16Array.from(lat[2]), n: Uint32Array.from(lat[3]) },
    latencyStats: {
      minute: Float64Array.from(stats[0]),
      service: Uint16Array.from(stats[1]),
      count: Uint32Array.from(stats[2]),
      sum: Float64Array.from(stats[3]),
      min: Float64Array.from(stats[4]),
      max: Float64Array.from(stats[5]),
    },
    users: { minute: Float64Array.from(users[0]), service: Uint16Array.from(users[1]), hash: Uint32Array.from(users[2]) },
  };
}
