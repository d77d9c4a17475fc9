/** Where the services of a call graph are drawn: callers left of what they call. */
import type { ServiceGraph } from '../../../shared/contract/traces.ts';

export interface PlacedService {
  service: string;
  layer: number;
  /** place in its layer, from 0 */
  row: number;
}

/** Layers by the longest way from a service that nobody calls; calls that lead back (two services that call each other) do not count. */
export function layersOf({ nodes, edges }: Pick<ServiceGraph, 'nodes' | 'edges'>): PlacedService[] {
  const callees = new Map<string, string[]>(nodes.map(({ service }) => [service, []]));
  const called = new Set<string>();
  for (const { caller, callee } of edges) {
    callees.get(caller)?.push(callee);
    called.add(callee);
  }
  // Depth first, by hand: what is on the way closes a circle, what is done is in order.
  const state = new Map<string, 'on the way' | 'done'>();
  const sorted: string[] = [];
  const forward = new Map<string, string[]>();
  for (const { service: first } of [...nodes.filter(({ service }) => !called.has(service)), ...nodes]) {
    if (state.has(first)) continue;
    const way: { service: string; next: number }[] = [{ service: first, next: 0 }];
    state.set(first, 'on the way');
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const callee = callees.get(top.service)?.[top.next++];
      if (callee === undefined) {
        state.set(top.service, 'done');
        sorted.unshift(top.service);
        way.pop();
        continue;
      }
      if (state.get(callee) === 'on the way' || !callees.has(callee)) continue;
      forward.set(top.service, [...(forward.get(top.service) ?? []), callee]);
      if (state.has(callee)) continue;
      state.set(callee, 'on the way');
      way.push({ service: callee, next: 0 });
    }
  }
  const layer = new Map<string, number>(sorted.map((service) => [service, 0]));
  for (const service of sorted) for (const callee of forward.get(service) ?? []) layer.set(callee, Math.max(layer.get(callee) ?? 0, (layer.get(service) ?? 0) + 1));

  const rows = new Map<number, string[]>();
  for (const service of sorted) rows.set(layer.get(service) ?? 0, [...(rows.get(layer.get(service) ?? 0) ?? []), service]);
  // Each beside the middle of its callers, so that few lines cross.
  const row = new Map<string, number>();
  for (const [, services] of [...rows].sort((a, b) => a[0] - b[0])) {
    const middle = (service: string): number => {
      const callers = edges.filter(({ caller, callee }) => callee === service && row.has(caller)).map(({ caller }) => row.get(caller) ?? 0);
      return callers.length === 0 ? services.length : callers.reduce((sum, each) => sum + each, 0) / callers.length;
    };
    const wanted = new Map(services.map((service) => [service, middle(service)]));
    services.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0)).forEach((service, i) => row.set(service, i));
  }
  return sorted.map((service) => ({ service, layer: layer.get(service) ?? 0, row: row.get(service) ?? 0 }));
}
