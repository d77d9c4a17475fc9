/** Messages between the engine and its query workers. */
import type { MessagePort } from 'node:worker_threads';
import type { WireError } from '../../../shared/contract/rpc.ts';
import type { TableParts } from '../enrich/table.ts';
import type { Hit } from '../enrich/watch.ts';
import type { Scope } from '../../../shared/contract/scope.ts';
import type { NameChange, SegmentInfo } from '../store/case-store.ts';

/**
 * search answers questions; scan helps it with texts; analyse does what takes long (analysis/registry.ts); sql runs the console's statements and check reads the
 * whole case: both may be ended at any moment.
 */
export type QueryRole = 'search' | 'scan' | 'analyse' | 'sql' | 'check';

export type ToQuery =
  | { type: 'ask'; id: number; method: string; input: unknown }
  | { type: 'cancel'; id: number }
  /** what the writer committed, or (to a worker that starts) everything there is; removed: segments to be taken out first */
  | { type: 'committed'; segments: SegmentInfo[]; names: NameChange[]; removed?: number[] }
  /** to a worker that starts: everything there is, from the case file */
  | { type: 'load' }
  | { type: 'pins' }
  /** clocks of sources were set */
  | { type: 'clocks' }
  /** templates were grouped anew */
  | { type: 'patterns' }
  /** databases or maps were added or taken away */
  | { type: 'lookups' }
  /** hits of indicators of some segments, or of all there are */
  | { type: 'hits'; hits: [number, readonly Hit[]][]; all: boolean }
  /** what rules matched in some segments, or in all (null), is other than before */
  | { type: 'ruleHits'; segments: readonly number[] | null }
  /** what stored events are to be compared with, by `match` */
  | { type: 'indicators'; table: TableParts }
  /** a line to a scan worker (search), or to the search worker (scan) */
  | { type: 'helper'; port: MessagePort }
  | { type: 'finish' };

export type FromQuery =
  | { type: 'answer'; id: number; ok: unknown }
  | { type: 'answer'; id: number; error: WireError }
  /** how far an answer is that takes long: 0..1, and what is being done */
  | { type: 'progress'; id: number; share: number; what: string }
  /** the columns of the case are in memory */
  | { type: 'loaded' };

/** Between the search worker and its helpers. */
/** clocks: the helper must know the settings up to this one. */
export type ToHelper = { scan: number; scope: Scope; segments: number[]; clocks: number } | { scan: number; cancel: true };
export type FromHelper = { scan: number; segment: number; hits: 'all' | Uint16Array; events: number } | { scan: number; segment: number; unreadable: true } | { scan: number; done: true };
