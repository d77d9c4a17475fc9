/**
 * Which services took part in each of millions of requests, and when each failed first. Ids are known by 64 bits of hash: of two million, two
 * are taken for one once in ten million cases. About 50 bytes a request; names and maps of each would take ten times as much.
 */
import { FNV_PRIME, FNV_SEED, finishHash } from '../../pipeline/words.ts';

const FIRST = 1 << 12;

export class SharedRequests {
  readonly #most: number;
  // Open addressing: request + 1, 0 = free; and the hash of each request.
  #slots = new Int32Array(FIRST * 2);
  #low = new Int32Array(FIRST);
  #high = new Int32Array(FIRST);
  #place = new Float64Array(FIRST);
  /** the first service of each request is its entry of the same number; others are linked behind it */
  #service = new Uint32Array(FIRST);
  #failedAt = new Float64Array(FIRST);
  #next = new Int32Array(FIRST).fill(-1);
  count = 0;
  // Entries of further services.
  readonly #more: { service: number; failedAt: number; next: number }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** The number of the request with an id; one that is new is known by its place from then on. -1 = there are too many. */
  find(id: Uint8Array, place: number): number {
    let low = FNV_SEED;
    let high = FNV_PRIME;
    for (let i = 0; i < id.length; i++) {
      low = Math.imul(low ^ id[i], FNV_PRIME);
      high = Math.imul(high ^ id[i], 0x5bd1e995) + (high >>> 13);
    }
    low = finishHash(low);
    high = finishHash(high | 0);
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    for (let held = this.#slots[slot]; held !== 0; held = this.#slots[(slot = (slot + 1) & mask)]) {
      if (this.#low[held - 1] === low && this.#high[held - 1] === high) return held - 1;
    }
    if (this.count === this.#most) return -1;
    const request = this.count++;
    if (request === this.#low.length) this.#grow();
    this.#low[request] = low;
    this.#high[request] = high;
    this.#place[request] = place;
    this.#put(request);
    return request;
  }

  #put(request: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#low[request] & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = request + 1;
  }

  #grow(): void {
    const size = this.#low.length * 2;
    const grown = <T extends Int32Array | Uint32Array | Float64Array>(larger: T, old: T): T => {
      larger.set(old);
      return larger;
    };
    this.#low = grown(new Int32Array(size), this.#low);
    this.#high = grown(new Int32Array(size), this.#high);
    this.#place = grown(new Float64Array(size), this.#place);
    this.#service = grown(new Uint32Array(size), this.#service);
    this.#failedAt = grown(new Float64Array(size), this.#failedAt);
    this.#next = grown(new Int32Array(size).fill(-1), this.#next);
    this.#slots = new Int32Array(size * 2);
    for (let request = 0; request < this.count - 1; request++) this.#put(request);
  }

  /** A service (its id, not 0) took part, and failed at a time; NaN = it did not fail. */
  add(request: number, service: number, failedAt: number): void {
    if (this.#service[request] === 0) {
      this.#service[request] = service;
      this.#failedAt[request] = failedAt;
      return;
    }
    if (this.#service[request] === service) {
      if (!Number.isNaN(failedAt) && !(this.#failedAt[request] <= failedAt)) this.#failedAt[request] = failedAt;
      return;
    }
    for (let at = this.#next[request]; at >= 0; at = this.#more[at].next) {
      const entry = this.#more[at];
      if (entry.service !== service) continue;
      if (!Number.isNaN(failedAt) && !(entry.failedAt <= failedAt)) entry.failedAt = failedAt;
      return;
    }
    this.#next[request] = this.#more.push({ service, failedAt, next: this.#next[request] }) - 1;
  }

  /** Whether more than one service took part. */
  isShared(request: number): boolean {
    return this.#next[request] >= 0;
  }
  placeOf(request: number): number {
    return this.#place[request];
  }
  /** Services of a request with the time at which each failed first (NaN = it did not), as they came. */
  servicesOf(request: number): [service: number, failedAt: number][] {
    const others: [number, number][] = [];
    for (let at = this.#next[request]; at >= 0; at = this.#more[at].next) others.push([this.#more[at].service, this.#more[at].failedAt]);
    return [[this.#service[request], this.#failedAt[request]], ...others.reverse()];
  }
}
