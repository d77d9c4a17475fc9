/** Dead letters tried again with another format or zone (I9). What parses becomes events; what does not goes back with the new reason. */
import { fileError } from '../store/database.ts';
import type { CaseStore, Committed } from '../store/case-store.ts';
import type { RejectStore } from '../store/rejects.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Letters are tried in groups, so that a large queue neither fills the memory nor holds the writer. */
const GROUP = 20_000;

export interface RetryContext {
  store: CaseStore;
  rejects: RejectStore;
  pool: WorkerPool;
  committed(what: Committed): void;
}

/** `format` and `zone` '' keep those of the source. Throws when the store cannot take the result; nothing is lost then. */
export async function retryRejects(context: RetryContext, wanted: { ids?: number[]; sourceId?: number; format: string; zone: string }): Promise<{ stored: number; rejected: number }> {
  const { store, rejects, pool } = context;
  const total = { stored: 0, rejected: 0 };
  for (const [sourceId, letters] of rejects.chosen(wanted.ids, wanted.sourceId)) {
    const source = store.source(sourceId);
    if (!source) continue;
    const { head } = store.sourceHead(sourceId);
    // Of a record that was too long only the beginning is kept: a part of a record must not become an event.
    const whole = letters.filter(({ bytes, length }) => bytes.length >= length);
    total.rejected += letters.length - whole.length;
    for (let at = 0; at < whole.length; at += GROUP) {
      const group = whole.slice(at, at + GROUP);
      await new Promise<void>((resolve, reject) => {
        pool.give(
          {
            kind: 'retry',
            shownPath: source.path,
            modified: source.modified,
            options: { format: wanted.format || source.format, zone: wanted.zone || source.zone, service: source.service, dedupWindow: 0 },
            head,
            records: group.map(({ offset, bytes }) => ({ offset, bytes })),
          },
          new SharedArrayBuffer(4),
          (message, worker) => {
            if (message.type === 'batch') {
              try {
                const committed = store.db.transaction(() => {
                  rejects.take(sourceId, group.map(({ id }) => id));
                  const done = store.commit(sourceId, worker.ids, message.batch, null);
                  rejects.countAttempts(sourceId, group);
                  return done;
                })();
                for (const segment of message.batch.segments) total.stored += segment.n;
                total.rejected += message.batch.rejects.length;
                context.committed(committed);
              } catch (error) {
                reject(fileError(error, store.db.name));
              }
            } else if (message.type === 'end') {
              if (message.error) reject(new Error(message.error));
              else resolve();
            }
          },
        );
      });
    }
  }
  return total;
}
