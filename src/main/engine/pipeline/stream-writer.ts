/** Puts what connections bring into the case: lines through a parse worker, their events and the connection's cursor in one transaction. */
import { formats } from '../formats/registry.ts';
import type { Connector } from '../connectors/connector.ts';
import type { CaseStore, Committed, SourceRow } from '../store/case-store.ts';
import type { ConnectionRow, ConnectionStore } from '../store/connections.ts';
import { fileError } from '../store/database.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface StreamContext {
  store: CaseStore;
  connections: ConnectionStore;
  /** asked for with the first lines: its workers start then */
  pool(): WorkerPool;
  user: string;
  toolVersion: string;
  committed(what: Committed): void;
}

export interface Written {
  read: number;
  stored: number;
  duplicates: number;
  rejected: number;
}

/** The source of a connection; made when it is first needed. */
export function sourceOf(context: StreamContext, connection: ConnectionRow, connector: Connector): SourceRow {
  const known = connection.source === null ? undefined : context.store.source(connection.source);
  if (known) return known;
  const { store, connections, user, toolVersion } = context;
  const target = connector.target(connection.config);
  return store.db.transaction(() => {
    const id = store.addSource({
      signal: connector.signal, path: target, diskPath: '', suffix: '', format: connector.format, formatTitle: formats.find(({ id: format }) => format === connector.format)?.title ?? connector.format,
      formatReason: `read by the connection '${connection.name}'`, declared: null, service: '', zone: 'UTC', dedupWindow: 0, head: new Uint8Array(0),
      // No file begins like it.
      headHash: `connection ${connection.id}`, headLength: -1,
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
  const written: Written = { read: 0, stored: 0, duplicates: 0, rejected: 0 };
  const start = store.source(source.id)?.checkpoint ?? 0;
  await new Promise<void>((resolve, reject) => {
    context.pool().give(
      {
        kind: 'lines', shownPath: source.path, modified: Date.now() * 1000, start, bytes: lines, head: new Uint8Array(0),
        options: { format: source.format, zone: source.zone, service: source.service, dedupWindow: source.dedupWindow },
      },
      new SharedArrayBuffer(4),
      (message, worker) => {
        if (message.type === 'end') {
          if (message.error) reject(new Error(message.error));
          else resolve();
        }
        if (message.type !== 'batch') return;
        try {
          const committed = store.db.transaction(() => {
            connections.setCursor(connection.id, cursor);
            return store.commit(source.id, worker.ids, message.batch, message.end);
          })();
          const { read, duplicates, rejects, segments } = message.batch;
          written.read += read;
          written.duplicates += duplicates;
          written.rejected += rejects.length;
          for (const segment of segments) written.stored += segment.n;
          context.committed(committed);
        } catch (error) {
          reject(fileError(error, store.db.name));
        }
      },
    );
  });
  return written;
}
