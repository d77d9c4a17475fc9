import type { EngineHandlers } from '../../../shared/contract/index.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { connectors } from '../connectors/registry.ts';
import type { EngineState } from '../engine-state.ts';

/** A counterpart that does not answer must not keep a person waiting. */
const TEST_MS = 20_000;

export function connectorHandlers(state: EngineState): EngineHandlers['connectors'] {
  return {
    kinds: () => connectors.map(({ id, title, description, signal, signals, mode, schema }) => ({ id, title, description, signal, signals: [...signals], mode, schema })),
    async test({ connector: id, config }, { signal }) {
      const { connections } = state.current();
      const connector = connections.connector(id);
      try {
        const checked = connections.checked(connector, config);
        return { ok: true, message: await connector.test(checked, AbortSignal.any([signal, AbortSignal.timeout(TEST_MS)])) };
      } catch (error) {
        if (error instanceof TidemarkError && error.code !== 'invalid_input') throw error;
        const timeout = error instanceof Error && error.name === 'TimeoutError';
        return { ok: false, message: timeout ? `There was no answer within ${TEST_MS / 1000} s.` : error instanceof Error ? error.message : String(error) };
      }
    },
    add({ connector, name, config }) {
      const open = state.current();
      open.requireWritable();
      return open.connections.add(connector, name, config);
    },
    list() {
      const open = state.peek();
      // A case that is read-only may be from before there were connections.
      return open && !open.readOnly ? open.connections.list() : [];
    },
    start({ id, secrets }) {
      const open = state.current();
      open.requireWritable();
      open.connections.start(id, secrets);
    },
    stop: async ({ id }) => await state.current().connections.stop(id),
    settled: async ({ id }, { signal }) => await state.current().connections.settled(id, signal),
    async remove({ id }) {
      const open = state.current();
      open.requireWritable();
      await open.connections.remove(id);
      open.changed(['sources']);
    },
  };
}
