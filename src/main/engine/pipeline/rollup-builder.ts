/**
 * Makes rollup rows of what a batch holds, in the parse worker: the writer has only to put them away, and to merge those at the
 * borders of batches. Events come in time order within a segment, so one bucket of each resolution is open at a time.
 */
import { Distinct } from '../store/distinct.ts';
import { encodeCoarse, encodeSeconds, type CoarseEntry } from '../store/rollup-rows.ts';
import { DDSKETCH_MAX, DDSKETCH_MIN, sketchIndex } from '../store/sketch.ts';

/** One row of the rollup table. Service ids in `data` are the worker's until the writer maps them. */
export interface RollupBlob {
  resolution: number;
  bucket: number;
  data: Uint8Array;
}

export interface RollupInput {
  n: number;
  order: Uint16Array | null;
  /** microseconds UTC */
  time: Float64Array;
  /** code of the segment, and the worker's id of each code */
  service: Uint16Array;
  serviceIds: Uint32Array;
  severity: Uint8Array;
  /** events with one of these bits stay out: their time is not believable */
  flags: Uint8Array;
  skipBits: number;
  /** milliseconds, NaN = none */
  latency: Float32Array | null;
  user: Uint16Array | null;
  /** hash of each user code */
  userHash: Uint32Array;
}

const SKETCH_SIZE = DDSKETCH_MAX - DDSKETCH_MIN + 1;
const COARSE = [60, 300, 3600, 86_400];

/** Statistics of one service in the open bucket of one resolution. */
interface Open {
  counts: Float64Array;
  latencies: number;
  sum: number;
  min: number;
  max: number;
  sketch: Uint32Array | null;
  /** sketch indices in use, so that emptying costs what was used */
  used: number[];
  users: Distinct | null;
}

class Level {
  readonly resolution: number;
  bucket = Number.NaN;
  readonly services: (Open | undefined)[] = [];
  touched: number[] = [];

  constructor(resolution: number) {
    this.resolution = resolution;
  }

  open(service: number): Open {
    let open = this.services[service];
    if (!open) this.services[service] = open = { counts: new Float64Array(5), latencies: 0, sum: 0, min: 0, max: 0, sketch: null, used: [], users: null };
    return open;
  }

  /** The open bucket as a row; empties it. */
  close(): RollupBlob {
    const entries: CoarseEntry[] = [];
    for (const service of this.touched) {
      const open = this.open(service);
      const buckets = open.used.sort((a, b) => a - b).map((index) => ({ index: index + DDSKETCH_MIN, n: open.sketch?.[index] ?? 0 }));
      entries.push({ service, counts: [...open.counts], latency: { count: open.latencies, sum: open.sum, min: open.min, max: open.max, buckets }, users: open.users ?? new Distinct() });
      open.counts.fill(0);
      open.latencies = 0;
      open.sum = 0;
      for (const index of open.used) if (open.sketch) open.sketch[index] = 0;
      open.used = [];
      open.users = null;
    }
    this.touched = [];
    return { resolution: this.resolution, bucket: this.bucket, data: encodeCoarse(entries) };
  }
}

export class RollupBuilder {
  #rows: RollupBlob[] = [];
  readonly #levels = COARSE.map((resolution) => new Level(resolution));
  // The open second, and the seconds of the open minute so far.
  #second = Number.NaN;
  #minute = Number.NaN;
  #secondCounts = new Uint32Array(0);
  #secondTouched: number[] = [];
  #entries: { second: number; service: number; severity: number; n: number }[] = [];

  add(c: RollupInput): void {
    const { time, severity, service, serviceIds, latency, user, userHash } = c;
    const levels = this.#levels;
    const highest = serviceIds.reduce((most, id) => Math.max(most, id), 0);
    if ((highest + 1) * 5 > this.#secondCounts.length) {
      const larger = new Uint32Array((highest + 1) * 10);
      larger.set(this.#secondCounts);
      this.#secondCounts = larger;
    }
    for (let k = 0; k < c.n; k++) {
      const i = c.order ? c.order[k] : k;
      if ((c.flags[i] & c.skipBits) !== 0) continue;
      const second = Math.floor(time[i] / 1e6);
      if (second !== this.#second) this.#turn(second);
      const id = serviceIds[service[i]];
      const slot = id * 5 + severity[i];
      if (this.#secondCounts[slot]++ === 0) this.#secondTouched.push(slot);
      const ms = latency === null ? Number.NaN : latency[i];
      const index = ms >= 0 ? sketchIndex(ms) - DDSKETCH_MIN : -1;
      const who = user === null ? 0 : user[i];
      for (let l = 0; l < 4; l++) {
        const level = levels[l];
        const open = level.services[id] ?? level.open(id);
        const { counts } = open;
        if (counts[0] + counts[1] + counts[2] + counts[3] + counts[4] === 0) level.touched.push(id);
        counts[severity[i]]++;
        if (index >= 0) {
          if (open.latencies++ === 0) open.min = open.max = ms;
          else if (ms < open.min) open.min = ms;
          else if (ms > open.max) open.max = ms;
          open.sum += ms;
          open.sketch ??= new Uint32Array(SKETCH_SIZE);
          if (open.sketch[index]++ === 0) open.used.push(index);
        }
        if (who !== 0) (open.users ??= new Distinct()).add(userHash[who]);
      }
    }
  }

  /** Another second begins: closes what it ends. */
  #turn(second: number): void {
    this.#closeSecond();
    this.#second = second;
    const minute = Math.floor(second / 60);
    if (minute === this.#minute) return;
    this.#closeMinute();
    this.#minute = minute;
    for (const level of this.#levels) {
      const bucket = Math.floor(second / level.resolution);
      if (bucket === level.bucket) continue;
      if (level.touched.length > 0) this.#rows.push(level.close());
      level.bucket = bucket;
    }
  }

  #closeSecond(): void {
    for (const slot of this.#secondTouched) {
      this.#entries.push({ second: this.#second - this.#minute * 60, service: Math.floor(slot / 5), severity: slot % 5, n: this.#secondCounts[slot] });
      this.#secondCounts[slot] = 0;
    }
    this.#secondTouched.length = 0;
  }

  #closeMinute(): void {
    if (this.#entries.length === 0) return;
    this.#rows.push({ resolution: 1, bucket: this.#minute, data: encodeSeconds(this.#entries) });
    this.#entries = [];
  }

  /** All rows since the last call. */
  take(): RollupBlob[] {
    this.#closeSecond();
    this.#closeMinute();
    this.#second = Number.NaN;
    this.#minute = Number.NaN;
    for (const level of this.#levels) {
      if (level.touched.length > 0) this.#rows.push(level.close());
      level.bucket = Number.NaN;
    }
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}
