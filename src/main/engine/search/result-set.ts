/**
 * The events that a scope selects, found segment by segment and kept as offsets in time order. Ranks come from counting over
 * segments, so that any page of any result costs about the same and no list of all hits is ever built.
 */
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Segment } from './catalog.ts';
import type { Test } from './segment-tests.ts';

/** All events of the segment in time order; or offsets in time order. */
export type Hits = 'all' | Uint16Array;
export interface SegmentHits {
  segment: Segment;
  hits: Hits;
  count: number;
}
export interface Located {
  id: number;
  segment: Segment;
  offset: number;
}

const EMPTY = new Uint16Array(0);

export class ResultSet {
  readonly #test: Test | null;
  readonly #from: number;
  readonly #to: number;
  readonly #marks = new Uint8Array(SEGMENT_SIZE);
  readonly #seen = new Set<number>();
  readonly #failed = new Set<number>();
  /** segments with hits, by first time */
  parts: SegmentHits[] = [];
  total = 0;
  /** events of segments that could not be looked at because the case file is damaged there */
  unreadable = 0;
  #sorted = true;

  /** `test` null = everything in the range. */
  constructor(test: Test | null, from: number | null, to: number | null) {
    this.#test = test;
    this.#from = from ?? Number.NEGATIVE_INFINITY;
    this.#to = to ?? Number.POSITIVE_INFINITY;
  }

  /** Whether segments are so cheap to test that all can be done in one go. */
  get cheap(): boolean {
    return this.#test === null || this.#test.cost === 0;
  }
  get cost(): number {
    return this.#test?.cost ?? 0;
  }

  has(segment: Segment): boolean {
    return this.#seen.has(segment.id);
  }

  /** Whether a segment can hold anything of the range at all. */
  touches(segment: Segment): boolean {
    return segment.t1 >= this.#from && segment.t0 < this.#to;
  }

