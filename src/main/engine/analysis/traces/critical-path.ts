/**
 * The critical path: at every moment of a trace the one span that its end waits for. After CRISP (Zhang et al., "CRISP: Critical Path Analysis
 * of Large-Scale Microservice Architectures", USENIX ATC 2022): from the end of a span backwards, the child that finished last is what was
 * waited for; before its start, the last of those that had finished by then; between them the span itself. A child that runs on after its
 * parent counts up to the parent's end, one whose clock starts it earlier from the parent's start. One that starts only when its parent has
 * ended (work that was handed on) is taken as a child of the nearest span above that still ran, or of the whole trace: CRISP would leave it
 * out, and with it all that the end of such a trace waits for.
 *
 * Roots (and orphans, whose parent is missing) are taken as children of the whole trace, so several of them give one path; stretches in which
 * none of them runs belong to no span.
 */
import { endOf, type Span } from './span.ts';
import type { TraceTree } from './tree.ts';

/** [from, to) in microseconds, of the span with this index. */
export interface Stretch {
  span: number;
  from: number;
  to: number;
}

/** Stretches by time, none empty, none overlapping, each inside its span. Takes n log n steps, and no recursion. */
export function criticalPath(spans: readonly Span[], tree: TraceTree): Stretch[] {
  const path: Stretch[] = [];
  const waiting: Stretch[] = [];
  const inside = (own: number, children: readonly number[], from: number, to: number): void => {
    const clipped = children.map((span): Stretch => ({ span, from: Math.max(from, spans[span].start), to: Math.min(to, endOf(spans[span])) })).filter((child) => child.to > child.from);
    // Of children that end together the longest is what was waited for.
    clipped.sort((a, b) => b.to - a.to || a.from - b.from || a.span - b.span);
    let cursor = to;
    for (const child of clipped) {
      // One that ran beside what was waited for held nobody up.
      if (child.to > cursor) continue;
      if (child.to < cursor && own >= 0) path.push({ span: own, from: child.to, to: cursor });
      waiting.push(child);
      cursor = child.from;
    }
    if (cursor > from && own >= 0) path.push({ span: own, from, to: cursor });
  };
  const { tops, children } = waitedFor(spans, tree);
  inside(-1, tops, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  for (let next = waiting.pop(); next; next = waiting.pop()) inside(next.span, children[next.span], next.from, next.to);
  return path.sort((a, b) => a.from - b.from);
}

/** Whose end may wait for whom: the tree, but for spans that start after their parent's end. */
function waitedFor(spans: readonly Span[], { parent }: TraceTree): { tops: number[]; children: number[][] } {
  const tops: number[] = [];
  const children: number[][] = spans.map(() => []);
  spans.forEach(({ start }, i) => {
    let by = parent[i];
    while (by >= 0 && start >= endOf(spans[by])) by = parent[by];
    (by < 0 ? tops : children[by]).push(i);
  });
  return { tops, children };
}
