/**
 * Events that people type in. Each becomes a record (a JSON line) that goes through a parse worker like any other, so that search, timeline,
 * pins, reports and exports need not know. It is a segment of its own: a correction writes the segment anew under the same ids, so that
 * pins and notes stay with it, and a deletion takes the segment out of every answer. What was said before is kept (typed_change).
 * Rollups leave typed events out: a count that was written ahead of time could not be corrected.
 */
import { TidemarkError } from '../../shared/contract/rpc.ts';
import type { TypedEvent, TypedEventChange, TypedEventState } from '../../shared/contract/typed.ts';
import { SEGMENT_SIZE } from '../../shared/event.ts';
import { formatTime } from '../../shared/time.ts';
import { typed as typedFormat } from './formats/typed.ts';
import type { BuiltBatch } from './pipeline/batch.ts';
import type { WorkerPool } from './pipeline/worker-pool.ts';
import type { CaseStore, Committed, WorkerIds } from './store/case-store.ts';
import { fileError } from './store/database.ts';
import { infoOfStored } from './store/segment-check.ts';
import { TypedEventStore, type TypedRow } from './store/typed-events.ts';

export interface TypedContext {
  store: CaseStore;
  pool(): WorkerPool;
  user: string;
  toolVersion: string;
  committed(what: Committed): void;
}

/** Sources of files are known again by their first bytes; these have none. */
const NO_HEAD = -1;
const NO_ROLLUPS: BuiltBatch['rollups'] = { resolution: new Uint32Array(0), bucket: new Float64Array(0), end: new Uint32Array(0), data: new Uint8Array(0) };

