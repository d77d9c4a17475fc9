/** What a query is compiled into: tests that go over segments one after the other. */
import type { Catalog, Segment } from './catalog.ts';
import type { RecordReader } from './record-reader.ts';

/** One mark an event: 1 = still in. */
export type Marks = Uint8Array;

export interface Test {
  /** 0 columns in memory, 1 columns on disk, 2 texts, 3 records read back */
  cost: 0 | 1 | 2 | 3;
  /** Clears marks of events of the segment that do not match. */
  run(segment: Segment, marks: Marks): void;
}

export interface Evaluation {
  catalog: Catalog;
  records: RecordReader;
  /** ids of events that are pinned or noted, asked when the query is compiled */
  idsOf(what: 'pinned' | 'noted'): Set<number>;
}
