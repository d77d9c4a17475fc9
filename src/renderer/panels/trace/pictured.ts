/** What stands in the picture of services: spans in the boxes, calls and their 95th percentile on the lines. */
import type { ServiceGraph } from '../../../shared/contract/traces.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import type { GraphCall, GraphService } from '../../ui/service-graph/layout.ts';

export function pictured({ nodes, edges }: Pick<ServiceGraph, 'nodes' | 'edges'>): { nodes: GraphService[]; edges: GraphCall[] } {
  return {
    nodes: nodes.map(({ service, spans, errors }) => ({ service, detail: `${formatCount(spans)} ${spans === 1 ? 'span' : 'spans'}`, bad: errors > 0 ? `, ${formatCount(errors)} failed` : '' })),
    edges: edges.map(({ caller, callee, calls, errors, p95 }) => ({ caller, callee, calls, bad: errors > 0, label: [`${formatCount(calls)}${errors > 0 ? `, ${formatCount(errors)} failed` : ''}`, ...(Number.isNaN(p95) ? [] : [`p95 ${formatDuration(p95)}`])] })),
  };
}
