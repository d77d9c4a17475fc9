/**
 * Answers questions about events over the catalog. Results are kept by scope and grow while events come in; a scan gives the
 * thread back every few milliseconds, answers with what it has, and goes on in the background until somebody else's question ousts it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { FLAG, SEGMENT_SIZE, type EventPage } from '../../../shared/event.ts';
import type { CountReply, FacetReply, LaneField, PageReply, Progress, WindowReply } from '../../../shared/contract/events.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Order, Scope } from '../../../shared/contract/scope.ts';
import type { QueryNode } from '../../../shared/query/ast.ts';
import { parseQuery } from '../../../shared/query/grammar.ts';
import { columnOf } from '../../../shared/query/names.ts';
import type { Catalog, Segment } from './catalog.ts';
import { compile } from './evaluate.ts';
import { FieldCounts } from './field-counts.ts';
import { neighbours } from './neighbours.ts';
import { RecordReader } from './record-reader.ts';
import { ResultSet, type Located } from './result-set.ts';
import { detailOf, extraOf, locate, messageOrNull, nameOf, pageOf } from './rows.ts';
import { isAttribute, mostFrequent, tally, tallySeries } from './tally.ts';
import { PATIENCE_MS, Turns, type Cancel } from './turns.ts';
import { windowOf } from './window.ts';

const KEPT_RESULTS = 12;

interface Held {
  result: ResultSet;
  pins: number;
  templates: number;
  usesTemplate: boolean;
  /** version of derived fields, when it asks for one */
  derived: number;
  usesPins: boolean;
  order: Order;
}

/** Evaluates segments of an expensive query elsewhere; resolves when all are in the result. */
export type Spread = (scope: Scope, segments: Segment[], result: ResultSet, cancel: Cancel) => Promise<boolean>;

/** A search that all workers do together. */
interface Going {
  cancel: { cancelled: boolean };
  /** questions that wait for it */
  asking: number;
  ended: boolean;
  work: Promise<void>;
}

export class Searcher {
  readonly catalog: Catalog;
  readonly records: RecordReader;
  readonly #held = new Map<string, Held>();
  readonly #counts: FieldCounts;
  readonly #going = new Map<ResultSet, Going>();
  /** grows when pins or notes change */
  pinVersion = 0;
  spread: Spread | null = null;
  /** events of the case that are in no answer, because their columns cannot be read */
  notLoaded = 0;
  /** whether all segments of the case are in the catalog; until then no answer is complete */
  everything: () => boolean = () => true;
  readonly #now: () => number;

