/**
 * Sigma rules in a case, and the events they matched. Hits are a row for each segment and rule, as those of indicators are; a change of a file
 * is a new row, so that the case says which rules were there when.
 */
import type { RuleFacts, RuleProblem, SigmaRule } from '../../../shared/contract/sigma.ts';
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import { attackOf } from '../analysis/sigma/attack.ts';
import { readClocks } from './clocks.ts';
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

/** A rule as the compiler found it: `at` and `part` tell it from others of its file. */
export interface CompiledFacts {
  file: number;
  at: number;
  part: number;
  silent: boolean;
  facts: RuleFacts;
}
export interface SigmaFile {
  id: number;
  name: string;
  path: string;
  text: string;
}
/** What a rule matched in a segment; offsets ascend. */
export interface RuleHit {
  rule: number;
  offsets: Uint16Array;
}
export interface Correlated {
  rule: number;
  event: number;
  from: number;
  to: number;
  count: number;
  value: number;
  group: string[];
  events: number[];
}
interface RuleRow {
  id: number;
  file: number;
  name: string;
  part: number;
  silent: number;
  enabled: number;
  head: string;
}

/** Files that are there, oldest first; with those that are about to be, and without the one that they replace. */
export function sigmaFiles(db: Database, pending: readonly number[] = [], without: number | null = null): SigmaFile[] {
  if (!hasTable(db, 'sigma_file')) return [];
  return db
    .prepare<[string, number | null], SigmaFile>('SELECT id, name, path, text FROM sigma_file WHERE (removed_at IS NULL OR id IN (SELECT value FROM json_each(?))) AND id IS NOT ? ORDER BY id')
    .all(JSON.stringify(pending), without);
}
/** Ids of rules by file, place and part. */
export function sigmaRuleIds(db: Database): Map<string, number> {
  const rows = db.prepare<[], { id: number; file: number; at: number; part: number }>('SELECT sigma_rule.id, file, at, part FROM sigma_rule JOIN sigma_file ON sigma_file.id = file WHERE removed_at IS NULL').all();
  return new Map(rows.map(({ id, file, at, part }) => [`${file} ${at} ${part}`, id]));
}

/** Rules whose hits are told. */
const TOLD = 'FROM sigma_hit JOIN sigma_rule ON sigma_rule.id = rule JOIN sigma_file ON sigma_file.id = file WHERE enabled = 1 AND silent = 0 AND part = 0 AND removed_at IS NULL';

/** Hits that are told, by segment: a statement that is kept. A case of an older version has none. */
export function ruleHits(db: Database): { any(): boolean; of(segment: number): RuleHit[]; facts(rule: number): RuleFacts | undefined } {
  if (!hasTable(db, 'sigma_hit')) return { any: () => false, of: () => [], facts: () => undefined };
  const any = db.prepare<[], number>(`SELECT 1 ${TOLD} LIMIT 1`).pluck();
  const of = db.prepare<[number], { rule: number; offsets: Buffer }>(`SELECT rule, offsets ${TOLD} AND seg = ? ORDER BY rule`);
  const head = db.prepare<[number], string>('SELECT head FROM sigma_rule WHERE id = ?').pluck();
  return {
    any: () => any.get() !== undefined,
    of: (segment) => of.all(segment).map(({ rule, offsets }) => ({ rule, offsets: unpackOffsets(offsets) })),
    facts: (rule) => {
      const text = head.get(rule);
      return text === undefined ? undefined : (JSON.parse(text) as RuleFacts);
    },
  };
}
function unpackOffsets(blob: Buffer): Uint16Array {
  const copy = new Uint16Array(blob.length >> 1);
  new Uint8Array(copy.buffer).set(blob.subarray(0, copy.byteLength));
  return copy;
}

const WAITING = 'FROM seg LEFT JOIN sigma_matched ON seg.id = sigma_matched.seg WHERE coalesce(sigma_matched.generation, 0) < ?';

export class SigmaStore {
  readonly #db: Database;

  /** a read-only case of an older version has no rules */
  readonly #there: boolean;

  constructor(db: Database) {
    this.#db = db;
    this.#there = hasTable(db, 'sigma_file');
  }

  files(): (SigmaFile & { sha256: string; problems: RuleProblem[] })[] {
    if (!this.#there) return [];
    const rows = this.#db.prepare<[], SigmaFile & { sha256: string; problems: string }>('SELECT id, name, path, text, sha256, problems FROM sigma_file WHERE removed_at IS NULL ORDER BY id').all();
    return rows.map((row) => ({ ...row, problems: JSON.parse(row.problems) as RuleProblem[] }));
  }
  /** Also of one that was taken away; undefined when there never was one. */
  file(id: number): SigmaFile | undefined {
    return this.#there ? this.#db.prepare<[number], SigmaFile>('SELECT id, name, path, text FROM sigma_file WHERE id = ?').get(id) : undefined;
  }
  /** A file that is not there for anybody until it is known to run: removeFile(id, false). */
  addFile(file: { name: string; path: string; text: string; sha256: string; by: string; toolVersion: string }): number {
    const now = Date.now() * 1000;
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO sigma_file (name, path, text, sha256, added_at, added_by, tool_version, removed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(file.name, file.path, file.text, file.sha256, now, file.by, file.toolVersion, now);
    return Number(lastInsertRowid);
  }
  /** False when there is no such file. */
  removeFile(id: number, removed: boolean): boolean {
    return this.#db.transaction(() => {
      const found = this.#db.prepare('UPDATE sigma_file SET removed_at = ? WHERE id = ?').run(removed ? Date.now() * 1000 : null, id).changes > 0;
      return found;
    })();
  }

