/**
 * Compares the clock of a source with those of the others by moments that both have seen: the first event of an id in each, spans of callers
 * and callees, and where there are no ids messages that stand once in each. Memory is bounded by keeping a sample of the ids, chosen by their
 * hash so that every source keeps the same ones (Gibbons 2001, "Distinct sampling for highly-accurate answers").
 */
import type { ClockSuggestion, ClockSuggestions, SightingKind } from '../../../shared/contract/clocks.ts';
import { FLAG, SEGMENT_SIZE } from '../../../shared/event.ts';
import { estimateClock, looksLikeZone, resolutionOf, type Estimate, type Sighting } from '../clocks/estimate.ts';
import { BLOCK_SIZE, COLD_FIELDS } from '../store/segment.ts';
import type { Segment } from './catalog.ts';
import { textAt } from './evaluate-text.ts';
import type { Searcher } from './searcher.ts';
import { orNull, SpanReader } from './span-reader.ts';
import { Turns, type Cancel } from './turns.ts';

const ID_FIELDS = ['span_id', 'request_id', 'trace_id'] as const;
/** Ids of the source that are kept, and what the other sources may keep of them. */
const MOST_IDS = 100_000;
const MOST_SEEN = 1_000_000;
/** Spans that are read back to learn who called them, for each source. */
const MOST_CALLS = 20_000;
/** Events whose messages are compared, for each source. */
const MOST_TEXTS = 300_000;
/** A message that says less than this may be anybody's. */
const LEAST_TEXT = 24;
const MOST_SUGGESTIONS = 20;

/** The first event with a key in one source. */
interface Seen {
  time: number;
  /** microseconds that it lasted; 0 for what has no end */
  length: number;
  /** there is more than one */
  repeated: boolean;
}
type Keys = Map<string, Seen>;

export class ClockSearch {
  readonly #searcher: Searcher;
  readonly #spans: SpanReader;

  constructor(searcher: Searcher) {
    this.#searcher = searcher;
    this.#spans = new SpanReader(searcher.catalog, searcher.records);
  }

  async suggest({ source }: { source: number }, cancel: Cancel): Promise<ClockSuggestions> {
    const work = new Comparison(this.#searcher, this.#spans, source, new Turns(cancel));
    const found = new Map<number, { kind: SightingKind; estimate: Estimate }>();
    const ids = await work.ids();
    const calls = await work.calls(ids.own);
    for (const [other, seen] of ids.others) {
      // How far a call bounds the clocks is known; how long an id takes from one source to the other is not.
      const called = estimateClock(calls.get(other) ?? [], work.resolution(other));
      if (called) found.set(other, { kind: 'call', estimate: called });
      else {
        for (const kind of ID_FIELDS) {
          const estimate = estimateClock(sightingsOf(kind, ids.own, seen), work.resolution(other));
          const held = found.get(other);
          if (estimate && (!held || estimate.uncertainty < held.estimate.uncertainty)) found.set(other, { kind, estimate });
        }
      }
    }
    const messages = await work.messages(new Set(found.keys()));
    for (const [other, seen] of messages.others) {
      const estimate = estimateClock(sightingsOf('message', messages.own, seen), work.resolution(other));
      if (estimate) found.set(other, { kind: 'message', estimate });
    }
    const suggestions = [...found].map(([against, { kind, estimate }]) => suggestionOf(against, kind, estimate));
    suggestions.sort((a, b) => a.setting.uncertainty - b.setting.uncertainty || b.shared - a.shared);
    return { suggestions: suggestions.slice(0, MOST_SUGGESTIONS), looked: work.looked, truncated: work.truncated };
  }
}

function suggestionOf(against: number, kind: SightingKind, { offset, drift, reference, uncertainty, used, outliers, from, to }: Estimate): ClockSuggestion {
  return { against, kind, setting: { offset, drift, reference, uncertainty }, shared: used, outliers, from, to, zone: looksLikeZone(offset, uncertainty), assumes: `The clock of the other source is right, ${ASSUMED[kind]}` };
}
const SAME_TIME = 'The time from the one to the other is taken for a part of the offset.';
const ASSUMED: Readonly<Record<SightingKind, string>> = {
  call: 'and what was called worked while its caller waited, with as much time lost on the way there as on the way back.',
  span_id: `and what both say of a span happened at the same moment, or within the span. ${SAME_TIME}`,
  request_id: `and the first event of a request in each is of the same moment. ${SAME_TIME}`,
  trace_id: `and the first event of a trace in each is of the same moment. ${SAME_TIME}`,
  message: `and messages that stand once in each tell of the same moment. ${SAME_TIME}`,
};

function sightingsOf(kind: SightingKind, own: Keys, seen: Keys): Sighting[] {
  const sightings: Sighting[] = [];
  for (const [key, other] of seen) {
    const mine = own.get(key);
    if (mine === undefined || !Number.isFinite(mine.time) || !Number.isFinite(other.time) || !key.startsWith(`${kind} `) || (kind === 'message' && (mine.repeated || other.repeated))) continue;
    sightings.push(sightingOf(mine, other));
  }
  return sightings;
}
/** What lasts less is taken to lie within what lasts longer. */
function sightingOf(mine: Seen, other: Seen): Sighting {
  return { time: mine.time, difference: other.time + other.length / 2 - (mine.time + mine.length / 2), room: Math.abs(mine.length - other.length) / 2 };
}

/** What is gathered for one answer. */
class Comparison {
  readonly #searcher: Searcher;
  readonly #spans: SpanReader;
  readonly #source: number;
  readonly #turns: Turns;
  /** what the times of a source are whole multiples of, by the first of its segments */
  readonly #resolutions = new Map<number, number>();
  looked = 0;
  truncated = false;

