/** Which pattern each template of a case is of, and what people changed of it by hand. */
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

export interface TemplateRow {
  id: number;
  pattern: string;
}
/** `pattern`: the template that stands for all of its pattern; its own row has the text, other rows ''. */
export interface GroupedTemplate {
  template: number;
  pattern: number;
  text: string;
}
export interface PatternEdit {
  id: number;
  /** merge: these and all that is of one pattern with them are one; split: just these are one */
  kind: 'merge' | 'split';
  templates: number[];
  text: string;
  /** microseconds UTC */
  madeAt: number;
  madeBy: string;
}

export function readTemplates(db: Database): TemplateRow[] {
  return db.prepare<[], TemplateRow>('SELECT id, pattern FROM template ORDER BY id').all();
}

export function readGrouping(db: Database): GroupedTemplate[] {
  return hasTable(db, 'template_pattern') ? db.prepare<[], GroupedTemplate>('SELECT template, pattern, text FROM template_pattern ORDER BY template').all() : [];
}

/** Whether there are templates that nobody looked at yet. */
export function isGrouped(db: Database): boolean {
  if (!hasTable(db, 'template_pattern')) return false;
  return db.prepare<[], number>('SELECT NOT EXISTS (SELECT 1 FROM template WHERE id NOT IN (SELECT template FROM template_pattern))').pluck().get() === 1;
}

export function writeGrouping(db: Database, rows: readonly GroupedTemplate[]): void {
  db.transaction(() => {
    db.prepare('DELETE FROM template_pattern').run();
    const insert = db.prepare('INSERT INTO template_pattern (template, pattern, text) VALUES (?, ?, ?)');
    for (const { template, pattern, text } of rows) insert.run(template, pattern, text);
  })();
}

/** Those that hold, in the order in which they were made. */
export function patternEdits(db: Database): PatternEdit[] {
  if (!hasTable(db, 'pattern_edit')) return [];
  return db
    .prepare<[], Omit<PatternEdit, 'templates'> & { templates: string }>('SELECT id, kind, templates, text, made_at AS madeAt, made_by AS madeBy FROM pattern_edit WHERE removed_at IS NULL ORDER BY id')
    .all()
    .map((row) => ({ ...row, templates: JSON.parse(row.templates) as number[] }));
}

export function addPatternEdit(db: Database, edit: Omit<PatternEdit, 'id'>): number {
  return Number(db.prepare('INSERT INTO pattern_edit (kind, templates, text, made_at, made_by) VALUES (?, ?, ?, ?, ?)').run(edit.kind, JSON.stringify(edit.templates), edit.text, edit.madeAt, edit.madeBy).lastInsertRowid);
}

/** Returns whether there was such an edit. */
export function removePatternEdit(db: Database, id: number, by: string, at: number): boolean {
  return db.prepare('UPDATE pattern_edit SET removed_at = ?, removed_by = ? WHERE id = ? AND removed_at IS NULL').run(at, by, id).changes === 1;
}
