import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFake } from '../../../../test/support/fake-engine.ts';
import { fakeTrace } from '../../../../test/support/fake/traces.ts';
import { layersOf } from './layers.ts';
import { below, criticalStretches, factorText, hasChildren, remarks, serviceNumbers, ticksOf, visibleRows } from './model.ts';

const trace = fakeTrace(makeFake('case').state);
const { spans } = trace;

describe('rows of a trace', () => {
  it('leave out what is below a closed span', () => {
    expect(visibleRows(spans, new Set())).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(visibleRows(spans, new Set([3]))).toEqual([0, 1, 2, 3, 5, 6]);
    // A span that is closed inside a closed one makes no difference.
    expect(visibleRows(spans, new Set([1, 3]))).toEqual([0, 1, 6]);
    expect(spans.map((_, i) => below(spans, i))).toEqual([5, 4, 0, 1, 0, 0, 0]);
    expect(spans.map((_, i) => hasChildren(spans, i))).toEqual([true, true, false, true, false, false, false]);
  });
  it('have the critical path as shares of the trace', () => {
    const [first, last] = criticalStretches(trace).get(0) ?? [];
    expect(first).toEqual({ from: 0, to: 10 / 920 });
    expect(last).toEqual({ from: 910 / 920, to: 1 });
    expect(criticalStretches(trace).has(2)).toBe(false);
  });
  it('say in words what is unusual', () => {
    expect(remarks(spans[5])).toEqual(['failed: circuit breaker opened for bank-gateway', 'slow: 4.4× its usual 160 ms (median of 88 earlier spans)', 'on the critical path for 710 ms']);
    expect(remarks({ ...spans[6], early: 3000 })).toEqual(['starts 3 ms before its parent, so their clocks disagree; nothing was moved', 'its parent ffff is not in the case']);
    expect([1, 4.36, 123.4, Number.POSITIVE_INFINITY].map(factorText)).toEqual(['1×', '4.4×', '123×', 'far more than']);
    expect([...serviceNumbers(spans)]).toEqual([['nginx', 1], ['checkout', 2], ['api', 3], ['payments', 4], ['scheduler', 5]]);
  });
});

describe('ticks', () => {
  it('are round, even, inside the trace, and few', () => {
    expect(ticksOf(920_000, 5)).toEqual([0, 200_000, 400_000, 600_000, 800_000]);
    expect(ticksOf(0, 5)).toEqual([0]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 12 }), (duration, most) => {
      const ticks = ticksOf(duration, most);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeLessThanOrEqual(most + 2);
      expect(ticks.at(-1)).toBeLessThanOrEqual(duration * 1.001);
    }));
  });
});

describe('the layers of a call graph', () => {
  const graph = (calls: readonly (readonly [string, string])[], names = [...new Set(calls.flat())]): Parameters<typeof layersOf>[0] => ({
    nodes: names.map((service) => ({ service, spans: 1, errors: 0 })), edges: calls.map(([caller, callee]) => ({ caller, callee, calls: 1, errors: 0, p50: 1, p95: 1 })),
  });
  it('have callers left of what they call, by the longest way', () => {
    const placed = new Map(layersOf(graph([['web', 'api'], ['api', 'db'], ['web', 'db'], ['api', 'web']])).map(({ service, layer }) => [service, layer]));
    expect(Object.fromEntries(placed)).toEqual({ api: 1, db: 2, web: 0 });
  });
  it('hold every service once, on a place of its own, circles too', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    fc.assert(fc.property(fc.array(fc.tuple(name, name)), (calls) => {
      const given = graph(calls.filter(([a, b]) => a !== b), ['a', 'b', 'c', 'd', 'e', 'f']);
      const placed = layersOf(given);
      expect(placed.map(({ service }) => service).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
      expect(new Set(placed.map(({ layer, row }) => `${layer}/${row}`)).size).toBe(6);
    }));
  });
});
