import { describe, expect, it } from 'vitest';
import type { Span } from '../traces/span.ts';
import { callDelays } from './call-delays.ts';
import { latencyShifts } from './latency-shifts.ts';
import { lineChanges } from './line-changes.ts';
import { isResource, metricShifts } from './metric-shifts.ts';
import type { LogLine, ServiceSeries } from './observations.ts';
import { standingFailures } from './standing-failures.ts';
import { stepChanges } from './step-changes.ts';
import { visitsOf } from './visits.ts';

const S = 1e6;
const ONSET = 1000 * S;
const PERIODS = { normal: { from: ONSET - 600 * S, to: ONSET }, incident: { from: ONSET, to: ONSET + 600 * S } };

interface Shape {
  /** microseconds the cart takes, and what is lost on the way to it */
  cart?: number;
  lost?: number;
  lines?: { statement: string; severity?: number; names?: string }[];
}
let ids = 0;
/** A request: the gateway calls the cart, which writes lines. */
function request(at: number, { cart = 10_000, lost = 1000, lines = [] }: Shape): { spans: Span[]; logs: LogLine[] } {
  const traceId = `t${ids}`;
  const span = (spanId: string, parentId: string, service: string, name: string, start: number, duration: number): Span => ({ event: ids++, traceId, spanId, parentId, service, name, kind: '', start, duration, failed: false });
  const spans = [
    span('g', '', 'gateway', 'GET /cart', at, cart + lost + 3000),
    span('c', 'g', 'gateway', 'HTTP GET', at + 1000, cart + lost),
    span('s', 'c', 'cart', '/api/cart', at + 1500, cart),
  ];
  const logs = lines.map(({ statement, severity = 0, names = '' }, i): LogLine => ({ event: ids++, time: at + 2000 + i, service: 'cart', severity, statement, traceId, spanId: 's', names }));
  return { spans, logs };
}
function traffic(before: Shape, after: Shape, n = 20): ReturnType<typeof visitsOf> {
  const requests = Array.from({ length: 2 * n }, (_, i) => request(ONSET + (i - n) * 10 * S + S, i < n ? before : after));
  return visitsOf(requests.flatMap(({ spans }) => spans), requests.flatMap(({ logs }) => logs));
}
const FINE = { lines: [{ statement: 'Cart#31' }, { statement: 'Cart#34' }] };

describe('visits', () => {
  it('cuts a trace where it enters another service, and counts what was waited for', () => {
    const { visits, calls } = traffic(FINE, FINE, 1);
    expect(visits.map(({ service }) => service)).toEqual(['gateway', 'cart', 'gateway', 'cart']);
    expect(visits[1].steps.map(({ what }) => what)).toEqual(['/api/cart', 'Cart#31', 'Cart#34', 'end']);
    expect(visits[0].steps.map(({ what }) => what)).toEqual(['GET /cart', 'HTTP GET → cart', 'end']);
    expect(visits[0].own).toBe(3000);
    expect(visits[1]).toMatchObject({ own: 10_000, caller: 0 });
    expect(calls[0]).toMatchObject({ caller: 'gateway', callee: 'cart', waited: 11_000, took: 10_000 });
  });

  it('takes a span that was written twice once, and a log without spans as a visit of its own', () => {
    const { spans, logs } = request(0, FINE);
    expect(visitsOf([...spans, ...spans], logs).visits).toHaveLength(2);
    expect(visitsOf([], logs).visits[0].steps.map(({ what }) => what)).toEqual(['', 'Cart#31', 'Cart#34', 'end']);
  });
});

describe('step changes', () => {
  it('finds the step that is missing from then on, and when', () => {
    const { visits } = traffic(FINE, { lines: [{ statement: 'Cart#31' }, { statement: 'Cart#37' }] });
    const [first] = stepChanges(visits, PERIODS);
    expect(first).toMatchObject({ service: 'cart', before: { of: 20 }, after: { of: 20 } });
    expect(['Cart#34', 'Cart#37']).toContain(first.step);
    expect(first.score).toBeGreaterThan(0.7);
    expect(Math.abs(first.at - ONSET)).toBeLessThan(10 * S);
  });

  it('finds the time around the one that was named', () => {
    const requests = Array.from({ length: 60 }, (_, i) => request(ONSET + (i - 30) * 5 * S, i < 20 ? FINE : { lines: [{ statement: 'Cart#31' }] }));
    const [first] = stepChanges(visitsOf(requests.flatMap(({ spans }) => spans), requests.flatMap(({ logs }) => logs)).visits, PERIODS);
    expect(first).toMatchObject({ step: 'Cart#34', before: { with: 20, of: 20 }, after: { with: 0, of: 40 } });
    expect(first.at - ONSET).toBeCloseTo(-50 * S, -4);
  });

  it('does not take a recovery, a quiet case or a handful of requests for a change', () => {
    expect(stepChanges(traffic({ lines: [{ statement: 'Cart#99', severity: 3 }] }, FINE).visits, PERIODS)).toEqual([]);
    expect(stepChanges(traffic(FINE, FINE).visits, PERIODS)).toEqual([]);
    expect(stepChanges(traffic(FINE, {}, 2).visits, PERIODS)).toEqual([]);
  });

  it('counts a branch that data decide for little', () => {
    const mixed = Array.from({ length: 80 }, (_, i) => request(ONSET + (i - 40) * 5 * S, { lines: [{ statement: i % 10 < (i < 40 ? 4 : 6) ? 'A' : 'B' }] }));
    expect(stepChanges(visitsOf(mixed.flatMap(({ spans }) => spans), mixed.flatMap(({ logs }) => logs)).visits, PERIODS)[0]?.score ?? 0).toBeLessThan(0.1);
  });
});

