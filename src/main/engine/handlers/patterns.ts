import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function patternHandlers(state: EngineState): EngineHandlers['patterns'] {
  return {
    list: async (input, { signal }) => await state.current().analyse('patterns.list', input, signal),
    detail: async (input, { signal }) => await state.current().analyse('patterns.detail', input, signal),
    async merge({ patterns, text }) {
      const open = state.current();
      open.requireWritable();
      return await open.patterns.merge(patterns, text);
    },
    async split({ pattern, templates, text }) {
      const open = state.current();
      open.requireWritable();
      return await open.patterns.split(pattern, templates, text);
    },
    changes: () => state.current().patterns.changes(),
    async undo({ id }) {
      const open = state.current();
      open.requireWritable();
      await open.patterns.undo(id);
    },
    async group() {
      const open = state.current();
      open.requireWritable();
      await open.patterns.group();
    },
  };
}
