import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Cancel } from './searcher.ts';

const SLICE_MS = 8;

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
