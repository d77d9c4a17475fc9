/**
 * What a query worker knows of the case: every segment's hot columns (memory shared with the other threads), names, sources, and a
 * bounded cache of what is read from the file on demand.
 */
import { sameTimes, type CorrectedColumns, type Correction } from '../clocks/correction.ts';
import { readClocks, type Clocks } from '../store/clocks.ts';
import type { Database } from '../store/database.ts';
import { FLAG, type Signal } from '../../../shared/event.ts';
import type { NameChange, SegmentInfo } from '../store/case-store.ts';
import { unpackDicts } from '../store/dicts.ts';
import { BLOCK_SIZE, HOT, HOT_FIELDS, hotViews, unpackCold, unpackHot, type ColdColumns, type HotColumns } from '../store/segment.ts';
import { sourceHead, type SourceHead } from '../store/source-head.ts';
import { ShapedTexts, type Fillers, type TextBlock } from '../store/shaped-text.ts';
import { removedSegments } from '../store/typed-events.ts';
import { TIME_FORM_LENGTHS, TimeWriter } from '../store/time-forms.ts';
import { readHits } from '../store/indicator-store.ts';
import { readGrouping } from '../store/patterns.ts';
import { Derived } from './derived.ts';
import { Lru } from './lru.ts';

/** Times of a segment: first and last of all its events, and of the believable ones (NaN when there are none), and its columns. */
type Timed = CorrectedColumns;
export interface Segment extends Timed {
  id: number;
  source: number;
  n: number;
  /** as the source wrote them; the same object's columns where its clock is not corrected */
  original: Timed;
  /** ids of names by field and code; of templates, that of their pattern */
  dicts: Uint32Array[];
  /** ids of templates by code, as they are stored */
  templates: Uint32Array;
  words: Uint32Array;
  wordStarts: Uint32Array;
  /** believable events by severity */
  bySeverity: Uint32Array;
  /** it went on as another segment of the same id, which begins with the same events */
  outgrown: boolean;
}
export interface CatalogSource {
  id: number;
  signal: Signal;
  path: string;
  format: string;
  zone: string;
  modified: number;
}

const COLD_CACHE = 48 << 20;
const MESSAGE_CACHE = 24 << 20;
const REST_CACHE = 24 << 20;
const SHAPED_CACHE = 24 << 20;

export class Catalog {
  readonly db: Database;
  readonly segments = new Map<number, Segment>();
  /** name by field and id */
  readonly names: string[][] = HOT_FIELDS.map(() => ['']);
  readonly sources = new Map<number, CatalogSource>();
  /** grows with every change of segments or names */
  version = 0;
  templateVersion = 0;
  events = 0;
  /** segments of typed events that were deleted */
  readonly removed = new Set<number>();
  /** told when segments were taken out: what was counted of them does not hold any more */
  tookOut: () => void = () => undefined;
  /** told when clocks of sources were set: no answer from before holds */
  reclocked: () => void = () => undefined;
  #clocks: Clocks = { version: 0, corrections: new Map() };
  /** told of a segment that is about to go on as another of the same id */
  outgrows: (segment: Segment) => void = () => undefined;
  /** of each template that stands not for itself, the one that stands for its pattern */
  #patternOf = new Map<number, number>();
  /** the same, for who asks */
  get patternOf(): ReadonlyMap<number, number> {
    return this.#patternOf;
  }
  /** templates whose name is the text of their pattern */
  #named = new Set<number>();
  /** fields that no record has */
  readonly derived: Derived;
  #cold = new Lru<number, ColdColumns>(COLD_CACHE);
  #msg = new Lru<number, TextBlock>(MESSAGE_CACHE);
  #rest = new Lru<number, TextBlock>(REST_CACHE);
  #shaped = new Lru<number, { texts: ShapedTexts; n: number }>(SHAPED_CACHE);
  /** names of hot fields as bytes, by field and id */
  readonly #nameBytes: (Uint8Array | undefined)[][] = HOT_FIELDS.map(() => []);
  #statements;

