/**
 * Indicators of an open case: reads lists into it, tells the parse workers what events are to be compared with, and looks through
 * events that were there before a list. How far that is stands in the case, so that it goes on after a crash.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { IndicatorFacts, IndicatorList, IndicatorsStatus } from '../../../shared/contract/indicators.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { CatchUp, type WaitingSegment } from '../catch-up.ts';
import { fileError, type Database } from '../store/database.ts';
import { addHits, countRejected, IndicatorStore, newLedger, readHits, type ListLedger } from '../store/indicator-store.ts';
import { unpackHot } from '../store/segment.ts';
import type { QueryPool } from '../workers/query-pool.ts';
import { understand, type Known, type Listed } from './indicator.ts';
import { KeySet } from './key-set.ts';
import { listFormat, readList } from './lists/read-list.ts';
import type { TableParts } from './table.ts';

/** Indicators that all lists of a case may have together: they are held in memory. */
const MOST_INDICATORS = 5_000_000;
const ROWS_AT_ONCE = 2000;
const SEGMENTS_AT_ONCE = 4;
const HEAD_BYTES = 64 << 10;
const SLICE_MS = 12;
const PROGRESS_MS = 200;

export interface IndicatorContext {
  db: Database;
  query: QueryPool;
  user: string;
  toolVersion: string;
  /** what events are to be compared with from now on */
  use(table: TableParts | null): void;
  /** lists or hits are others than before */
  changed(): void;
  progress(status: IndicatorsStatus): void;
}

export class Indicators {
  readonly #context: IndicatorContext;
  readonly #store: IndicatorStore;
  #reading: IndicatorsStatus['reading'] = null;
  #told = 0;
  readonly #closing = new AbortController();
  readonly #catchUp: CatchUp;
  /** what segments are compared with in the run that is under way: what is newer than, up to */
  #given = '';
  /** what is at work on the tables, one after the other */
  #work: Promise<void> = Promise.resolve();
  #ready: Promise<void> | null = null;

