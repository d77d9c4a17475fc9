/**
 * The seconds of one minute, on their way to a row of resolution 1: counts by second, service and severity. Services stand for their
 * places in the row's list; a slot is place * 5 + severity. Seconds are given one after the other.
 */
import type { ByteWriter } from './byte-stream.ts';

export class SecondsBucket {
  // The open second: counts by slot, and a bit for each slot in use, so that slots come out sorted without sorting.
  #counts = new Float64Array(64);
  #bits = new Int32Array(2);
  #words = 0;
  // The seconds before it, as sorted triples.
  #seconds = new Uint8Array(256);
  #slots = new Uint32Array(256);
  #ns = new Float64Array(256);
  #size = 0;

  /** Counts `n` events in the open second. */
  add(slot: number, n: number): void {
    const word = slot >>> 5;
    if (word >= this.#words) this.#reach(word);
    this.#bits[word] |= 1 << (slot & 31);
    this.#counts[slot] += n;
  }

  #reach(word: number): void {
    this.#words = word + 1;
    if (word < this.#bits.length) return;
    const length = (word + 1) * 2;
    this.#bits = grown(this.#bits, new Int32Array(length));
    this.#counts = grown(this.#counts, new Float64Array(length * 32));
  }

  /** Ends the open second, which is `second` (0..59) of the minute and later than those before. */
  close(second: number): void {
    for (let word = 0; word < this.#words; word++) {
      for (let bits = this.#bits[word]; bits !== 0; bits &= bits - 1) {
        const slot = word * 32 + 31 - Math.clz32(bits & -bits);
        if (this.#size === this.#slots.length) this.#growEntries();
        this.#seconds[this.#size] = second;
        this.#slots[this.#size] = slot;
        this.#ns[this.#size++] = this.#counts[slot];
        this.#counts[slot] = 0;
      }
      this.#bits[word] = 0;
    }
    this.#words = 0;
  }

  #growEntries(): void {
    const length = this.#slots.length * 2;
    this.#seconds = grown(this.#seconds, new Uint8Array(length));
    this.#slots = grown(this.#slots, new Uint32Array(length));
    this.#ns = grown(this.#ns, new Float64Array(length));
  }

  /** The minute as a row, whose services are `ids` by place; empties it. The last second has been closed. */
  encode(writer: ByteWriter, ids: readonly number[]): void {
    writer.u32(ids.length);
    for (const id of ids) writer.u32(id);
    const stride = ids.length * 5;
    let last = 0;
    for (let i = 0; i < this.#size; i++) {
      const key = this.#seconds[i] * stride + this.#slots[i];
      writer.varint(key - last);
      writer.varint(this.#ns[i]);
      last = key;
    }
    this.#size = 0;
  }
}

function grown<T extends Uint8Array | Int32Array | Uint32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
