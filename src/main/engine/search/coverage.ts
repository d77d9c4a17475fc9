/** Says for each source when it is there and when it is silent, from the columns in memory and the stored samples. */
import { hasTable } from '../store/tables.ts';
import { MAX_GAPS, MAX_SOURCES, type CoverageReply, type SourceCoverage } from '../../../shared/contract/coverage.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { FLAG } from '../../../shared/event.ts';
import { decodeSamples } from '../metrics/series-codec.ts';
import type { Catalog, Segment } from './catalog.ts';
import { gapLength, PauseFinder, type Pauses } from './pauses.ts';
import type { Cancel } from './turns.ts';

/** The thread is kept at most this long. */
const SLICE_MS = 8;
/** An answer waits this long for gaps that are not known yet; the next question goes on with them. */
const PATIENCE_MS = 80;

interface Chunk {
  id: number;
  source: number;
  n: number;
  t0: number;
  t1: number;
}
/** What there is of a source. */
interface Holding {
  segments: Segment[];
  /** of metrics */
  chunks: Chunk[];
  events: number;
  first: number;
  last: number;
}
const NONE: Pauses = { usual: null, gaps: [], count: 0 };
type Known = Omit<SourceCoverage, 'counts' | 'stoppedEarly'>;

export class CoverageFinder {
  readonly #catalog: Catalog;
  /** pauses of sources, as long as nothing comes to them */
  readonly #pauses = new Map<number, { of: string; pauses: Pauses }>();
  #slice = 0;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** `from`, `to` null = from the first to the last believable time of all. `loaded`: all that is stored is in the catalog; gaps are looked for then. */
  async find(input: { from: number | null; to: number | null; buckets: number }, cancel: Cancel, loaded: boolean): Promise<CoverageReply> {
    const { buckets } = input;
    const breathe = async (): Promise<void> => {
      if (cancel.cancelled) throw new TidemarkError('cancelled', 'The question was cancelled.');
      if (performance.now() < this.#slice) return;
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#slice = performance.now() + SLICE_MS;
    };
    this.#slice = performance.now() + SLICE_MS;
    this.#catalog.loadSources();
    const holdings = this.#holdings();
    const inOrder = [...this.#catalog.sources.values()].sort((a, b) => (holdings.get(a.id)?.first ?? Number.POSITIVE_INFINITY) - (holdings.get(b.id)?.first ?? Number.POSITIVE_INFINITY) || a.id - b.id);
    const listed = inOrder.slice(0, MAX_SOURCES);
    const known: Known[] = [];
    const until = performance.now() + PATIENCE_MS;
    let complete = loaded;
    let found = 0;
    for (const { id, path, signal, format } of listed) {
      const held = holdings.get(id);
      const there = held !== undefined && held.events > 0 && held.first <= held.last;
      let pauses: Pauses | undefined = there ? this.#knownPauses(id, held) : NONE;
      // One at least for each question, so that every question brings it on.
      if (!pauses && there && loaded && (found === 0 || performance.now() < until)) {
        pauses = await this.#findPauses(id, held, breathe);
        found++;
      }
      if (!pauses) complete = false;
      pauses ??= NONE;
      known.push({ id, path, signal, format, events: held?.events ?? 0, first: there ? held.first : null, last: there ? held.last : null, usualPause: pauses.usual, gaps: pauses.gaps, gapCount: pauses.count });
    }
    const firsts = known.flatMap(({ first }) => (first === null ? [] : [first]));
    const lasts = known.flatMap(({ last }) => (last === null ? [] : [last]));
    const from = input.from ?? firsts.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
    const to = input.to ?? lasts.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY) + 1;
    const range = Number.isFinite(from) && Number.isFinite(to) && to > from ? { from, to } : { from: 0, to: 1 };
    const early = stoppedEarly(known);
    const sources: SourceCoverage[] = [];
    for (const source of known) sources.push({ ...source, counts: await this.#counts(holdings.get(source.id), range, buckets, breathe), stoppedEarly: early(source) });
    return { ...range, buckets, sources, more: inOrder.length - listed.length, ...overlapOf(known), complete };
  }

  #holdings(): Map<number, Holding> {
    const holdings = new Map<number, Holding>();
    const of = (source: number): Holding => {
      let held = holdings.get(source);
      if (!held) holdings.set(source, (held = { segments: [], chunks: [], events: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY }));
      return held;
    };
    const widen = (held: Holding, first: number, last: number): void => {
      // Not a number where nothing can be believed: then both comparisons fail.
      if (first < held.first) held.first = first;
      if (last > held.last) held.last = last;
    };
    for (const segment of this.#catalog.segments.values()) {
      const held = of(segment.source);
      held.segments.push(segment);
      held.events += segment.bySeverity.reduce((sum, n) => sum + n, 0);
      widen(held, segment.b0, segment.b1);
    }
    for (const chunk of this.#chunks()) {
      const held = of(chunk.source);
      held.chunks.push(chunk);
      held.events += chunk.n;
      widen(held, chunk.t0, chunk.t1);
    }
    return holdings;
  }

  #chunks(): Chunk[] {
    const { db } = this.#catalog;
    // A case that is opened read-only may be from before there were metrics.
    if (!hasTable(db, 'series_chunk')) return [];
    return db.prepare<[], Chunk>('SELECT series_chunk.id, series.source, series_chunk.n, series_chunk.t0, series_chunk.t1 FROM series_chunk JOIN series ON series.id = series_chunk.series').all().map((chunk) => {
      const correction = this.#catalog.correction(chunk.source);
      return correction ? { ...chunk, t0: correction.time(chunk.t0, false), t1: correction.time(chunk.t1, false) } : chunk;
    });
  }

  #knownPauses(id: number, held: Holding): Pauses | undefined {
    const kept = this.#pauses.get(id);
    return kept?.of === stateOf(held) ? kept.pauses : undefined;
  }