  /** A segment goes on as another of the same id, which is to be looked at anew. */
  forget(segment: Segment): void {
    if (!this.#seen.delete(segment.id)) return;
    if (this.#failed.delete(segment.id)) this.unreadable -= segment.n;
    const at = this.parts.findLastIndex((part) => part.segment.id === segment.id);
    if (at < 0) return;
    this.total -= this.parts[at].count;
    this.parts.splice(at, 1);
  }

  add(segment: Segment): void {
    if (segment.outgrown || this.#seen.has(segment.id)) return;
    let hits: Hits;
    try {
      hits = this.#evaluate(segment);
    } catch (error) {
      if (error instanceof TidemarkError) throw error;
      // One segment that cannot be read must not hide the others; how much it was is told with the answer.
      this.fail(segment);
      return;
    }
    this.put(segment, hits);
  }

  /** Counts a segment as one that cannot be read. */
  fail(segment: Segment): void {
    if (segment.outgrown || this.#seen.has(segment.id)) return;
    this.#seen.add(segment.id);
    this.#failed.add(segment.id);
    this.unreadable += segment.n;
  }

  /** Takes hits that another worker found. */
  put(segment: Segment, hits: Hits): void {
    if (segment.outgrown || this.#seen.has(segment.id)) return;
    this.#seen.add(segment.id);
    const count = hits === 'all' ? segment.n : hits.length;
    if (count === 0) return;
    const last = this.parts.at(-1);
    if (last && last.segment.t0 > segment.t0) this.#sorted = false;
    this.parts.push({ segment, hits, count });
    this.total += count;
  }

  #evaluate(segment: Segment): Hits {
    const { n, hot } = segment;
    if (!this.touches(segment)) return EMPTY;
    const inside = segment.t0 >= this.#from && segment.t1 < this.#to;
    if (inside && this.#test === null) return 'all';
    const marks = this.#marks;
    if (inside) marks.fill(1, 0, n);
    else for (let i = 0; i < n; i++) marks[i] = hot.time[i] >= this.#from && hot.time[i] < this.#to ? 1 : 0;
    this.#test?.run(segment, marks);
    let count = 0;
    for (let i = 0; i < n; i++) count += marks[i];
    if (count === n) return 'all';
    const hits = new Uint16Array(count);
    for (let k = 0, at = 0; at < count; k++) {
      const i = hot.order ? hot.order[k] : k;
      if (marks[i] !== 0) hits[at++] = i;
    }
    return hits;
  }

  #sort(): void {
    if (this.#sorted) return;
    this.parts.sort((a, b) => a.segment.t0 - b.segment.t0 || a.segment.id - b.segment.id);
    this.#sorted = true;
  }

  /** Number of hits before a time. */
  countBefore(time: number): number {
    let count = 0;
    for (const part of this.parts) count += placesBefore(part, time);
    return count;
  }

  /** Rank of an event among the hits in time order, or of the hit that would follow it; `exact` = it is a hit itself. */
  rankOf(segment: Segment, offset: number): { rank: number; exact: boolean } {
    const time = segment.hot.time[offset];
    let rank = 0;
    let exact = false;
    for (const part of this.parts) {
      const from = placesBefore(part, time);
      rank += from;
      if (part.segment.id > segment.id) continue;
      if (part.segment.id < segment.id) {
        for (let place = from; place < part.count && timeAt(part, place) === time; place++) rank++;
        continue;
      }
      for (let place = from; place < part.count && timeAt(part, place) === time; place++) {
        if (offsetAt(part, place) === offset) {
          exact = true;
          break;
        }
        if (offsetAt(part, place) < offset) rank++;
      }
    }
    return { rank, exact };
  }

  /** `limit` hits from `rank` on, in ascending time order. */
  slice(rank: number, limit: number): Located[] {
    this.#sort();
    if (rank >= this.total || limit <= 0) return [];
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const part of this.parts) {
      low = Math.min(low, timeAt(part, 0));
      high = Math.max(high, timeAt(part, part.count - 1));
    }
    // The largest time with at most `rank` hits before it. Times are whole microseconds, so halving ends.
    if (this.countBefore(high) <= rank) low = high;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (middle <= low || middle >= high) break;
      if (this.countBefore(middle) <= rank) low = middle;
      else high = middle;
    }
    return this.#merge(low, rank - this.countBefore(low), limit);
  }

  /** Merges the parts from a time on, leaving out the first `skip` hits. */
  #merge(time: number, skip: number, limit: number): Located[] {
    const heap: { part: SegmentHits; place: number; time: number }[] = [];
    const less = (a: (typeof heap)[number], b: (typeof heap)[number]): boolean => a.time < b.time || (a.time === b.time && a.part.segment.id < b.part.segment.id);
    const up = (i: number): void => {
      for (let parent = (i - 1) >> 1; i > 0 && less(heap[i], heap[parent]); i = parent, parent = (i - 1) >> 1) [heap[i], heap[parent]] = [heap[parent], heap[i]];
    };
    const down = (): void => {
      for (let i = 0; ; ) {
        const left = i * 2 + 1;
        const right = left + 1;
        let least = i;
        if (left < heap.length && less(heap[left], heap[least])) least = left;
        if (right < heap.length && less(heap[right], heap[least])) least = right;
        if (least === i) return;
        [heap[i], heap[least]] = [heap[least], heap[i]];
        i = least;
      }
    };
    for (const part of this.parts) {
      if (part.segment.t1 < time) continue;
      const place = placesBefore(part, time);
      if (place >= part.count) continue;
      heap.push({ part, place, time: timeAt(part, place) });
      up(heap.length - 1);
    }
    const found: Located[] = [];
    while (heap.length > 0 && found.length < limit) {
      const top = heap[0];
      if (skip > 0) skip--;
      else {
        const offset = offsetAt(top.part, top.place);
        found.push({ id: top.part.segment.id * SEGMENT_SIZE + offset, segment: top.part.segment, offset });
      }
      if (++top.place < top.part.count) top.time = timeAt(top.part, top.place);
      else {
        const last = heap.pop();
        if (heap.length === 0 || !last) break;
        heap[0] = last;
      }
      down();
    }
    return found;
  }
}

/** Offset of the hit at a place. */
export function offsetAt(part: SegmentHits, place: number): number {
  if (part.hits !== 'all') return part.hits[place];
  const { order } = part.segment.hot;
  return order ? order[place] : place;
}
function timeAt(part: SegmentHits, place: number): number {
  return part.segment.hot.time[offsetAt(part, place)];
}

/** How many hits of a part lie before a time. */
export function placesBefore(part: SegmentHits, time: number): number {
  if (part.segment.t0 >= time) return 0;
  if (part.segment.t1 < time) return part.count;
  let low = 0;
  let high = part.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeAt(part, middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
