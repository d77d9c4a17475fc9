import { endOf, type Span } from './span.ts';
import type { TraceTree } from './tree.ts';

/** What a span took itself, in microseconds: its duration without the stretches in which at least one child was running. */
export function selfTimes(spans: readonly Span[], tree: TraceTree): Float64Array {
  return Float64Array.from(spans, (span, i) => {
    const end = endOf(span);
    let self = end - span.start;
    let covered = span.start;
    // Children stand by start, so that one pass makes their union.
    for (const child of tree.children[i]) {
      const from = Math.max(covered, spans[child].start);
      const to = Math.min(end, endOf(spans[child]));
      if (to <= from) continue;
      self -= to - from;
      covered = to;
    }
    return self;
  });
}