  constructor(db: Database) {
    this.db = db;
    this.derived = new Derived(this);
    this.#statements = {
      cold: db.prepare<[number], Buffer>('SELECT data FROM seg_cold WHERE id = ?').pluck(),
      // A segment on the disk can have gone on already: texts are only to be read with the number of events that they were written for.
      msg: db.prepare<[number], { data: Buffer; n: number }>('SELECT data, n FROM seg_msg JOIN seg USING (id) WHERE id = ?'),
      rest: db.prepare<[number], { data: Buffer; n: number }>('SELECT data, n FROM seg_rest JOIN seg USING (id) WHERE id = ?'),
    };
  }

  /** Reads names, sources and the columns of all segments; yields now and then so that questions get their turn. */
  *load(): Generator<void, void, void> {
    for (const row of this.db.prepare<[], NameChange>('SELECT field, id, name FROM dict').iterate()) this.names[row.field][row.id] = row.name;
    for (const row of this.db.prepare<[], { id: number; pattern: string }>('SELECT id, pattern FROM template').iterate()) this.names[HOT.template][row.id] = row.pattern;
    this.loadPatterns();
    this.loadSources();
    this.loadRemoved();
    this.derived.setHits(readHits(this.db, 0, Number.MAX_SAFE_INTEGER), true);
    const rows = this.db.prepare<[number], { id: number; source: number; n: number; t0: number; t1: number; b0: number | null; b1: number | null; dict: Buffer; hot: Buffer; starts: Buffer; data: Buffer }>(
      'SELECT seg.id, source, n, t0, t1, b0, b1, dict, hot, starts, data FROM seg JOIN seg_words USING (id) WHERE seg.id > ? ORDER BY seg.id LIMIT 64',
    );
    for (let last = 0; ; ) {
      const page = rows.all(last);
      for (const row of page) {
        last = row.id;
        if (this.segments.has(row.id) || this.removed.has(row.id)) continue;
        const { hot } = unpackHot(row.hot);
        if (hot.n !== row.n) throw new Error(`the columns of segment ${row.id} are not those of its row`);
        this.#put({ id: row.id, source: row.source, n: row.n, t0: row.t0, t1: row.t1, b0: row.b0 ?? Number.NaN, b1: row.b1 ?? Number.NaN, dicts: unpackDicts(row.dict), words: words32(row.data), wordStarts: words32(row.starts) }, hot);
      }
      if (page.length === 0) return;
      yield;
    }
  }

  loadSources(): void {
    for (const row of this.db.prepare<[], CatalogSource>('SELECT id, signal, path, format, zone, modified FROM source').iterate()) this.sources.set(row.id, row);
    this.loadClocks();
  }

  /** Number of the newest setting of a clock. */
  get clockVersion(): number {
    return this.#clocks.version;
  }
  /** undefined where the clock of a source is taken as it is. */
  correction(source: number): Correction | undefined {
    return this.#clocks.corrections.get(source);
  }

  /** Reads the clocks of sources; where one was set again, its segments get new times. */
  loadClocks(): void {
    const clocks = readClocks(this.db);
    if (clocks.version === this.#clocks.version) return;
    const before = this.#clocks.corrections;
    this.#clocks = clocks;
    let moved = false;
    for (const segment of this.segments.values()) {
      const correction = clocks.corrections.get(segment.source);
      if (sameTimes(before.get(segment.source)?.clock, correction?.clock)) continue;
      moved = true;
      // Who still works with the old one must not mix it with the new.
      segment.outgrown = true;
      this.segments.set(segment.id, clocked({ ...segment, outgrown: false }, segment.original, correction));
    }
    this.version++;
    if (moved) this.reclocked();
  }

  /** Reads which pattern each template is of; answers go by it from now on. */
  loadPatterns(): void {
    const names = this.names[HOT.template];
    const own = this.db.prepare<[number], string>('SELECT pattern FROM template WHERE id = ?').pluck();
    for (const id of this.#named) names[id] = own.get(id) ?? names[id];
    this.#named.clear();
    this.#patternOf = new Map();
    for (const { template, pattern, text } of readGrouping(this.db)) {
      if (template !== pattern) this.#patternOf.set(template, pattern);
      else if (names[template] !== text) {
        names[template] = text;
        this.#named.add(template);
      }
    }
    for (const segment of this.segments.values()) segment.dicts[HOT.template] = this.#patterns(segment.templates);
    this.templateVersion++;
    this.version++;
  }
  #patterns(templates: Uint32Array): Uint32Array {
    return this.#patternOf.size === 0 ? templates : templates.map((id) => this.#patternOf.get(id) ?? id);
  }

  loadRemoved(): void {
    for (const id of removedSegments(this.db)) this.removed.add(id);
  }

  /** What the writer committed. `removed`: segments that are to be taken out, before the others are put in. */
  add(segments: readonly SegmentInfo[], names: readonly NameChange[], removed: readonly number[] = []): void {
    for (const id of removed) this.#takeOut(id);
    for (const { field, id, name } of names) {
      if (field === HOT.template && this.#named.has(id)) continue;
      if (field === HOT.template && this.names[field][id] !== undefined && this.names[field][id] !== name) this.templateVersion++;
      this.names[field][id] = name;
    }
    for (const info of segments) {
      this.removed.delete(info.id);
      const known = this.segments.get(info.id);
      if (known && known.n >= info.n) continue;
      if (known) this.#outgrown(known);
      if (!this.sources.has(info.source)) this.loadSources();
      this.derived.addHits(info.id, info.hits ?? []);
      this.#put(info, hotViews(info.hotBuffer, info.n, info.sorted));
    }
    this.version++;
  }

  #takeOut(id: number): void {
    this.removed.add(id);
    const segment = this.segments.get(id);
    if (!segment) return;
    this.#outgrown(segment);
    this.segments.delete(id);
    this.tookOut();
  }

  #outgrown(segment: Segment): void {
    this.outgrows(segment);
    segment.outgrown = true;
    const { id, n } = segment;
    this.#cold.forget(id);
    for (let block = 0; block * BLOCK_SIZE < n; block++) {
      this.#msg.forget(id * 8 + block);
      this.#rest.forget(id * 8 + block);
    }
    this.#shaped.forget(id * 2);
    this.#shaped.forget(id * 2 + 1);
    this.events -= n;
  }

  #put(info: Omit<SegmentInfo, 'hotBuffer' | 'sorted'>, hot: HotColumns): void {
    const { id, source, n, t0, t1, b0, b1, dicts, words, wordStarts } = info;
    const templates = dicts[HOT.template];
    const grouped = dicts.with(HOT.template, this.#patterns(templates));
    this.segments.set(id, clocked({ id, source, n, dicts: grouped, templates, words, wordStarts, outgrown: false }, { t0, t1, b0, b1, hot }, this.correction(source)));
    this.events += n;
    this.version++;
  }

  cold(segment: Segment): ColdColumns {
    return this.#cold.get(segment.id, () => {
      const columns = unpackCold(this.#statements.cold.get(segment.id) ?? missing(segment));
      return { value: columns, size: segment.n * 40 };
    });
  }

  /** Messages of block `block` of a segment. */
  messages(segment: Segment, block: number): TextBlock {
    return this.#msg.get(segment.id * 8 + block, () => {
      const value = this.#block(segment, 'msg', block);
      return { value, size: value.bytes.length + 4200 };
    });
  }
  /** The same for looking through, which is not kept: good until texts are read next. */
  scanned(segment: Segment, block: number): TextBlock {
    return this.#msg.held(segment.id * 8 + block) ?? this.#block(segment, 'msg', block, undefined, false);
  }
  /** What the records of block `block` say outside their messages. */
  rests(segment: Segment, block: number): TextBlock {
    return this.#rest.get(segment.id * 8 + block, () => {
      const value = this.#block(segment, 'rest', block, this.#fillers(segment, block));
      return { value, size: value.bytes.length + 4200 };
    });
  }
  /** The bytes from which `rests` are filled, apart from columns; field names are not among them but where a record stands in full. */
  filling(segment: Segment, block: number): Uint8Array {
    return this.#texts(segment, 'rest').texts.filling(block);
  }
  /** What `tell` says of each shape of a segment's `rests`, by its number, given what is fixed in it in lower case (a character a byte); 0 for number 0, a text in full. */
  restShapes(segment: Segment, tell: (text: string) => number): Int32Array {
    return this.#texts(segment, 'rest').texts.shapes(tell);
  }

  #texts(segment: Segment, part: 'msg' | 'rest'): { texts: ShapedTexts; n: number } {
    return this.#shaped.get(segment.id * 2 + (part === 'msg' ? 0 : 1), () => {
      const { data, n } = this.#statements[part].get(segment.id) ?? missing(segment);
      const texts = new ShapedTexts(data);
      return { value: { texts, n }, size: texts.size };
    });
  }

  #block(segment: Segment, part: 'msg' | 'rest', block: number, fillers?: Fillers, keep = true): TextBlock {
    const { texts, n } = this.#texts(segment, part);
    const first = block * BLOCK_SIZE;
    return texts.block(block, Math.min(BLOCK_SIZE, n - first), fillers, keep, Math.min(BLOCK_SIZE, segment.n - first));
  }

  /** What columns say, as records spell it. */
  #fillers(segment: Segment, block: number): Fillers {
    const first = block * BLOCK_SIZE;
    const { hot, original, dicts } = segment;
    const forms = TIME_FORM_LENGTHS.map((length) => new Uint8Array(length));
    const times = new TimeWriter();
    // Formats know three hot fields (the fourth, the template, is mined) and then the cold ones.
    const hotFields = HOT_FIELDS.length - 1;
    let cold: ColdColumns | undefined;
    return {
      time(form, i) {
        if (form >= forms.length) throw new Error('a form of times is unknown');
        times.write(form, original.hot.time[first + i], forms[form], 0);
        return forms[form];
      },
      field: (field, i) => {
        if (field < hotFields) {
          const id = dicts[field][hot.codes[field][first + i]];
          return (this.#nameBytes[field][id] ??= Buffer.from(this.names[field][id], 'latin1'));
        }
        const column = (cold ??= this.cold(segment)).fields[field - hotFields];
        if (!column) throw new Error('a field is missing');
        return column.values.bytes(column.codes[first + i]);
      },
    };
  }

  /** The record of event `offset` as it was read. */
  record(segment: Segment, offset: number): Uint8Array {
    const block = (offset / BLOCK_SIZE) | 0;
    const i = offset % BLOCK_SIZE;
    const rests = this.rests(segment, block);
    const rest = rests.bytes.subarray(rests.starts[i], rests.starts[i + 1] - 1);
    const at = rests.messageAt[i];
    if (at < 0) return rest;
    const messages = this.messages(segment, block);
    const message = messages.bytes.subarray(messages.starts[i], messages.starts[i + 1] - 1);
    const whole = new Uint8Array(rest.length + message.length);
    whole.set(rest.subarray(0, at));
    whole.set(message, at);
    whole.set(rest.subarray(at), at + message.length);
    return whole;
  }

  /** Head of a source's stream and its declared format, for reading records back. */
  sourceHead(id: number): SourceHead {
    return sourceHead(this.db, id);
  }

  /** First and last believable time; null when there is none. */
  extent(): { from: number; to: number } | null {
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const segment of this.segments.values()) {
      if (segment.b0 < from) from = segment.b0;
      if (segment.b1 > to) to = segment.b1;
    }
    return from <= to ? { from, to } : null;
  }
}

/** A segment by the clock of its source. */
function clocked(segment: Omit<Segment, keyof Timed | 'original' | 'bySeverity'>, original: Timed, correction: Correction | undefined): Segment {
  const { t0, t1, b0, b1, hot } = correction?.columns(original.hot) ?? original;
  const bySeverity = new Uint32Array(5);
  for (let i = 0; i < segment.n; i++) if ((hot.flags[i] & FLAG.TIME_SUSPECT) === 0) bySeverity[hot.severity[i]]++;
  return { ...segment, t0, t1, b0, b1, hot, original, bySeverity };
}

function missing(segment: Segment): never {
  throw new Error(`segment ${segment.id} has lost a part of its data`);
}
/** Blobs come at any address; 32-bit views need an aligned copy. */
function words32(blob: Buffer): Uint32Array {
  const copy = new Uint32Array(blob.length >> 2);
  new Uint8Array(copy.buffer).set(blob);
  return copy;
}
