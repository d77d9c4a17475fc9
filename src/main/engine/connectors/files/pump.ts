import type { Transform } from 'node:stream';

/**
 * Drives one of Node's decompressing streams in lockstep: a piece goes in, all it decodes to comes out, then the next piece.
 * Piping would do, but a pipe drops what was decoded when an error follows it, and that is exactly the part to keep.
 */
export class Pump {
  readonly #stream: Transform & { bytesWritten: number };
  #fed = 0;
  #failure: Error | undefined;
  #over = false;
  #wake: () => void = () => undefined;

  constructor(stream: Transform & { bytesWritten: number }) {
    this.#stream = stream;
    const wake = (): void => this.#wake();
    stream.on('readable', wake);
    stream.on('error', (error) => {
      this.#failure = error;
      wake();
    });
    const over = (): void => {
      this.#over = true;
      wake();
    };
    stream.on('end', over);
    stream.on('close', over);
  }

  /** Bytes at the end of what was fed that the decoder did not take: its stream ended before them. */
  get refused(): number {
    return this.#fed - this.#stream.bytesWritten;
  }

  /** Feeds a piece; yields what it decodes to. */
  async *feed(piece: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
    let taken = false;
    this.#fed += piece.length;
    this.#stream.write(piece, () => {
      taken = true;
      this.#wake();
    });
    yield* this.#drain(() => taken);
  }

  /** Says that the input is over; yields what was left, or throws when the decoder expected more. */
  async *finish(): AsyncGenerator<Uint8Array, void, void> {
    this.#stream.end();
    yield* this.#drain(() => this.#over);
  }

  /** Frees the native decoder. */
  close(): void {
    this.#stream.destroy();
  }

  async *#drain(until: () => boolean): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const out: unknown = this.#stream.read();
      if (out instanceof Uint8Array) {
        yield out;
        continue;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (until()) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