export class TypedEvents {
  readonly #context: TypedContext;
  readonly #rows: TypedEventStore;
  /** one after the other: each is put behind the one before it in the stream of its source */
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: TypedContext) {
    this.#context = context;
    this.#rows = new TypedEventStore(context.store.db);
  }

  get removedCount(): number {
    return this.#rows.removedCount();
  }

  add(event: TypedEvent): Promise<TypedEventState> {
    return this.#inTurn(async () => {
      const now = Date.now() * 1000;
      const { store, user } = this.#context;
      const source = this.#rows.sourceOf(user) ?? this.#newSource(now);
      const segment = await this.#send(source, recordOf(event, { typedBy: user, typedAt: now }), ({ batch, ids, end }) => {
        const committed = store.commit(source, ids, { ...batch, rollups: NO_ROLLUPS }, end);
        const { id } = committed.segments[0];
        this.#rows.add(id, event, user, now);
        this.#rows.settleExtent(source);
        return { committed, id };
      });
      return this.#state(segment);
    });
  }

  get(id: number): TypedEventState | null {
    const row = id % SEGMENT_SIZE === 0 ? this.#rows.get(id / SEGMENT_SIZE) : undefined;
    return row ? stateOf(row) : null;
  }

  update(id: number, event: TypedEvent): Promise<TypedEventState> {
    return this.#inTurn(async () => {
      const before = this.#row(id);
      if (before.removedAt !== null) throw new TidemarkError('invalid_input', 'This event was deleted. Restore it first.');
      if (JSON.stringify(before.event) === JSON.stringify(event)) return stateOf(before);
      const { store, user } = this.#context;
      const now = Date.now() * 1000;
      const source = this.#rows.sourceOfSegment(before.segment);
      if (source === undefined) throw new TidemarkError('corrupt', 'What is stored of this event is lost: the case file is damaged there.');
      const record = recordOf(event, { typedBy: before.createdBy, typedAt: before.createdAt, editedBy: user, editedAt: now });
      await this.#send(source, record, ({ batch, ids, end }) => {
        // Counted when it was typed in: the segment takes the place of the one that said it before.
        const again = { ...batch, read: 0, rollups: NO_ROLLUPS, segments: batch.segments.map((segment) => ({ ...segment, carried: segment.n })) };
        const committed = store.commit(source, ids, again, end, before.segment);
        this.#rows.update(before, event, user, now);
        this.#rows.settleExtent(source);
        return { committed: { ...committed, removed: [before.segment] }, id: before.segment };
      });
      return this.#state(before.segment);
    });
  }

  remove(id: number): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#row(id);
      if (before.removedAt !== null) return;
      this.#write(() => {
        this.#setRemoved(before, true);
        return { committed: { segments: [], names: [], removed: [before.segment] }, id: before.segment };
      });
      await Promise.resolve();
    });
  }

  restore(id: number): Promise<TypedEventState> {
    return this.#inTurn(async () => {
      const before = this.#row(id);
      if (before.removedAt === null) return stateOf(before);
      const stored = this.#rows.stored(before.segment);
      if (!stored) throw new TidemarkError('corrupt', 'What is stored of this event is lost: the case file is damaged there.');
      this.#write(() => {
        this.#setRemoved(before, false);
        return { committed: { segments: [infoOfStored(stored)], names: [] }, id: before.segment };
      });
      return await Promise.resolve(this.#state(before.segment));
    });
  }

  history(id: number): TypedEventChange[] {
    return this.#rows.history(this.#row(id).segment);
  }

  /** Resolves when what was typed so far is stored. */
  async settled(): Promise<void> {
    await this.#last;
  }

  #setRemoved(before: TypedRow, removed: boolean): void {
    this.#rows.setRemoved(before, removed, this.#context.user, Date.now() * 1000);
    const source = this.#rows.sourceOfSegment(before.segment);
    if (source !== undefined) this.#rows.settleExtent(source);
  }

  async #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const turn = this.#last.then(work);
    // The next one's turn comes whether this one works or not.
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  /** All or nothing, then told to the query workers. */
  #write(work: () => { committed: Committed; id: number }): number {
    const { store, committed } = this.#context;
    let done: { committed: Committed; id: number };
    try {
      done = store.db.transaction(work)();
    } catch (error) {
      throw fileError(error, store.db.name);
    }
    committed(done.committed);
    return done.id;
  }

  #row(id: number): TypedRow {
    const row = id % SEGMENT_SIZE === 0 ? this.#rows.get(id / SEGMENT_SIZE) : undefined;
    if (!row) throw new TidemarkError('not_found', `Event ${id} was not typed in: what was read cannot be changed. Write a note about it.`);
    return row;
  }

  #state(segment: number): TypedEventState {
    const row = this.#rows.get(segment);
    if (!row) throw new Error('the typed event was not stored');
    return stateOf(row);
  }

  #newSource(now: number): number {
    const { store, user, toolVersion } = this.#context;
    const id = store.addSource({
      signal: typedFormat.signal, path: `Typed in by ${user || 'somebody'}`, diskPath: '', suffix: '', format: typedFormat.id, formatTitle: typedFormat.title, formatReason: 'typed into this case',
      declared: null, service: '', zone: 'UTC', dedupWindow: 0, head: new Uint8Array(0), headHash: `typed ${user}`, headLength: NO_HEAD, sha256: '', size: 0, modified: now, ingestedBy: user, toolVersion,
    });
    // What was typed so far is whole.
    store.setState(id, 'done');
    return id;
  }

  /** Has a parse worker understand a record and `commit` store it, in the turn of its batch: names that are new in it are known by its numbers. */
  async #send(source: number, record: string, commit: (built: Built) => { committed: Committed; id: number }): Promise<number> {
    const { store, pool } = this.#context;
    const row = store.source(source);
    if (!row) throw new Error('the source of typed events is not there');
    let segment = 0;
    await pool().run(
      {
        kind: 'lines', shownPath: row.path, modified: Date.now() * 1000, start: row.checkpoint, bytes: new TextEncoder().encode(`${record}\n`), head: new Uint8Array(0),
        options: { format: row.format, zone: row.zone, service: row.service, dedupWindow: 0 }, carried: { events: 0, parts: [] },
      },
      store.db.name,
      (built, worker) => {
        if (built.type !== 'batch') return;
        const { batch, end } = built;
        if (batch.segments.length !== 1 || batch.segments[0].n !== 1) throw new Error('a typed event did not become one event');
        segment = this.#write(() => commit({ batch, ids: worker.ids, end }));
      },
    );
    if (segment === 0) throw new Error('a typed event did not become an event');
    return segment;
  }
}

interface Built {
  batch: BuiltBatch;
  ids: WorkerIds;
  /** of the record in the stream of its source */
  end: number;
}

function stateOf({ segment, event, createdAt, createdBy, updatedAt, updatedBy, removedAt }: TypedRow): TypedEventState {
  return { id: segment * SEGMENT_SIZE, event, createdAt, createdBy, updatedAt, updatedBy, removed: removedAt !== null };
}

interface Authors {
  typedBy: string;
  typedAt: number;
  editedBy?: string;
  editedAt?: number;
}
/** The record of an event: names of the Elastic Common Schema first, which no attribute can outrank. */
function recordOf(event: TypedEvent, { typedBy, typedAt, editedBy, editedAt }: Authors): string {
  const { time, severity, service, host, message, tags, evidence, attributes } = event;
  return JSON.stringify({
    '@timestamp': iso(time),
    'log.level': severity,
    ...(service === '' ? {} : { 'service.name': service }),
    ...(host === '' ? {} : { 'host.name': host }),
    message,
    ...(tags.length === 0 ? {} : { tags: tags.join(', ') }),
    ...(evidence === '' ? {} : { evidence }),
    ...Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
    typed_by: typedBy,
    typed_at: iso(typedAt),
    ...(editedBy === undefined || editedAt === undefined ? {} : { edited_by: editedBy, edited_at: iso(editedAt) }),
  });
}
function iso(time: number): string {
  return `${formatTime(time, 'UTC', 'us').replace(' ', 'T')}Z`;
}
