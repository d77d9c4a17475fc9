import { z } from 'zod';
import { call } from './rpc.ts';

export interface SqlReply {
  columns: string[];
  rows: (string | number | null)[][];
  truncated: boolean;
  milliseconds: number;
}
export const sql = {
  /** One read-only statement on its own connection. `events` is a virtual table over the segments. Abort the call to stop it. */
  run: call(z.object({ sql: z.string().min(1).max(100_000), limit: z.number().int().min(1).max(100_000).default(1000), timeoutMs: z.number().int().min(10).max(600_000).default(10_000) })).returns<SqlReply>(),
  tables: call(z.object({})).returns<{ name: string; kind: 'table' | 'view'; columns: { name: string; type: string }[] }[]>(),
};
