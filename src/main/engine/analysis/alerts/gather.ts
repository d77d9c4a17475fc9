/**
 * What a scope holds second by second, group by group, gathered from the columns of its segments. Segments that come are added; where one is not
 * what it was (a clock was set, a typed event corrected), everything is gathered anew.
 */
import type { GroupField } from '../../../../shared/alert.ts';
import type { Catalog, Segment } from '../../search/catalog.ts';
import { offsetAt, type ResultSet } from '../../search/result-set.ts';
import type { Searcher } from '../../search/searcher.ts';
import type { Turns } from '../../search/turns.ts';
import { HOT } from '../../store/segment.ts';
import { isBelievable, requestColumns, requestMarks } from '../requests.ts';
import { paneOf } from '../windows/panes.ts';
import { Watermark } from '../windows/watermark.ts';
import { RequestPanes } from './request-panes.ts';

/** Different groups of one rule; events of further ones are counted, not judged. */
export const MOST_GROUPS = 500;
/** How far an event of a live source may come behind later ones before its windows are judged without it. */
export const LATENESS = 5_000_000;

export class Gathered {
  readonly groups = new Map<string, RequestPanes>();
  readonly watermark = new Watermark(LATENESS);
  /** events of groups beyond MOST_GROUPS */
  left = 0;
  /** events that could not be looked at, because the case file is damaged */
  unreadable = 0;
  readonly #by: GroupField;
  readonly #result: ResultSet;
  readonly #seen = new Map<number, Segment>();
  /** last believable event of each source, whatever the scope */
  readonly #ends = new Map<number, number>();

  /** `query` as people type it. Throws `query` when it cannot be read. */
  constructor(searcher: Searcher, query: string, by: GroupField) {
    this.#by = by;
    this.#result = searcher.open({ query, from: null, to: null }).result;
  }

  /** Whether all that was gathered is still what the catalog has. */
  holds({ segments }: Catalog): boolean {
    for (const seen of this.#seen.values()) {
      const now = segments.get(seen.id);
      if (!now || (now !== seen && (now.n <= seen.n || now.original === seen.original))) return false;
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
    this.#ends.set(segment.source, Math.max(this.#ends.get(segment.source) ?? Number.NEGATIVE_INFINITY, segment.b1));
    this.watermark.observe(segment.b1, 0);
    this.#result.add(segment);
    const part = this.#result.parts.find((one) => one.segment === segment);
    if (!part) return;
    try {
      const columns = requestColumns(catalog, segment);
      const marks = requestMarks(columns);
      const { time, flags } = segment.hot;
      const groups = this.#groupsOf(catalog, segment);
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
    } catch {
      // Told with the answer.
      this.unreadable += segment.n;
    }
    // Hits of one segment are not needed again; those of a case would be many.
    this.#result.forget(segment);
  }

  /** Groups by the codes of a segment. */
  #groupsOf(catalog: Catalog, segment: Segment): (code: number) => RequestPanes | null {
    const by = this.#by;
    const known = new Map<number, RequestPanes | null>();
    return (code) => {
      const found = known.get(code);
      if (found !== undefined) return found;
      const name = by === '' || code === 0 ? '' : (catalog.names[HOT[by]][segment.dicts[HOT[by]][code]] ?? '');
      let group = this.groups.get(name) ?? null;
      if (!group && this.groups.size < MOST_GROUPS) this.groups.set(name, (group = new RequestPanes()));
      group?.sources.add(segment.source);
      known.set(code, group);
      return group;
    };
  }

  /** Up to when it is known what a group did: as long as one of the sources that tell of it goes on. `final`: nothing is coming in. */
  endOf(group: RequestPanes, final: boolean): number {
    let end = Number.NEGATIVE_INFINITY;
    for (const source of group.sources) end = Math.max(end, this.#ends.get(source) ?? end);
    return Math.min(end, this.watermark.at(final));
  }
}
