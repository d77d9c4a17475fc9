/**
 * One bucket of 1 m, 5 m, 1 h or 1 d in memory: what it knows of each service, on its way to a row of the rollup table. Parse workers
 * fill minutes with events and coarser buckets with finer ones; the writer merges rows with it. Kept in columns by the place of a
 * service in the row, and emptied for the next bucket instead of made anew: thousands of minutes go through in a second.
 */
import type { ByteReader, ByteWriter } from './byte-stream.ts';
import { Distinct } from './distinct.ts';
import { DDSKETCH_MAX, DDSKETCH_MIN } from './sketch.ts';

/** Counters of a sketch come in pages of 32: most services use few, and a page's bits give its counters in order. */
const SKETCH_PAGES = Math.ceil((DDSKETCH_MAX - DDSKETCH_MIN + 1) / 32);

export class CoarseBucket {
  /** service ids by place */
  readonly services: number[] = [];
  readonly #placeOf = new Map<number, number>();
  #room = 8;
  /** by place * 5 + severity */
  #counts = new Float64Array(this.#room * 5);
  /** latencies by place, how many sketch buckets they fill, and their sum, min and max by place * 3 */
  #latencies = new Float64Array(this.#room);
  #filled = new Uint32Array(this.#room);
  #ends = new Float64Array(this.#room * 3);
  /** page by place * SKETCH_PAGES + page of the sketch, 0 = none yet */
  #pageOf = new Uint32Array(this.#room * SKETCH_PAGES);
  #pages = 1;
  #pageBits = new Int32Array(16);
  #pageCounts = new Float64Array(16 * 32);
  readonly #users: (Distinct | undefined)[] = [];
  #anyUsers = false;

  /** Place of a service, from now on if it had none. */
  place(service: number): number {
    let place = this.#placeOf.get(service);
    if (place === undefined) {
      place = this.services.length;
      this.#placeOf.set(service, place);
      this.services.push(service);
      if (place === this.#room) this.#grow();
    }
    return place;
  }

  #grow(): void {
    this.#room *= 2;
    this.#counts = grown(this.#counts, this.#room * 5);
    this.#latencies = grown(this.#latencies, this.#room);
    this.#ends = grown(this.#ends, this.#room * 3);
    const filled = this.#filled;
    const pageOf = this.#pageOf;
    this.#filled = new Uint32Array(this.#room);
    this.#filled.set(filled);
    this.#pageOf = new Uint32Array(this.#room * SKETCH_PAGES);
    this.#pageOf.set(pageOf);
  }

  /** Counts `n` events; slot = place * 5 + severity. */
  count(slot: number, n: number): void {
    this.#counts[slot] += n;
  }

  /** One latency in milliseconds and its sketch bucket. */
  latency(place: number, ms: number, index: number): void {
    this.#summary(place, 1, ms, ms, ms);
    this.#sketch(place, index - DDSKETCH_MIN, 1);
  }

