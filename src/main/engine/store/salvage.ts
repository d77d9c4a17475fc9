/**
 * Copies what can be read of a damaged case into a new one, and says what could not be. Rows are read without SQLite
 * (store/damaged-case.ts), so a file that is cut short or has lost its first page is read as far as it is there. Only segments that
 * are what was written are taken over; what of them is lost stays visible in the ledger, and can be read again where the file that
 * was read is still there (store/holes.ts).
 */
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import type { SalvageAccount } from '../../../shared/contract/cases.ts';
import { Catalog } from '../search/catalog.ts';
import { archivedSegmentIds } from './archives.ts';
import type { Value } from './btree.ts';
import { nameSum, partUnlike, PARTS, writeSums, type Part, type StoredSegment } from './checksums.ts';
import { readClocks, settleTimes } from './clocks.ts';
import { DamagedCase, type Table } from './damaged-case.ts';
import type { Database } from './database.ts';
import { settleSources } from './holes.ts';
import { recount } from './recount.ts';
import { pendingRecount } from './recount-state.ts';
import { infoOfStored, readBack } from './segment-check.ts';
import { BLOCK_SIZE, HOT } from './segment.ts';
import { dropDamagedHeads } from './source-head.ts';

/** Segments and rows that go into one transaction. */
const SEGMENTS_AT_ONCE = 16;
const ROWS_AT_ONCE = 2000;

const TITLES: Readonly<Record<string, string>> = {
  meta: 'facts about the case', source: 'sources', connection: 'connections', dict: 'names of services, hosts and levels', template: 'patterns of messages', reject: 'rejected records',
  view: 'the layout of the window', investigation: 'investigations', investigation_event: 'edits of investigations', pin: 'pins', note: 'notes', hole: 'lost parts of sources',
  typed_event: 'what people typed in', typed_change: 'changes of what people typed in', clock: 'clocks of sources', finding_mark: 'what was said of findings', event_mark: 'what was said of events', model: 'models', model_version: 'versions of models', sequence_rule: 'rules of sequences',
  alert_rule: 'alert rules', alert: 'alerts', silence: 'silences of alerts', alert_change: 'changes of alerts and their rules',
  indicator_list: 'lists of indicators', indicator: 'indicators', enrichment: 'databases of places and maps', enrichment_row: 'rows of maps', sigma_file: 'files of Sigma rules', sigma_rule: 'Sigma rules',
  template_pattern: 'patterns of templates', pattern_edit: 'patterns that were merged or split',
  archive: 'archives of old events', archived_segment: 'events in archives',
};
/** Tables that are made of others. */
const DERIVED: ReadonlySet<string> = new Set(['rollup', 'rollup_next', 'rollup_archived', 'recount']);
/** Not taken over: events that are there are compared with lists and rules, and judged, anew, so that nothing is said of those that are lost, and nothing is missed. */
const MATCHED: ReadonlySet<string> = new Set(['indicator_hit', 'indicator_matched', 'sigma_hit', 'sigma_matched', 'sigma_correlated', 'anomaly_found', 'anomaly_state', 'anomaly_value']);
/** What a reader is told of a part that was damaged. */
const REASONS: Readonly<Record<Part, string>> = {
  seg: 'its columns', seg_cold: 'its identifiers and places', seg_msg: 'its messages', seg_rest: 'its records', seg_words: 'its word filters',
};

/** `breathe` is awaited every few rows, so that the thread can do other things, or throw to end the salvage. */
export async function salvage(damaged: string, into: Database, who: { by: string; toolVersion: string }, breathe: () => Promise<void>): Promise<SalvageAccount> {
  const from = new DamagedCase(damaged, { strays: true });
  try {
    into.pragma('foreign_keys = OFF');
    const tables = await copyRows(from, into, breathe);
    const segments = await copySegments(from, into, breathe);
    nameWhatIsReferred(into);
    const heads = dropDamagedHeads(into);
    const sources = settleSources(into, segments.knownLost);
    const lost = sources.reduce((sum, source) => sum + source.lost, 0);
    const rollups = from.found.get('rollup');
    const { corrections } = readClocks(into);
    for (const source of corrections.keys()) settleTimes(into, source);
    const recounted = lost > 0 || segments.lost > 0 || (rollups?.unreadable ?? 0) > 0 || pendingRecount(into) !== null;
    if (recounted) await recount(into, corrections, breathe);
    const account: SalvageAccount = {
      from: damaged,
      at: Date.now() * 1000,
      ...who,
      unreadable: [...from.found.values()].reduce((sum, { unreadable }) => sum + unreadable, 0),
      events: { kept: into.prepare<[], number>('SELECT coalesce(sum(n), 0) FROM seg').pluck().get() ?? 0, lost },
      segments: { kept: segments.kept, lost: segments.lost, unverified: segments.unverified, reasons: [...segments.reasons].map(([reason, n]) => ({ reason, segments: n })) },
      sources,
      tables: [...tables, { name: 'head', title: 'first lines of sources, which say what columns mean', ...heads }].filter((table) => table.lost > 0),
      stranded: stranded(into),
      recounted,
    };
    into.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('salvage', ?)").run(JSON.stringify(account));
    into.pragma('foreign_keys = ON');
    return account;
  } finally {
    from.close();
  }
}

