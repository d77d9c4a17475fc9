/** Answers questions about traces over the catalog, in the query worker; gives the thread back every few milliseconds. */
import { MOST_SPANS, type ServiceGraph, type Trace, type TraceList, type TraceSort, type TraceSummary } from '../../../shared/contract/traces.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Scope } from '../../../shared/contract/scope.ts';
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import { baselineOf, factorOf, isSlow } from '../analysis/traces/baseline.ts';
import { callGraph } from '../analysis/traces/call-graph.ts';
import { criticalPath } from '../analysis/traces/critical-path.ts';
import { selfTimes } from '../analysis/traces/self-time.ts';
import { endOf } from '../analysis/traces/span.ts';
import { buildTree, startsEarly } from '../analysis/traces/tree.ts';
import type { Segment } from './catalog.ts';
import { offsetAt, placesBefore, ResultSet, type Located } from './result-set.ts';
import type { Searcher } from './searcher.ts';
import { orNull, SpanReader, type ReadSpan, type TraceColumn } from './span-reader.ts';
import { Turns, type Cancel } from './turns.ts';

/** Different traces of one scope that are kept in memory. */
const MOST_TRACES = 200_000;
/** Spans of a trace among which its root is looked for, in a list. */
const ROOT_AMONG = 64;
const MOST_SERVICES = 20;
/** Spans that a service graph is made of. */
const GRAPH_SPANS = 50_000;
/** Earlier spans that are looked at to tell what is usual, and durations kept of one operation. */
const EARLIER_SPANS = 10_000;
const EARLIER_PER_OPERATION = 500;

interface Gathered {
  traceId: string;
  start: number;
  end: number;
  spans: number;
  errors: number;
}

export class TraceSearch {
  readonly #searcher: Searcher;
  readonly #spans: SpanReader;

  constructor(searcher: Searcher) {
    this.#searcher = searcher;
    this.#spans = new SpanReader(searcher.catalog, searcher.records);
  }