  #summary(place: number, count: number, sum: number, min: number, max: number): void {
    const ends = this.#ends;
    const at = place * 3;
    if (this.#latencies[place] === 0) {
      ends[at] = sum;
      ends[at + 1] = min;
      ends[at + 2] = max;
    } else {
      ends[at] += sum;
      if (min < ends[at + 1]) ends[at + 1] = min;
      if (max > ends[at + 2]) ends[at + 2] = max;
    }
    this.#latencies[place] += count;
  }

  /** `index` from 0 */
  #sketch(place: number, index: number, n: number): void {
    const at = place * SKETCH_PAGES + (index >>> 5);
    let page = this.#pageOf[at];
    if (page === 0) this.#pageOf[at] = page = this.#newPage();
    const counter = page * 32 + (index & 31);
    if (this.#pageCounts[counter] === 0) {
      this.#pageBits[page] |= 1 << (index & 31);
      this.#filled[place]++;
    }
    this.#pageCounts[counter] += n;
  }

  #newPage(): number {
    if (this.#pages === this.#pageBits.length) {
      const bits = this.#pageBits;
      this.#pageBits = new Int32Array(bits.length * 2);
      this.#pageBits.set(bits);
      this.#pageCounts = grown(this.#pageCounts, this.#pageCounts.length * 2);
    }
    return this.#pages++;
  }

  /** Hash of a user. */
  user(place: number, hash: number): void {
    this.#usersOf(place).add(hash);
  }

  #usersOf(place: number): Distinct {
    this.#anyUsers = true;
    let users = this.#users[place];
    if (!users) this.#users[place] = users = new Distinct();
    return users;
  }

  /** Adds a finer bucket. */
  absorb(finer: CoarseBucket): void {
    for (let from = 0; from < finer.services.length; from++) {
      const to = this.place(finer.services[from]);
      for (let severity = 0; severity < 5; severity++) this.#counts[to * 5 + severity] += finer.#counts[from * 5 + severity];
      const latencies = finer.#latencies[from];
      if (latencies > 0) {
        this.#summary(to, latencies, finer.#ends[from * 3], finer.#ends[from * 3 + 1], finer.#ends[from * 3 + 2]);
        for (let p = 0; p < SKETCH_PAGES; p++) {
          const page = finer.#pageOf[from * SKETCH_PAGES + p];
          if (page === 0) continue;
          for (let bits = finer.#pageBits[page]; bits !== 0; bits &= bits - 1) {
            const bit = 31 - Math.clz32(bits & -bits);
            this.#sketch(to, p * 32 + bit, finer.#pageCounts[page * 32 + bit]);
          }
        }
      }
      const users = finer.#anyUsers ? finer.#users[from] : undefined;
      if (users && users.count > 0) this.#usersOf(to).merge(users);
    }
  }

  /** Adds a row. */
  absorbRow(reader: ByteReader): void {
    const places = Array.from({ length: reader.u32() }, () => this.place(reader.u32()));
    for (const place of places) {
      for (let severity = 0; severity < 5; severity++) this.#counts[place * 5 + severity] += reader.varint();
      const latencies = reader.varint();
      if (latencies > 0) {
        this.#summary(place, latencies, reader.f64(), reader.f64(), reader.f64());
        let index = -1000;
        for (let left = reader.varint(); left > 0; left--) {
          index += reader.varint();
          // A damaged row must not write beside the sketch.
          this.#sketch(place, Math.max(DDSKETCH_MIN, Math.min(DDSKETCH_MAX, index)) - DDSKETCH_MIN, reader.varint());
        }
      }
      this.#usersOf(place).mergeEncoded(reader);
    }
  }

  /** The bucket as a row. */
  encode(writer: ByteWriter): void {
    const { services } = this;
    writer.u32(services.length);
    for (const service of services) writer.u32(service);
    for (let place = 0; place < services.length; place++) {
      for (let severity = 0; severity < 5; severity++) writer.varint(this.#counts[place * 5 + severity]);
      const latencies = this.#latencies[place];
      writer.varint(latencies);
      if (latencies > 0) this.#encodeLatencies(writer, place);
      const users = this.#anyUsers ? this.#users[place] : undefined;
      if (users) users.encode(writer);
      else writer.u16(0);
    }
  }

  #encodeLatencies(writer: ByteWriter, place: number): void {
    for (let i = 0; i < 3; i++) writer.f64(this.#ends[place * 3 + i]);
    writer.varint(this.#filled[place]);
    let last = -1000 - DDSKETCH_MIN;
    for (let p = 0; p < SKETCH_PAGES; p++) {
      const page = this.#pageOf[place * SKETCH_PAGES + p];
      if (page === 0) continue;
      for (let bits = this.#pageBits[page]; bits !== 0; bits &= bits - 1) {
        const bit = 31 - Math.clz32(bits & -bits);
        const index = p * 32 + bit;
        writer.varint(index - last);
        writer.varint(this.#pageCounts[page * 32 + bit]);
        last = index;
      }
    }
  }

  /** Empties it for another bucket. */
  clear(): void {
    const size = this.services.length;
    this.#counts.fill(0, 0, size * 5);
    if (this.#pages > 1) {
      this.#latencies.fill(0, 0, size);
      this.#filled.fill(0, 0, size);
      this.#pageOf.fill(0, 0, size * SKETCH_PAGES);
      this.#pageBits.fill(0, 0, this.#pages);
      this.#pageCounts.fill(0, 0, this.#pages * 32);
      this.#pages = 1;
    }
    if (this.#anyUsers) for (let place = 0; place < size; place++) this.#users[place]?.clear();
    this.#anyUsers = false;
    this.services.length = 0;
    this.#placeOf.clear();
  }
}

function grown(old: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(old);
  return larger;
}