/** The account of the salvage that made this case; null when it was not made by one. */
export function salvageAccount(db: Database): SalvageAccount | null {
  const text = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'salvage'").pluck().get();
  return text === undefined ? null : (JSON.parse(text) as SalvageAccount);
}

/** All tables but those of segments. */
async function copyRows(from: DamagedCase, into: Database, breathe: () => Promise<void>): Promise<SalvageAccount['tables']> {
  const copied: SalvageAccount['tables'] = [];
  for (const table of from.tables.values()) {
    if ((PARTS as readonly string[]).includes(table.name) || table.name === 'seg_check' || MATCHED.has(table.name)) continue;
    const insert = into.prepare(`INSERT OR IGNORE INTO ${table.name} (${table.columns.map(({ name }) => name).join(', ')}) VALUES (${table.columns.map(() => '?').join(', ')})`);
    let kept = 0;
    let broken = 0;
    let highest = 0;
    let group: Value[][] = [];
    const write = into.transaction((rows: Value[][]) => {
      for (const row of rows) {
        try {
          kept += insert.run(...row).changes;
        } catch {
          // A row that breaks a rule of its table (a ledger that does not add up) is damaged.
          broken++;
        }
      }
    });
    for (const { values } of from.rows(table.name)) {
      if (!isSound(table, values)) {
        broken++;
        continue;
      }
      if (table.key >= 0) highest = Math.max(highest, Number(values[table.key]));
      group.push(values);
      if (group.length < ROWS_AT_ONCE) continue;
      write(group);
      group = [];
      await breathe();
    }
    write(group);
    const unreadable = from.found.get(table.name)?.unreadable ?? 0;
    copied.push({ name: table.name, title: TITLES[table.name] ?? table.name, kept, lost: DERIVED.has(table.name) ? 0 : lostRows(into, table, kept, highest, unreadable + broken) });
  }
  return copied;
}

/** The least number of rows that are lost. */
function lostRows(into: Database, table: Table, kept: number, highest: number, unreadable: number): number {
  // Every reject is counted in its source's ledger. Rows of the other tables with ids (but indicators) are never deleted, so ids have no gaps.
  if (table.name === 'reject') return Math.max(unreadable > 0 ? 1 : 0, (into.prepare<[], number>('SELECT coalesce(sum(rejected), 0) FROM source').pluck().get() ?? 0) - kept);
  // Indicators of a list that was taken away are deleted; each list says how many it has.
  if (table.name === 'indicator') return Math.max(unreadable > 0 ? 1 : 0, (into.prepare<[], number>('SELECT coalesce(sum(stored), 0) FROM indicator_list WHERE removed_at IS NULL').pluck().get() ?? 0) - kept);
  // Those of segments that went into an archive: others stand in between.
  if (table.name === 'archived_segment') return unreadable;
  // A number far behind all others is one that the damage made.
  const gaps = table.key >= 0 && highest <= kept * 2 + 1000 ? highest - kept : 0;
  return Math.max(table.key >= 0 ? Math.min(1, unreadable) : unreadable, gaps);
}

/** A name is part of the records that say it: one that was altered must not get into them. */
function isSound(table: Table, values: readonly Value[]): boolean {
  if (table.name !== 'dict') return true;
  const [field, id, name, sum] = values;
  return sum === null || sum === nameSum(Number(field), Number(id), String(name));
}

/** Sources and investigations that others refer to and whose own row is lost are named as what they are. */
function nameWhatIsReferred(into: Database): void {
  const now = Date.now() * 1000;
  const source = into.prepare(
    `INSERT OR IGNORE INTO source (id, signal, path, disk_path, suffix, format, format_title, format_reason, service, zone, dedup_window, head, head_hash, head_length, sha256, size, modified, ingested_at, ingested_by, tool_version, state, error, rejected, read)
     VALUES (?, 'logs', ?, '', '', '', '', '', '', 'UTC', 0, x'00', '', -1, '', 0, 0, 0, '', '', 'failed', 'what was known of this source was lost with the case file', 0, 0)`,
  );
  for (const id of into.prepare<[], number>('SELECT source FROM reject UNION SELECT source FROM seg').pluck().all()) source.run(id, `(source ${id}, its name is lost)`);
  const investigation = into.prepare(
    `INSERT OR IGNORE INTO investigation (id, title, status, severity, team, impact_domain, business_impact, summary, created_at, created_by, updated_at)
     VALUES (?, ?, 'open', 'medium', '', '', '', 'What was written of this investigation was lost with the case file; its pins and notes are kept.', ?, '', ?)`,
  );
  const investigations = into.prepare<[], number>('SELECT investigation_id FROM pin UNION SELECT investigation_id FROM note UNION SELECT investigation_id FROM investigation_event').pluck().all();
  for (const id of investigations) investigation.run(id, `Investigation ${id} (its title is lost)`, now, now);
}

