/** Alerts as rows: what rules found is brought in line with what is there, and what people do about it is kept with its trail. */
import type { AlertRule, AlertState, AlertStretch } from '../../../shared/alert.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { nowMicros } from '../../../shared/time.ts';
import type { EpisodeOf } from '../analysis/alerts/alerts.ts';
import type { AlertRuleStore } from './alert-rules.ts';
import { archivedTimes } from './archives.ts';
import type { Database } from './database.ts';

export interface AlertRow extends AlertStretch {
  /** of its rule, when it was raised */
  version: number;
  /** null = it holds */
  withdrawnAt: number | null;
}
const ALERT = `SELECT id, rule, version, group_name AS "group", started, fired, ended, over, peak, peak_at AS peakAt, raised_at AS raisedAt, acknowledged_at AS acknowledgedAt,
  acknowledged_by AS acknowledgedBy, resolved_at AS resolvedAt, resolved_by AS resolvedBy, withdrawn_at AS withdrawnAt FROM alert`;

export function stateOf({ fired, resolvedAt, acknowledgedAt }: Pick<AlertRow, 'fired' | 'resolvedAt' | 'acknowledgedAt'>): AlertState {
  if (resolvedAt !== null) return 'resolved';
  if (acknowledgedAt !== null) return 'acknowledged';
  return fired === null ? 'pending' : 'active';
}

/** What bringing in line changed. */
export interface Settled {
  /** ids of alerts that fired and are not over */
  fired: number[];
  raised: number;
  resolved: number;
  withdrawn: number;
}

export class AlertStore {
  readonly #db: Database;
  readonly #trail: AlertRuleStore;
  readonly #author: string;

  constructor(db: Database, trail: AlertRuleStore, author: string) {
    this.#db = db;
    this.#trail = trail;
    this.#author = author;
  }

  /** Those that hold, by the time of the events. */
  all(): AlertRow[] {
    return this.#trail.there ? this.#db.prepare<[], AlertRow>(`${ALERT} WHERE withdrawn_at IS NULL ORDER BY started, id`).all() : [];
  }
  /** Throws not_found. */
  alert(id: number): AlertRow {
    const row = this.#trail.there ? this.#db.prepare<[number], AlertRow>(`${ALERT} WHERE id = ? AND withdrawn_at IS NULL`).get(id) : undefined;
    if (!row) throw new TidemarkError('not_found', `There is no alert ${id} in this case, or what made it is not there any more.`);
    return row;
  }

