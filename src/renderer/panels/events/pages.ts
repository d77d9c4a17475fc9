/**
 * Pages of a result, by rank, in an LRU. One instance serves one question (scope and order) after another; rows of the question
 * before stand (as stale: `ready` is false) until the first answer to the next one, so that nothing flickers to empty. What is on screen is asked first, its neighbours after; what scrolled past is aborted.
 * When the case changes, rows stay where they are on screen (at new ranks, if events came in before them) until newer ones come.
 */
import type { EventPage } from '../../../shared/event.ts';
import type { PageReply } from '../../../shared/contract/events.ts';

export const PAGE_ROWS = 200;
const KEPT_PAGES = 60;
const POLL_MS = 300;
const RETRY_MS = 2000;

export interface Row {
  id: number;
  time: number;
  severity: number;
  flags: number;
  source: number;
  service: string;
  host: string;
  level: string;
  message: string;
  /** values of the added columns by name; a column that was asked for later is not there yet */
  extra: Readonly<Record<string, string>>;
}
/** Asks for the page that begins at a rank. */
export type AskPage = (rank: number, limit: number, signal: AbortSignal) => Promise<PageReply>;

export interface PagesState {
  total: number;
  complete: boolean;
  scanned: number;
  /** events that could not be looked at because the case file is damaged */
  unreadable: number;
  /** version of the case the answers are of; -1 before the first */
  version: number;
  error: Error | null;
  /** the first answer of this question is there */
  ready: boolean;
}
interface Page {
  rows: EventPage;
  extra: { names: readonly string[]; values: readonly string[][] };
  /** to be asked again: the scan had not filled it */
  old: boolean;
}
const NOTHING: PagesState = { total: 0, complete: false, scanned: 0, unreadable: 0, version: -1, error: null, ready: false };

export class Pages {
  #pages = new Map<number, Page>();
  /** pages of the version before, and by how many ranks their rows have moved since */
  #before: { pages: Map<number, Page>; shift: number } | null = null;
  #running = new Map<number, AbortController>();
  #ask: AskPage;
  #columns: readonly string[] = [];
  #state: PagesState = NOTHING;
  #wanted = { from: 0, to: 0 };
  #timer: ReturnType<typeof setTimeout> | null = null;
  #listener: () => void;

  constructor(ask: AskPage, listener: () => void) {
    this.#ask = ask;
    this.#listener = listener;
  }

  get state(): PagesState {
    return this.#state;
  }

