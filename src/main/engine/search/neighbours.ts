/** Events around an event in the order of their file. */
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import type { Catalog, Segment } from './catalog.ts';
import type { Located } from './result-set.ts';

/** At most `limit` events before or behind one, the nearest first. */
export function neighbours(catalog: Catalog, from: Segment, offset: number, direction: 1 | -1, limit: number): Located[] {
  const found: Located[] = [];
  let segment: Segment | undefined = from;
  let i = offset + direction;
  while (segment && found.length < limit) {
    if (i >= 0 && i < segment.n) {
      found.push({ id: segment.id * SEGMENT_SIZE + i, segment, offset: i });
      i += direction;
      continue;
    }
    segment = sibling(catalog, segment, direction);
    i = segment && direction < 0 ? segment.n - 1 : 0;
  }
  return found;
}

/** The next segment of the same source: batches of a source are committed in the order of the file. */
function sibling(catalog: Catalog, segment: Segment, direction: 1 | -1): Segment | undefined {
  let best: Segment | undefined;
  for (const other of catalog.segments.values()) {
    if (other.source !== segment.source || (other.id - segment.id) * direction <= 0) continue;
    if (!best || (other.id - best.id) * direction < 0) best = other;
  }
  return best;
}
