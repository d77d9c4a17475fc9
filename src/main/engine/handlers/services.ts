import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';
import { readServiceSettings, writeServiceSettings } from '../store/service-settings.ts';

export function serviceHandlers(state: EngineState): EngineHandlers['services'] {
  return {
    get: async (input, { signal }) => await state.current().analyse('services.get', input, signal),
    settings: () => readServiceSettings(state.current().opened.db),
    setSettings({ settings }) {
      const open = state.current();
      open.requireWritable();
      writeServiceSettings(open.opened.db, settings);
      open.changed(['services']);
      return settings;
    },
  };
}
