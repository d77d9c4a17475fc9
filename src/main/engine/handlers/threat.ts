import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function threatHandlers(state: EngineState): EngineHandlers['threat'] {
  return {
    overview: async (input, { signal }) => await state.current().analyse('threat.overview', input, signal),
    entity: async (input, { signal }) => await state.current().analyse('threat.entity', input, signal),
  };
}