  /** The segments with spans, in the order of their ids. */
  async #segments(turns: Turns): Promise<Segment[]> {
    const all = [...this.#searcher.catalog.segments.values()].sort((a, b) => a.id - b.id);
    // Twice: what is found late in a source holds for all of it.
    for (const segment of all) {
      this.#spans.holdsSpans(segment);
      await turns.next();
    }
    return all.filter((segment) => this.#spans.holdsSpans(segment));
  }

  /** Ids of the traces with a span in the scope, each to its place; the first MOST_TRACES of them. */
  async #tracesIn(scope: Scope, turns: Turns): Promise<{ places: Map<string, number>; truncated: boolean; unreadable: number }> {
    const { result } = this.#searcher.open(scope);
    for (const segment of await this.#segments(turns)) {
      result.add(segment);
      await turns.next();
    }
    const { parts, unreadable } = result;
    const places = new Map<string, number>();
    const found = { places, truncated: false, unreadable: unreadable + this.#searcher.notLoaded };
    for (const part of parts) {
      const column = orNull(() => this.#spans.traces(part.segment));
      if (!column) continue;
      const seen = new Set<number>([0]);
      for (let at = 0; at < part.count; at++) seen.add(column.codes[offsetAt(part, at)]);
      seen.delete(0);
      for (const code of seen) {
        const id = column.id(code);
        if (places.has(id)) continue;
        if (places.size < MOST_TRACES) places.set(id, places.size);
        else found.truncated = true;
      }
      await turns.next();
    }
    return found;
  }

  /** Every event of trace sources that belongs to one of the traces, with the place of its trace, segment by segment. */
  async #each(places: ReadonlyMap<string, number>, turns: Turns, visit: (place: number, segment: Segment, offset: number) => void): Promise<void> {
    for (const segment of await this.#segments(turns)) {
      const column: TraceColumn | null = orNull(() => this.#spans.traces(segment));
      if (!column) continue;
      const byCode = new Map<number, number>([[0, -1]]);
      for (let i = 0; i < segment.n; i++) {
        const code = column.codes[i];
        let place = byCode.get(code);
        if (place === undefined) byCode.set(code, (place = places.get(column.id(code)) ?? -1));
        if (place >= 0) visit(place, segment, i);
      }
      await turns.next();
    }
  }

  async list({ scope, sort, limit }: { scope: Scope; sort: TraceSort; limit: number }, cancel: Cancel): Promise<TraceList> {
    const turns = new Turns(cancel);
    const { places, truncated, unreadable } = await this.#tracesIn(scope, turns);
    const all: Gathered[] = [...places.keys()].map((traceId) => ({ traceId, start: Number.POSITIVE_INFINITY, end: Number.NEGATIVE_INFINITY, spans: 0, errors: 0 }));
    await this.#each(places, turns, (place, segment, offset) => {
      const trace = all[place];
      const start = segment.hot.time[offset];
      trace.start = Math.min(trace.start, start);
      trace.end = Math.max(trace.end, start + this.#spans.roughDuration(segment, offset));
      trace.spans++;
      if (this.#spans.failed(segment, offset)) trace.errors++;
    });
    const by: Record<TraceSort, (a: Gathered, b: Gathered) => number> = { start: () => 0, duration: (a, b) => b.end - b.start - (a.end - a.start), errors: (a, b) => b.errors - a.errors };
    all.sort((a, b) => by[sort](a, b) || a.start - b.start || (a.traceId < b.traceId ? -1 : 1));
    return { rows: await this.#summaries(all.slice(0, limit), turns), total: all.length, truncated, unreadable };
  }

  /** The traces with what takes a closer look: their services, and their root. */
  async #summaries(traces: readonly Gathered[], turns: Turns): Promise<TraceSummary[]> {
    const services = traces.map(() => new Map<string, number>());
    const first: Located[][] = traces.map(() => []);
    await this.#each(new Map(traces.map(({ traceId }, place) => [traceId, place])), turns, (place, segment, offset) => {
      const service = this.#spans.service(segment, offset);
      services[place].set(service, (services[place].get(service) ?? 0) + 1);
      first[place].push({ id: segment.id * SEGMENT_SIZE + offset, segment, offset });
      // Roots start early, wherever they stand in the file.
      if (first[place].length >= 2 * ROOT_AMONG) first[place] = first[place].sort(byTime).slice(0, ROOT_AMONG);
    });
    const rows: TraceSummary[] = [];
    for (const [place, { traceId, start, end, spans, errors }] of traces.entries()) {
      let root: ReadSpan | null = null;
      for (const located of first[place].sort(byTime)) {
        const span = orNull(() => this.#spans.span(located));
        root ??= span;
        await turns.next();
        if (span?.parentId !== '') continue;
        root = span;
        break;
      }
      const names = [...services[place]].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
      rows.push({ traceId, start, duration: end - start, service: root?.service ?? '', operation: root?.name ?? '', services: names.slice(0, MOST_SERVICES), spans, errors });
    }
    return rows;
  }

  async get({ traceId }: { traceId: string }, cancel: Cancel): Promise<Trace> {
    const turns = new Turns(cancel);
    const held = new ResultSet(null, null, null);
    for (const segment of await this.#segments(turns)) {
      const found = orNull(() => this.#spans.ofTrace(segment, traceId));
      if (found) held.put(segment, found);
      else held.fail(segment);
      await turns.next();
    }
    const located = held.slice(0, MOST_SPANS);
    let unreadable = held.unreadable + this.#searcher.notLoaded;
    const read: ReadSpan[] = [];
    for (const one of located) {
      const damaged = { yes: true };
      const span = orNull(() => {
        const found = this.#spans.span(one);
        damaged.yes = false;
        return found;
      });
      if (damaged.yes) unreadable++;
      if (span) read.push(span);
      await turns.next();
    }
    if (read.length === 0) throw new TidemarkError('not_found', `There is no span of trace ${traceId} in this case${unreadable > 0 ? ', or none that can be read' : ''}.`);
    const total = held.total - (located.length - read.length);
    const earlier = await this.#earlier(read, turns);
    return { traceId, ...drawn(read, earlier.durations), total, earlier: earlier.looked, unreadable };
  }

  /** Durations of the operations of a trace in the spans of the case that came before it, the latest first. */
  async #earlier(spans: readonly ReadSpan[], turns: Turns): Promise<{ durations: Map<string, number[]>; looked: number }> {
    const start = spans.reduce((least, span) => Math.min(least, span.start), Number.POSITIVE_INFINITY);
    const services = new Set(spans.map(({ service }) => service));
    const durations = new Map(spans.map((span): [string, number[]] => [operationOf(span), []]));
    let looked = 0;
    let wanting = durations.size;
    const before = (await this.#segments(turns)).filter((segment) => segment.t0 < start).sort((a, b) => b.t1 - a.t1);
    for (const segment of before) {
      const part = { segment, hits: 'all' as const, count: segment.n };
      for (let at = placesBefore(part, start) - 1; at >= 0 && looked < EARLIER_SPANS; at--) {
        const offset = offsetAt(part, at);
        if (wanting === 0) return { durations, looked };
        if (!services.has(this.#spans.service(segment, offset))) continue;
        looked++;
        const span = orNull(() => this.#spans.span({ id: segment.id * SEGMENT_SIZE + offset, segment, offset }));
        const known = span && durations.get(operationOf(span));
        if (known && span.duration !== null && known.length < EARLIER_PER_OPERATION && known.push(span.duration) === EARLIER_PER_OPERATION) wanting--;
        await turns.next();
      }
      if (looked >= EARLIER_SPANS) break;
    }
    return { durations, looked };
  }

  async services({ scope, limit }: { scope: Scope; limit: number }, cancel: Cancel): Promise<ServiceGraph> {
    const turns = new Turns(cancel);
    const { places } = await this.#tracesIn(scope, turns);
    const located: Located[] = [];
    let total = 0;
    await this.#each(places, turns, (_place, segment, offset) => {
      total++;
      if (located.length < GRAPH_SPANS) located.push({ id: segment.id * SEGMENT_SIZE + offset, segment, offset });
    });
    const spans: ReadSpan[] = [];
    for (const one of located) {
      const span = orNull(() => this.#spans.span(one));
      if (span) spans.push(span);
      await turns.next();
    }
    const { nodes, edges } = callGraph(spans);
    const more = Math.max(0, nodes.length - limit) + Math.max(0, edges.length - limit);
    return { nodes: nodes.slice(0, limit), edges: edges.slice(0, limit), more, looked: located.length, total };
  }
}

function byTime(a: Located, b: Located): number {
  return a.segment.hot.time[a.offset] - b.segment.hot.time[b.offset];
}
function operationOf({ service, name }: ReadSpan): string {
  return JSON.stringify([service, name]);
}

/** The spans in the order of the tree, each with what the analyses say of it. */
function drawn(spans: readonly ReadSpan[], durations: ReadonlyMap<string, number[]>): Pick<Trace, 'start' | 'end' | 'spans' | 'path'> {
  const tree = buildTree(spans);
  const self = selfTimes(spans, tree);
  const rank = new Int32Array(spans.length);
  tree.order.forEach((i, at) => (rank[i] = at));
  const critical = new Float64Array(spans.length);
  const path = criticalPath(spans, tree).map(({ span, from, to }) => {
    critical[span] += to - from;
    return { span: rank[span], from, to };
  });
  const baselines = new Map([...durations].map(([operation, earlier]) => [operation, baselineOf(earlier)]));
  return {
    start: spans.reduce((least, span) => Math.min(least, span.start), Number.POSITIVE_INFINITY),
    end: spans.reduce((most, span) => Math.max(most, endOf(span)), Number.NEGATIVE_INFINITY),
    path,
    spans: tree.order.map((i) => {
      const span = spans[i];
      const usual = baselines.get(operationOf(span));
      return {
        event: span.event, spanId: span.spanId, parentId: span.parentId, parent: tree.parent[i] < 0 ? -1 : rank[tree.parent[i]], depth: tree.depth[i], place: tree.place[i],
        service: span.service, operation: span.name, kind: span.kind, start: span.start, duration: span.duration, self: self[i], critical: critical[i], early: startsEarly(spans, tree, i),
        usual: usual && span.duration !== null ? { median: usual.median, n: usual.n, factor: factorOf(span.duration, usual), slow: isSlow(span.duration, usual) } : null,
        failed: span.failed, error: span.error.slice(0, 2000),
      };
    }),
  };
}
