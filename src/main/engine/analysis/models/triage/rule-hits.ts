/** How many detection rules hit the events of a segment. */
import type { Database } from '../../../store/database.ts';
import { ruleHits } from '../../../store/sigma-store.ts';

/** By offset in the segment; events that none hit are not in it. */
export type RuleHits = (segment: number) => ReadonlyMap<number, number>;

const NONE: ReadonlyMap<number, number> = new Map();

export function ruleHitsOf(db: Database): RuleHits {
  const hits = ruleHits(db);
  if (!hits.any()) return () => NONE;
  return (segment) => {
    const counts = new Map<number, number>();
    for (const { offsets } of hits.of(segment)) for (const offset of offsets) counts.set(offset, (counts.get(offset) ?? 0) + 1);
    return counts;
  };
}
