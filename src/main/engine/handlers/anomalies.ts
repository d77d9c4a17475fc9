import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function anomaliesHandlers(state: EngineState): EngineHandlers['anomalies'] {
  return { find: async (input, { signal }) => await state.current().analyse('anomalies.find', input, signal) };
}
