import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

/** Traces are put together where the spans are read: in the query worker. */
export function traceHandlers(state: EngineState): EngineHandlers['traces'] {
  return {
    list: async (input, { signal }) => await state.current().query.ask('traceList', input, signal),
    get: async (input, { signal }) => await state.current().query.ask('trace', input, signal),
    services: async (input, { signal }) => await state.current().query.ask('traceServices', input, signal),
  };
}
