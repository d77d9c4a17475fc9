import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function rootCauseHandlers(state: EngineState): EngineHandlers['rootCause'] {
  return { rank: async (input, { signal }) => await state.current().analyse('root-cause.rank', input, signal) };
}
