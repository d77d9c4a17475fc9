import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JaegerSpan, JaegerTrace } from './api.ts';
import { documents, type Question } from './documents.ts';

const SERVICES = ['a', 'b', 'c', 'd'];
const trace = fc.array(fc.record({ startTime: fc.integer({ min: 1000, max: 1099 }), duration: fc.integer({ min: 0, max: 9 }), processID: fc.constantFrom(...SERVICES, 'gone') }), { minLength: 1, maxLength: 8 });
const traces = fc.array(trace, { maxLength: 6 }).map((all) => all.map((spans, t): JaegerTrace => ({
  traceID: `t${t}`, spans: spans.map((span, s) => ({ ...span, spanID: `${t}.${s}` })), processes: Object.fromEntries(SERVICES.map((serviceName) => [serviceName, { serviceName }])),
})));
const ranges = fc.uniqueArray(fc.integer({ min: 1001, max: 1099 }), { maxLength: 4 }).map((cuts) => [1000, ...cuts.toSorted((a, b) => a - b), 1100]);

/** As Jaeger answers. */
function found(all: readonly JaegerTrace[], { service, from, to, minimum }: Question): JaegerTrace[] {
  return all.filter(({ spans }) => spans.some((span) => span.processID === service && span.startTime >= from && span.startTime < to && (span.duration ?? 0) >= minimum));
}
function idsOf(document: Uint8Array): string[] {
  const { data } = JSON.parse(Buffer.from(document).toString()) as { data: { traceID: string; spans: (JaegerSpan & { spanID: string })[] }[] };
  return data.flatMap(({ spans }) => spans.map(({ spanID }) => spanID));
}
/** Everything from 1000 to 1100 in stretches, leaving off behind `most` documents and asking again, as after a failure. */
function readAll(most: number, all: readonly JaegerTrace[], cuts: readonly number[], minimum: number, chosen: ReadonlySet<string>, grow: (at: number) => readonly JaegerTrace[] = () => all): string[] {
  const ids: string[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    for (const service of SERVICES.filter((name) => chosen.has(name))) {
      for (let from = cuts[i]; from < cuts[i + 1]; ) {
        const question = { service, from, to: cuts[i + 1], minimum, chosen };
        const parts = [...documents(found(grow(cuts[i + 1]), question), question, 60)].slice(0, most);
        if (parts.length === 0) break;
        for (const { document, until } of parts) {
          expect(until).toBeGreaterThan(from);
          expect(until).toBeLessThanOrEqual(question.to);
          ids.push(...idsOf(document));
          from = until;
        }
      }
    }
  }
  return ids.toSorted();
}

describe('what is taken of answers', () => {
  it('is every span of a trace that has a chosen one, once, however time is cut and wherever it is left off', () => {
    fc.assert(fc.property(fc.constantFrom(1, 2, 100), traces, ranges, fc.integer({ min: 0, max: 6 }), fc.subarray(SERVICES, { minLength: 1 }), (most, all, cuts, minimum, services) => {
      const chosen = new Set(services);
      const expected = all.filter(({ spans }) => spans.some((span) => chosen.has(span.processID ?? '') && (span.duration ?? 0) >= minimum)).flatMap(({ spans }) => spans.map((span) => String(span.spanID)));
      expect(readAll(most, all, cuts, minimum, chosen)).toEqual(expected.toSorted());
    }));
  });

  it('is never the same span twice while traces grow', () => {
    fc.assert(fc.property(fc.constantFrom(1, 2, 100), traces, ranges, fc.integer({ min: 0, max: 6 }), fc.subarray(SERVICES, { minLength: 1 }), fc.infiniteStream(fc.integer({ min: 0, max: 60 })), (most, all, cuts, minimum, services, delays) => {
      // A span is there so long after its start, but not later than when it is asked for the stretch behind.
      const late = new Map(all.flatMap(({ spans }) => spans.map((span) => [span, span.startTime + Number(delays.next().value)] as const)));
      const grown = (at: number): JaegerTrace[] => all.map((one) => ({ ...one, spans: one.spans.filter((span) => (late.get(span) ?? 0) <= at) }));
      const ids = readAll(most, all, cuts, minimum, new Set(services), grown);
      expect(new Set(ids).size).toBe(ids.length);
    }));
  });

  it('keeps what starts together together, and cuts by size', () => {
    const spans = [5, 1, 3, 3, 1].map((startTime, i) => ({ startTime, spanID: String(i), processID: 'a' }));
    const one: JaegerTrace = { traceID: 't', spans, processes: { a: { serviceName: 'a' } } };
    const parts = [...documents([one], { service: 'a', from: 0, to: 9, minimum: 0, chosen: new Set(['a']) }, 1)];
    expect(parts.map(({ document, until }) => [idsOf(document), until])).toEqual([[['1', '4'], 3], [['2', '3'], 5], [['0'], 9]]);
  });
});