  constructor(context: IndicatorContext) {
    this.#context = context;
    this.#store = new IndicatorStore(context.db);
    this.#catchUp = new CatchUp(this.#store, {
      segmentsAtOnce: SEGMENTS_AT_ONCE, what: 'Looking through the events for indicators',
      compare: async (waiting, generation, signal) => await this.#match(waiting, generation, signal),
      progressed: () => this.#tell(),
      ended: () => {
        this.#given = '';
        this.#tell(true);
      },
    });
  }

  /** Resolves when the parse workers know all lists. */
  async ready(): Promise<void> {
    this.#ready ??= this.#refresh();
    await this.#ready;
  }

  /** After lists have changed: builds the table anew and hands it over. */
  async #refresh(): Promise<void> {
    await this.#inTurn(async () => {
      while (this.#store.settle() > 0) await breathe();
      this.#context.use(await this.#store.table(breathe));
    });
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const before = this.#work;
    const mine = (async () => {
      await before.catch(() => undefined);
      if (!this.#closing.signal.aborted) await work();
    })();
    this.#work = mine;
    await mine;
  }

  status(): IndicatorsStatus {
    return { lists: this.#store.lists(), reading: this.#reading, matching: this.#catchUp.progress, error: this.#catchUp.error };
  }
  hits(input: { text: string; list: number | null; limit: number }): ReturnType<IndicatorStore['hits']> {
    return this.#store.hits(input);
  }

  #tell(now = false): void {
    const at = performance.now();
    if (!now && at - this.#told < PROGRESS_MS) return;
    this.#told = at;
    this.#context.progress(this.status());
  }

  /** Reads a list into the case. Throws what reading throws; nothing of the list is in the case then. */
  async add(file: string, name: string, signal: AbortSignal): Promise<IndicatorList> {
    if (this.#reading) throw new TidemarkError('busy', `The list ${this.#reading.name} is being read. Add the next one when it is through.`);
    const title = name || path.basename(file);
    let stat;
    try {
      stat = await fs.promises.stat(file);
      if (!stat.isFile()) throw new TidemarkError('invalid_input', `${file} is not a file.`);
      this.#reading = { name: title, done: 0, total: stat.size, stored: 0, rejected: 0 };
      const id = await this.#read(file, title, AbortSignal.any([signal, this.#closing.signal]));
      this.#reading = null;
      this.#ready = this.#refresh();
      await this.#ready;
      this.#context.changed();
      void this.#catchUp.run();
      const list = this.#store.lists().find((one) => one.id === id);
      if (!list) throw new TidemarkError('not_found', 'The list was taken away meanwhile.');
      return list;
    } catch (error) {
      throw error instanceof TidemarkError ? error : fileError(error, file);
    } finally {
      this.#reading = null;
      this.#tell(true);
    }
  }

  async #read(file: string, name: string, signal: AbortSignal): Promise<number> {
    const head = await headOf(file);
    const ledger = newLedger();
    const sha256 = createHash('sha256');
    let size = 0;
    const reading = this.#reading;
    async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
      for await (const chunk of fs.createReadStream(file, { highWaterMark: 256 << 10, signal })) {
        const bytes = chunk as Uint8Array;
        size += bytes.length;
        sha256.update(bytes);
        yield bytes;
      }
    }
    const id = this.#store.begin({ name, format: listFormat(head), path: file, by: this.#context.user, toolVersion: this.#context.toolVersion });
    const seen = new KeySet();
    const room = MOST_INDICATORS - this.#store.total();
    let rows: { known: Known; facts: IndicatorFacts }[] = [];
    let until = performance.now() + SLICE_MS;
    try {
      for await (const group of readList(chunks(), head)) {
        for (const listed of group) {
          const row = understood(listed, ledger, seen);
          if (row) rows.push(row);
        }
        if (seen.size > room) throw new TidemarkError('invalid_input', `A case may hold ${MOST_INDICATORS} indicators; take other lists away, or cut this one.`);
        if (rows.length >= ROWS_AT_ONCE) {
          this.#store.insert(id, rows);
          rows = [];
        }
        if (performance.now() < until) continue;
        if (reading) Object.assign(reading, { done: size, stored: ledger.stored, rejected: ledger.rejected });
        this.#tell();
        await breathe();
        if (signal.aborted) throw new TidemarkError('cancelled', 'Reading the list was given up; nothing of it is in the case.');
        until = performance.now() + SLICE_MS;
      }
      this.#store.insert(id, rows);
      this.#store.finish(id, ledger, sha256.digest('hex'), size);
      if (ledger.stored === 0) {
        this.#store.remove(id);
        const [first] = ledger.reasons;
        throw new TidemarkError('invalid_input', `${name} holds no indicator that can be matched${first ? `: ${first[1].count} times ${first[0]} (${first[1].example})` : '. Lists are STIX 2.1 bundles, MISP exports, CSV, or a value a line'}.`);
      }
      return id;
    } catch (error) {
      if (signal.aborted && !(error instanceof TidemarkError)) throw new TidemarkError('cancelled', 'Reading the list was given up; nothing of it is in the case.');
      throw error;
    }
  }

  async enable(id: number, enabled: boolean): Promise<void> {
    if (!this.#store.enable(id, enabled)) throw new TidemarkError('not_found', `There is no list ${id}.`);
    this.#tellAllHits();
    await breathe();
  }

  async remove(id: number): Promise<void> {
    if (!this.#store.remove(id)) throw new TidemarkError('not_found', `There is no list ${id}.`);
    this.#tellAllHits();
    this.#ready = this.#refresh();
    await this.#ready;
    this.#tell(true);
  }

  #tellAllHits(): void {
    this.#context.query.hitsChanged([...readHits(this.#context.db, 0, Number.MAX_SAFE_INTEGER)], true);
    this.#context.changed();
    this.#tell(true);
  }

  /** Looks through events that were not compared with every list, until there are none or `signal` stops it. */
  async settled(signal: AbortSignal): Promise<void> {
    await this.ready();
    await this.#catchUp.settled(signal);
  }

  stop(): void {
    this.#catchUp.stop();
  }

  /** Events were stored: some may have been read before the workers knew a list. */
  kick(): void {
    this.#catchUp.kick();
  }

  /** Compares segments with the lists that are newer than the oldest of them. */
  async #match(waiting: readonly WaitingSegment[], generation: number, signal: AbortSignal): Promise<readonly number[]> {
    const after = Math.min(...waiting.map((segment) => segment.generation));
    if (this.#given !== `${after} ${generation}`) {
      const table = await this.#store.table(breathe, after);
      if (!table || signal.aborted) return [];
      this.#context.query.setIndicators(table);
      this.#given = `${after} ${generation}`;
    }
    const segments = waiting.map(({ id }) => id);
    this.#keep(await this.#context.query.match(segments, signal), generation);
    return segments;
  }

  #keep(found: Awaited<ReturnType<QueryPool['match']>>, generation: number): void {
    const { db, query, changed } = this.#context;
    // A list may have been added or taken away while these were looked at.
    const there = new Set(this.#store.lists().map(({ id }) => id));
    const listOf = db.prepare<[number], number>('SELECT list FROM indicator WHERE id = ?').pluck();
    const hot = db.prepare<[number], Buffer>('SELECT hot FROM seg WHERE id = ?').pluck();
    const known = db.prepare<[number], number>('SELECT generation FROM indicator_matched WHERE seg = ?').pluck();
    let any = false;
    db.transaction(() => {
      for (const { segment, hits } of found) {
        // It has gone on meanwhile, compared with the list.
        if ((known.get(segment) ?? 0) >= generation) continue;
        const kept = hits.filter(({ indicator }) => there.has(listOf.get(indicator) ?? 0));
        const columns = kept.length > 0 ? hot.get(segment) : undefined;
        any ||= kept.length > 0;
        addHits(db, segment, generation, columns ? kept : [], columns ? unpackHot(columns).hot.time : new Float64Array(0));
      }
    })();
    if (!any) return;
    const hits = found.map(({ segment }): [number, NonNullable<ReturnType<ReturnType<typeof readHits>['get']>>] => [segment, readHits(db, segment, segment).get(segment) ?? []]);
    query.hitsChanged(hits, false);
    changed();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#catchUp.close();
    await this.#work.catch(() => undefined);
  }
}

/** Counts an indicator; undefined when it cannot be stored. */
function understood(listed: Listed, ledger: ListLedger, seen: KeySet): { known: Known; facts: IndicatorFacts } | undefined {
  if ('rejected' in listed) {
    countRejected(ledger, listed.rejected, '');
    return undefined;
  }
  const known = understand(listed.value, listed.hint);
  if ('rejected' in known) {
    countRejected(ledger, known.rejected, listed.value);
    return undefined;
  }
  ledger.read++;
  if (!seen.add(Buffer.from(`${known.type}|${known.value}`))) {
    ledger.duplicates++;
    return undefined;
  }
  ledger.stored++;
  return { known, facts: listed.facts };
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await fs.promises.open(file, 'r');
  try {
    const bytes = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
