/**
 * A query worker: its own read-only connection, the hot columns of the case (shared memory), and no way to write. One of them
 * answers, another helps it to look through texts, a third runs SQL.
 */
import v8 from 'node:v8';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { TidemarkError, type WireError } from '../../../shared/contract/rpc.ts';
import type { Scope } from '../../../shared/contract/scope.ts';
import { ANALYSES } from '../analysis/registry.ts';
import { openLookups } from '../enrich/enrichments.ts';
import { SegmentMatcher } from '../enrich/match-segments.ts';
import type { Hit } from '../enrich/watch.ts';
import { Catalog, type Segment } from '../search/catalog.ts';
import { ClockSearch } from '../search/clock-search.ts';
import { CoverageFinder } from '../search/coverage.ts';
import { loadDamaged, notLoaded } from '../search/load-damaged.ts';
import type { ResultSet } from '../search/result-set.ts';
import { Searcher } from '../search/searcher.ts';
import { SqlConsole } from '../search/sql-console.ts';
import { TraceSearch } from '../search/trace-search.ts';
import { Turns, type Cancel } from '../search/turns.ts';
import { checkCase } from '../store/check.ts';
import { fileError, openReader } from '../store/database.ts';
import { BLOCK_SIZE, HOT } from '../store/segment.ts';
import type { FromHelper, FromQuery, QueryRole, ToHelper, ToQuery } from './query-protocol.ts';

// A pattern that backtracks too long is finished by V8's linear engine.
v8.setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

if (!parentPort) throw new Error('this file is a worker');
const port = parentPort;
const { file, role } = workerData as { file: string; role: QueryRole };
const db = openReader(file);
const catalog = new Catalog(db);
const searcher = new Searcher(catalog);
try {
  catalog.derived.setLookups(openLookups(db));
} catch {
  // A damaged case: its events are shown without.
}
const traces = new TraceSearch(searcher);
const clocks = new ClockSearch(searcher);
const coverage = new CoverageFinder(catalog);
// Rows of a virtual table are made while its connection runs the statement, so the console has a connection of its own.
const sql = role === 'sql' ? new SqlConsole(openReader(file), searcher) : null;
const running = new Map<number, { cancelled: boolean }>();

const send = (message: FromQuery): void => port.postMessage(message);

/** How many segments are read for warming up, and how long after everything is in memory. */
const WARM_SEGMENTS = 24;
const WARM_AFTER_MS = 200;

/** Columns are read a few segments at a time, so that the first questions need not wait for the last segment. */
let loaded = false;
let loading = false;
searcher.everything = () => loaded;
const whenLoaded: (() => void)[] = [];
function load(): void {
  loading = true;
  let steps = catalog.load();
  let damaged = false;
  /** the second way of loading, which needs no third */
  let started = false;
  const next = (): boolean => {
    try {
      return steps.next().done === true;
    } catch (error) {
      if (started) throw error;
      // A case that is opened although it is damaged: what of it can be loaded, one segment at a time.
      damaged = started = true;
      steps = loadDamaged(catalog);
      return false;
    }
  };
  const step = (): void => {
    const until = performance.now() + 10;
    for (;;) {
      if (next()) {
        loaded = true;
        searcher.notLoaded = notLoaded(catalog, damaged);
        for (const go of whenLoaded.splice(0)) go();
        send({ type: 'loaded' });
        warmUp();
        return;
      }
      if (performance.now() > until) break;
    }
    setImmediate(step);
  };
  step();
}

/**
 * Reads some texts for nothing, while nobody asks: the first search of a case then runs in code that V8 has optimized already.
 * A case that is damaged, or closed meanwhile, ends it.
 */
let finished = false;
function warmUp(): void {
  const segments = [...catalog.segments.values()].slice(-WARM_SEGMENTS);
  const step = (): void => {
    const segment = segments[0];
    if (finished || !segment) return;
    if (running.size === 0) {
      segments.shift();
      try {
        for (let block = 0; block * BLOCK_SIZE < segment.n; block++) catalog.scanned(segment, block);
      } catch {
        return;
      }
    }
    setTimeout(step, running.size === 0 ? 0 : WARM_AFTER_MS);
  };
  setTimeout(step, WARM_AFTER_MS);
}

