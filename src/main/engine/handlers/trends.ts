import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function trendHandlers(state: EngineState): EngineHandlers['trends'] {
  return { forecast: async (input, { signal }) => await state.current().analyse('trends.forecast', input, signal) };
}
