/** Rules of sequences: those that come with the product, and those that people made. A rule that is replaced or removed stays with removed_at. */
import type { SequenceRule, StoredSequenceRule } from '../../../../shared/contract/correlation.ts';
import { BUILT_IN_SEQUENCES } from './built-in-sequences.ts';
import type { Database } from '../../store/database.ts';
import { hasTable } from '../../store/tables.ts';

interface Row {
  id: number;
  body: string;
  enabled: number;
  createdBy: string;
}

export function sequenceRules(db: Database): StoredSequenceRule[] {
  if (!hasTable(db, 'sequence_rule')) return [...BUILT_IN_SEQUENCES];
  const rows = db.prepare<[], Row>('SELECT id, body, enabled, created_by AS createdBy FROM sequence_rule WHERE removed_at IS NULL ORDER BY id').all();
  const off = new Set(rows.filter(({ id, enabled }) => id < 0 && enabled === 0).map(({ id }) => id));
  return [
    ...BUILT_IN_SEQUENCES.map((rule) => ({ ...rule, enabled: !off.has(rule.id) })),
    ...rows.filter(({ id }) => id > 0).map(({ id, body, enabled, createdBy }) => ({ ...(JSON.parse(body) as SequenceRule), id, enabled: enabled === 1, createdBy })),
  ];
}
export function enabledSequences(db: Database): StoredSequenceRule[] {
  return sequenceRules(db).filter(({ enabled }) => enabled);
}

/** Adds a rule, or (with an id) puts it in the place of one; undefined when there is no such rule. */
export function saveSequenceRule(db: Database, id: number | null, rule: SequenceRule, by: string, at: number): StoredSequenceRule | undefined {
  return db.transaction(() => {
    if (id !== null && db.prepare('UPDATE sequence_rule SET removed_at = ? WHERE id = ? AND removed_at IS NULL').run(at, id).changes === 0) return undefined;
    const { lastInsertRowid } = db.prepare('INSERT INTO sequence_rule (body, enabled, created_at, created_by) VALUES (?, 1, ?, ?)').run(JSON.stringify(rule), at, by);
    return { ...rule, id: Number(lastInsertRowid), enabled: true, createdBy: by };
  })();
}

/** Returns whether there is such a rule. */
export function switchSequenceRule(db: Database, id: number, enabled: boolean, by: string, at: number): boolean {
  if (id > 0) return db.prepare('UPDATE sequence_rule SET enabled = ? WHERE id = ? AND removed_at IS NULL').run(enabled ? 1 : 0, id).changes === 1;
  if (!BUILT_IN_SEQUENCES.some((rule) => rule.id === id)) return false;
  db.prepare("INSERT INTO sequence_rule (id, body, enabled, created_at, created_by) VALUES (?, '', ?, ?, ?) ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled").run(id, enabled ? 1 : 0, at, by);
  return true;
}

/** Takes a rule away, or brings it back. Returns whether there is such a rule. */
export function removeSequenceRule(db: Database, id: number, removed: boolean, at: number): boolean {
  return db.prepare('UPDATE sequence_rule SET removed_at = ? WHERE id = ?').run(removed ? at : null, id).changes === 1;
}