type Method = (input: never, cancel: Cancel, id: number) => unknown;
const methods: Record<string, Method> = {
  page: async (input: Parameters<Searcher['page']>[0], cancel) => await searcher.page(input, cancel),
  rank: async (input: Parameters<Searcher['rank']>[0], cancel) => await searcher.rank(input, cancel),
  window: async (input: Parameters<Searcher['window']>[0], cancel) => await searcher.window(input, cancel),
  facets: async (input: Parameters<Searcher['facets']>[0], cancel) => await searcher.facets(input, cancel),
  count: async (input: Parameters<Searcher['count']>[0], cancel) => await searcher.count(input, cancel),
  context: (input: Parameters<Searcher['context']>[0]) => searcher.context(input),
  detail: (input: { id: number }) => searcher.detail(input.id),
  summaries: (input: { ids: number[] }) => searcher.summaries(input.ids),
  derivedNames: () => catalog.derived.names(),
  attributeNames: () => searcher.attributeNames(),
  extent: () => ({ extent: catalog.extent(), events: catalog.events, version: catalog.version, loaded }),
  /** everything in memory, for a worker that starts */
  catalog: () => ({
    segments: [...catalog.segments.values()].map((segment) => ({
      id: segment.id, source: segment.source, n: segment.n, t0: segment.original.t0, t1: segment.original.t1, b0: segment.original.b0, b1: segment.original.b1, sorted: segment.original.hot.order === null,
      dicts: segment.dicts.with(HOT.template, segment.templates), hotBuffer: segment.original.hot.time.buffer as SharedArrayBuffer, words: segment.words, wordStarts: segment.wordStarts,
      hits: catalog.derived.hitsOf(segment.id),
    })),
    names: catalog.names.flatMap((names, field) => names.flatMap((name, id) => (id === 0 ? [] : [{ field, id, name }]))),
  }),
  coverage: async (input: Parameters<CoverageFinder['find']>[0], cancel) => await coverage.find(input, cancel, loaded),
  clockSuggestions: async (input: Parameters<ClockSearch['suggest']>[0], cancel) => await clocks.suggest(input, cancel),
  traceList: async (input: Parameters<TraceSearch['list']>[0], cancel) => await traces.list(input, cancel),
  trace: async (input: Parameters<TraceSearch['get']>[0], cancel) => await traces.get(input, cancel),
  traceServices: async (input: Parameters<TraceSearch['services']>[0], cancel) => await traces.services(input, cancel),
  match: (input: { segments: number[] }) => match(input.segments),
  check: () => checkCase(db),
  analyse: async ({ analysis, input }: { analysis: string; input: unknown }, cancel, id) => await ANALYSES[analysis](input as never, { db, catalog, searcher, turns: new Turns(cancel), progress: progressOf(id) }),
  sql: (input: { sql: string; limit: number }) => sql?.run(input.sql, input.limit),
  tables: () => sql?.tables(),
};

/** What stored events are compared with. */
let matcher: SegmentMatcher | null = null;
/** Indicators in segments; those that the damage of the file keeps from being read have none. */
function match(segments: readonly number[]): { segment: number; hits: Hit[] }[] {
  return segments.map((id) => {
    const segment = catalog.segments.get(id);
    try {
      return { segment: id, hits: segment && matcher ? matcher.match(catalog, segment) : [] };
    } catch {
      // Told with every answer that holds its events.
      return { segment: id, hits: [] };
    }
  });
}

/** Progress is told now and then, however often it is said. */
const PROGRESS_MS = 100;
function progressOf(id: number): (share: number, what: string) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (share, what) => {
    const now = performance.now();
    if (now - told < PROGRESS_MS) return;
    told = now;
    send({ type: 'progress', id, share, what });
  };
}

/** Methods that are right only when everything is in memory. */
const NEEDS_ALL = new Set(['match', 'analyse', 'count', 'sql', 'rank', 'detail', 'summaries', 'context', 'catalog', 'attributeNames', 'clockSuggestions', 'traceList', 'trace', 'traceServices']);

async function answer(id: number, method: string, input: unknown): Promise<void> {
  const cancel = { cancelled: false };
  running.set(id, cancel);
  try {
    if (!loaded && NEEDS_ALL.has(method)) await new Promise<void>((resolve) => whenLoaded.push(resolve));
    const ok = await methods[method](input as never, cancel, id);
    send({ type: 'answer', id, ok });
  } catch (error) {
    send({ type: 'answer', id, error: wireError(error) });
  } finally {
    running.delete(id);
  }
}

function wireError(error: unknown): WireError {
  const known = error instanceof TidemarkError ? error : fileError(error, file);
  return { code: known.code, message: known.message, ...(known.position ? { position: known.position } : {}) };
}

