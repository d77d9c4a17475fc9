import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function statisticsHandlers(state: EngineState): EngineHandlers['statistics'] {
  return {
    fields: async (input, { signal }) => await state.current().query.analyse('statistics.fields', input, signal),
    compare: async (input, { signal }) => await state.current().analyse('statistics.compare', input, signal),
    relate: async (input, { signal }) => await state.current().analyse('statistics.relate', input, signal),
  };
}
