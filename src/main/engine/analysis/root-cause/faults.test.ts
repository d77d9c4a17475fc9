/** Kinds of faults, put into requests of services that were made up: is the service that has it the first suspect? */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Span } from '../traces/span.ts';
import { blame, type Blame } from './blame.ts';
import type { LogLine, Observations, ServiceSeries } from './observations.ts';
import { visitsOf } from './visits.ts';
import { witnessesOf } from './witnesses.ts';

const S = 1e6;
const MS = 1000;
const ONSET = 10_000 * S;
const PERIODS = { normal: { from: ONSET - 600 * S, to: ONSET }, incident: { from: ONSET, to: ONSET + 600 * S } };
const around = (): Observations['periods']['traces'] => structuredClone(PERIODS);

type Fault = 'exception' | 'exception that is passed on' | 'missing step' | 'busy processor' | 'delay' | 'loss' | 'killed' | 'leak' | 'disk' | 'sockets' | 'none';

/** `callers[i]` calls service i + 1, which is deeper; 0 is the gateway. */
interface System {
  callers: number[];
  faulty: number;
  seed: number;
}
const systems = fc
  .integer({ min: 3, max: 8 })
  .chain((n) => fc.record({ callers: fc.tuple(...Array.from({ length: n - 1 }, (_, i) => fc.integer({ min: 0, max: i }))), faulty: fc.integer({ min: 1, max: n - 1 }), seed: fc.nat() }));

