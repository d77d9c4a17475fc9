/** Events at random, the same for the same seed. */
import { SEGMENT_SIZE } from '../../../../../shared/event.ts';
import type { Segment } from '../../../search/catalog.ts';
import type { Located } from '../../../search/result-set.ts';
import type { Random } from '../random.ts';

/** At most `most` different events of these segments, in the order of their ids; `skip` leaves some out. */
export function sampleEvents(segments: Iterable<Segment>, most: number, random: Random, skip: (id: number) => boolean = () => false): Located[] {
  const all = [...segments].sort((a, b) => a.id - b.id);
  const ends = new Float64Array(all.length);
  let total = 0;
  all.forEach(({ n }, i) => (ends[i] = total += n));
  const chosen = new Map<number, Located>();
  const take = (segment: Segment, offset: number): void => {
    const id = segment.id * SEGMENT_SIZE + offset;
    if (!skip(id)) chosen.set(id, { id, segment, offset });
  };
  if (total <= most * 2) {
    // So few that drawing would often meet the same one.
    const each = all.flatMap((segment) => Array.from({ length: segment.n }, (_, offset): [Segment, number] => [segment, offset]));
    const order = random.shuffle(Uint32Array.from({ length: each.length }, (_, i) => i));
    for (const i of order) {
      if (chosen.size >= most) break;
      take(...each[i]);
    }
  } else {
    for (let tries = 0; tries < most * 4 && chosen.size < most; tries++) {
      const at = random.below(total);
      let low = 0;
      let high = all.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (at < ends[middle]) high = middle;
        else low = middle + 1;
      }
      take(all[low], at - (low === 0 ? 0 : ends[low - 1]));
    }
  }
  return [...chosen.values()].sort((a, b) => a.id - b.id);
}