  /**
   * Makes the alerts of a rule those that were found now. An alert is the same one as before when it is of the same group and the two overlap, each
   * with the window after it; so finding the same again changes nothing. What is not found any more is withdrawn, and comes back when it is found again.
   */
  settle(rule: AlertRule, episodes: readonly EpisodeOf[], settled: Settled): void {
    this.#db.transaction(() => {
      const before = this.#db.prepare<[number], AlertRow>(`${ALERT} WHERE rule = ? ORDER BY started, id`).all(rule.id);
      const byGroup = new Map<string, AlertRow[]>();
      for (const row of before) byGroup.set(row.group, [...(byGroup.get(row.group) ?? []), row]);
      const window = rule.window * 1e6;
      const taken = new Set<number>();
      for (const episode of episodes) {
        const same = (byGroup.get(episode.group) ?? [])
          .filter(({ id, started, ended }) => !taken.has(id) && started <= episode.ended + window && episode.started <= ended + window)
          .sort((a, b) => Number(a.withdrawnAt !== null) - Number(b.withdrawnAt !== null) || Math.abs(a.started - episode.started) - Math.abs(b.started - episode.started))[0];
        if (same) taken.add(same.id);
        const id = same ? this.#update(same, rule, episode, settled) : this.#insert(rule, episode, settled);
        if (episode.fired !== null && episode.resolved === null && (!same || same.fired === null || same.withdrawnAt !== null)) settled.fired.push(id);
      }
      const archived = archivedTimes(this.#db);
      const away = ({ started, ended }: AlertRow): boolean => archived.some(({ from, to }) => started <= to && ended >= from);
      for (const row of before) if (row.withdrawnAt === null && !taken.has(row.id) && !away(row)) this.#withdraw(row, settled);
    })();
  }

  /** Withdraws the alerts of rules that are not among these. */
  keepOnly(rules: ReadonlySet<number>, settled: Settled): void {
    this.#db.transaction(() => {
      for (const row of this.all()) if (!rules.has(row.rule)) this.#withdraw(row, settled);
    })();
  }

  #insert(rule: AlertRule, { group, started, fired, ended, resolved, peak, peakAt }: EpisodeOf, settled: Settled): number {
    const now = nowMicros();
    const made = this.#db
      .prepare('INSERT INTO alert (rule, version, group_name, started, fired, ended, over, peak, peak_at, raised_at, resolved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(rule.id, rule.version, group, started, fired, ended, resolved, Number.isNaN(peak) ? null : peak, peakAt, now, resolved === null ? null : now);
    const id = Number(made.lastInsertRowid);
    this.#trail.record('alert', id, 'raised', resolved !== null ? 'over already' : fired === null ? 'pending' : 'active', '');
    settled.raised++;
    return id;
  }

  #update(row: AlertRow, rule: AlertRule, { started, fired, ended, resolved, peak: found, peakAt }: EpisodeOf, settled: Settled): number {
    const peak = Number.isNaN(found) ? null : found;
    const same = row.started === started && row.fired === fired && row.ended === ended && row.over === resolved && row.peak === peak && row.peakAt === peakAt && row.version === rule.version && row.withdrawnAt === null;
    if (same) return row.id;
    const byHand = row.resolvedBy !== '';
    const resolvedAt = byHand ? row.resolvedAt : resolved === null ? null : (row.resolvedAt ?? nowMicros());
    this.#db
      .prepare('UPDATE alert SET version = ?, started = ?, fired = ?, ended = ?, over = ?, peak = ?, peak_at = ?, resolved_at = ?, withdrawn_at = NULL WHERE id = ?')
      .run(rule.version, started, fired, ended, resolved, peak, peakAt, resolvedAt, row.id);
    if (row.withdrawnAt !== null) this.#trail.record('alert', row.id, 'returned', '', '');
    if (row.fired === null && fired !== null) this.#trail.record('alert', row.id, 'fired', '', '');
    if (!byHand && row.resolvedAt === null && resolvedAt !== null) {
      this.#trail.record('alert', row.id, 'resolved', '', '');
      settled.resolved++;
    }
    if (!byHand && row.resolvedAt !== null && resolvedAt === null) this.#trail.record('alert', row.id, 'reopened', 'events that came later', '');
    return row.id;
  }

  #withdraw(row: AlertRow, settled: Settled): void {
    this.#db.prepare('UPDATE alert SET withdrawn_at = ? WHERE id = ?').run(nowMicros(), row.id);
    this.#trail.record('alert', row.id, 'withdrawn', '', '');
    settled.withdrawn++;
  }

  /** Does the same to several, each that can be; `what` goes into the trail. */
  #each(ids: readonly number[], what: string, note: string, sql: string, can: (row: AlertRow) => boolean, args: unknown[]): void {
    this.#db.transaction(() => {
      for (const id of ids) {
        if (!can(this.alert(id))) continue;
        this.#db.prepare(sql).run(...args, id);
        this.#trail.record('alert', id, what, note);
      }
    })();
  }
  acknowledge(ids: readonly number[], note: string): void {
    this.#each(ids, 'acknowledged', note, 'UPDATE alert SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ?', ({ acknowledgedAt }) => acknowledgedAt === null, [nowMicros(), this.#author]);
  }
  unacknowledge(ids: readonly number[]): void {
    this.#each(ids, 'unacknowledged', '', "UPDATE alert SET acknowledged_at = NULL, acknowledged_by = '' WHERE id = ?", ({ acknowledgedAt }) => acknowledgedAt !== null, []);
  }
  resolve(ids: readonly number[], note: string): void {
    this.#each(ids, 'resolved', note, 'UPDATE alert SET resolved_at = ?, resolved_by = ? WHERE id = ?', ({ resolvedAt }) => resolvedAt === null, [nowMicros(), this.#author]);
  }
  /** Takes back what a person resolved; what is over by itself stays so. */
  reopen(ids: readonly number[]): void {
    this.#each(ids, 'reopened', '', "UPDATE alert SET resolved_at = CASE WHEN over IS NULL THEN NULL ELSE resolved_at END, resolved_by = '' WHERE id = ?", ({ resolvedBy }) => resolvedBy !== '', []);
  }
}
