/** Puts what connections bring into the case: lines through a parse worker, their events and the connection's cursor in one transaction. */
import type { Format, Sink } from '../formats/format.ts';
import { makeHead, recognise } from '../formats/recognise.ts';
import { formats } from '../formats/registry.ts';
import { METRIC_PARSERS } from '../metrics/recognise-metrics.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Connector, Kept, Stream } from '../connectors/connector.ts';
import type { CaseStore, Committed, SourceRow } from '../store/case-store.ts';
import { NO_HEAD, sourceKey, type ConnectionRow, type ConnectionStore } from '../store/connections.ts';
import type { SeriesStore } from '../store/series-store.ts';
import { NONE, type OpenSegments } from './open-segments.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface StreamContext {
  store: CaseStore;
  connections: ConnectionStore;
  /** asked for with the first lines: its workers start then */
  pool(): WorkerPool;
  user: string;
  toolVersion: string;
  committed(what: Committed): void;
  open: OpenSegments;
  series: SeriesStore;
  samplesCommitted(): void;
}

export interface Written extends Kept {
  read: number;
  stored: number;
  duplicates: number;
  rejected: number;
}

/** Headers of formats that have one stand here. */
const HEAD_BYTES = 64 << 10;
/** Where the last record starts is looked for in so many of the last bytes first. */
const LAST_BYTES = 256 << 10;

/**
 * What the lines of a connection are written in: what its source is kept as, what its configuration says, or what they look like. Formats that
 * decode take whole documents only.
 * @throws TidemarkError when they cannot be read as lines
 */
function formatOf(context: StreamContext, connection: ConnectionRow, connector: Connector, stream: Stream, lines: Uint8Array): { format: Format; reason: string } {
  const chosen = knownSource(context, connection, stream.id)?.format ?? stream.format;
  const byLines = formats.filter((format) => !format.decode || format.fromConnector);
  if (chosen !== '') {
    const format = (stream.documents ? formats : byLines).find(({ id }) => id === chosen);
    if (!format) throw new TidemarkError('invalid_input', `There is no format called '${chosen}' that is read line by line.`);
    return { format, reason: `read by the connection '${connection.name}'` };
  }
  const { format, reason } = recognise(makeHead(connector.target(connection.config), lines), byLines);
  if (!format) throw new TidemarkError('invalid_input', reason);
  return { format, reason };
}

/** The first lines, for a format that has a header in front of its records. Others must not take the first lines for all there is. */
function headOf(format: Format, lines: Uint8Array): Uint8Array {
  return format.sampleHead === undefined ? new Uint8Array(0) : lines.subarray(0, HEAD_BYTES);
}

function knownSource(context: StreamContext, connection: ConnectionRow, stream: string): SourceRow | undefined {
  const id = connection.sources.get(stream);
  return id === undefined ? undefined : context.store.source(id);
}

/** How many of these bytes are records that cannot go on in what comes next. */
export function completeRecords(context: StreamContext, connection: ConnectionRow, connector: Connector, lines: Uint8Array): number {
  const { format } = formatOf(context, connection, connector, connector.stream(connection.config), lines);
  const parser = format.open({ path: connector.target(connection.config), modified: Date.now() * 1000, zone: 'UTC', head: headOf(format, lines) });
  const near = lines.length > LAST_BYTES && format.parallel ? (parser.sync?.(lines, lines.length - LAST_BYTES, lines.length) ?? -1) : -1;
  return parser.parse(lines, Math.max(0, near), lines.length, lines.length, false, NOWHERE);
}

const nothing = (): void => {
  // Only where records end counts.
};
const NOWHERE: Sink = { detail: false, begin: nothing, time: nothing, field: nothing, text: nothing, number: nothing, words: nothing, severity: nothing, message: nothing, messageText: nothing, attribute: nothing, end: nothing, reject: nothing };

function recognised(context: StreamContext, connection: ConnectionRow, connector: Connector, stream: Stream, lines: Uint8Array): { format: { id: string; title: string }; head: Uint8Array; reason: string } {
  const { format, reason } = formatOf(context, connection, connector, stream, lines);
  return { format, reason, head: headOf(format, lines) };
}

