/** Whether a case is whole, by reading all of it. A look at its outline is had whenever it is opened (store/outline.ts). */
import type { CheckReport } from '../../../shared/contract/cases.ts';
import { Catalog } from '../search/catalog.ts';
import { nameSum, ownSum, partUnlike, PARTS, type StoredSegment, type Sums } from './checksums.ts';
import { archivedEvents } from './archives.ts';
import type { Database } from './database.ts';
import { outlineProblem } from './outline.ts';
import { infoOfStored, readBack } from './segment-check.ts';

const MAX_PROBLEMS = 100;

/** Reads the whole case and compares it with its checksums and ledgers. Runs to its end: have it run where nobody waits for the thread. */
export function checkCase(db: Database): CheckReport {
  const started = performance.now();
  const problems = new Problems();
  const report: Omit<CheckReport, 'ok' | 'problems' | 'seconds'> = { segments: { total: 0, checked: 0, damaged: 0 }, eventsDamaged: 0, bytes: 0 };
  // One state of the case, whatever is being written meanwhile.
  db.exec('BEGIN');
  try {
    const outline = problems.during('the outline', () => outlineProblem(db));
    if (outline) problems.add(outline);
    problems.during('the pages', () => {
      for (const found of db.pragma('quick_check(20)', { simple: false }) as { quick_check: string }[]) if (found.quick_check !== 'ok') problems.add(found.quick_check);
      for (const row of db.pragma('foreign_key_check') as { table: string; parent: string }[]) problems.add(`a row of ${row.table} refers to a ${row.parent} that is not there`);
      report.bytes = (db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number);
    });
    problems.during('the names', () => checkNames(db, problems));
    problems.during('the segments', () => checkSegments(db, problems, report));
    problems.during('the ledgers', () => checkLedgers(db, problems));
  } finally {
    db.exec('COMMIT');
  }
  return { ok: problems.count === 0, problems: problems.listed(), ...report, seconds: (performance.now() - started) / 1000 };
}

class Problems {
  readonly #list: string[] = [];
  count = 0;

  add(problem: string): void {
    if (this.count++ < MAX_PROBLEMS - 1) this.#list.push(problem);
  }
  listed(): string[] {
    const more = this.count - this.#list.length;
    return more > 0 ? [...this.#list, `and ${more} more`] : this.#list;
  }
  /** What cannot even be read is a problem too. */
  during<T>(what: string, look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      this.add(`${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}

function checkNames(db: Database, problems: Problems): void {
  if (!hasColumn(db, 'dict', 'sum')) return;
  for (const { field, id, name, sum } of db.prepare<[], { field: number; id: number; name: string; sum: number | null }>('SELECT field, id, name, sum FROM dict').iterate()) {
    if (sum !== null && nameSum(field, id, name) !== sum) problems.add(`the ${['service', 'host', 'level'][field] ?? 'name'} "${name.slice(0, 100)}" was altered`);
  }
}
function hasColumn(db: Database, table: string, column: string): boolean {
  return db.prepare<[string, string], number>('SELECT count(*) FROM pragma_table_info(?) WHERE name = ?').pluck().get(table, column) === 1;
}

function checkSegments(db: Database, problems: Problems, report: Pick<CheckReport, 'segments' | 'eventsDamaged'>): void {
  const { segments } = report;
  const catalog = new Catalog(db);
  // Names alone: the first step of loading reads them, and segments are looked at one by one.
  for (const { field, id, name } of db.prepare<[], { field: number; id: number; name: string }>('SELECT field, id, name FROM dict').iterate()) catalog.names[field][id] = name;
  catalog.loadSources();
  const read = db.prepare<[number], StoredSegment>(
    `SELECT seg.id, source, n, t0, t1, b0, b1, sorted, text_bytes, dict, hot, seg_cold.data AS cold, seg_msg.data AS msg, seg_rest.data AS rest, seg_words.starts, seg_words.data AS words
     FROM seg JOIN seg_cold USING (id) JOIN seg_msg USING (id) JOIN seg_rest USING (id) JOIN seg_words USING (id) WHERE seg.id = ?`,
  );
  const sums = hasColumn(db, 'seg_check', 'own') ? db.prepare<[number], { own: number } & Sums>('SELECT own, seg, seg_cold, seg_msg, seg_rest, seg_words FROM seg_check WHERE id = ?') : null;
  const sizes = new Map<number, number>();
  for (const part of PARTS) {
    problems.during(part, () => {
      for (const { id, n } of db.prepare<[], { id: number; n: number }>(part === 'seg' ? 'SELECT id, n FROM seg' : `SELECT id, 0 AS n FROM ${part}`).iterate()) sizes.set(id, Math.max(n, sizes.get(id) ?? 0));
    });
  }
  if (sums) problems.during('seg_check', () => db.prepare<[], number>('SELECT id FROM seg_check').pluck().all().forEach((id) => sizes.set(id, sizes.get(id) ?? 0)));
  for (const [id, n] of [...sizes].sort((a, b) => a[0] - b[0])) {
    segments.total++;
    try {
      const row = read.get(id);
      if (!row) throw new Error('a part of it is missing');
      const known = sums?.get(id);
      if (known && ownSum(id, known) === known.own) {
        segments.checked++;
        const unlike = partUnlike(row, known);
        if (unlike) throw new Error(`its row in ${unlike} was altered`);
      } else {
        if (known) problems.add(`the checksums of segment ${id} were altered`);
        catalog.add([infoOfStored(row)], []);
        readBack(catalog, id);
      }
    } catch (error) {
      segments.damaged++;
      report.eventsDamaged += n;
      problems.add(`segment ${id}${n > 0 ? ` (${n} events)` : ''} is damaged: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      catalog.segments.delete(id);
    }
  }
}

function checkLedgers(db: Database, problems: Problems): void {
  const archived = archivedEvents(db);
  const rows = db.prepare<[], { id: number; path: string; stored: number; rejected: number; n: number; letters: number }>(
    `SELECT id, path, stored, rejected, (SELECT coalesce(sum(n), 0) FROM seg WHERE seg.source = source.id) AS n, (SELECT count(*) FROM reject WHERE reject.source = source.id) AS letters FROM source`,
  );
  for (const { id, path, stored, rejected, n, letters } of rows.iterate()) {
    const away = archived.get(id) ?? 0;
    if (stored !== n + away) problems.add(`${path}: the ledger says ${stored} events, there are ${n}${away > 0 ? `, and ${away} in archives` : ''}`);
    if (rejected !== letters) problems.add(`${path}: the ledger says ${rejected} rejected records, there are ${letters}`);
  }
}
