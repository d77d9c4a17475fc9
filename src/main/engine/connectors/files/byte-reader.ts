/**
 * A pull reader over chunks of bytes. Every decoder and archive reader here pulls from one, so nothing is read before somebody
 * asks for it (back-pressure), and an error of the source surfaces only after all bytes before it were handed out.
 */
export class ByteReader {
  /** bytes handed out so far */
  offset = 0;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #pending: Uint8Array[] = [];
  #buffered = 0;
  #ended = false;
  #failed = false;
  #failure: unknown;
  #closed = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Reads ahead until `length` bytes wait or the source is over; false when there are fewer. Never throws for a failed source. */
  async ensure(length: number): Promise<boolean> {
    while (this.#buffered < length && !this.#ended) await this.#pull();
    return this.#buffered >= length;
  }

  /** Up to `length` bytes without taking them; fewer only when the source is over. */
  async peek(length: number): Promise<Uint8Array> {
    await this.ensure(length);
    return this.#front(Math.min(length, this.#buffered));
  }

  /** Takes exactly `length` bytes, or null (taking none) when the source ends before; throws when it failed before. */
  async take(length: number): Promise<Uint8Array | null> {
    if (!(await this.ensure(length))) {
      if (this.#failed) throw this.#failure;
      return null;
    }
    const bytes = this.#front(length);
    this.#drop(length);
    return bytes;
  }

  /** Takes whatever comes next, at most `max` bytes; null at the end. */
  async next(max = Infinity): Promise<Uint8Array | null> {
    if (this.#closed) throw new Error('This member was read after the archive had moved on: members are consumed in order.');
    await this.ensure(1);
    if (this.#buffered === 0) {
      if (this.#failed) throw this.#failure;
      return null;
    }
    const first = this.#pending[0];
    const bytes = first.length <= max ? first : first.subarray(0, max);
    this.#drop(bytes.length);
    return bytes;
  }

  /** Takes up to `length` bytes and forgets them; returns how many there were. */
  async skip(length: number): Promise<number> {
    let left = length;
    while (left > 0) {
      const bytes = await this.next(left);
      if (bytes === null) break;
      left -= bytes.length;
    }
    return length - left;
  }

  /** Gives back the last bytes taken. */
  unread(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pending.unshift(bytes);
    this.#buffered += bytes.length;
    this.offset -= bytes.length;
  }

  /** True when nothing is left; throws when the source failed here. */
  async atEnd(): Promise<boolean> {
    if (await this.ensure(1)) return false;
    if (this.#failed) throw this.#failure;
    return true;
  }

  /** The rest as chunks. Stopping early leaves the reader usable. */
  async *rest(length = Infinity): AsyncGenerator<Uint8Array, void, void> {
    let left = length;
    while (left > 0) {
      const bytes = await this.next(left);
      if (bytes === null) return;
      left -= bytes.length;
      yield bytes;
    }
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended = true;
    this.#pending.length = 0;
    this.#buffered = 0;
    await this.#source.return?.();
  }

  async #pull(): Promise<void> {
    try {
      const { done, value } = await this.#source.next();
      if (done === true) this.#ended = true;
      else if (value.length > 0 && !this.#closed) {
        this.#pending.push(value);
        this.#buffered += value.length;
      }
    } catch (error) {
      // Kept, not thrown: what was buffered before it still has to be handed out.
      this.#ended = true;
      this.#failed = true;
      this.#failure = error;
    }
  }

  #front(length: number): Uint8Array {
    if (length === 0) return new Uint8Array(0);
    const first = this.#pending[0];
    if (first.length >= length) return first.subarray(0, length);
    // Joined once and put back, so that peeking again costs nothing.
    let joined = 0;
    let count = 0;
    while (joined < length) joined += this.#pending[count++].length;
    const whole = new Uint8Array(joined);
    let at = 0;
    for (const part of this.#pending.splice(0, count)) {
      whole.set(part, at);
      at += part.length;
    }
    this.#pending.unshift(whole);
    return whole.subarray(0, length);
  }

  #drop(length: number): void {
    let left = length;
    while (left > 0) {
      const first = this.#pending[0];
      if (first.length <= left) {
        this.#pending.shift();
        left -= first.length;
      } else {
        this.#pending[0] = first.subarray(left);
        left = 0;
      }
    }
    this.#buffered -= length;
    this.offset += length;
  }
}