function random(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function play({ callers, faulty, seed }: System, fault: Fault, shared: readonly number[] = []): Observations {
  const next = random(seed);
  const services = Array.from({ length: callers.length + 1 }, (_, i) => `svc-${String.fromCharCode(97 + i)}`);
  const spans: Span[] = [];
  const logs: LogLine[] = [];
  let ids = 0;
  const line = (traceId: string, spanId: string, service: string, statement: string, time: number, severity = 0): void => void logs.push({ event: ids++, time, service, severity, statement, traceId, spanId, names: '' });
  const span = (traceId: string, spanId: string, parentId: string, service: string, name: string, start: number, duration: number, failed = false): void => void spans.push({ event: ids++, traceId, spanId, parentId, service, name, kind: '', start, duration, failed });

  for (let request = 0; request < 80; request++) {
    const at = ONSET + (request - 40) * 12 * S + next() * S;
    const traceId = `t${request}`;
    const wrong = at >= ONSET;
    /** what a visit takes, and whether it failed */
    const visit = (i: number, parent: string, start: number): { took: number; failed: boolean } => {
      const id = `${traceId}.${ids++}`;
      const here = wrong && i === faulty;
      let time = start + MS;
      let failed = false;
      line(traceId, id, services[i], `${services[i]}#1`, time);
      for (let callee = i + 1; callee < services.length && !failed; callee++) {
        if (callers[callee - 1] !== i) continue;
        const call = `${traceId}.${ids++}`;
        const begin = time;
        const dead = wrong && callee === faulty && (fault === 'killed' || (fault === 'loss' && next() < 0.2));
        const way = wrong && callee === faulty && (fault === 'delay' || (fault === 'loss' && next() < 0.4)) ? 400 * MS : MS + next() * MS;
        const answer = dead ? { took: 500 * MS, failed: true } : visit(callee, call, begin + way / 2);
        time = begin + way + answer.took;
        failed = answer.failed;
        span(traceId, call, id, services[i], 'HTTP POST', begin, time - begin, dead);
        time += MS;
        if (failed) line(traceId, id, services[i], `${services[i]}#9`, time, 3);
      }
      time += (here && fault === 'busy processor' ? 150 * MS : 3 * MS) * (1 + next() / 4);
      if (here && (fault === 'exception' || fault === 'exception that is passed on')) line(traceId, id, services[i], `${services[i]}#500`, time, 4);
      else if (!failed && !(here && fault === 'missing step')) line(traceId, id, services[i], `${services[i]}#2`, time);
      span(traceId, id, parent, services[i], `/${services[i]}`, start, time - start);
      return { took: time - start, failed: failed || (here && fault === 'exception that is passed on') };
    };
    visit(0, '', at);
  }

  const series: ServiceSeries[] = [];
  const measure = (i: number, metric: string, value: (wrong: boolean, k: number) => number): void => {
    const times: number[] = [];
    const values: number[] = [];
    for (let k = -40; k < 40; k++) {
      if (fault === 'killed' && i === faulty && k >= 0) break;
      times.push(ONSET + k * 15 * S);
      values.push(value(k >= 0 && i === faulty, k) * (1 + next() / 10));
    }
    series.push({ ids: [ids++], service: services[i], metric, unit: '', times: Float64Array.from(times), values: Float64Array.from(values) });
  };
  services.forEach((_, i) => {
    const level = 1 + next() * 20;
    measure(i, 'cpu', (wrong) => level * (wrong && fault === 'busy processor' ? 10 : 1));
    measure(i, 'memory_bytes', (wrong, k) => level * 1e7 * (wrong && fault === 'leak' ? 1 + k / 8 : 1));
    measure(i, 'disk_io', (wrong) => level * (wrong && fault === 'disk' ? 12 : 1));
    measure(i, 'sockets', (wrong) => Math.round(level) * (wrong && fault === 'sockets' ? 15 : 1));
    measure(i, 'node_cpu', (_, k) => level * (shared.includes(i) && k >= 0 ? 8 : 1));
  });
  return { spans, logs, series, changes: [], spansThere: spans.length, logsThere: logs.length, periods: { traces: around(), logs: around(), metrics: around() } };
}

function suspects(observed: Observations): Blame[] {
  const traces = visitsOf(observed.spans, observed.logs);
  const callees = new Map<string, Set<string>>();
  for (const { caller, callee } of traces.calls) callees.set(caller, (callees.get(caller) ?? new Set()).add(callee));
  return blame(witnessesOf(observed, traces, [], ONSET).witnesses, callees);
}
const faultyOf = ({ faulty }: System): string => `svc-${String.fromCharCode(97 + faulty)}`;

describe('a fault in one service is found in it, and not in who calls it', () => {
  const kinds: Fault[] = ['exception', 'exception that is passed on', 'missing step', 'busy processor', 'delay', 'loss', 'killed', 'leak', 'disk', 'sockets'];
  it.each(kinds)('%s', (fault) => {
    fc.assert(fc.property(systems, (system) => {
      const [first] = suspects(play(system, fault));
      expect(first?.service).toBe(faultyOf(system));
    }), { numRuns: 25 });
  });

  it('and in nothing where there is none', () => {
    fc.assert(fc.property(systems, (system) => {
      expect(suspects(play(system, 'none'))[0]?.score ?? 0).toBeLessThan(0.3);
    }), { numRuns: 25 });
  });

  it('also where the machine is shared, and all on it show the same', () => {
    fc.assert(fc.property(systems, (system) => {
      const all = Array.from({ length: system.callers.length + 1 }, (_, i) => i);
      expect(suspects(play(system, 'busy processor', all))[0].service).toBe(faultyOf(system));
    }), { numRuns: 25 });
  });
});

describe('by what there is', () => {
  const without = (observed: Observations, kind: 'traces' | 'logs' | 'metrics'): Observations => ({
    ...observed, periods: { ...observed.periods, [kind]: null }, ...(kind === 'traces' ? { spans: [] } : kind === 'logs' ? { logs: [] } : { series: [] }),
  });
  it.each([['killed', 'metrics'], ['killed', 'logs'], ['killed', 'traces'], ['exception', 'metrics'], ['loss', 'logs'], ['delay', 'metrics'], ['busy processor', 'metrics'], ['leak', 'traces'], ['disk', 'logs']] as const)('%s without %s', (fault, kind) => {
    fc.assert(fc.property(systems, (system) => {
      expect(suspects(without(play(system, fault), kind))[0]?.service).toBe(faultyOf(system));
    }), { numRuns: 15 });
  });
});
