import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineOf, factorOf, isSlow, percentile } from './baseline.ts';
import { callGraph } from './call-graph.ts';
import { criticalPath, type Stretch } from './critical-path.ts';
import { selfTimes } from './self-time.ts';
import { endOf, type Span } from './span.ts';
import { buildTree, startsEarly } from './tree.ts';

let event = 0;
const span = (spanId: string, parentId: string, start: number, end: number, more: Partial<Span> = {}): Span => ({ event: event++, traceId: 't', spanId, parentId, service: 'shop', name: spanId, kind: '', start, duration: end - start, failed: false, ...more });

/** Anything a tracer may write, damage included: ids that repeat, parents that are missing or go round. */
const anySpan = fc.record({
  spanId: fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'f'), parentId: fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'f', 'gone'), service: fc.constantFrom('x', 'y', 'z'), kind: fc.constantFrom('', 'client', 'server', 'internal'),
  start: fc.integer({ min: 0, max: 1000 }), duration: fc.option(fc.integer({ min: 0, max: 500 })), failed: fc.boolean(),
}).map((given): Span => ({ event: event++, traceId: 't', name: 'op', ...given }));
const anyTrace = fc.array(anySpan, { maxLength: 25 });

describe('the tree of a trace', () => {
  it('holds every span once, below its parent, whatever the ids say', () => {
    fc.assert(fc.property(anyTrace, (spans) => {
      const { parent, depth, place, children, roots, order } = buildTree(spans);
      expect(order.toSorted((a, b) => a - b)).toEqual(spans.map((_, i) => i));
      const position = new Map(order.map((i, at) => [i, at]));
      spans.forEach((one, i) => {
        if (parent[i] < 0) {
          expect(roots).toContain(i);
          expect(depth[i]).toBe(0);
          expect(place[i] === 'root').toBe(one.parentId === '');
          if (place[i] === 'orphan') expect(spans.some(({ spanId }) => spanId === one.parentId)).toBe(false);
          return;
        }
        expect(place[i]).toBe('child');
        expect(depth[i]).toBe(depth[parent[i]] + 1);
        expect(children[parent[i]]).toContain(i);
        expect(position.get(parent[i])).toBeLessThan(position.get(i) ?? -1);
        expect([one.parentId, one.spanId]).toContain(spans[parent[i]].spanId);
      });
    }));
  });
  it('calls a half of a shared span that names no parent a root where a circle is cut above it', () => {
    const { place, roots } = buildTree([span('f', 'a', 1, 1), span('a', '', 0, 0, { kind: 'server' }), span('a', 'f', 0, 0, { kind: 'client' })]);
    expect([place, roots]).toEqual([['child', 'root', 'child'], [1]]);
  });
  it('tells roots, orphans and cycles', () => {
    const { place, roots, parent } = buildTree([span('a', '', 0, 10), span('b', 'a', 1, 9), span('c', 'gone', 2, 3), span('d', 'f', 6, 7), span('e', 'd', 5, 8), span('f', 'e', 7, 8), span('g', 'g', 9, 10)]);
    expect(place).toEqual(['root', 'child', 'orphan', 'child', 'cycle', 'child', 'cycle']);
    expect(roots).toEqual([0, 2, 4, 6]);
    expect([...parent]).toEqual([-1, 0, -1, 5, -1, 4, -1]);
  });
  it('puts the server half of a shared span below the client half, and its children below the half of their service', () => {
    const spans = [
      span('1', '', 0, 100, { service: 'web', kind: 'server' }), span('2', '1', 10, 90, { service: 'web', kind: 'client' }), span('2', '1', 20, 80, { service: 'api', kind: 'server' }),
      span('3', '2', 30, 40, { service: 'api' }), span('4', '2', 12, 14, { service: 'web' }), span('5', '2', 50, 60, { service: 'db' }),
    ];
    expect([...buildTree(spans).parent]).toEqual([-1, 0, 1, 2, 1, 2]);
  });
  it('shows a clock that is early and moves nothing', () => {
    const spans = [span('a', '', 100, 200), span('b', 'a', 70, 150), span('c', 'a', 110, 120)];
    const tree = buildTree(spans);
    expect([0, 1, 2].map((i) => startsEarly(spans, tree, i))).toEqual([0, 30, 0]);
  });
  it('takes chains as long as a trace may be', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, i === 0 ? '' : `s${i - 1}`, i, 30_000 - i));
    const tree = buildTree(spans);
    expect(tree.depth[9999]).toBe(9999);
    expect(criticalPath(spans, tree).length).toBe(19_999);
  });
});

describe('self time', () => {
  it('is what no child covers', () => {
    const spans = [span('a', '', 0, 100), span('b', 'a', 10, 40), span('c', 'a', 30, 60), span('d', 'a', 90, 150), span('e', 'a', -20, 5)];
    expect([...selfTimes(spans, buildTree(spans))]).toEqual([35, 30, 30, 60, 25]);
  });
  it('counts the microseconds in which no child runs', () => {
    fc.assert(fc.property(anyTrace, (spans) => {
      const tree = buildTree(spans);
      const self = selfTimes(spans, tree);
      spans.forEach((one, i) => {
        let free = 0;
        for (let at = one.start; at < endOf(one); at++) if (!tree.children[i].some((child) => spans[child].start <= at && at < endOf(spans[child]))) free++;
        expect(self[i]).toBe(free);
      });
    }), { numRuns: 40 });
  });
});