/** The source of a stream of a connection; made with its first lines. */
export function sourceOf(context: StreamContext, connection: ConnectionRow, connector: Connector, name: string, lines: Uint8Array): SourceRow {
  const known = knownSource(context, connection, name);
  if (known) return known;
  const stream = connector.stream(connection.config, name);
  const { store, connections, user, toolVersion } = context;
  const target = [connector.target(connection.config), stream.title].filter(Boolean).join(' ');
  const metrics = METRIC_PARSERS.find(({ id }) => id === stream.format);
  const written = metrics ? { format: metrics, head: new Uint8Array(0), reason: `read by the connection '${connection.name}'` } : recognised(context, connection, connector, stream, lines);
  return store.db.transaction(() => {
    const id = store.addSource({
      signal: stream.signal, path: target, diskPath: '', suffix: '', format: written.format.id, formatTitle: written.format.title,
      formatReason: written.reason, declared: null, service: '', zone: 'UTC', dedupWindow: 0, head: written.head,
      // No file begins like it.
      headHash: sourceKey(connection.id, name), headLength: NO_HEAD,
      sha256: '', size: 0, modified: Date.now() * 1000, ingestedBy: user, toolVersion,
    });
    connections.setSource(connection.id, id);
    // What came so far is whole; a connection has no end that could be missing.
    store.setState(id, 'done');
    const row = store.source(id);
    if (!row) throw new Error('the source was not stored');
    return row;
  })();
}

/**
 * Stores the lines of a connection and moves its cursor. Resolves when they are committed.
 * @throws TidemarkError when the store cannot take them (disk full); the cursor has not moved then
 */
export async function writeLines(context: StreamContext, connection: ConnectionRow, source: SourceRow, lines: Uint8Array, cursor: string): Promise<Written> {
  const { store, connections } = context;
  const rejectedAt: number[] = [];
  const written: Written = { read: 0, stored: 0, duplicates: 0, rejected: 0, rejectedAt };
  const start = store.source(source.id)?.checkpoint ?? 0;
  const format = formats.find(({ id }) => id === source.format);
  const head = format?.sampleHead === undefined ? new Uint8Array(0) : store.sourceHead(source.id).head;
  const brought = { start, bytes: lines, modified: Date.now() * 1000 };
  const open = context.open.of(source, lines.length);
  const plain = !format?.decode || format.fromConnector === true;
  await context.pool().run(
    {
      kind: 'lines', shownPath: source.path, ...brought, head, carried: { events: open.events, parts: open.parts },
      options: { format: source.format, zone: source.zone, service: source.service, dedupWindow: source.dedupWindow },
    },
    store.db.name,
    (built, worker) => {
      if (built.type === 'samples') {
        const { batch } = built;
        store.db.transaction(() => {
          connections.setCursor(connection.id, cursor);
          context.series.commit(source.id, batch);
        })();
        written.read += batch.read;
        written.stored += batch.stored;
        written.rejected += batch.rejects.length;
        for (const { offset } of batch.rejects) rejectedAt.push(offset);
        context.samplesCommitted();
        return;
      }
      const committed = store.db.transaction(() => {
        connections.setCursor(connection.id, cursor);
        return store.commit(source.id, worker.ids, built.batch, built.end, open.segment);
      })();
      const { read, duplicates, rejects, segments } = built.batch;
      written.read += read;
      written.duplicates += duplicates;
      written.rejected += rejects.length;
      if (plain) for (const { offset } of rejects) rejectedAt.push(offset - start);
      for (const { n, carried } of segments) written.stored += n - carried;
      if (segments.length > 0) {
        const [{ id, n }] = committed.segments;
        const parts = segments[0].carried > 0 ? [...open.parts, brought] : [brought];
        context.open.committed(source, segments.length === 1 ? { segment: id, events: n, parts } : NONE);
      }
      context.committed(committed);
    },
  );
  return written;
}
