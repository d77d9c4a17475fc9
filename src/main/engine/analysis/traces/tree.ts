/**
 * The spans of one trace as a tree. Nothing is dropped and no clock is moved: what does not fit (a parent that is missing, spans that are
 * each other's parents, a child that starts before its parent) is marked, so that the person sees it.
 */
import { endOf, type Span } from './span.ts';

/** Why a span stands where it stands: a root has no parent; an orphan names one that is not here; a cycle was cut above this span. */
type Place = 'child' | 'root' | 'orphan' | 'cycle';

export interface TraceTree {
  /** per span of the input: index of its parent, -1 for none */
  parent: Int32Array;
  /** 0 for what has no parent */
  depth: Int32Array;
  place: Place[];
  /** indices of the children, by start */
  children: number[][];
  /** spans without a parent in the tree, by start */
  roots: number[];
  /** all spans, a parent before its children, siblings by start */
  order: number[];
}

/** Halves of a shared span (Zipkin B3: client and server write the same id) in the order in which they happen. */
const HALF: Readonly<Record<string, number>> = { client: 0, producer: 0, server: 1, consumer: 1 };

/**
 * Builds the tree. A span id that occurs on both sides of a call (zipkin: openzipkin/b3-propagation, "shared" spans) gives two spans, the
 * server's below the client's; what names that id as its parent goes below the half of its own service, else below the server's. Other spans
 * that repeat an id stay beside each other. Takes n log n steps, and no recursion.
 */
export function buildTree(spans: readonly Span[]): TraceTree {
  const byId = new Map<string, number[]>();
  spans.forEach(({ spanId }, i) => {
    if (spanId === '') return;
    const same = byId.get(spanId);
    if (same) same.push(i);
    else byId.set(spanId, [i]);
  });
  const parent = new Int32Array(spans.length).fill(-1);
  const place: Place[] = spans.map(({ parentId }) => (parentId === '' ? 'root' : 'orphan'));
  const adopt = (child: number, by: number): void => {
    parent[child] = by;
    place[child] = 'child';
  };
  const clientOf = new Map<string, number>();
  const serverOf = new Map<string, number>();
  const ownParent = new Map<string, Map<string, number>>();
  for (const [id, same] of byId) {
    const client = same.find((i) => HALF[spans[i].kind] === 0);
    const server = same.find((i) => HALF[spans[i].kind] === 1);
    if (client !== undefined) clientOf.set(id, client);
    if (server !== undefined) serverOf.set(id, server);
    const services = new Map<string, number>();
    for (const i of same) if (!services.has(spans[i].service) || HALF[spans[i].kind] === 1) services.set(spans[i].service, i);
    ownParent.set(id, services);
  }
  spans.forEach((span, i) => {
    const client = clientOf.get(span.spanId);
    if (client !== undefined && client !== i && HALF[span.kind] === 1) return adopt(i, client);
    const same = byId.get(span.parentId);
    if (span.parentId === '' || !same) return;
    if (span.parentId === span.spanId) {
      place[i] = 'cycle';
      return;
    }
    adopt(i, ownParent.get(span.parentId)?.get(span.service) ?? serverOf.get(span.parentId) ?? same[0]);
  });
  cutCycles(spans, parent, place);

  const byStart = (a: number, b: number): number => spans[a].start - spans[b].start || endOf(spans[b]) - endOf(spans[a]) || a - b;
  const children: number[][] = spans.map(() => []);
  const roots: number[] = [];
  for (const i of spans.map((_, index) => index).sort(byStart)) (parent[i] < 0 ? roots : children[parent[i]]).push(i);
  const depth = new Int32Array(spans.length);
  const order: number[] = [];
  const waiting = roots.toReversed();
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    order.push(i);
    for (const child of children[i].toReversed()) {
      depth[child] = depth[i] + 1;
      waiting.push(child);
    }
  }
  return { parent, depth, place, children, roots, order };
}

/** Where parents lead back to themselves, the span that started first loses its parent. */
function cutCycles(spans: readonly Span[], parent: Int32Array, place: Place[]): void {
  // 0 not seen, 1 on the way that is being walked, 2 known to end at a root
  const state = new Uint8Array(spans.length);
  for (let first = 0; first < spans.length; first++) {
    const way: number[] = [];
    let i = first;
    for (; i >= 0 && state[i] === 0; i = parent[i]) {
      state[i] = 1;
      way.push(i);
    }
    if (i >= 0 && state[i] === 1) {
      const circle = way.slice(way.indexOf(i));
      const cut = circle.reduce((best, each) => (spans[each].start < spans[best].start ? each : best));
      parent[cut] = -1;
      // The server's half of a shared span may name no parent itself: it is a root after all.
      place[cut] = spans[cut].parentId === '' ? 'root' : 'cycle';
    }
    for (const each of way) state[each] = 2;
  }
}

/**
 * By how much a span starts before its parent, in microseconds; 0 for none. No cause follows its effect, so the clocks of the two disagree by at
 * least that much, or the parent was not what started it.
 */
export function startsEarly(spans: readonly Span[], tree: TraceTree, i: number): number {
  const parent = tree.parent[i];
  return parent < 0 ? 0 : Math.max(0, spans[parent].start - spans[i].start);
}
