import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function coverageHandlers(state: EngineState): EngineHandlers['coverage'] {
  return { get: async (input, { signal }) => await state.current().query.ask('coverage', input, signal) };
}