  /** The row at a rank; undefined while its page is not here. */
  row(rank: number): Row | undefined {
    const now = this.#pages.get(Math.floor(rank / PAGE_ROWS));
    if (now || !this.#before) return rowOf(now, rank % PAGE_ROWS);
    const then = rank - this.#before.shift;
    return then < 0 ? undefined : rowOf(this.#before.pages.get(Math.floor(then / PAGE_ROWS)), then % PAGE_ROWS);
  }

  /** Rank of an event among the pages that are here; undefined where it is not among them. */
  rankOf(id: number): number | undefined {
    for (const [index, page] of this.#pages) {
      const at = page.rows.id.indexOf(id);
      if (at >= 0) return index * PAGE_ROWS + at;
    }
    return undefined;
  }

  /** Says which ranks are on screen: their pages and the pages beside them are brought. */
  want(from: number, to: number): void {
    this.#wanted = { from, to };
    this.#bring();
  }

  /**
   * Another question: what is known is stale until its first answer.
   * @param columns names of the added columns, in the order in which `ask` asks for them
   */
  restart(ask: AskPage, columns: readonly string[] = []): void {
    this.stop();
    this.#ask = ask;
    this.#columns = columns;
    if (this.#pages.size > 0) this.#before = { pages: this.#pages, shift: 0 };
    this.#pages = new Map();
    this.#state = { ...NOTHING, total: this.#state.total };
    this.#wanted = { from: 0, to: 0 };
    this.#listener();
    this.#bring();
  }

  /**
   * The case changed: rows stay on screen and are asked again.
   * @param shift by how many ranks the rows on screen have moved, because events came in before them; `from`, `to`: their ranks now
   */
  refresh(shift: number, from: number, to: number): void {
    this.stop();
    const shown = this.#pages.has(Math.floor(this.#wanted.from / PAGE_ROWS));
    // Changes may come faster than answers: then the last rows that were here go on standing in.
    if (shown || !this.#before) this.#before = { pages: this.#pages, shift };
    else this.#before = { pages: this.#before.pages, shift: this.#before.shift + shift };
    this.#pages = new Map();
    this.want(from, to);
  }

  /** Gives up what is under way. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #bring(): void {
    const first = Math.floor(this.#wanted.from / PAGE_ROWS);
    const last = Math.max(first, Math.floor(Math.max(this.#wanted.from, this.#wanted.to - 1) / PAGE_ROWS));
    for (const [index, controller] of this.#running) {
      if (index >= first - 1 && index <= last + 1) continue;
      controller.abort();
      this.#running.delete(index);
    }
    for (let index = first; index <= last; index++) this.#start(index);
    // Neighbours only when what is on screen is here: the screen comes first.
    if (this.#running.size > 0 || !this.#state.ready) return;
    for (const index of [last + 1, first - 1]) if (index >= 0 && index * PAGE_ROWS < this.#state.total && !this.#pages.has(index)) this.#start(index);
  }

  #start(index: number): void {
    if (this.#running.has(index) || this.#pages.get(index)?.old === false) return;
    if (index > 0 && this.#state.ready && this.#state.complete && index * PAGE_ROWS >= this.#state.total) return;
    const controller = new AbortController();
    this.#running.set(index, controller);
    const done = (): boolean => {
      if (this.#running.get(index) !== controller) return false;
      this.#running.delete(index);
      return true;
    };
    this.#ask(index * PAGE_ROWS, PAGE_ROWS, controller.signal).then(
      (reply) => {
        if (done()) this.#take(index, reply);
      },
      (thrown: unknown) => {
        if (!done()) return;
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        const cancelled = 'code' in error && error.code === 'cancelled';
        if (!cancelled) this.#state = { ...this.#state, error };
        this.#later(RETRY_MS);
        this.#listener();
      },
    );
  }

  #take(index: number, reply: PageReply): void {
    if (!this.#state.ready) this.#before = null;
    const full = reply.rows.id.length === PAGE_ROWS;
    this.#pages.delete(index);
    this.#pages.set(index, { rows: reply.rows, extra: { names: this.#columns, values: reply.extra }, old: !reply.complete && !full });
    while (this.#pages.size > KEPT_PAGES) this.#pages.delete(this.#pages.keys().next().value ?? 0);
    // A smaller total of an unfinished scan is not news: another page may have waited longer for its answer.
    const known = this.#state.version === reply.version && !reply.complete ? Math.max(this.#state.total, reply.total) : reply.total;
    this.#state = { total: known, complete: reply.complete, scanned: reply.scanned, unreadable: reply.unreadable, version: reply.version, error: null, ready: true };
    if (!reply.complete) this.#later(POLL_MS);
    this.#listener();
    this.#bring();
  }

  /** Asks again for the total of an unfinished scan, and for what an error left open. */
  #later(milliseconds: number): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#state.complete) {
        const first = this.#pages.get(Math.floor(this.#wanted.from / PAGE_ROWS));
        if (first) first.old = true;
      }
      this.#bring();
    }, milliseconds);
  }
}

function rowOf(page: Page | undefined, at: number): Row | undefined {
  if (!page || at >= page.rows.id.length) return undefined;
  return rowAt(page.rows, page.extra, at);
}

/** One row of a page. */
export function rowAt(rows: EventPage, { names, values }: { names: readonly string[]; values: readonly string[][] }, at: number): Row {
  return {
    id: rows.id[at], time: rows.time[at], severity: rows.severity[at], flags: rows.flags[at], source: rows.source[at],
    service: rows.service[at], host: rows.host[at], level: rows.level[at], message: rows.message[at],
    // Names come from data: `__proto__` is a name like any other.
    extra: Object.fromEntries(names.map((name, column) => [name, values[column]?.[at] ?? ''])),
  };
}
