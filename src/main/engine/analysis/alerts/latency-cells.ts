import { DDSKETCH_MAX, DDSKETCH_MIN } from '../../store/sketch.ts';

/** Entries after which what came in is put in order. */
const PENDING = 1 << 18;

/** Latencies by slot of their pane, as sketch buckets and how often each was met. What comes is put in order now and then. */
export class LatencyCells {
  #slots = new Int32Array(0);
  #indexes = new Int16Array(0);
  #counts = new Uint32Array(0);
  #used = 0;
  /** entries up to here are in order, each pair of slot and bucket once */
  #ordered = 0;
  #starts = new Uint32Array(1);

  add(slot: number, index: number): void {
    if (this.#used === this.#slots.length) this.#makeRoom();
    this.#slots[this.#used] = slot;
    this.#indexes[this.#used] = index;
    this.#counts[this.#used++] = 1;
  }

  /** Puts all in order; to be called after the last `add` and before `each`. `slots`: how many there are. */
  settle(slots: number): void {
    if (this.#ordered < this.#used) this.#order();
    if (this.#starts.length === slots + 1) return;
    const starts = new Uint32Array(slots + 1);
    for (let i = 0; i < this.#used; i++) starts[this.#slots[i] + 1]++;
    for (let slot = 0; slot < slots; slot++) starts[slot + 1] += starts[slot];
    this.#starts = starts;
  }

  /** Buckets of a slot, ascending. */
  each(slot: number, visit: (index: number, n: number) => void): void {
    for (let i = this.#starts[slot]; i < this.#starts[slot + 1]; i++) visit(this.#indexes[i], this.#counts[i]);
  }

  #makeRoom(): void {
    if (this.#used - this.#ordered >= PENDING) this.#order();
    if (this.#used * 2 < this.#slots.length) return;
    const length = Math.max(256, this.#used * 2);
    this.#slots = widened(this.#slots, new Int32Array(length));
    this.#indexes = widened(this.#indexes, new Int16Array(length));
    this.#counts = widened(this.#counts, new Uint32Array(length));
  }

  /** Sorts by bucket, then by slot (counting sorts, which keep the order of what is equal), and adds up what is the same. */
  #order(): void {
    const n = this.#used;
    const byIndex = placesBy(n, DDSKETCH_MAX - DDSKETCH_MIN + 1, (i) => this.#indexes[i] - DDSKETCH_MIN);
    let slots = 0;
    for (let i = 0; i < n; i++) if (this.#slots[i] >= slots) slots = this.#slots[i] + 1;
    const bySlot = placesBy(n, slots, (i) => this.#slots[byIndex[i]]);
    const sorted = { slots: new Int32Array(this.#slots.length), indexes: new Int16Array(this.#slots.length), counts: new Uint32Array(this.#slots.length) };
    let kept = -1;
    for (let i = 0; i < n; i++) {
      const from = byIndex[bySlot[i]];
      if (kept < 0 || sorted.slots[kept] !== this.#slots[from] || sorted.indexes[kept] !== this.#indexes[from]) {
        sorted.slots[++kept] = this.#slots[from];
        sorted.indexes[kept] = this.#indexes[from];
      }
      sorted.counts[kept] += this.#counts[from];
    }
    this.#slots = sorted.slots;
    this.#indexes = sorted.indexes;
    this.#counts = sorted.counts;
    this.#used = this.#ordered = kept + 1;
    this.#starts = new Uint32Array(1);
  }
}

/** Places in ascending order of their keys (0 <= key < keys). */
function placesBy(n: number, keys: number, keyOf: (i: number) => number): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (let i = 0; i < n; i++) next[keyOf(i) + 1]++;
  for (let key = 0; key < keys; key++) next[key + 1] += next[key];
  const places = new Uint32Array(n);
  for (let i = 0; i < n; i++) places[next[keyOf(i)]++] = i;
  return places;
}

function widened<T extends Int32Array | Int16Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