interface CopiedSegments {
  kept: number;
  lost: number;
  /** kept ones whose checksums are lost */
  unverified: number;
  reasons: Map<string, number>;
  /** events by source of lost segments whose row could be read */
  knownLost: Map<number, number>;
}

async function copySegments(from: DamagedCase, into: Database, breathe: () => Promise<void>): Promise<CopiedSegments> {
  const cells = new Map(PARTS.map((part) => [part, from.segmentCells(part)]));
  const { ids, gaps } = segmentIds([from.checkedIds, ...[...cells.values()].map((map) => map.keys())], archivedSegmentIds(into));
  const result: CopiedSegments = { kept: 0, lost: 0, unverified: 0, reasons: new Map(), knownLost: new Map() };
  const lose = (reason: string, row?: { source: number; n: number }): void => {
    result.lost++;
    result.reasons.set(reason, (result.reasons.get(reason) ?? 0) + 1);
    if (row) result.knownLost.set(row.source, (result.knownLost.get(row.source) ?? 0) + row.n);
  };
  const copier = new SegmentCopier(into);
  into.exec('BEGIN');
  {
    let row = 0;
    for (const id of ids) {
      const read = (part: Part): Value[] | null => {
        const cell = cells.get(part)?.get(id);
        return cell ? from.row(part, cell) : null;
      };
      const segment = segmentOf(id, read) ?? segmentOf(id, (part) => read(part) ?? (part === 'seg_words' ? openFilters(Number(read('seg')?.[2])) : null));
      if (!segment) {
        const seg = read('seg');
        lose(`${REASONS[PARTS.find((part) => read(part) === null) ?? 'seg']} cannot be read`, seg ? { source: Number(seg[1]), n: Number(seg[2]) } : undefined);
      } else {
        const sums = from.sums(id);
        const damaged = copier.copy(segment, sums);
        if (damaged === null) {
          result.kept++;
          if (!sums) result.unverified++;
        } else lose(damaged, segment);
      }
      if (++row % SEGMENTS_AT_ONCE > 0) continue;
      into.exec('COMMIT');
      await breathe();
      into.exec('BEGIN');
    }
  }
  into.exec('COMMIT');
  if (gaps > 0) {
    result.lost += gaps;
    result.reasons.set('nothing of it is left', gaps);
  }
  copier.nameTemplates();
  return result;
}

/**
 * Ids of segments of which something is there, ascending, and how many more there must have been: ids are given without gaps. An id
 * that only one table knows and that lies behind all others is a number that the damage made.
 */
function segmentIds(tables: Iterable<number>[], archived: ReadonlySet<number>): { ids: number[]; gaps: number } {
  const seen = new Map<number, number>();
  for (const ids of tables) for (const id of ids) seen.set(id, (seen.get(id) ?? 0) + 1);
  let highest = 0;
  for (const [id, times] of seen) if (times > 1 && id > highest) highest = id;
  const ids = [...seen.keys()].filter((id) => id <= highest).sort((a, b) => a - b);
  const away = [...archived].filter((id) => id <= highest && !seen.has(id)).length;
  return { ids, gaps: highest - ids.length - away };
}

/** A row of seg_words that rules nothing out: every word passes, and is looked for in the texts. */
function openFilters(n: number): Value[] {
  const blocks = Math.min(SEGMENT_SIZE, n > 0 ? Math.ceil(n / BLOCK_SIZE) : 0);
  const starts = new Uint8Array(Uint32Array.from({ length: blocks * 2 + 1 }, (_, i) => i).buffer);
  return [null, starts, new Uint8Array(blocks * 8).fill(255)];
}

