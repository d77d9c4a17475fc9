/**
 * Makes rollup rows of what a batch holds, in the parse worker: the writer has only to put them away, and to merge those at the
 * borders of batches. Events come in time order within a segment, so one bucket of each resolution is open at a time. An event is
 * counted in its second and its minute only; a coarser bucket is the sum of the finer ones that closed inside it.
 */
import { ByteWriter } from '../store/byte-stream.ts';
import { CoarseBucket } from '../store/coarse-bucket.ts';
import type { RollupRows } from '../store/rollup-rows.ts';
import { SecondsBucket } from '../store/seconds-bucket.ts';
import { sketchIndexOfBits } from '../store/sketch.ts';

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

/** Each a multiple of the one before. */
const COARSE = [60, 300, 3600, 86_400];

export class RollupBuilder {
  // The open second: its number and its time in microseconds, [from, to).
  #second = Number.NaN;
  #from = Number.NaN;
  #to = Number.NaN;
  readonly #seconds = new SecondsBucket();
  readonly #levels = COARSE.map(() => new CoarseBucket());
  readonly #minute = this.#levels[0];
  readonly #open = COARSE.map(() => Number.NaN);
  // Place of a segment's service code in the open minute, valid when the stamp is that of segment and minute.
  #placeOfCode = new Uint32Array(64);
  #stampOfCode = new Uint32Array(64);
  #stamp = 0;
  // Rows that wait to be taken.
  readonly #writer = new ByteWriter();
  #resolution: number[] = [];
  #bucket: number[] = [];
  #end: number[] = [];

  add(c: RollupInput): void {
    const { n, order, time, service, serviceIds, severity, flags, skipBits, latency, user, userHash } = c;
    const seconds = this.#seconds;
    const minute = this.#minute;
    const latencyBits = latency === null ? null : new Uint32Array(latency.buffer, latency.byteOffset, latency.length);
    this.#stamp++;
    if (serviceIds.length > this.#placeOfCode.length) {
      this.#placeOfCode = new Uint32Array(serviceIds.length * 2);
      this.#stampOfCode = new Uint32Array(serviceIds.length * 2);
    }
    const placeOfCode = this.#placeOfCode;
    const stampOfCode = this.#stampOfCode;
    for (let k = 0; k < n; k++) {
      const i = order === null ? k : order[k];
      if ((flags[i] & skipBits) !== 0) continue;
      const us = time[i];
      if (!(us >= this.#from && us < this.#to)) this.#turn(Math.floor(us / 1e6));
      const code = service[i];
      if (stampOfCode[code] !== this.#stamp) {
        stampOfCode[code] = this.#stamp;
        placeOfCode[code] = minute.place(serviceIds[code]);
      }
      const place = placeOfCode[code];
      const slot = place * 5 + severity[i];
      seconds.add(slot, 1);
      minute.count(slot, 1);
      if (latency !== null && latencyBits !== null) {
        const ms = latency[i];
        if (ms >= 0) minute.latency(place, ms, sketchIndexOfBits(latencyBits[i]));
      }
      if (user !== null && user[i] !== 0) minute.user(place, userHash[user[i]]);
    }
  }

  /** Another second begins (none when NaN): closes what it ends. */
  #turn(second: number): void {
    if (!Number.isNaN(this.#second)) this.#seconds.close(this.#second - this.#open[0] * 60);
    // A segment may begin before the end of the one before it. The minute is then made of two rows, which the writer merges.
    const back = second <= this.#second;
    this.#second = second;
    this.#from = second * 1e6;
    this.#to = this.#from + 1e6;
    for (let level = 0; level < COARSE.length; level++) {
      const bucket = Math.floor(second / COARSE[level]);
      if (bucket === this.#open[level] && !(back && level === 0)) return;
      const closing = this.#levels[level];
      if (closing.services.length > 0) {
        if (level === 0) {
          this.#seconds.encode(this.#writer, closing.services);
          this.#row(1, this.#open[0]);
        }
        closing.encode(this.#writer);
        this.#row(COARSE[level], this.#open[level]);
        if (level + 1 < COARSE.length) this.#levels[level + 1].absorb(closing);
        closing.clear();
      }
      this.#open[level] = bucket;
      this.#stamp++;
    }
  }

  #row(resolution: number, bucket: number): void {
    this.#resolution.push(resolution);
    this.#bucket.push(bucket);
    this.#end.push(this.#writer.used);
  }

  /** All rows since the last call. */
  take(): RollupRows {
    this.#turn(Number.NaN);
    const rows = { resolution: Uint32Array.from(this.#resolution), bucket: Float64Array.from(this.#bucket), end: Uint32Array.from(this.#end), data: this.#writer.take() };
    this.#resolution = [];
    this.#bucket = [];
    this.#end = [];
    return rows;
  }
}
