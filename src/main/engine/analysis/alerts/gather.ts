/**
 * What a scope holds second by second, group by group, gathered from the columns of its segments. Segments that come are added; where one is not
 * what it was (a clock was set, a typed event corrected), everything is gathered anew.
 */
import type { AlertRuleEdit, GroupField } from '../../../../shared/alert.ts';
import type { Catalog, Segment } from '../../search/catalog.ts';
import { offsetAt, type ResultSet } from '../../search/result-set.ts';
import type { Searcher } from '../../search/searcher.ts';
import type { Turns } from '../../search/turns.ts';
import { HOT } from '../../store/segment.ts';
import { isBelievable, requestColumns, requestMarks } from '../requests.ts';
import { PANE, paneOf } from '../windows/panes.ts';
import { Watermark } from '../windows/watermark.ts';
import type { Stretch } from './evaluate.ts';
import { RequestPanes } from './request-panes.ts';

/** Different groups of one rule; events of further ones are counted, not judged. */
const MOST_GROUPS = 500;
/** How far an event of a live source may come behind later ones before its windows are judged without it. */
export const LATENESS = 5_000_000;

/** Microseconds without any source, from which on it is taken that nothing was recorded. */
const UNRECORDED = 3600e6;
/** Events are coming in: from these sources, and this is the time of the clock on the wall. */
export interface Live {
  sources: number[];
  now: number;
}

export class Gathered {
  readonly groups = new Map<string, RequestPanes>();
  readonly watermark = new Watermark(LATENESS);
  /** events of groups beyond MOST_GROUPS */
  left = 0;
  #unreadable = 0;
  readonly #by: GroupField;
  readonly #result: ResultSet;
  readonly #seen = new Map<number, Segment>();
  /** first and last believable event of each source, whatever the scope */
  readonly #extents = new Map<number, Stretch>();

  /** `query` as people type it. Throws `query` when it cannot be read. */
  constructor(searcher: Searcher, query: string, by: GroupField) {
    this.#by = by;
    this.#result = searcher.open({ query, from: null, to: null }).result;
  }

  /** events that could not be looked at, because the case file is damaged */
  get unreadable(): number {
    return this.#unreadable + this.#result.unreadable;
  }

  /** Whether all that was gathered is still what the catalog has. */
  holds({ segments }: Catalog): boolean {
    for (const seen of this.#seen.values()) {
      const now = segments.get(seen.id);
      if (!now || (now !== seen && (now.n <= seen.n || now.original === seen.original || now.hot.time[0] !== seen.hot.time[0]))) return false;
    }
    return true;
  }

  /** Adds what has come since; `share` is told how far it is, 0..1. */
  async refresh(catalog: Catalog, turns: Turns, share: (done: number) => void): Promise<void> {
    const waiting = [...catalog.segments.values()].filter((segment) => this.#seen.get(segment.id) !== segment);
    for (const [i, segment] of waiting.entries()) {
      await turns.next();
      share(i / waiting.length);
      // It may have gone on while others had the thread.
      if (!segment.outgrown) this.#add(catalog, segment);
    }
  }

  #add(catalog: Catalog, segment: Segment): void {
    const first = this.#seen.get(segment.id)?.n ?? 0;
    this.#seen.set(segment.id, segment);
    if (Number.isNaN(segment.b1)) return;
    const extent = this.#extents.get(segment.source);
    this.#extents.set(segment.source, { from: Math.min(extent?.from ?? segment.b0, segment.b0), to: Math.max(extent?.to ?? segment.b1, segment.b1) });
    this.watermark.observe(segment.b1, 0);
    this.#result.add(segment);
    const part = this.#result.parts.find((one) => one.segment === segment);
    if (!part) return;
    try {
      const columns = requestColumns(catalog, segment);
      const marks = requestMarks(columns);
      const { time, flags } = segment.hot;
      const touched = new Map<RequestPanes, number>();
      const groups = this.#groupsOf(catalog, segment, touched);
      const codes = this.#by === '' ? null : segment.hot.codes[HOT[this.#by]];
      for (let at = 0; at < part.count; at++) {
        const i = offsetAt(part, at);
        // The first events of a segment that went on were there before.
        if (i < first || !isBelievable(flags[i])) continue;
        const group = groups(codes === null ? 0 : codes[i]);
        if (group === null) {
          this.left++;
          continue;
        }
        this.watermark.observe(time[i]);
        group.add(paneOf(time[i]), marks[i], columns.latency ? columns.latency[i] : Number.NaN);
      }
      for (const [group, before] of touched) {
        group.sources.add(segment.source);
        if (group.totals.requests > before) group.requestSources.add(segment.source);
      }
    } catch {
      // Told with the answer.
      this.#unreadable += segment.n;
    }
    // Hits of one segment are not needed again; those of a case would be many.
    this.#result.forget(segment);
  }

  /** Groups by the codes of a segment; those that are met go to `touched`, with the requests they had. */
  #groupsOf(catalog: Catalog, segment: Segment, touched: Map<RequestPanes, number>): (code: number) => RequestPanes | null {
    const by = this.#by;
    const known = new Map<number, RequestPanes | null>();
    return (code) => {
      const found = known.get(code);
      if (found !== undefined) return found;
      const name = by === '' || code === 0 ? '' : (catalog.names[HOT[by]][segment.dicts[HOT[by]][code]] ?? '');
      let group = this.groups.get(name) ?? null;
      if (!group && this.groups.size < MOST_GROUPS) this.groups.set(name, (group = new RequestPanes()));
      if (group && !touched.has(group)) touched.set(group, group.totals.requests);
      known.set(code, group);
      return group;
    };
  }

  /**
   * When it is known what a group did: as long as a source that tells of it goes on. Where none does for longer than UNRECORDED, or than the window if
   * that is longer, nothing was recorded; a shorter break, as between two files of one log, is one in what happened.
   */
  stretchesOf(group: RequestPanes, { metric, window }: Pick<AlertRuleEdit, 'metric' | 'window'>, live: Live | null): Stretch[] {
    const byRequests = metric === 'total_requests' || metric.startsWith('latency') || (metric === 'error_rate' && group.totals.requests > 0);
    const bridged = Math.max(UNRECORDED, window * PANE);
    // Nobody can be later than now: what a live source has not said until then did not happen.
    const known = live === null ? this.watermark.at(true) : Math.max(this.watermark.at(false), live.now - LATENESS);
    const stretches: Stretch[] = [];
    const extents = [...(byRequests ? group.requestSources : group.sources)].flatMap((source) => this.#extentOf(source, live) ?? []).sort((a, b) => a.from - b.from);
    for (const { from, to } of extents) {
      const before = stretches.at(-1);
      if (before && from - before.to <= bridged) before.to = Math.max(before.to, to);
      else if (from <= known) stretches.push({ from, to });
    }
    const last = stretches.at(-1);
    if (last) last.to = Math.min(last.to, known);
    return stretches;
  }

  /** A source that is connected and was heard of not long ago goes on until now. */
  #extentOf(source: number, live: Live | null): Stretch | undefined {
    const extent = this.#extents.get(source);
    const goesOn = extent && live !== null && live.sources.includes(source) && extent.to < live.now && live.now - extent.to < UNRECORDED;
    return goesOn ? { from: extent.from, to: live.now } : extent;
  }
}
