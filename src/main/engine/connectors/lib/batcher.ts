/**
 * Between what comes when it likes and a store that takes chunks: collects lines until a chunk is worth it, and says when it holds so much
 * that senders have to wait. What it was given counts as held until it is stored, so its memory is bounded end to end.
 */
import { MAX_CHUNK, type Chunk } from '../connector.ts';

export interface BatcherOptions {
  /** a chunk goes out when so many lines or bytes wait */
  lines?: number;
  bytes?: number;
  /** or when the first of them has waited so long, ms: every segment costs some hundred bytes, so a trickle must not become one for each event */
  wait?: number;
  /** or when for so long nothing was added, ms, but not sooner than twice the time the chunk before took to store: a sender that waits for its answer sends nothing else */
  quiet?: number;
  /** bytes held from which on `full` is true */
  capacity?: number;
  /** What is added is a document each time, and no lines: it is never cut, and a chunk with a longer one is longer than MAX_CHUNK. */
  documents?: boolean;
}

/** How it went with what was added; `rejected`: how many of its records became dead letters, as far as the chunk's format tells. */
export type Done = (stored: boolean, rejected: number) => void;

interface Item {
  bytes: Uint8Array;
  lines: number;
  group: string;
  done: Done | undefined;
  out: (() => void) | undefined;
}

export class Batcher {
  readonly #options: Required<BatcherOptions>;
  #items: Item[] = [];
  #bytes = 0;
  #lines = 0;
  /** handed out and not yet stored */
  #out = 0;
  #firstAt = 0;
  #lastAt = 0;
  /** milliseconds that the last chunk took to store */
  #took = 0;
  #ended = false;
  #left = false;
  #wake: () => void = () => undefined;
  readonly #drained: () => void;

  /** @param drained called when it is no longer full, at half of its capacity */
  constructor(drained: () => void = () => undefined, options: BatcherOptions = {}) {
    this.#drained = drained;
    this.#options = { lines: 5000, bytes: 1 << 20, wait: 1000, quiet: Infinity, capacity: 16 << 20, documents: false, ...options };
  }

  /** Whether senders should wait. add() takes more all the same: what was received must not be lost. */
  get full(): boolean {
    return this.held >= this.#options.capacity;
  }

  /** Bytes that are not stored yet. */
  get held(): number {
    return this.#bytes + this.#out;
  }

  /**
   * @param bytes whole lines, each with its ending and at most MAX_CHUNK long; or a document
   * @param done called once: with true when all of them are stored, with false when they never will be
   * @param out called when the chunk that holds the last of them is about to be handed out, before its cursor is asked for
   * @param group a chunk holds nothing of two groups; within a group the order stays
   */
  add(bytes: Uint8Array, lines: number, done?: Done, out?: () => void, group = ''): void {
    if (this.#left) {
      done?.(false, 0);
      return;
    }
    this.#lastAt = performance.now();
    if (this.#items.length === 0) this.#firstAt = this.#lastAt;
    this.#bytes += bytes.length;
    this.#lines += lines;
    if (bytes.length <= MAX_CHUNK || this.#options.documents) {
      this.#items.push({ bytes, lines, group, done, out });
    } else {
      const parts = cut(bytes);
      parts.forEach((part, i) => this.#items.push({ bytes: part, lines: i === 0 ? lines : 0, group, ...(i === parts.length - 1 ? { done, out } : { done: undefined, out: undefined }) }));
    }
    if (this.#due() || this.#items.length === 1) this.#wake();
  }

  /** Nothing more comes: chunks() hands out the rest and returns. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  #due(): boolean {
    const { lines, bytes } = this.#options;
    return this.#ended || this.#lines >= lines || this.#bytes >= bytes;
  }

  /** What to yield from read(). To be called once. When it is left early, what was not stored is told so. */
  async *chunks(cursor: string | (() => string)): AsyncGenerator<Chunk & { group: string }, void, void> {
    let out: Item[] = [];
    try {
      for (;;) {
        await this.#ready();
        if (this.#items.length === 0) return;
        out = this.#take();
        const size = out.reduce((sum, { bytes }) => sum + bytes.length, 0);
        this.#out = size;
        const handed = performance.now();
        for (const { out: leaving } of out) leaving?.();
        yield {
          group: out[0].group, waiting: this.held, lines: out.length === 1 ? out[0].bytes : Buffer.concat(out.map(({ bytes }) => bytes), size), cursor: typeof cursor === 'string' ? cursor : cursor(),
          stored: ({ rejectedAt }) => {
            const wasFull = this.held >= this.#options.capacity / 2;
            this.#out = 0;
            this.#took = performance.now() - handed;
            let at = 0;
            for (const { bytes, done } of out.splice(0)) {
              const from = at;
              at += bytes.length;
              done?.(true, rejectedAt.filter((place) => place >= from && place < at).length);
            }
            if (wasFull && this.held < this.#options.capacity / 2) this.#drained();
          },
        };
      }
    } finally {
      this.#left = true;
      for (const { done } of [...out, ...this.#items.splice(0)]) done?.(false, 0);
      this.#bytes = 0;
      this.#out = 0;
    }
  }

  /** Resolves when a chunk is worth it or nothing more comes. */
  async #ready(): Promise<void> {
    while (!this.#due()) {
      const left = this.#untilDue();
      if (this.#items.length > 0 && left <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.ceil(left));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Milliseconds until what waits has waited long enough. */
  #untilDue(): number {
    const { wait, quiet } = this.#options;
    if (this.#items.length === 0) return wait;
    return Math.min(this.#firstAt + wait, this.#lastAt + Math.max(quiet, 2 * this.#took)) - performance.now();
  }

  /** What goes into a chunk: of the group of the first, as much as fits. */
  #take(): Item[] {
    const taken: Item[] = [];
    const rest: Item[] = [];
    let size = 0;
    let fits = true;
    for (const item of this.#items) {
      const same = item.group === this.#items[0].group;
      // What comes behind one that does not fit does not go in front of it.
      if (same && taken.length > 0 && size + item.bytes.length > MAX_CHUNK) fits = false;
      if (!same || !fits) {
        rest.push(item);
        continue;
      }
      size += item.bytes.length;
      this.#lines -= item.lines;
      taken.push(item);
    }
    this.#items = rest;
    this.#bytes -= size;
    // Those of another group have waited long enough.
    if (rest.length === 0 || rest[0].group === taken[0].group) this.#firstAt = performance.now();
    return taken;
  }
}

/** Pieces of at most MAX_CHUNK bytes that end with a line. */
function cut(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.length - at <= MAX_CHUNK ? bytes.length - 1 : bytes.lastIndexOf(10, at + MAX_CHUNK - 1);
    const end = newline < at ? bytes.length : newline + 1;
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}