  constructor(catalog: Catalog, now: () => number = () => Date.now() * 1000) {
    this.catalog = catalog;
    this.records = new RecordReader(catalog);
    this.#counts = new FieldCounts(catalog, this.records);
    this.#now = now;
    catalog.tookOut = () => this.#counts.forget();
    catalog.reclocked = () => {
      for (const going of this.#going.values()) going.cancel.cancelled = true;
      this.#held.clear();
      this.#counts.forget();
    };
    catalog.outgrows = (segment) => {
      for (const { result } of this.#held.values()) result.forget(segment);
    };
  }

  #idsOf(what: 'pinned' | 'noted'): Set<number> {
    const sql = what === 'pinned' ? 'SELECT event_id FROM pin WHERE removed_at IS NULL' : 'SELECT event_id FROM note WHERE removed_at IS NULL AND event_id IS NOT NULL';
    return new Set(this.catalog.db.prepare<[], number>(sql).pluck().all());
  }

  parse(query: string): QueryNode {
    const parsed = parseQuery(query, { now: this.#now() });
    if (!parsed.ok) throw new TidemarkError('query', parsed.error.message, { from: parsed.error.from, to: parsed.error.to });
    return parsed.node;
  }

  /** A result without any of its segments looked at. */
  open(scope: Scope): { result: ResultSet; node: QueryNode } {
    const node = this.parse(scope.query);
    const test = node.kind === 'all' ? null : compile(node, { catalog: this.catalog, records: this.records, idsOf: (what) => this.#idsOf(what) });
    return { result: new ResultSet(test, scope.from, scope.to), node };
  }

  #result(scope: Scope, order: Order): Held {
    const key = `${scope.from}|${scope.to}|${scope.query}`;
    let held = this.#held.get(key);
    if (held && ((held.usesPins && held.pins !== this.pinVersion) || (held.usesTemplate && held.templates !== this.catalog.templateVersion) || (held.derived >= 0 && held.derived !== this.catalog.derived.version))) held = undefined;
    if (!held) {
      const { result, node } = this.open(scope);
      const text = JSON.stringify(node);
      held = { result, pins: this.pinVersion, templates: this.catalog.templateVersion, usesTemplate: text.includes('"template"'), usesPins: text.includes('"is"'), order, derived: asksDerived(node) ? this.catalog.derived.version : -1 };
    }
    held.order = order;
    this.#held.delete(key);
    this.#held.set(key, held);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= KEPT_RESULTS) break;
      this.#held.delete(oldest);
    }
    return held;
  }

  /** Segments of a result that are not looked at yet, in the order in which people want to see them. */
  #waiting(held: Held): Segment[] {
    const waiting: Segment[] = [];
    for (const segment of this.catalog.segments.values()) {
      if (held.result.has(segment)) continue;
      if (held.result.touches(segment)) waiting.push(segment);
      else held.result.add(segment);
    }
    return waiting.sort(held.order === 'asc' ? (a, b) => a.t0 - b.t0 : (a, b) => b.t1 - a.t1);
  }

  /** Looks at segments until `enough` or the patience ends; false = there is more to do. */
  async #scan(scope: Scope, held: Held, cancel: Cancel, enough: () => boolean, patience = PATIENCE_MS): Promise<boolean> {
    const { result } = held;
    const waiting = this.#waiting(held);
    if (waiting.length === 0) return true;
    if (result.cheap) {
      for (const segment of waiting) result.add(segment);
      return true;
    }
    const until = performance.now() + patience;
    if (this.spread && waiting.length > 8) {
      const going = this.#spreadOver(this.spread, scope, waiting, result);
      going.asking++;
      try {
        while (!going.ended && !cancel.cancelled && performance.now() < until && !enough()) await Promise.race([going.work, delay(4)]);
      } finally {
        going.asking--;
      }
      if (cancel.cancelled && going.asking === 0) going.cancel.cancelled = true;
      return going.ended && !going.cancel.cancelled;
    }
    const turns = new Turns(cancel);
    for (const segment of waiting) {
      await turns.next();
      result.add(segment);
      if (performance.now() >= until || enough()) return this.#waiting(held).length === 0;
    }
    return true;
  }

  /** A search by all workers goes on when its first hits were told, until another one needs the workers; what it found is kept. */
  #spreadOver(spread: Spread, scope: Scope, waiting: Segment[], result: ResultSet): Going {
    const known = this.#going.get(result);
    if (known && !known.cancel.cancelled) return known;
    for (const other of this.#going.values()) if (other.asking === 0) other.cancel.cancelled = true;
    const going: Going = { cancel: { cancelled: false }, asking: 0, ended: false, work: Promise.resolve() };
    going.work = (async () => {
      try {
        await spread(scope, waiting, result, going.cancel);
      } finally {
        going.ended = true;
        if (this.#going.get(result) === going) this.#going.delete(result);
      }
    })();
    // Nobody may be waiting any more when it fails.
    going.work.catch(() => undefined);
    this.#going.set(result, going);
    return going;
  }

  /** `tallied`: events of the result that could not be counted by a field. */
  #progress(held: Held, scanned: boolean, tallied = 0): Progress {
    const complete = scanned && this.everything();
    const unreadable = held.result.unreadable + this.notLoaded + tallied;
    if (scanned && !complete) return { total: held.result.total, complete, scanned: 0.99, unreadable };
    const all = this.catalog.segments.size;
    let seen = 0;
    if (!complete) for (const segment of this.catalog.segments.values()) if (held.result.has(segment)) seen++;
    return { total: held.result.total, complete, scanned: complete || all === 0 ? 1 : seen / all, unreadable };
  }

  async page(input: { scope: Scope; order: Order; at: { rank: number } | { time: number } | { after: number }; limit: number; columns?: string[] | undefined }, cancel: Cancel, patience = PATIENCE_MS): Promise<PageReply> {
    const { scope, order, at, limit, columns = [] } = input;
    const held = this.#result(scope, order);
    const { result } = held;
    // Enough for the page asked for, when hits come in the order of the page; a jump to a time needs what lies before it.
    const enough = (): boolean => 'rank' in at && result.total >= at.rank + limit;
    const complete = await this.#scan(scope, held, cancel, enough, patience);
    let rank = 0;
    if ('rank' in at) rank = at.rank;
    else if ('time' in at) rank = order === 'asc' ? result.countBefore(at.time) : result.total - result.countBefore(at.time + 1);
    else {
      const { segment, offset } = locate(this.catalog, at.after);
      const place = result.rankOf(segment, offset);
      rank = order === 'asc' ? place.rank + (place.exact ? 1 : 0) : result.total - place.rank;
    }
    const found = this.#slice(result, rank, limit, order);
    const rows = pageOf(this.catalog, found);
    return { ...this.#progress(held, complete), rows, extra: await this.#extra(found, rows, columns, cancel), rank, version: this.catalog.version };
  }

  /** Values of further columns; records are read back, so others get the thread in between. */
  async #extra(found: readonly Located[], rows: EventPage, columns: readonly string[], cancel: Cancel): Promise<string[][]> {
    const extra: string[][] = columns.map(() => []);
    const turns = new Turns(cancel);
    for (const [i, row] of columns.length > 0 ? found.entries() : []) {
      await turns.next();
      let values = columns.map(() => '');
      if (!readable(() => (values = extraOf(this.catalog, this.records, row, columns)))) rows.flags[i] |= FLAG.UNREADABLE;
      values.forEach((value, column) => extra[column].push(value));
    }
    return extra;
  }

  #slice(result: ResultSet, rank: number, limit: number, order: Order): Located[] {
    if (order === 'asc') return result.slice(rank, limit);
    const last = result.total - rank;
    const first = Math.max(0, last - limit);
    return last <= 0 ? [] : result.slice(first, last - first).reverse();
  }

