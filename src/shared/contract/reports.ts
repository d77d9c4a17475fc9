import { z } from 'zod';
import { extraColumns } from './events.ts';
import { call, push } from './rpc.ts';
import { order, scope } from './scope.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'jsonl'] as const;
export interface ExportStatus {
  job: number;
  state: 'running' | 'done' | 'cancelled' | 'failed';
  error: string;
  rows: number;
  total: number;
  bytes: number;
  /** events that are missing, or are there without their message, because the case file is damaged */
  unreadable: number;
  path: string;
}
export const reports = {
  /** The incident report of an investigation as one self-contained HTML page (no scripts, no remote content). */
  incidentHtml: call(z.object({ investigationId: z.number(), zone: z.string().default('UTC') })).returns<{ html: string; title: string }>(),
  /** The same as data. */
  incidentJson: call(z.object({ investigationId: z.number() })).returns<unknown>(),
  /**
   * Streams a whole result to a file of any size; written beside and renamed at the end. `columns`: names of fields or attributes
   * to be written after the fixed ones.
   */
  exportEvents: call(z.object({ scope, order: order.default('asc'), format: z.enum(EXPORT_FORMATS), path: z.string().min(1), zone: z.string().default('UTC'), columns: extraColumns.optional() })).returns<{ job: number }>(),
  cancelExport: call(z.object({ job: z.number() })).returns<void>(),
  exportProgress: push<ExportStatus>(),
};
