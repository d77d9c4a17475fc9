import { z } from 'zod';
import { call } from './rpc.ts';
import type { Ledger } from '../event.ts';

export interface HealthReply {
  engine: { rssBytes: number; heapBytes: number; uptimeSeconds: number; runtime: string; version: string };
  ledger: Ledger;
  sources: { ok: number; reading: number; failed: number; stopped: number };
  queue: { chunksInFlight: number; writerBusy: number };
  case: { bytes: number; walBytes: number; diskFreeBytes: number; segments: number } | null;
}
export const health = {
  get: call(z.object({})).returns<HealthReply>(),
};