  constructor(searcher: Searcher, spans: SpanReader, source: number, turns: Turns) {
    this.#searcher = searcher;
    this.#spans = spans;
    this.#source = source;
    this.#turns = turns;
  }

  /** What the times of the source and of another are whole multiples of, together. */
  resolution(other: number): number {
    return (this.#resolutions.get(this.#source) ?? 0) + (this.#resolutions.get(other) ?? 0);
  }

  /** Ids of the source, and what each other source says of the same. */
  async ids(): Promise<{ own: Keys; others: Map<number, Keys> }> {
    const sample = new Sample();
    const look = (segment: Segment, find: (key: string) => Seen | undefined): void => {
      this.looked += segment.n;
      this.#idsOf(segment, find);
    };
    await this.#each('own', (segment) => look(segment, (key) => sample.take(key)));
    const others = new Map<number, Keys>();
    let kept = 0;
    await this.#each('others', (segment) => {
      const seen = keysOf(others, segment.source);
      look(segment, (key) => {
        const known = seen.get(key);
        if (known || !sample.keys.has(key)) return known;
        if (kept >= MOST_SEEN) {
          this.truncated = true;
          return undefined;
        }
        kept++;
        return put(seen, key);
      });
    });
    if (sample.thinned) this.truncated = true;
    return { own: sample.keys, others };
  }

  #idsOf(segment: Segment, find: (key: string) => Seen | undefined): void {
    const spans = this.#spans.holdsSpans(segment);
    const { fields } = this.#searcher.catalog.cold(segment);
    for (const kind of ID_FIELDS) {
      const column = fields[COLD_FIELDS.indexOf(kind)];
      if (!column) continue;
      const byCode: (Seen | null | undefined)[] = [null];
      for (let i = 0; i < segment.n; i++) {
        const code = column.codes[i];
        let seen = byCode[code];
        if (seen === undefined) byCode[code] = seen = find(`${kind} ${column.values.text(code)}`) ?? null;
        if (seen && timed(segment, i)) see(seen, this.#time(segment, i), spans && kind === 'span_id' ? this.#spans.roughDuration(segment, i) : 0);
      }
    }
  }

