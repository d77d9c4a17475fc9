/** Clocks of an open case: sets them, and counts the rollups anew behind. */
import type { RecountStatus } from '../../../shared/contract/clocks.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Clock, ClockSetting } from '../../../shared/clock.ts';
import type { CaseStore } from '../store/case-store.ts';
import { namesNoZone, setClock } from '../store/clocks.ts';
import { fileError } from '../store/database.ts';
import { stepRecount } from '../store/recount.ts';
import { pendingRecount } from '../store/recount-state.ts';

export interface ClockContext {
  store: CaseStore;
  user: string;
  /** a clock was set: readers must know, and what is shown of times is to be asked for again */
  changed(): void;
  tell(status: RecountStatus): void;
}

const TELL_MS = 250;

export class CaseClocks {
  readonly #context: ClockContext;
  #counting: Promise<void> | null = null;
  #closed = false;

  /** Goes on with a counting that was cut short. */
  constructor(context: ClockContext) {
    this.#context = context;
    this.#count();
  }

  /** Throws not_found, and invalid_input where a setting cannot be meant. */
  set(source: number, setting: ClockSetting | null): Clock | null {
    const { store, user, changed } = this.#context;
    const row = store.source(source);
    if (!row) throw new TidemarkError('not_found', `There is no source ${source} in this case.`);
    if (row.format === 'typed') throw new TidemarkError('invalid_input', 'What people typed in has no clock that could be off: correct the event itself.');
    if (setting && setting.zone !== '' && !namesNoZone(store.db, source)) throw new TidemarkError('invalid_input', `No event of ${row.path} leaves its zone out, so none can be declared. Set an offset, or read a file again with its zone.`);
    const archived = row.ledger.archived ?? 0;
    if (archived > 0) throw new TidemarkError('invalid_input', `${archived.toLocaleString('en-US')} events of ${row.path} are in an archive, with the times that they had. Restore them, set the clock, and archive them again.`);
    let moved: boolean;
    try {
      moved = setClock(store.db, source, setting, user);
    } catch (error) {
      throw fileError(error, store.db.name);
    }
    store.reloadClocks();
    changed();
    if (moved) this.#count();
    return this.of(source);
  }

  /** The clock of a source as it is set; null when it is taken as it is. */
  of(source: number): Clock | null {
    return this.#context.store.clocks.corrections.get(source)?.clock ?? null;
  }

  /** The rollups were marked as wrong: counts them anew. */
  recount(): void {
    this.#count();
  }

  /** Resolves when the rollups are counted, or the case is closed. Throws what SQLite throws; the counting goes on when the case is opened next. */
  async counted(): Promise<void> {
    await this.#counting;
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A failure was told to who waited for it.
    await this.#counting?.catch(() => undefined);
  }

  #count(): void {
    if (this.#counting || !pendingRecount(this.#context.store.db)) return;
    this.#counting = this.#steps().finally(() => (this.#counting = null));
    // Nobody may be waiting when it fails: a full disk, which everything else tells too.
    this.#counting.catch(() => undefined);
  }

  async #steps(): Promise<void> {
    const { store, tell } = this.#context;
    let told = 0;
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#closed) return;
      const state = stepRecount(store.db, store.clocks.corrections);
      if (state === null) {
        tell({ done: 1, total: 1 });
        return;
      }
      if (performance.now() - told < TELL_MS) continue;
      told = performance.now();
      tell({ done: state.done, total: state.last });
    }
  }
}