  /** Takes over what the compiler made of all files. */
  keepRules(rules: readonly CompiledFacts[], problems: ReadonlyMap<number, readonly RuleProblem[]>): void {
    this.#db.transaction(() => {
      const enabled = this.#db.prepare<[number, number, number], number>('SELECT enabled FROM sigma_rule WHERE file = ? AND at = ? AND part = ?').pluck();
      const insert = this.#db.prepare('INSERT INTO sigma_rule (file, at, part, kind, silent, enabled, head) VALUES (?, ?, ?, ?, ?, 1, ?)');
      const update = this.#db.prepare('UPDATE sigma_rule SET silent = ?, head = ? WHERE file = ? AND at = ? AND part = ?');
      for (const { file, at, part, silent, facts } of rules) {
        if (enabled.get(file, at, part) === undefined) insert.run(file, at, part, facts.kind, silent ? 1 : 0, JSON.stringify(facts));
        else update.run(silent ? 1 : 0, JSON.stringify(facts), file, at, part);
      }
      const keep = this.#db.prepare('UPDATE sigma_file SET problems = ? WHERE id = ?');
      for (const { id } of this.files()) keep.run(JSON.stringify(problems.get(id) ?? []), id);
    })();
  }

  /** Rules that people see, by title. */
  rules(): SigmaRule[] {
    if (!this.#there) return [];
    const rows = this.#db.prepare<[], RuleRow>('SELECT sigma_rule.id, file, name, part, silent, enabled, head FROM sigma_rule JOIN sigma_file ON sigma_file.id = file WHERE removed_at IS NULL AND part = 0').all();
    const counts = new Map(this.#db.prepare<[], { rule: number; n: number }>('SELECT rule, sum(n) AS n FROM sigma_hit GROUP BY rule').all().map(({ rule, n }) => [rule, n]));
    const rules = rows.map(({ id, file, name, silent, enabled, head }): SigmaRule => {
      const facts = JSON.parse(head) as RuleFacts;
      return { ...facts, ...attackOf(facts.tags), id, file, fileName: name, enabled: enabled === 1, silent: silent === 1, events: silent === 1 ? 0 : (counts.get(id) ?? 0) };
    });
    return rules.sort((a, b) => a.title.localeCompare(b.title));
  }
  counts(): { files: number; rules: number; enabled: number; problems: number } {
    if (!this.#there) return { files: 0, rules: 0, enabled: 0, problems: 0 };
    const of = (sql: string): number => this.#db.prepare<[], number>(sql).pluck().get() ?? 0;
    const rules = 'FROM sigma_rule JOIN sigma_file ON sigma_file.id = file WHERE removed_at IS NULL AND part = 0';
    return {
      files: of('SELECT count(*) FROM sigma_file WHERE removed_at IS NULL'), rules: of(`SELECT count(*) ${rules}`), enabled: of(`SELECT count(*) ${rules} AND enabled = 1`),
      problems: of('SELECT coalesce(sum(json_array_length(problems)), 0) FROM sigma_file WHERE removed_at IS NULL'),
    };
  }
  enable(ids: readonly number[], enabled: boolean): void {
    const update = this.#db.prepare('UPDATE sigma_rule SET enabled = ? WHERE id = ?');
    this.#db.transaction(() => {
      for (const id of ids) update.run(enabled ? 1 : 0, id);
    })();
  }

  /** The newest file that is there; 0 = none. Segments compared with its rules were compared with all. */
  generation(): number {
    return this.#db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM sigma_file WHERE removed_at IS NULL').pluck().get() ?? 0;
  }
  /** Rules mean something else than before: all is to be looked through again. */
  forgetHits(): void {
    this.#db.transaction(() => {
      for (const table of ['sigma_hit', 'sigma_matched', 'sigma_correlated']) this.#db.prepare(`DELETE FROM ${table}`).run();
    })();
  }
  waiting(generation: number, behind: number, limit: number): { id: number; generation: number }[] {
    return this.#db.prepare<[number, number, number], { id: number; generation: number }>(`SELECT seg.id, coalesce(sigma_matched.generation, 0) AS generation ${WAITING} AND seg.id > ? ORDER BY seg.id LIMIT ?`).all(generation, behind, limit);
  }
  countWaiting(generation: number): number {
    return this.#db.prepare<[number], number>(`SELECT count(*) ${WAITING}`).pluck().get(generation) ?? 0;
  }

  /** Keeps what rules matched in a segment of `n` events; false when it has gone on, or was compared meanwhile. */
  keepHits(segment: number, n: number, generation: number, hits: readonly RuleHit[], time: Float64Array): boolean {
    const known = this.#db.prepare<[number], { n: number; generation: number }>('SELECT n, coalesce(generation, 0) AS generation FROM seg LEFT JOIN sigma_matched ON seg.id = sigma_matched.seg WHERE seg.id = ?').get(segment);
    if (!known || known.n !== n || known.generation >= generation) return false;
    // A segment that went on has hits of its former state.
    if (known.generation === 0) this.#db.prepare('DELETE FROM sigma_hit WHERE seg = ?').run(segment);
    this.#addHits(segment, hits, (offset) => time[offset]);
    this.#db.prepare('INSERT OR REPLACE INTO sigma_matched (seg, generation) VALUES (?, ?)').run(segment, generation);
    return true;
  }
  #addHits(segment: number, hits: readonly RuleHit[], time: (offset: number) => number): void {
    const insert = this.#db.prepare('INSERT OR REPLACE INTO sigma_hit (seg, rule, n, t0, t1, offsets) VALUES (?, ?, ?, ?, ?, ?)');
    for (const { rule, offsets } of hits) {
      let t0 = Number.POSITIVE_INFINITY;
      let t1 = Number.NEGATIVE_INFINITY;
      for (const offset of offsets) {
        t0 = Math.min(t0, time(offset));
        t1 = Math.max(t1, time(offset));
      }
      insert.run(segment, rule, offsets.length, t0, t1, new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength));
    }
  }

  /** What all correlations found, in place of what they found before. Gives the segments whose hits are others. */
  keepCorrelated(found: readonly Correlated[]): number[] {
    return this.#db.transaction(() => {
      const own = "rule IN (SELECT id FROM sigma_rule WHERE kind = 'correlation' OR id IN (SELECT rule FROM sigma_correlated))";
      const before = this.#db.prepare<[], number>(`SELECT DISTINCT seg FROM sigma_hit WHERE ${own}`).pluck().all();
      this.#db.prepare(`DELETE FROM sigma_hit WHERE ${own}`).run();
      this.#db.prepare('DELETE FROM sigma_correlated').run();
      const insert = this.#db.prepare('INSERT INTO sigma_correlated (rule, event, t0, t1, n, value, by_values, events) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
      const bySegment = new Map<number, Map<number, Map<number, number>>>();
      for (const { rule, event, from, to, count, value, group, events } of found) {
        insert.run(rule, event, from, to, count, value, JSON.stringify(group), JSON.stringify(events));
        const rules = into(bySegment, Math.floor(event / SEGMENT_SIZE), () => new Map<number, Map<number, number>>());
        into(rules, rule, () => new Map<number, number>()).set(event % SEGMENT_SIZE, to);
      }
      for (const [segment, rules] of bySegment) {
        const hits = [...rules].map(([rule, offsets]) => ({ rule, offsets: Uint16Array.from(offsets.keys()).sort(), times: offsets }));
        for (const hit of hits) this.#addHits(segment, [hit], (offset) => hit.times.get(offset) ?? 0);
      }
      return [...new Set([...before, ...bySegment.keys()])];
    })();
  }
  correlated(rule: number, limit: number): (Omit<Correlated, 'rule'>)[] {
    const rows = this.#db.prepare<[number, number], { event: number; t0: number; t1: number; n: number; value: number; by_values: string; events: string }>('SELECT event, t0, t1, n, value, by_values, events FROM sigma_correlated WHERE rule = ? ORDER BY t1 LIMIT ?').all(rule, limit);
    return rows.map((row) => ({ event: row.event, from: row.t0, to: row.t1, count: row.n, value: row.value, group: JSON.parse(row.by_values) as string[], events: JSON.parse(row.events) as number[] }));
  }

  /** Ids of the first events that a rule matched, in the order in which they were read. */
  examples(rule: number, limit: number): number[] {
    const events: number[] = [];
    for (const { seg, offsets } of this.#db.prepare<[number], { seg: number; offsets: Buffer }>('SELECT seg, offsets FROM sigma_hit WHERE rule = ? ORDER BY t0, seg').iterate(rule)) {
      for (const offset of unpackOffsets(offsets)) if (events.push(seg * SEGMENT_SIZE + offset) >= limit) return events;
    }
    return events;
  }
  /** First and last time of what a rule matched, by the corrected clocks of the sources. */
  span(rule: number): { from: number; to: number } {
    const { corrections } = readClocks(this.#db);
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const { source, t0, t1 } of this.#db.prepare<[number], { source: number; t0: number; t1: number }>('SELECT source, min(sigma_hit.t0) AS t0, max(sigma_hit.t1) AS t1 FROM sigma_hit JOIN seg ON seg.id = seg WHERE rule = ? GROUP BY source').iterate(rule)) {
      const correction = corrections.get(source);
      from = Math.min(from, correction ? correction.time(t0, true) : t0);
      to = Math.max(to, correction ? correction.time(t1, true) : t1);
    }
    return { from, to };
  }
}

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
