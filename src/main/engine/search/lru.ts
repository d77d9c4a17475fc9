/** A cache bounded by size; what was not used for longest goes first. */
export class Lru<K, V> {
  readonly #limit: number;
  readonly #map = new Map<K, { value: V; size: number }>();
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is kept under a key, if it is. */
  held(key: K): V | undefined {
    return this.#map.get(key)?.value;
  }

  forget(key: K): void {
    this.#size -= this.#map.get(key)?.size ?? 0;
    this.#map.delete(key);
  }

  get(key: K, make: () => { value: V; size: number }): V {
    const held = this.#map.get(key);
    if (held) {
      this.#map.delete(key);
      this.#map.set(key, held);
      return held.value;
    }
    const made = make();
    this.#map.set(key, made);
    this.#size += made.size;
    for (const [oldest, entry] of this.#map) {
      if (this.#size <= this.#limit || this.#map.size === 1) break;
      this.#map.delete(oldest);
      this.#size -= entry.size;
    }
    return made.value;
  }
}
