import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';
import type { TypedEvents } from '../typed-events.ts';

export function typedHandlers(state: EngineState): EngineHandlers['typed'] {
  const writable = (): TypedEvents => {
    const open = state.current();
    open.requireWritable();
    return open.typed;
  };
  /** Pins and notes show what their event says. */
  const told = <R>(result: R): R => {
    state.current().changed(['pins', 'notes']);
    return result;
  };
  return {
    add: async (event) => await writable().add(event),
    get: ({ id }) => state.current().typed.get(id),
    update: async ({ id, event }) => told(await writable().update(id, event)),
    remove: async ({ id }) => told(await writable().remove(id)),
    restore: async ({ id }) => told(await writable().restore(id)),
    history: ({ id }) => state.current().typed.history(id),
  };
}