  async #findPauses(id: number, held: Holding, breathe: () => Promise<void>): Promise<Pauses> {
    const finder = new PauseFinder(held.first, held.last, held.events);
    await this.#times(held, held, (time) => finder.add(time), breathe);
    const pauses = finder.find(MAX_GAPS);
    this.#pauses.set(id, { of: stateOf(held), pauses });
    return pauses;
  }

  async #counts(held: Holding | undefined, { from, to }: { from: number; to: number }, buckets: number, breathe: () => Promise<void>): Promise<Uint32Array> {
    const counts = new Uint32Array(buckets);
    if (!held) return counts;
    const scale = buckets / (to - from);
    const bucketOf = (time: number): number => Math.min(buckets - 1, Math.floor((time - from) * scale));
    await this.#times(held, { first: from, last: to }, (time) => {
      if (time >= from && time < to) counts[bucketOf(time)]++;
    }, breathe, (t0, t1, n) => {
      // What lies in one bucket whole need not be looked at.
      if (t0 < from || t1 >= to || bucketOf(t0) !== bucketOf(t1)) return false;
      counts[bucketOf(t0)] += n;
      return true;
    });
    return counts;
  }

  /** Each believable time of what touches the range; `whole` may take a stretch with its number instead. */
  async #times(held: Holding, { first, last }: { first: number; last: number }, visit: (time: number) => void, breathe: () => Promise<void>, whole?: (t0: number, t1: number, n: number) => boolean): Promise<void> {
    for (const { b0, b1, n, bySeverity, hot: { time, flags } } of held.segments) {
      if (!(b1 >= first && b0 <= last)) continue;
      await breathe();
      if (whole?.(b0, b1, bySeverity.reduce((sum, count) => sum + count, 0))) continue;
      for (let i = 0; i < n; i++) if ((flags[i] & FLAG.TIME_SUSPECT) === 0) visit(time[i]);
    }
    const data = held.chunks.length > 0 ? this.#catalog.db.prepare<[number], Buffer>('SELECT data FROM series_chunk WHERE id = ?').pluck() : null;
    for (const { id, source, t0, t1, n } of held.chunks) {
      if (t1 < first || t0 > last) continue;
      await breathe();
      if (whole?.(t0, t1, n)) continue;
      const bytes = data?.get(id);
      // Samples read again meanwhile have other chunks; the next question sees them.
      const correction = this.#catalog.correction(source);
      if (bytes) for (const time of decodeSamples(bytes).times) visit(correction?.time(time, false) ?? time);
    }
  }
}

/** Other for every change of what a source holds: times change without their number when clocks are set or typed events corrected. */
function stateOf(held: Holding): string {
  const ends = held.segments.reduce((sum, { b0, b1 }) => sum + (b0 + b1 || 0), 0);
  return `${held.segments.length} ${held.chunks.length} ${held.events} ${held.first} ${held.last} ${ends}`;
}

/**
 * How long before the others a source fell silent: those that have events later than a gap of its own after its last one went on without
 * it. Told when they are at least half of the others, by the median of their last events. Only sources that have said enough to tell what
 * is usual are looked at: a few commits, or what people typed in, are no stream that could stop.
 */
function stoppedEarly(all: readonly Known[]): (source: Known) => number | null {
  const tells = ({ usualPause, signal }: Known): boolean => usualPause !== null && signal !== 'manual';
  const lasts = Float64Array.from(all.filter(tells), ({ last }) => last ?? Number.NEGATIVE_INFINITY).sort();
  return (source) => {
    const { last, usualPause } = source;
    if (last === null || usualPause === null || !tells(source)) return null;
    const silent = last + gapLength(usualPause);
    const first = lasts.findIndex((other) => other > silent);
    const later = first < 0 ? 0 : lasts.length - first;
    return later > 0 && later * 2 >= lasts.length - 1 ? lasts[first + (later >> 1)] - last : null;
  };
}

/** What people typed in bounds nothing: it is about moments, not about a stretch of time. */
function overlapOf(all: readonly Known[]): Pick<CoverageReply, 'overlap' | 'bounds'> {
  let beginsLast: { id: number; first: number } | null = null;
  let endsFirst: { id: number; last: number } | null = null;
  for (const { id, signal, first, last } of all) {
    if (first === null || last === null || signal === 'manual') continue;
    if (!beginsLast || first > beginsLast.first) beginsLast = { id, first };
    if (!endsFirst || last < endsFirst.last) endsFirst = { id, last };
  }
  if (!beginsLast || !endsFirst) return { overlap: null, bounds: null };
  return {
    overlap: beginsLast.first <= endsFirst.last ? { from: beginsLast.first, to: endsFirst.last } : null,
    bounds: { beginsLast: beginsLast.id, endsFirst: endsFirst.id },
  };
}
