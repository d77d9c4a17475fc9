/** Indicators in events that are stored already. Finds what Watch would have found while they were read. */
import type { Catalog, Segment } from '../search/catalog.ts';
import { BLOCK_SIZE } from '../store/segment.ts';
import { Scanner } from './scanner.ts';
import { IndicatorTable, type TableParts } from './table.ts';
import { scanRecord, type Hit } from './watch.ts';

export class SegmentMatcher {
  readonly generation: number;
  readonly #scanner: Scanner;
  #found: number[] = [];

  constructor(table: TableParts) {
    this.generation = table.generation;
    this.#scanner = new Scanner(new IndicatorTable(table), (indicator) => {
      if (!this.#found.includes(indicator)) this.#found.push(indicator);
    });
  }

  /** Throws where the case file is damaged. */
  match(catalog: Catalog, segment: Segment): Hit[] {
    const hits = new Map<number, Set<number>>();
    const tell = (offset: number): void => {
      for (const indicator of this.#found) {
        const offsets = hits.get(indicator);
        if (offsets) offsets.add(offset);
        else hits.set(indicator, new Set([offset]));
      }
      this.#found.length = 0;
    };
    for (let block = 0, from = 0; from < segment.n; block++, from += BLOCK_SIZE) {
      const rests = catalog.rests(segment, block);
      const messages = catalog.messages(segment, block);
      for (let i = 0; from + i < Math.min(segment.n, from + BLOCK_SIZE); i++) {
        scanRecord(this.#scanner, catalog.record(segment, from + i));
        // A message that had to be decoded stands nowhere in the record.
        if (rests.messageAt[i] < 0) this.#scanner.scan(messages.bytes, messages.starts[i], messages.starts[i + 1] - 1);
        if (this.#found.length > 0) tell(from + i);
      }
    }
    this.#values(catalog, segment, tell);
    return [...hits].map(([indicator, offsets]) => ({ indicator, offsets: Uint16Array.from([...offsets].sort((a, b) => a - b)) }));
  }

  /** Values of columns that a format decoded: they stand nowhere as they are. What stands in the record was looked at with what is around it. */
  #values(catalog: Catalog, segment: Segment, tell: (offset: number) => void): void {
    for (const column of catalog.cold(segment).fields) {
      if (!column) continue;
      for (let code = 1; code < column.values.length; code++) {
        const bytes = column.values.bytes(code);
        this.#scanner.scan(bytes, 0, bytes.length);
        if (this.#found.length === 0) continue;
        const found = this.#found.slice();
        const value = Buffer.from(bytes);
        for (let i = 0; i < segment.n; i++) {
          if (column.codes[i] !== code || Buffer.from(catalog.record(segment, i)).includes(value) || Buffer.from(messageOf(catalog, segment, i)).includes(value)) continue;
          this.#found = found.slice();
          tell(i);
        }
        this.#found.length = 0;
      }
    }
  }
}

function messageOf(catalog: Catalog, segment: Segment, offset: number): Uint8Array {
  const { bytes, starts } = catalog.messages(segment, Math.floor(offset / BLOCK_SIZE));
  const i = offset % BLOCK_SIZE;
  return bytes.subarray(starts[i], starts[i + 1] - 1);
}
