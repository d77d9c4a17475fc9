/**
 * Alerts of an open case: runs the rules when events have come, brings what they find in line with what is kept, and says what fired. Files are read
 * in any order of time, so while they are read nothing is judged; what comes over connections is judged as it comes, and that nothing comes as well.
 */
import type { Alert } from '../../shared/alert.ts';
import { nowMicros } from '../../shared/time.ts';
import { alertOf } from './analysis/alerts/alert-finding.ts';
import type { EvaluateReply } from './analysis/alerts/alerts.ts';
import { DEFAULT_RULES } from './analysis/alerts/default-rules.ts';
import { LATENESS } from './analysis/alerts/gather.ts';
import type { HappeningBus } from './happenings.ts';
import { AlertRuleStore } from './store/alert-rules.ts';
import { AlertStore, type Settled } from './store/alerts.ts';
import type { Database } from './store/database.ts';
import { quietedLikes } from './store/finding-marks.ts';
import { readClocks } from './store/clocks.ts';

/** Events that come in are not judged more often; nor than takes a tenth of one processor. */
const SOON_MS = 1000;
const SHARE = 10;
/** Questions go first: rules wait until nobody asks any more, but not for ever. */
const QUIET_MS = 1500;
const PATIENCE_MS = 30_000;
/** What a person changed is judged at once. */
const AT_ONCE_MS = 50;
/** The case says what was judged last, so that opening it again does nothing. */
const JUDGED = 'alerts_judged';

export interface FiredAlert {
  alert: Alert;
  channels: readonly string[];
}

export interface AlertContext {
  db: Database;
  user: string;
  /** asks the analyse worker */
  analyse<R>(analysis: string, input: unknown, signal: AbortSignal, run: string): Promise<R>;
  bus: HappeningBus;
  /** files are being read */
  busy(): boolean;
  /** milliseconds since somebody asked the query workers */
  quietFor(): number;
  /** sources from which events come in over connections; null = no connection runs */
  live(): number[] | null;
}

