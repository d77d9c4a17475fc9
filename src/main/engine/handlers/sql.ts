import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function sqlHandlers(state: EngineState): EngineHandlers['sql'] {
  return {
    run: async ({ sql, limit, timeoutMs }, { signal }) => await state.current().query.sql('sql', { sql, limit }, signal, timeoutMs),
    tables: async (_input, { signal }) => await state.current().query.sql('tables', {}, signal, 10_000),
  };
}