describe('the critical path', () => {
  const named = (spans: Span[]): string[] => criticalPath(spans, buildTree(spans)).map(({ span: i, from, to }: Stretch) => `${spans[i].spanId} ${from}..${to}`);
  it('goes backwards over the children that finished last', () => {
    // b and c run beside each other: c is waited for. d starts after c, e runs on after its parent.
    expect(named([span('a', '', 0, 100), span('b', 'a', 10, 40), span('c', 'a', 10, 50), span('d', 'a', 60, 80), span('e', 'd', 70, 500)])).toEqual(['a 0..10', 'c 10..50', 'a 50..60', 'd 60..70', 'e 70..80', 'a 80..100']);
  });
  it('leaves out a child that ran beside, and takes several roots as one trace', () => {
    expect(named([span('a', '', 0, 50), span('b', 'gone', 60, 90), span('c', '', 20, 70)])).toEqual(['a 0..50', 'b 60..90']);
  });
  it('follows work that was handed on and ran when its parent had ended', () => {
    expect(named([span('a', '', 0, 10), span('b', 'a', 20, 50), span('c', 'b', 60, 90), span('d', 'a', 5, 8)])).toEqual(['a 0..5', 'd 5..8', 'a 8..10', 'b 20..50', 'c 60..90']);
    // The nearest span above that still ran waits for it.
    expect(named([span('a', '', 0, 100), span('b', 'a', 10, 20), span('c', 'b', 30, 90)])).toEqual(['a 0..10', 'b 10..20', 'a 20..30', 'c 30..90', 'a 90..100']);
  });
  it('covers what it starts from, once, each stretch inside its span', () => {
    fc.assert(fc.property(anyTrace, (spans) => {
      const tree = buildTree(spans);
      const path = criticalPath(spans, tree);
      let before = Number.NEGATIVE_INFINITY;
      for (const { span: i, from, to } of path) {
        expect(from).toBeLessThan(to);
        expect(from).toBeGreaterThanOrEqual(before);
        expect(from).toBeGreaterThanOrEqual(spans[i].start);
        expect(to).toBeLessThanOrEqual(endOf(spans[i]));
        before = to;
      }
      // Some was handed on: its end is the trace's, not the root's.
      if (spans.some(({ start }, i) => tree.parent[i] >= 0 && start >= endOf(spans[tree.parent[i]]))) return;
      // One root: the whole of it is on the path.
      const [root] = tree.roots;
      if (tree.roots.length === 1) expect(path.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(endOf(spans[root]) - spans[root].start);
      // A span on the path has its parent in the tree, not a stranger, up to the root.
      if (tree.roots.length > 0 && tree.roots.some((i) => endOf(spans[i]) > spans[i].start)) {
        const last = Math.max(...tree.roots.filter((i) => endOf(spans[i]) > spans[i].start).map((i) => endOf(spans[i])));
        expect(path.at(-1)?.to).toBe(last);
      }
    }));
  });
});

describe('what is usual', () => {
  it('needs enough earlier spans', () => {
    expect(baselineOf([1, 2, 3])).toBeNull();
    expect(baselineOf([5, 1, 3, 2, 4, 9, 8, 7, 6])).toEqual({ median: 5, mad: 2, n: 9 });
  });
  it('calls slow what stands out of the spread and is half as long again', () => {
    const steady = { median: 100, mad: 0, n: 20 };
    expect([101, 140, 151].map((duration) => isSlow(duration, steady))).toEqual([false, false, true]);
    const wide = { median: 100, mad: 50, n: 20 };
    expect([200, 350, 370].map((duration) => isSlow(duration, wide))).toEqual([false, false, true]);
    expect(factorOf(250, steady)).toBe(2.5);
    expect(factorOf(3, { median: 0, mad: 0, n: 9 })).toBe(Number.POSITIVE_INFINITY);
  });
  it('takes percentiles by nearest rank', () => {
    fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
      const sorted = values.toSorted((a, b) => a - b);
      const value = percentile(sorted, share);
      expect(sorted.filter((each) => each <= value).length).toBeGreaterThanOrEqual(share * sorted.length);
      expect(sorted.filter((each) => each < value).length).toBeLessThan(share * sorted.length);
    }));
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('the call graph', () => {
  it('counts calls between services with their errors and durations', () => {
    const spans = [
      span('a', '', 0, 100, { service: 'web' }), span('b', 'a', 10, 20, { service: 'api' }), span('c', 'a', 30, 60, { service: 'api', failed: true }), span('d', 'c', 40, 50, { service: 'api' }), span('e', 'd', 41, 42, { service: 'db', duration: null }),
      // The same ids in another trace are other spans.
      span('b', 'a', 10, 20, { traceId: 'u', service: 'api' }),
    ];
    const { nodes, edges } = callGraph(spans);
    expect(nodes).toEqual([{ service: 'api', spans: 4, errors: 1 }, { service: 'db', spans: 1, errors: 0 }, { service: 'web', spans: 1, errors: 0 }]);
    expect(edges).toEqual([{ caller: 'web', callee: 'api', calls: 2, errors: 1, p50: 10, p95: 30 }, { caller: 'api', callee: 'db', calls: 1, errors: 0, p50: Number.NaN, p95: Number.NaN }]);
  });
  it('has a node for every span and calls only between them', () => {
    fc.assert(fc.property(anyTrace, (spans) => {
      const { nodes, edges } = callGraph(spans);
      expect(nodes.reduce((sum, node) => sum + node.spans, 0)).toBe(spans.length);
      for (const { caller, callee, calls, errors } of edges) {
        expect(caller).not.toBe(callee);
        expect(nodes.map(({ service }) => service)).toEqual(expect.arrayContaining([caller, callee]));
        expect(errors).toBeLessThanOrEqual(calls);
      }
    }));
  });
});
