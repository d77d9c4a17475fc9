import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function indicatorHandlers(state: EngineState): EngineHandlers['indicators'] {
  const writable = (): ReturnType<EngineState['current']>['indicators'] => {
    state.current().requireWritable();
    return state.current().indicators;
  };
  return {
    add: async ({ path, name }, { signal }) => await writable().add(path, name, signal),
    status: () => state.current().indicators.status(),
    enable: async ({ id, enabled }) => await writable().enable(id, enabled),
    remove: async ({ id }) => await writable().remove(id),
    hits: (input) => state.current().indicators.hits(input),
    settled: async (_input, { signal }) => await writable().settled(signal),
    stop: () => writable().stop(),
  };
}