export class AlertWatch {
  readonly rules: AlertRuleStore;
  readonly store: AlertStore;
  /** rules that could not be run the last time */
  failed: { rule: number; message: string }[] = [];
  readonly #context: AlertContext;
  #timer: NodeJS.Timeout | null = null;
  #due = 0;
  /** why rules could not be run at all, '' = they could */
  trouble = '';
  /** whether the last run waited for nothing more */
  #final = true;
  /** since when a run has been wanted, and whether a person waits for it */
  #wanted = Number.POSITIVE_INFINITY;
  #atOnce = false;
  /** how long the last run took */
  #took = 0;
  #working: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(context: AlertContext) {
    this.#context = context;
    this.rules = new AlertRuleStore(context.db, context.user);
    this.store = new AlertStore(context.db, this.rules, context.user);
    if (!context.db.readonly) this.rules.seed(DEFAULT_RULES);
  }

  /** All alerts that hold, by their start. */
  alerts(): Alert[] {
    const rules = new Map(this.rules.rules().map((rule) => [rule.id, rule]));
    const silences = this.rules.silences();
    const quieted = quietedLikes(this.#context.db);
    return this.store.all().flatMap((row) => {
      const rule = rules.get(row.rule);
      return rule ? [alertOf(row, rule, silences, quieted)] : [];
    });
  }
  /** Throws not_found. */
  alert(id: number): Alert {
    const row = this.store.alert(id);
    return alertOf(row, this.rules.rule(row.rule), this.rules.silences(), quietedLikes(this.#context.db));
  }

  /** When rules were last run; null = never. */
  get evaluatedAt(): number | null {
    return this.#judged()?.at ?? null;
  }
  #judged(): { at: number; state: string } | null {
    const text = this.#context.db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(JUDGED);
    return text === undefined ? null : (JSON.parse(text) as { at: number; state: string });
  }
  /** Other for every change of what rules are run on, or of the rules. */
  #state(): string {
    const { db } = this.#context;
    const stored = db.prepare<[], { segments: number; events: number; last: number }>('SELECT count(*) AS segments, coalesce(sum(n), 0) AS events, coalesce(max(id), 0) AS last FROM seg').get();
    const samples = db.prepare<[], number>('SELECT coalesce(sum(n), 0) FROM series').pluck().get();
    const typed = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM typed_change').pluck().get();
    return JSON.stringify([stored, samples, typed, readClocks(db).version, this.rules.rules().map(({ id, version }) => [id, version])]);
  }

  /** Something came, or the rules are others: they are run soon, if they have not been run on this already. */
  kick(atOnce = false): void {
    if (this.#context.db.readonly || this.#closing.signal.aborted) return;
    this.#wanted = Math.min(this.#wanted, performance.now());
    this.#atOnce ||= atOnce;
    const wait = atOnce ? AT_ONCE_MS : Math.max(SOON_MS, this.#took * SHARE);
    const due = performance.now() + wait;
    if (this.#timer && this.#due <= due) return;
    this.#arm(wait);
  }
  #arm(wait: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#due = performance.now() + wait;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#ring();
    }, wait);
  }
  async #ring(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { live, busy } = this.#context;
    if (busy()) {
      this.#arm(SOON_MS);
      return;
    }
    const coming = live() !== null;
    if (!coming && this.#final && this.#state() === this.#judged()?.state) {
      this.#wanted = Number.POSITIVE_INFINITY;
      return;
    }
    if (!coming && !this.#atOnce && this.#context.quietFor() < QUIET_MS && performance.now() - this.#wanted < PATIENCE_MS) {
      this.#arm(QUIET_MS);
      return;
    }
    this.#wanted = Number.POSITIVE_INFINITY;
    this.#atOnce = false;
    try {
      await this.evaluate(this.#closing.signal, '');
      this.trouble = '';
    } catch (error) {
      // Shown with the alerts; the next event tries it again.
      if (!this.#closing.signal.aborted) this.trouble = error instanceof Error ? error.message : String(error);
      return;
    }
    // That nothing comes is something as well, and what came late has its time.
    if (coming && !this.#timer) this.#arm(Math.max(LATENESS / 1000 + SOON_MS, this.#took * SHARE));
  }

  /** Runs all rules that are on, one run after the other. */
  async evaluate(signal: AbortSignal, run: string): Promise<{ raised: number; resolved: number; withdrawn: number; late: number }> {
    const before = this.#working;
    const mine = (async () => {
      await before.catch(() => undefined);
      return await this.#evaluate(AbortSignal.any([signal, this.#closing.signal]), run);
    })();
    this.#working = mine;
    return await mine;
  }

  async #evaluate(signal: AbortSignal, run: string): Promise<{ raised: number; resolved: number; withdrawn: number; late: number }> {
    const { analyse, bus, db, live } = this.#context;
    const began = performance.now();
    const state = this.#state();
    const sources = live();
    const rules = this.rules.rules().filter(({ enabled }) => enabled);
    const { runs, late } = await analyse<EvaluateReply>('alerts.evaluate', { rules, live: sources && { sources, now: nowMicros() } }, signal, run);
    // The case may be closed by now.
    signal.throwIfAborted();
    const settled: Settled = { fired: [], raised: 0, resolved: 0, withdrawn: 0 };
    const now = new Map(this.rules.rules().map((rule) => [rule.id, rule]));
    db.transaction(() => {
      for (const { rule: id, episodes, failed } of runs) {
        const rule = now.get(id);
        // Changed meanwhile: the next run goes by the new one.
        if (failed === null && rule && rules.some((one) => one.id === id && one.version === rule.version)) this.store.settle(rule, episodes, settled);
      }
      this.store.keepOnly(new Set([...now.values()].filter(({ enabled }) => enabled).map(({ id }) => id)), settled);
      db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(JUDGED, JSON.stringify({ at: nowMicros(), state }));
    })();
    this.failed = runs.flatMap(({ rule, failed }) => (failed === null ? [] : [{ rule, message: failed }]));
    this.#final = sources === null;
    this.#took = performance.now() - began;
    const { raised, resolved, withdrawn } = settled;
    // What fired in files that somebody has just read is no news.
    if (settled.fired.length > 0 && sources !== null) bus.tell('alerts.fired', this.#fired(settled.fired, now));
    bus.tell('alerts.settled', { raised, resolved, withdrawn });
    return { raised, resolved, withdrawn, late };
  }

  /** Without those that are to be quiet. */
  #fired(ids: readonly number[], rules: ReadonlyMap<number, { channels: readonly string[] }>): FiredAlert[] {
    return ids.map((id) => this.alert(id)).filter(({ silence, finding, state }) => silence === null && !finding.quieted && state === 'active').map((alert) => ({ alert, channels: rules.get(alert.rule)?.channels ?? [] }));
  }

  /** Nothing is run and written any more. */
  close(): void {
    this.#closing.abort();
    if (this.#timer) clearTimeout(this.#timer);
  }
}
