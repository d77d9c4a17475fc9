import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function enrichmentHandlers(state: EngineState): EngineHandlers['enrichment'] {
  const writable = (): ReturnType<EngineState['current']>['enrichments'] => {
    state.current().requireWritable();
    return state.current().enrichments;
  };
  return {
    add: async ({ kind, path }) => await Promise.resolve(writable().add(kind, path)),
    list: () => state.current().enrichments.list(),
    enable: ({ id, enabled }) => writable().enable(id, enabled),
    remove: ({ id }) => writable().remove(id),
  };
}
