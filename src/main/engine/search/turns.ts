import { TidemarkError } from '../../../shared/contract/rpc.ts';

export interface Cancel {
  readonly cancelled: boolean;
}

/** Somebody's work keeps the thread at most this long. */
const SLICE_MS = 8;
/** An answer waits this long for more of its work before it is given in part. */
export const PATIENCE_MS = 60;

/** Lets other questions have the thread now and then. */
export class Turns {
  readonly #cancel: Cancel;
  #until = performance.now() + SLICE_MS;

  constructor(cancel: Cancel) {
    this.#cancel = cancel;
  }
  async next(): Promise<void> {
    if (this.#cancel.cancelled) throw new TidemarkError('cancelled', 'The question was cancelled.');
    if (performance.now() < this.#until) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#until = performance.now() + SLICE_MS;
  }
}