describe('failures', () => {
  it('are those of the service that fails itself, not of who calls it, nor when they name another', () => {
    const { visits } = traffic(FINE, { lines: [{ statement: 'Cart#99', severity: 3 }] });
    expect(standingFailures(visits, PERIODS)).toMatchObject([{ service: 'cart', step: 'Cart#99', failed: 20, of: 20, failedBefore: 0, usually: 0 }]);
    expect(standingFailures(traffic(FINE, { lines: [{ statement: 'Cart#99', severity: 3, names: 'stock' }] }).visits, PERIODS)).toEqual([]);
  });

  it('count less where they are usual', () => {
    const failing = { lines: [{ statement: 'Cart#99', severity: 3 }] };
    const [usual] = standingFailures(traffic(failing, failing).visits, PERIODS);
    const [fresh] = standingFailures(traffic(FINE, failing).visits, PERIODS);
    expect(usual.score).toBeLessThan(fresh.score / 2);
  });
});

describe('times', () => {
  it('tells a service that is slow itself from a way that is', () => {
    const slow = traffic(FINE, { ...FINE, cart: 80_000 });
    expect(latencyShifts(slow.visits, PERIODS)).toMatchObject([{ service: 'cart', before: 10_000, after: 80_000 }]);
    expect(callDelays(slow.calls, PERIODS)).toEqual([]);
    const away = traffic(FINE, { ...FINE, lost: 900_000 });
    expect(latencyShifts(away.visits, PERIODS)).toEqual([]);
  });

  it('sees a delay beside other calls, also one that was there before', () => {
    const { calls } = traffic({ ...FINE, lost: 900_000 }, { ...FINE, lost: 900_000 });
    const others = Array.from({ length: 40 }, (_, i) => ['stock', 'user', 'order'].map((callee) => ({ caller: 'gateway', callee, start: ONSET + (i - 20) * S, waited: 12_000, took: 10_000, event: 0 }))).flat();
    expect(callDelays([...calls, ...others], PERIODS)[0]).toMatchObject({ service: 'cart', direction: 'in', delay: 900_000, standing: true, peers: ['gateway'] });
  });

  it('blames the caller whose calls are all delayed', () => {
    const calls = ['a', 'b', 'c'].flatMap((callee) => Array.from({ length: 10 }, (_, i) => ({ caller: 'busy', callee, start: ONSET + i * S, waited: 200_000, took: 10_000, event: 0 })));
    const calm = Array.from({ length: 40 }, (_, i) => ({ caller: `x${i % 4}`, callee: `y${i % 4}`, start: ONSET + i * S, waited: 11_000, took: 10_000, event: 0 }));
    expect(callDelays([...calls, ...calm], PERIODS)[0]).toMatchObject({ service: 'busy', direction: 'out' });
  });
});

describe('metrics', () => {
  const series = (service: string, metric: string, value: (i: number) => number): ServiceSeries => ({ ids: [1], service, metric, unit: '', times: Float64Array.from({ length: 60 }, (_, i) => ONSET + (i - 30) * 10 * S), values: Float64Array.from({ length: 60 }, (_, i) => value(i)) });
  const noise = (i: number): number => ((i * 7919) % 13) / 13;

  it('puts the resource that rose most first, and nothing that only has a peak', () => {
    const found = metricShifts([series('a', 'cpu', (i) => noise(i) + (i >= 30 ? 90 : 1)), series('b', 'cpu', (i) => noise(i) + (i >= 30 ? 4 : 1)), series('c', 'cpu', (i) => noise(i) + (i === 40 ? 900 : 1)), series('d', 'mem', () => 7)], PERIODS, false);
    expect(found[0]).toMatchObject({ service: 'a', kind: 'resource' });
    expect(found[0].score).toBeGreaterThan(0.8);
    expect(found.find(({ service }) => service === 'c')?.score ?? 0).toBeLessThan(0.1);
    expect(found.some(({ service }) => service === 'd')).toBe(false);
  });

  it.each(['cpu', 'CpuUsageRate', 'container-memory-working-set', 'container-fs-writes-bytes-total', 'disk_io', 'container.io', 'tcp_connections', 'open_files', 'file-descriptors', 'jvm_gc', 'threads'])('knows %s as something that is used up', (name) => expect(isResource(name)).toBe(true));
  it.each(['latency-90', 'requests_total', 'network_receive_bytes', 'workload', 'errors', 'node_cpu', 'ratio', 'offset'])('and not %s of a service', (name) => expect(isResource(name)).toBe(false));

  it('counts what requests feel for less than what is used up', () => {
    const rise = (i: number): number => noise(i) + (i >= 30 ? 90 : 1);
    const [cpu, latency] = metricShifts([series('a', 'latency_p99', rise), series('b', 'cpu', rise)], PERIODS, false);
    expect([cpu.service, latency.kind]).toEqual(['b', 'symptom']);
  });
});

describe('lines without traces', () => {
  it('finds a new failure; more of an ordinary line is little', () => {
    const line = (time: number, statement: string, severity: number): LogLine => ({ event: 0, time, service: 'db', severity, statement, traceId: '', spanId: '', names: '' });
    const logs = Array.from({ length: 60 }, (_, i) => [line(ONSET + (i - 30) * 10 * S, 'ok', 0), ...(i >= 30 ? [line(ONSET + (i - 30) * 10 * S, 'disk full', 4), line(ONSET + (i - 30) * 10 * S, 'ok', 0)] : [])]).flat();
    const found = lineChanges(logs, PERIODS);
    expect(found[0]).toMatchObject({ statement: 'disk full', before: 0, after: 30, at: ONSET });
    expect(found[0].score).toBeGreaterThan(0.9);
    expect(found.find(({ statement }) => statement === 'ok')?.score ?? 0).toBeLessThan(0.2);
  });
});
