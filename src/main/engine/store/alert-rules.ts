/** Alert rules and silences as rows, and the trail of who changed them. What is removed stays with removed_at. */
import { editOf, type AlertChange, type AlertRule, type AlertRuleEdit, type Silence, type SilenceEdit } from '../../../shared/alert.ts';
import { ruleEdit } from '../../../shared/contract/alerts.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { nowMicros } from '../../../shared/time.ts';
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

export type ChangeKind = 'alert' | 'rule' | 'silence';

interface RuleRow {
  id: number;
  body: string;
  version: number;
  updatedAt: number;
  updatedBy: string;
}
const RULE = 'SELECT id, body, version, updated_at AS updatedAt, updated_by AS updatedBy FROM alert_rule';
const SILENCE = 'SELECT id, rule, group_name AS "group", from_time AS "from", until_time AS until, reason, created_at AS createdAt, created_by AS createdBy FROM silence';

export class AlertRuleStore {
  readonly #db: Database;
  readonly #author: string;

  /** `author` is written to everything made through this store. */
  constructor(db: Database, author: string) {
    this.#db = db;
    this.#author = author;
  }

  /** A case that was opened read-only may be from before there were alerts. */
  get there(): boolean {
    return hasTable(this.#db, 'alert_rule');
  }

  /** Gives a case its first rules; one that ever had a rule keeps what it has. */
  seed(rules: readonly AlertRuleEdit[]): void {
    this.#db.transaction(() => {
      if (this.#db.prepare('SELECT 1 FROM alert_rule').get() === undefined) for (const rule of rules) this.save(null, rule);
    })();
  }

  /** In the order in which they were made. */
  rules(): AlertRule[] {
    return this.there ? this.#db.prepare<[], RuleRow>(`${RULE} WHERE removed_at IS NULL ORDER BY id`).all().flatMap((row) => toRule(row) ?? []) : [];
  }
  /** Throws not_found. */
  rule(id: number): AlertRule {
    const row = this.there ? this.#db.prepare<[number], RuleRow>(`${RULE} WHERE id = ? AND removed_at IS NULL`).get(id) : undefined;
    const rule = row && toRule(row);
    if (!rule) throw new TidemarkError('not_found', `There is no alert rule ${id} in this case.`);
    return rule;
  }

  save(id: number | null, rule: AlertRuleEdit): AlertRule {
    return this.#db.transaction(() => {
      const now = nowMicros();
      const body = JSON.stringify(ruleEdit.parse(rule));
      if (id === null) {
        const made = Number(this.#db.prepare('INSERT INTO alert_rule (body, version, updated_at, updated_by) VALUES (?, 1, ?, ?)').run(body, now, this.#author).lastInsertRowid);
        this.record('rule', made, 'created', '');
        return this.rule(made);
      }
      const before = JSON.stringify(editOf(this.rule(id)));
      if (before !== body) {
        this.#db.prepare('UPDATE alert_rule SET body = ?, version = version + 1, updated_at = ?, updated_by = ? WHERE id = ?').run(body, now, this.#author, id);
        this.record('rule', id, 'changed', before);
      }
      return this.rule(id);
    })();
  }

  remove(id: number): void {
    this.rule(id);
    this.#setRemoved('alert_rule', 'rule', id, nowMicros());
  }
  restore(id: number): AlertRule {
    this.#setRemoved('alert_rule', 'rule', id, null);
    return this.rule(id);
  }

  silences(): Silence[] {
    return this.there ? this.#db.prepare<[], Silence>(`${SILENCE} WHERE removed_at IS NULL ORDER BY id`).all() : [];
  }
  silence({ rule, group, from, until, reason }: SilenceEdit): Silence {
    if (rule !== null) this.rule(rule);
    if (from !== null && until !== null && until <= from) throw new TidemarkError('invalid_input', 'The silence ends before it begins.');
    return this.#db.transaction(() => {
      const made = this.#db.prepare('INSERT INTO silence (rule, group_name, from_time, until_time, reason, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)').run(rule, group, from, until, reason, nowMicros(), this.#author);
      const id = Number(made.lastInsertRowid);
      this.record('silence', id, 'created', reason);
      return this.#silence(id);
    })();
  }
  unsilence(id: number): void {
    this.#silence(id);
    this.#setRemoved('silence', 'silence', id, nowMicros());
  }
  restoreSilence(id: number): Silence {
    this.#setRemoved('silence', 'silence', id, null);
    return this.#silence(id);
  }
  #silence(id: number): Silence {
    const row = this.#db.prepare<[number], Silence>(`${SILENCE} WHERE id = ? AND removed_at IS NULL`).get(id);
    if (!row) throw new TidemarkError('not_found', `There is no silence ${id} in this case.`);
    return row;
  }

  #setRemoved(table: 'alert_rule' | 'silence', kind: ChangeKind, id: number, at: number | null): void {
    this.#db.transaction(() => {
      const { changes } = this.#db.prepare(`UPDATE ${table} SET removed_at = ? WHERE id = ? AND (removed_at IS NULL) = ?`).run(at, id, at === null ? 0 : 1);
      if (changes > 0) this.record(kind, id, at === null ? 'restored' : 'removed', '');
    })();
  }

  /** The newest `limit` changes, newest first. */
  changes(kind: ChangeKind, id: number, limit: number): AlertChange[] {
    return this.there ? this.#db.prepare<[ChangeKind, number, number], AlertChange>('SELECT id, at, by, what, note FROM alert_change WHERE kind = ? AND subject = ? ORDER BY id DESC LIMIT ?').all(kind, id, limit) : [];
  }
  record(kind: ChangeKind, id: number, what: string, note: string, by = this.#author): void {
    this.#db.prepare('INSERT INTO alert_change (kind, subject, at, by, what, note) VALUES (?, ?, ?, ?, ?, ?)').run(kind, id, nowMicros(), by, what, note);
  }
}

/** null when a body is none that this program knows: written by hand, or by a newer one. */
function toRule({ body, ...row }: RuleRow): AlertRule | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const read = ruleEdit.safeParse(value);
  return read.success ? { ...row, ...read.data } : null;
}