  /** Calls between the source and others, by the ids of the callers' spans. */
  async calls(own: Keys): Promise<Map<number, Sighting[]>> {
    const found = new Map<number, Sighting[]>();
    const add = (other: number, sighting: Sighting): void => {
      const list = found.get(other);
      if (list) list.push(sighting);
      else found.set(other, [sighting]);
    };
    // Spans of the source by id, to be found by those that they called; and who called them.
    const callers = new Map<string, { callee: Seen }>();
    const read = new Map<number, number>();
    await this.#each('own', (segment) => this.#eachSpan(segment, read, () => true, (parent, seen) => void callers.set(`span_id ${parent}`, { callee: seen })));
    if (callers.size === 0 && own.size === 0) return found;
    await this.#each('others', (segment) => {
      const traces = this.#spans.holdsSpans(segment) ? this.#spans.traces(segment) : null;
      if (!traces) return;
      const shared = (i: number): boolean => traces.codes[i] !== 0 && own.has(`trace_id ${traces.id(traces.codes[i])}`);
      this.#eachSpan(segment, read, shared, (parent, callee) => {
        const caller = own.get(`span_id ${parent}`);
        if (caller && callee.length <= caller.length) add(segment.source, sightingOf(caller, callee));
      });
      const ids = this.#searcher.catalog.cold(segment).fields[COLD_FIELDS.indexOf('span_id')];
      for (let i = 0; ids && i < segment.n; i++) {
        const called = ids.codes[i] === 0 ? undefined : callers.get(`span_id ${ids.values.text(ids.codes[i])}`);
        const length = called ? this.#spans.roughDuration(segment, i) : 0;
        if (called && called.callee.length <= length && timed(segment, i)) add(segment.source, sightingOf(called.callee, { time: segment.hot.time[i], length, repeated: false }));
      }
    });
    return found;
  }

  /** Spans that something else called and that were waited for, each with its time. */
  #eachSpan(segment: Segment, read: Map<number, number>, wanted: (i: number) => boolean, visit: (parent: string, seen: Seen) => void): void {
    if (!this.#spans.holdsSpans(segment)) return;
    let count = read.get(segment.source) ?? 0;
    for (let i = 0; i < segment.n; i++) {
      if (!wanted(i) || !timed(segment, i)) continue;
      if (++count > MOST_CALLS) {
        this.truncated = true;
        break;
      }
      const span = this.#spans.span({ id: segment.id * SEGMENT_SIZE + i, segment, offset: i });
      if (span && span.parentId !== '' && span.duration !== null && span.duration > 0 && span.kind !== 'consumer' && span.kind !== 'producer') visit(span.parentId, { time: this.#time(segment, i), length: span.duration, repeated: false });
    }
    read.set(segment.source, count);
  }

  /** Messages of the source, and of the sources that are not `known` the same ones. */
  async messages(known: ReadonlySet<number>): Promise<{ own: Keys; others: Map<number, Keys> }> {
    const own: Keys = new Map();
    const others = new Map<number, Keys>();
    const read = new Map<number, number>();
    if (![...this.#searcher.catalog.sources.keys()].some((id) => id !== this.#source && !known.has(id))) return { own, others };
    await this.#each('own', (segment) => this.#messagesOf(segment, read, (key) => own.get(key) ?? put(own, key)));
    await this.#each('others', (segment) => {
      if (known.has(segment.source)) return;
      const seen = keysOf(others, segment.source);
      this.#messagesOf(segment, read, (key) => (own.has(key) ? (seen.get(key) ?? put(seen, key)) : undefined));
    });
    return { own, others };
  }

  #messagesOf(segment: Segment, read: Map<number, number>, find: (key: string) => Seen | undefined): void {
    const { catalog } = this.#searcher;
    const count = read.get(segment.source) ?? 0;
    if (count >= MOST_TEXTS) {
      this.truncated = true;
      return;
    }
    read.set(segment.source, count + segment.n);
    for (let block = 0; block * BLOCK_SIZE < segment.n; block++) {
      const texts = catalog.scanned(segment, block);
      for (let i = 0; i < Math.min(BLOCK_SIZE, segment.n - block * BLOCK_SIZE); i++) {
        const offset = block * BLOCK_SIZE + i;
        if (texts.starts[i + 1] - texts.starts[i] <= LEAST_TEXT || !timed(segment, offset)) continue;
        const seen = find(`message ${textAt(texts, i).slice(0, 2000)}`);
        if (seen) see(seen, this.#time(segment, offset), 0);
      }
    }
  }

  /** Visits the segments of the source, or of all others, leaving out what cannot be read. */
  async #each(which: 'own' | 'others', visit: (segment: Segment) => void): Promise<void> {
    for (const segment of [...this.#searcher.catalog.segments.values()]) {
      if ((segment.source === this.#source) !== (which === 'own')) continue;
      if (!this.#resolutions.has(segment.source)) this.#resolutions.set(segment.source, resolutionOf(segment.original.hot.time));
      orNull(() => visit(segment));
      await this.#turns.next();
    }
  }

  /** Of the source itself what it wrote, in its zone: a setting counts from there. Of the others what their clocks are corrected to. */
  #time(segment: Segment, i: number): number {
    if (segment.source !== this.#source) return segment.hot.time[i];
    const original = segment.original.hot.time[i];
    return this.#searcher.catalog.correction(segment.source)?.inZone(original, (segment.hot.flags[i] & FLAG.ZONE_ASSUMED) !== 0) ?? original;
  }
}

/** Keys with what was seen of them; when there are too many only those whose hash ends in enough zeros. */
class Sample {
  readonly keys: Keys = new Map();
  #mask = 0;

  get thinned(): boolean {
    return this.#mask !== 0;
  }

  take(key: string): Seen | undefined {
    const known = this.keys.get(key);
    if (known || (hashOf(key) & this.#mask) !== 0) return known;
    const seen = put(this.keys, key);
    while (this.keys.size > MOST_IDS) {
      this.#mask = this.#mask * 2 + 1;
      for (const held of this.keys.keys()) if ((hashOf(held) & this.#mask) !== 0) this.keys.delete(held);
    }
    return seen;
  }
}

/** FNV-1a, its halves folded. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
function put(keys: Keys, key: string): Seen {
  const seen = { time: Number.POSITIVE_INFINITY, length: 0, repeated: false };
  keys.set(key, seen);
  return seen;
}
function keysOf(all: Map<number, Keys>, source: number): Keys {
  let keys = all.get(source);
  if (!keys) all.set(source, (keys = new Map()));
  return keys;
}
function see(seen: Seen, time: number, length: number): void {
  if (seen.time !== Number.POSITIVE_INFINITY) seen.repeated = true;
  if (time >= seen.time) return;
  seen.time = time;
  seen.length = length;
}
/** Whether an event has a believable time of its own. */
function timed(segment: Segment, i: number): boolean {
  return (segment.original.hot.flags[i] & FLAG.TIME_INFERRED) === 0 && (segment.hot.flags[i] & FLAG.TIME_SUSPECT) === 0;
}