// ---- help with texts: half of the segments are looked at by the other worker

function helpedBy(helper: MessagePort): void {
  let nextScan = 1;
  const scans = new Map<number, { result: ResultSet; done: () => void }>();
  helper.on('message', (message: FromHelper) => {
    const scan = scans.get(message.scan);
    if (!scan) return;
    if ('done' in message) scan.done();
    else {
      const segment = catalog.segments.get(message.segment);
      if (segment && 'unreadable' in message) scan.result.fail(segment);
      else if (segment && 'hits' in message && message.events === segment.n) scan.result.put(segment, message.hits);
    }
  });
  searcher.spread = async (scope: Scope, segments: Segment[], result: ResultSet, cancel: Cancel): Promise<boolean> => {
    // The helper goes through every second segment, so that both move through time together.
    const theirs = segments.filter((_, i) => i % 2 === 1);
    const mine = segments.filter((_, i) => i % 2 === 0);
    const scan = nextScan++;
    const helped = new Promise<void>((resolve) => scans.set(scan, { result, done: resolve }));
    helper.postMessage({ scan, scope, segments: theirs.map((segment) => segment.id), clocks: catalog.clockVersion } satisfies ToHelper);
    let slice = performance.now() + 8;
    for (const segment of mine) {
      if (cancel.cancelled) {
        helper.postMessage({ scan, cancel: true } satisfies ToHelper);
        break;
      }
      result.add(segment);
      if (performance.now() > slice) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        slice = performance.now() + 8;
      }
    }
    await helped;
    scans.delete(scan);
    return !cancel.cancelled;
  };
}

function help(master: MessagePort): void {
  const cancelled = new Set<number>();
  master.on('message', (message: ToHelper) => {
    if ('cancel' in message) cancelled.add(message.scan);
    else void scanFor(message);
  });
  async function scanFor({ scan, scope, segments, clocks }: Exclude<ToHelper, { cancel: true }>): Promise<void> {
    if (catalog.clockVersion < clocks) catalog.loadClocks();
    const { result } = searcher.open(scope);
    let slice = performance.now() + 8;
    for (const id of segments) {
      const segment = catalog.segments.get(id);
      if (!segment || cancelled.has(scan)) continue;
      const before = result.parts.length;
      const unreadable = result.unreadable;
      result.add(segment);
      if (result.unreadable > unreadable) {
        master.postMessage({ scan, segment: id, unreadable: true } satisfies FromHelper);
        continue;
      }
      const part = result.parts.length > before ? result.parts[result.parts.length - 1] : undefined;
      master.postMessage({ scan, segment: id, hits: part ? part.hits : new Uint16Array(0), events: segment.n } satisfies FromHelper);
      if (performance.now() > slice) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        slice = performance.now() + 8;
      }
    }
    cancelled.delete(scan);
    master.postMessage({ scan, done: true } satisfies FromHelper);
  }
}

port.on('message', (message: ToQuery) => {
  switch (message.type) {
    case 'ask':
      void answer(message.id, message.method, message.input);
      break;
    case 'cancel': {
      const cancel = running.get(message.id);
      if (cancel) cancel.cancelled = true;
      break;
    }
    case 'load':
      load();
      break;
    case 'committed':
      catalog.add(message.segments, message.names, message.removed);
      if (!loading && !loaded) {
        loaded = true;
        for (const go of whenLoaded.splice(0)) go();
        send({ type: 'loaded' });
        warmUp();
      }
      break;
    case 'pins':
      searcher.pinVersion++;
      break;
    case 'clocks':
      catalog.loadClocks();
      break;
    case 'patterns':
      catalog.loadPatterns();
      break;
    case 'lookups':
      catalog.derived.setLookups(openLookups(db));
      break;
    case 'hits':
      catalog.derived.setHits(message.hits, message.all);
      break;
    case 'ruleHits':
      catalog.derived.rulesChanged(message.segments);
      break;
    case 'indicators':
      matcher = new SegmentMatcher(message.table);
      break;
    case 'helper':
      if (role === 'search') helpedBy(message.port);
      else help(message.port);
      break;
    case 'finish':
      finished = true;
      db.close();
      // Ends this thread only, whatever still waits in it.
      process.exit();
      break;
  }
});

if (role === 'search') load();
else if (role !== 'check') {
  try {
    catalog.loadPatterns();
  } catch {
    // A damaged case: its templates are shown as they are.
  }
}
