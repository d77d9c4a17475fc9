/**
 * Anomalies of an open case as events and samples come in: has the minutes judged that were closed (analysis/anomalies/follow.ts), keeps what is found, and
 * says so. Files are read in any order of time, so while they are read nothing is judged, and what they bring for a time that was judged has all judged anew;
 * what comes late over connections is only counted.
 */
import type { AnomalyFinding, FoundAnomalies, LiveAnomalies } from '../../shared/contract/anomalies.ts';
import { TidemarkError } from '../../shared/contract/rpc.ts';
import { nowMicros } from '../../shared/time.ts';
import { novelty } from './analysis/anomalies/novelty.ts';
import { robustZ } from './analysis/anomalies/robust-z.ts';
import { MINUTE } from './analysis/anomalies/series-follower.ts';
import { CatchUp } from './catch-up.ts';
import type { Database } from './store/database.ts';
import { quietedLikes } from './store/finding-marks.ts';
import { LiveAnomalyStore, type FollowStep } from './store/live-anomalies.ts';

/** Findings that a push names. */
const TOLD = 20;
/** Where the case says that somebody wants to be told. */
const NOTICE = 'anomalies_notice';

export interface AnomalyContext {
  db: Database;
  /** the analysis 'anomalies.follow' */
  follow(signal: AbortSignal): Promise<FollowStep | 'anew' | null>;
  /** files are being read */
  busy(): boolean;
  /** events come in over connections */
  live(): boolean;
  /** findings, or how far it is, are others */
  changed(): void;
  /** somebody wants to be told */
  found(found: FoundAnomalies): void;
}

export class AnomalyWatch {
  readonly #context: AnomalyContext;
  readonly #store: LiveAnomalyStore;
  readonly #catchUp: CatchUp;
  #running = false;
  /** somebody asked for all to be judged anew */
  #anew = false;

  constructor(context: AnomalyContext) {
    this.#context = context;
    this.#store = new LiveAnomalyStore(context.db);
    this.#catchUp = new CatchUp(
      // Minutes are judged, not segments.
      { generation: () => 1, waiting: () => [], countWaiting: () => 0 },
      {
        segmentsAtOnce: 1, what: 'Judging what came in',
        compare: async () => await Promise.resolve([]),
        through: async (signal) => await this.#follow(signal),
        progressed: () => undefined,
        ended: () => undefined,
      },
    );
  }

  list(limit: number): LiveAnomalies {
    const { db } = this.#context;
    const { from, judged, late, passedOver } = this.#store.head;
    const quieted = quietedLikes(db);
    const likes = this.#store.likes();
    return {
      findings: this.#store.list(limit).map((finding) => ({ ...finding, quieted: quieted.has(finding.like) })),
      open: likes.filter((like) => !quieted.has(like)).length, total: likes.length,
      judged: from === null || judged === null ? null : { from: from * MINUTE, to: judged * MINUTE },
      late, passedOver, running: this.#running, error: this.#catchUp.error, notice: this.#notice,
      detectors: [robustZ, novelty].map(({ id, title, explain }) => ({ id, title, explain, pastOnly: true })),
    };
  }

  get #notice(): boolean {
    return this.#context.db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(NOTICE) === '1';
  }
  setNotice(notice: boolean): void {
    this.#context.db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(NOTICE, notice ? '1' : '0');
    this.#context.changed();
  }

  /** Events or samples were stored: they are judged soon after. */
  kick(): void {
    if (!this.#context.db.readonly) this.#catchUp.kick();
  }
  /** Judges until nothing is left. Throws cancelled when `signal` stops it. */
  async settled(signal: AbortSignal): Promise<void> {
    if (this.#context.busy()) throw new TidemarkError('busy', 'Files are being read. They are judged when they are through.');
    await this.#catchUp.settled(signal);
  }
  /** Judges everything from the start. */
  async anew(signal: AbortSignal): Promise<void> {
    this.#anew = true;
    await this.settled(signal);
    // A run that was about to end has not seen to it.
    if (this.#anew) await this.settled(signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { busy, changed, follow, live } = this.#context;
    // What is found again is no news.
    let again = false;
    try {
      for (;;) {
        if (busy()) {
          this.#catchUp.kick();
          return;
        }
        if (this.#anew) {
          this.#store.forget();
          this.#anew = false;
          again = true;
        }
        const step = await follow(signal);
        // The case may be closed by now.
        signal.throwIfAborted();
        if (step === null) return;
        this.#running = true;
        if (step === 'anew' || (step.late > 0 && !live())) {
          this.#anew = true;
          continue;
        }
        const fresh = this.#store.write(step, nowMicros());
        if (!again) this.#tell(fresh);
        changed();
      }
    } finally {
      const ran = this.#running;
      this.#running = false;
      if (ran && !signal.aborted) changed();
    }
  }

  /** What is found in files that somebody has just read is no news. */
  #tell(fresh: readonly AnomalyFinding[]): void {
    if (!this.#context.live() || !this.#notice) return;
    const quieted = quietedLikes(this.#context.db);
    const told = fresh.filter(({ like }) => !quieted.has(like));
    if (told.length > 0) this.#context.found({ findings: told.slice(0, TOLD).map(({ title, severity }) => ({ title, severity })), total: told.length });
  }

  /** Nothing is judged and written any more. */
  async close(): Promise<void> {
    await this.#catchUp.close();
  }
}