/** A segment put together from its rows; null when one is missing. */
function segmentOf(id: number, read: (part: Part) => Value[] | null): StoredSegment | null {
  const rows = PARTS.map(read);
  if (rows.includes(null)) return null;
  const [seg, cold, msg, rest, words] = rows as Value[][];
  const [, source, n, t0, t1, b0, b1, sorted, text_bytes, dict, hot] = seg;
  return {
    id, source: Number(source), n: Number(n), t0: Number(t0), t1: Number(t1), b0: b0 === null ? null : Number(b0), b1: b1 === null ? null : Number(b1), sorted: Number(sorted), text_bytes: Number(text_bytes),
    dict: dict as Uint8Array, hot: hot as Uint8Array, cold: cold[1] as Uint8Array, msg: msg[1] as Uint8Array, rest: rest[1] as Uint8Array, starts: words[1] as Uint8Array, words: words[2] as Uint8Array,
  };
}

class SegmentCopier {
  readonly #into: Database;
  readonly #catalog: Catalog;
  readonly #inserts;
  readonly #templates = new Set<number>();

  constructor(into: Database) {
    this.#into = into;
    this.#catalog = new Catalog(into);
    // Names and sources; there are no segments yet.
    for (const _step of this.#catalog.load());
    this.#inserts = {
      seg: into.prepare('INSERT INTO seg (id, source, n, t0, t1, b0, b1, sorted, text_bytes, dict, hot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      cold: into.prepare('INSERT INTO seg_cold (id, data) VALUES (?, ?)'),
      msg: into.prepare('INSERT INTO seg_msg (id, data) VALUES (?, ?)'),
      rest: into.prepare('INSERT INTO seg_rest (id, data) VALUES (?, ?)'),
      words: into.prepare('INSERT INTO seg_words (id, starts, data) VALUES (?, ?, ?)'),
    };
  }

  /** Takes a segment over when it is what was written; otherwise says what is wrong with it. */
  copy(found: StoredSegment, sums: ReturnType<DamagedCase['sums']>): string | null {
    const unlike = sums && partUnlike(found, sums);
    // Filters only make searches faster (they are the last part: everything else is as it was).
    if (unlike && unlike !== 'seg_words') return `${REASONS[unlike]} were altered`;
    const [, starts, words] = openFilters(found.n);
    const open = { ...found, starts: starts as Uint8Array, words: words as Uint8Array };
    let segment = unlike ? open : found;
    const { id } = segment;
    const into = this.#into;
    into.exec('SAVEPOINT segment');
    try {
      if (!sums && !unpacks(segment)) segment = open;
      const info = infoOfStored(segment);
      const unnamed = info.dicts.some((dict, field) => field !== HOT.template && dict.some((name, code) => code > 0 && name !== 0 && this.#catalog.names[field][name] === undefined));
      if (unnamed) throw new NameLost();
      this.#inserts.seg.run(id, segment.source, segment.n, segment.t0, segment.t1, segment.b0, segment.b1, segment.sorted, segment.text_bytes, segment.dict, segment.hot);
      this.#inserts.cold.run(id, segment.cold);
      this.#inserts.msg.run(id, segment.msg);
      this.#inserts.rest.run(id, segment.rest);
      this.#inserts.words.run(id, segment.starts, segment.words);
      if (!sums) {
        this.#catalog.add([info], []);
        readBack(this.#catalog, id);
      }
      writeSums(into, segment);
      into.exec('RELEASE segment');
      for (const template of info.dicts[HOT.template]) if (template !== 0) this.#templates.add(template);
      return null;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (code.startsWith('SQLITE_') && !code.startsWith('SQLITE_CONSTRAINT')) throw error;
      into.exec('ROLLBACK TO segment');
      into.exec('RELEASE segment');
      return error instanceof NameLost ? 'a service, host or level that its records name is lost' : 'its columns or texts cannot be unpacked';
    } finally {
      // Checked one at a time: a large case must not be in memory whole.
      this.#catalog.segments.delete(id);
    }
  }

  /** Patterns that segments refer to and that are lost get a text of their own. */
  nameTemplates(): void {
    const insert = this.#into.prepare('INSERT OR IGNORE INTO template (id, pattern) VALUES (?, ?)');
    this.#into.transaction(() => {
      for (const id of this.#templates) insert.run(id, `(pattern ${id}, lost)`);
    })();
  }
}
class NameLost extends Error {}

function unpacks(segment: StoredSegment): boolean {
  try {
    infoOfStored(segment);
    return true;
  } catch {
    // Perhaps only for its filters: tried again without them.
    return false;
  }
}

/** Pins and notes about events that are not there. */
function stranded(db: Database): number {
  return db.prepare<[number, number], number>(
    `SELECT (SELECT count(*) FROM pin WHERE removed_at IS NULL AND event_id / ? NOT IN (SELECT id FROM seg))
          + (SELECT count(*) FROM note WHERE removed_at IS NULL AND event_id IS NOT NULL AND event_id / ? NOT IN (SELECT id FROM seg))`,
  ).pluck().get(SEGMENT_SIZE, SEGMENT_SIZE) ?? 0;
}
