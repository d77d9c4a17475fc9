import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFake } from '../../../../test/support/fake-engine.ts';
import { fakeTrace } from '../../../../test/support/fake/traces.ts';
import { drawnGraph, NODE, pathOf } from '../../ui/service-graph/layout.ts';
import { pictured } from './pictured.ts';
import { below, criticalStretches, drawnPart, factorText, findSpans, hasChildren, nextOf, remarks, serviceNumbers, ticksOf, visibleRows, zoomed } from './model.ts';

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
  const whole = (duration: number): { start: number; end: number } => ({ start: 5e15, end: 5e15 + duration });
  it('are round, even, inside the part that is seen, and few', () => {
    expect(ticksOf(whole(920_000), whole(920_000), 5)).toEqual([0, 200_000, 400_000, 600_000, 800_000]);
    expect(ticksOf(whole(920_000), { start: 5e15 + 410_000, end: 5e15 + 460_000 }, 5)).toEqual([410_000, 420_000, 430_000, 440_000, 450_000, 460_000]);
    expect(ticksOf(whole(0), whole(0), 5)).toEqual([0]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 12 }), (duration, most) => {
      const ticks = ticksOf(whole(duration), whole(duration), most);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeLessThanOrEqual(most + 2);
      expect(ticks.at(-1)).toBeLessThanOrEqual(duration * 1.001);
    }));
  });
});

describe('the part that is looked at', () => {
  it('stays in the trace, keeps its moment, and ends with the whole trace', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.5, 2), (length, at, factor) => {
      const all = { start: 1000, end: 1000 + length };
      const part = zoomed(all, all, all.start + at * length, factor);
      expect(part === null).toBe(factor > 1);
      if (!part) return;
      expect(part.start).toBeGreaterThanOrEqual(all.start);
      expect(part.end).toBeLessThanOrEqual(all.end + 1e-6);
      // The moment stands at the same share of what is seen.
      if (length > 2) expect((all.start + at * length - part.start) / (part.end - part.start)).toBeCloseTo(at, 5);
      expect(zoomed(all, part, part.start, 4)).toBeNull();
    }));
  });
  it('is what was drawn, in either direction, but not nothing', () => {
    expect(drawnPart({ start: 0, end: 100 }, 70, -20)).toEqual({ start: 0, end: 70 });
    expect(drawnPart({ start: 0, end: 100 }, 20, 20)).toBeNull();
  });
});

describe('spans that are looked for', () => {
  it('hold the text somewhere, and are gone through in a circle', () => {
    expect(findSpans(spans, ' ORDER ')).toEqual([1, 2]);
    expect(findSpans(spans, 'circuit')).toEqual([5]);
    expect(findSpans(spans, 'consumer')).toEqual([6]);
    expect(findSpans(spans, '  ')).toEqual([]);
    expect([nextOf([1, 4], 1, 1), nextOf([1, 4], 4, 1), nextOf([1, 4], 1, -1), nextOf([], 1, 1)]).toEqual([4, 1, 4, undefined]);
  });
});

describe('the picture of a call graph', () => {
  const graph = (calls: readonly (readonly [string, string])[], names = [...new Set(calls.flat())]): Parameters<typeof drawnGraph>[0] => pictured({
    nodes: names.map((service) => ({ service, spans: 1, errors: 0 })), edges: calls.map(([caller, callee]) => ({ caller, callee, calls: 1200, errors: 3, p50: 1, p95: Number.NaN })),
  });
  it('has callers left of what they call, and says how often', () => {
    const { services, calls } = drawnGraph(graph([['web', 'api'], ['api', 'db'], ['web', 'db']]));
    const x = new Map(services.map((one) => [one.service, one.x]));
    for (const { caller, callee } of calls) expect(x.get(caller)).toBeLessThan(x.get(callee) ?? 0);
    expect(calls[0].label).toEqual(['1,200, 3 failed']);
  });
  it('holds every service once and lays no box on another, circles and hostile names too', () => {
    const name = fc.constantFrom('a', 'b', '__proto__', '', 'constructor', 'f');
    fc.assert(fc.property(fc.array(fc.tuple(name, name), { maxLength: 14 }), (calls) => {
      const different = [...new Map(calls.filter(([a, b]) => a !== b).map((call) => [JSON.stringify(call), call])).values()];
      const drawn = drawnGraph(graph(different, ['a', 'b', '__proto__', '', 'constructor', 'f']));
      expect(drawn.services.map(({ service }) => service)).toEqual(['a', 'b', '__proto__', '', 'constructor', 'f']);
      expect(drawn.calls.length).toBe(different.length);
      for (const [i, one] of drawn.services.entries()) {
        expect(one.x >= 0 && one.y >= 0 && one.x + NODE.width <= drawn.width && one.y + NODE.height <= drawn.height).toBe(true);
        for (const other of drawn.services.slice(i + 1)) expect(Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height).toBe(true);
      }
      for (const { points } of drawn.calls) expect(pathOf(points)).toMatch(/^M[-\d.]+ [-\d.]+[QL]/);
    }), { numRuns: 60 });
  });
});
