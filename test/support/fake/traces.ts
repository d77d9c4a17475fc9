import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { Trace, TraceSpan } from '../../../src/shared/contract/traces.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';

const SPAN: TraceSpan = {
  event: 0, spanId: '', parentId: '', parent: -1, depth: 0, place: 'child', service: 'api', operation: '', kind: 'internal', start: 0, duration: 0, self: 0, critical: 0, early: 0, usual: null, failed: false, error: '',
};
type Given = Partial<TraceSpan> & { from: number; to: number };

/** One trace over the first events: a checkout that waits for payments, which fails. */
export function fakeTrace(state: FakeState): Trace {
  const start = state.events[0].time;
  const given: Given[] = [
    { service: 'nginx', operation: 'POST /checkout', kind: 'server', place: 'root', from: 0, to: 920, self: 20_000, critical: 20_000, failed: true, error: 'upstream answered 502' },
    { service: 'checkout', operation: 'place order', kind: 'server', parent: 0, depth: 1, from: 10, to: 910, self: 90_000, critical: 90_000, failed: true },
    { service: 'checkout', operation: 'SELECT orders', kind: 'client', parent: 1, depth: 2, from: 20, to: 60, self: 40_000, critical: 0, usual: { median: 38_000, n: 120, factor: 1.05, slow: false } },
    { service: 'api', operation: 'GET /prices', kind: 'server', parent: 1, depth: 2, from: 20, to: 110, self: 60_000, critical: 60_000 },
    { service: 'api', operation: 'cache get', parent: 3, depth: 3, from: 30, to: 60, self: 30_000, critical: 30_000 },
    { service: 'payments', operation: 'charge', kind: 'server', parent: 1, depth: 2, from: 190, to: 900, self: 710_000, critical: 710_000, failed: true, error: 'circuit breaker opened for bank-gateway', usual: { median: 160_000, n: 88, factor: 4.4, slow: true } },
    { service: 'scheduler', operation: 'audit <b>log</b>', kind: 'consumer', place: 'orphan', parentId: 'ffff', from: 400, to: 450, self: 50_000 },
  ];
  const spans = given.map(({ from, to, ...more }, i): TraceSpan => ({ ...SPAN, event: state.events[i].id, spanId: `00f067aa0ba902b${i}`, start: start + from * 1000, duration: (to - from) * 1000, ...more }));
  const at = (span: number, from: number, to: number): Trace['path'][number] => ({ span, from: start + from * 1000, to: start + to * 1000 });
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736', start, end: start + 920_000, spans, total: spans.length, earlier: 208, unreadable: 0,
    path: [at(0, 0, 10), at(1, 10, 20), at(3, 20, 30), at(4, 30, 60), at(3, 60, 110), at(1, 110, 190), at(5, 190, 900), at(1, 900, 910), at(0, 910, 920)],
  };
}

export function traceRoom(state: FakeState): EngineHandlers['traces'] {
  const has = (): boolean => state.events.length > 0;
  return {
    list: ({ sort }) => {
      if (!has()) return { rows: [], total: 0, truncated: false, unreadable: 0 };
      const { traceId, start, end } = fakeTrace(state);
      const rows = Array.from({ length: 30 }, (_, i) => ({
        traceId: i === 0 ? traceId : `${i.toString(16).padStart(2, '0')}f92f3577b34da6a3ce929d0e0e4736`, start: start + i * 60e6, duration: i === 0 ? end - start : 90_000 + ((i * 7919) % 400) * 1000,
        service: 'nginx', operation: i % 3 === 0 ? 'POST /checkout' : 'GET /v1/orders', services: ['checkout', 'api', 'payments', 'nginx'].slice(i % 3), spans: i === 0 ? 7 : 4 + (i % 9), errors: i === 0 ? 3 : i % 5 === 0 ? 1 : 0,
      }));
      if (sort !== 'start') rows.sort((a, b) => (sort === 'duration' ? b.duration - a.duration : b.errors - a.errors));
      return { rows, total: 30, truncated: false, unreadable: 0 };
    },
    get: ({ traceId }) => {
      const trace = has() ? fakeTrace(state) : null;
      if (!trace || traceId.startsWith('none')) throw new TidemarkError('not_found', `There is no span of trace ${traceId} in this case.`);
      return { ...trace, traceId };
    },
    services: () => {
      if (!has()) return { nodes: [], edges: [], more: 0, looked: 0, total: 0 };
      return {
        nodes: [{ service: 'checkout', spans: 840, errors: 41 }, { service: 'api', spans: 612, errors: 0 }, { service: 'nginx', spans: 420, errors: 40 }, { service: 'payments', spans: 388, errors: 40 }, { service: 'scheduler', spans: 12, errors: 0 }],
        edges: [
          { caller: 'nginx', callee: 'checkout', calls: 420, errors: 41, p50: 180_000, p95: 912_000 }, { caller: 'checkout', callee: 'api', calls: 402, errors: 0, p50: 42_000, p95: 96_000 },
          { caller: 'checkout', callee: 'payments', calls: 388, errors: 40, p50: 160_000, p95: 702_000 }, { caller: 'payments', callee: 'api', calls: 210, errors: 0, p50: 12_000, p95: 31_000 },
        ],
        more: 0, looked: 2272, total: 2272,
      };
    },
  };
}
