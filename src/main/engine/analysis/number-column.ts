/** A column of numbers that grows: eight bytes a value, where a list of objects would take ten times as much. */
export class NumberColumn {
  #values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }
  at(i: number): number {
    return this.#values[i];
  }
  add(i: number, more: number): void {
    this.#values[i] += more;
  }
  /** All values, good until the next is added. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}