  async rank(input: { scope: Scope; order: Order; id: number }, cancel: Cancel): Promise<{ rank: number; exact: boolean } | null> {
    const held = this.#result(input.scope, input.order);
    const { segment, offset } = locate(this.catalog, input.id);
    await this.#scan(input.scope, held, cancel, () => held.result.has(segment));
    if (!held.result.has(segment)) return null;
    const { rank, exact } = held.result.rankOf(segment, offset);
    return { rank: input.order === 'asc' ? rank : held.result.total - rank - (exact ? 1 : 0), exact };
  }

  async window(input: { scope: Scope; buckets: number; lanes: LaneField; maxLanes: number }, cancel: Cancel): Promise<WindowReply> {
    const { scope, buckets, lanes, maxLanes } = input;
    const held = this.#result(scope, 'asc');
    const complete = await this.#scan(scope, held, cancel, () => false);
    const extent = this.catalog.extent();
    const from = scope.from ?? extent?.from ?? 0;
    // The range is half-open; the last event belongs in it.
    const to = Math.max(from + buckets, scope.to ?? (extent ? extent.to + 1 : 1));
    return { ...this.#progress(held, complete), from, to, step: (to - from) / buckets, buckets, ...windowOf(this.catalog, held.result, from, to, buckets, lanes, maxLanes), version: this.catalog.version };
  }

  async facets(input: { scope: Scope; fields: string[]; limit: number }, cancel: Cancel): Promise<FacetReply> {
    const { scope, fields, limit } = input;
    const held = this.#result(scope, 'asc');
    const scanned = await this.#scan(scope, held, cancel, () => false);
    const attributes = Math.max(1, fields.filter((field) => isAttribute(field, this.catalog)).length);
    const facets: FacetReply['facets'] = [];
    let complete = scanned;
    let share = 1;
    let unreadable = 0;
    for (const field of fields) {
      const { counts, present, counted, missed, done } = await this.#counts.count(scope, held.result, field, attributes, cancel);
      if (!done) {
        complete = false;
        share = Math.min(share, counted / Math.max(1, held.result.total));
      }
      unreadable = Math.max(unreadable, missed);
      facets.push({ field, values: mostFrequent(counts, limit), distinct: counts.size, present, counted });
    }
    this.#counts.trim();
    const progress = this.#progress(held, complete, unreadable);
    return { ...progress, scanned: progress.scanned * share, facets };
  }

  async count(input: { scope: Scope; by?: string; every?: number; limit: number }, cancel: Cancel): Promise<CountReply> {
    const { scope, by, every, limit } = input;
    const held = this.#result(scope, 'asc');
    const complete = await this.#scan(scope, held, cancel, () => false, Number.POSITIVE_INFINITY);
    const groups = new Map<string, number>();
    const series = new Map<number, Map<string, number>>();
    const turns = new Turns(cancel);
    let unreadable = 0;
    for (const part of held.result.parts.slice()) {
      await turns.next();
      const whole = readable(() => {
        if (by !== undefined) tally(by, part, this.catalog, this.records, groups);
        if (every !== undefined) tallySeries(by, every, part, this.catalog, this.records, series);
      });
      if (!whole) unreadable += part.count;
    }
    const points = [...series].sort((a, b) => a[0] - b[0]).flatMap(([time, values]) => [...values].map(([value, count]) => ({ time, value, count })));
    return { ...this.#progress(held, complete, unreadable), groups: mostFrequent(groups, limit), series: points };
  }

  /** Neighbours in the order of the file. */
  context(input: { id: number; before: number; after: number }): { rows: EventPage; index: number } {
    const { segment, offset } = locate(this.catalog, input.id);
    const before = neighbours(this.catalog, segment, offset, -1, input.before).reverse();
    const after = neighbours(this.catalog, segment, offset, 1, input.after);
    return { rows: pageOf(this.catalog, [...before, { id: input.id, segment, offset }, ...after]), index: before.length };
  }

  detail(id: number): ReturnType<typeof detailOf> & { source: number } {
    const located = locate(this.catalog, id);
    try {
      return { ...detailOf(this.catalog, this.records, located), source: located.segment.source };
    } catch (error) {
      throw error instanceof TidemarkError ? error : new TidemarkError('corrupt', `Event ${id} cannot be read: the case file is damaged there (${error instanceof Error ? error.message : String(error)}). Check the case, and copy what can be read into a new one.`);
    }
  }

  /** What pins show of events, and reports of pins. */
  summaries(ids: number[]): { id: number; time: number; severity: number; service: string; host: string; message: string; source: number }[] {
    return ids.flatMap((id) => {
      const segment = this.catalog.segments.get(Math.floor(id / SEGMENT_SIZE));
      const offset = id % SEGMENT_SIZE;
      if (!segment || offset >= segment.n) return [];
      return [{
        id, time: segment.hot.time[offset], severity: segment.hot.severity[offset], service: nameOf(this.catalog, segment, 0, offset), host: nameOf(this.catalog, segment, 1, offset),
        message: messageOrNull(this.catalog, segment, offset) ?? '(cannot be read: the case file is damaged here)', source: segment.source,
      }];
    });
  }

  /** Attribute names that some records of each source have. */
  attributeNames(): string[] {
    const names = new Set<string>();
    const looked = new Map<number, number>();
    for (const segment of this.catalog.segments.values()) {
      const times = looked.get(segment.source) ?? 0;
      if (times >= 3 || looked.size > 300) continue;
      looked.set(segment.source, times + 1);
      // Names of a segment that cannot be read are those of its neighbours.
      readable(() => {
        for (let i = 0; i < segment.n && i < 400; i += 20) for (const { name } of this.records.read(segment, i)?.attributes ?? []) if (names.size < 2000) names.add(name);
      });
    }
    return [...names].sort();
  }
}

/** Whether a query asks for a field that no record has, or may soon be one. */
function asksDerived(node: QueryNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.some((part) => asksDerived(part));
  if (node.kind === 'not') return asksDerived(node.node);
  return (node.kind === 'field' || node.kind === 'has') && columnOf(node.field) === undefined;
}

/** Does something with a segment; false when the case file is damaged there. */
function readable(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    return false;
  }
}
