/** Which service calls which, over many traces. */
import { percentile } from './baseline.ts';
import { endOf, type Span } from './span.ts';
import { buildTree } from './tree.ts';

export interface ServiceNode {
  service: string;
  spans: number;
  errors: number;
}
/** Calls of one service by another; durations are the callee's, in microseconds (NaN when none of them says how long it took). */
export interface ServiceEdge {
  caller: string;
  callee: string;
  calls: number;
  errors: number;
  p50: number;
  p95: number;
}

/** A call is a span whose parent belongs to another service. Nodes by spans, edges by calls, most first. */
export function callGraph(spans: readonly Span[]): { nodes: ServiceNode[]; edges: ServiceEdge[] } {
  const nodes = new Map<string, ServiceNode>();
  const edges = new Map<string, { edge: ServiceEdge; durations: number[] }>();
  const traces = new Map<string, Span[]>();
  for (const span of spans) {
    const node = nodes.get(span.service) ?? { service: span.service, spans: 0, errors: 0 };
    nodes.set(span.service, node);
    node.spans++;
    if (span.failed) node.errors++;
    const trace = traces.get(span.traceId);
    if (trace) trace.push(span);
    else traces.set(span.traceId, [span]);
  }
  for (const trace of traces.values()) {
    const { parent } = buildTree(trace);
    trace.forEach((span, i) => {
      const caller = trace[parent[i]]?.service;
      if (caller === undefined || caller === span.service) return;
      const key = JSON.stringify([caller, span.service]);
      const found = edges.get(key) ?? { edge: { caller, callee: span.service, calls: 0, errors: 0, p50: Number.NaN, p95: Number.NaN }, durations: [] };
      edges.set(key, found);
      found.edge.calls++;
      if (span.failed) found.edge.errors++;
      if (span.duration !== null) found.durations.push(endOf(span) - span.start);
    });
  }
  for (const { edge, durations } of edges.values()) {
    durations.sort((a, b) => a - b);
    edge.p50 = percentile(durations, 0.5);
    edge.p95 = percentile(durations, 0.95);
  }
  const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return {
    nodes: [...nodes.values()].sort((a, b) => b.spans - a.spans || byName(a.service, b.service)),
    edges: [...edges.values()].map(({ edge }) => edge).sort((a, b) => b.calls - a.calls || byName(a.caller, b.caller) || byName(a.callee, b.callee)),
  };
}
