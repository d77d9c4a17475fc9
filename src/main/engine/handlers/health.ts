import fs from 'node:fs';
import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function healthHandlers(state: EngineState): EngineHandlers['health'] {
  return {
    get() {
      const memory = process.memoryUsage();
      const open = state.peek();
      const sources = open?.store.sources() ?? [];
      const count = (...states: string[]): number => sources.filter((source) => states.includes(source.state)).length;
      return {
        engine: {
          rssBytes: memory.rss,
          heapBytes: memory.heapUsed,
          uptimeSeconds: (performance.now() - state.startedAt) / 1000,
          runtime: process.versions['electron'] ? `Electron ${process.versions['electron']}` : `Node ${process.versions.node}`,
          version: state.options.toolVersion,
        },
        ledger: open?.store.ledger() ?? { read: 0, stored: 0, duplicates: 0, rejected: 0 },
        sources: { ok: count('done'), reading: count('reading', 'waiting', 'paused'), failed: count('failed'), stopped: count('stopped') },
        queue: { chunksInFlight: open?.chunksInFlight ?? 0, writerBusy: open?.busy ? 1 : 0 },
        case: open && {
          bytes: sizeOf(open.path),
          walBytes: sizeOf(`${open.path}-wal`),
          diskFreeBytes: freeBytes(open.path),
          segments: open.opened.db.prepare<[], number>('SELECT count(*) FROM seg').pluck().get() ?? 0,
        },
      };
    },
  };
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
function freeBytes(file: string): number {
  const stat = fs.statfsSync(file);
  return stat.bavail * stat.bsize;
}
