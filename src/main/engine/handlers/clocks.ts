import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { ClockSuggestions } from '../../../shared/contract/clocks.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { isZone } from '../../../shared/time.ts';
import type { EngineState } from '../engine-state.ts';
import { clockHistory, namesNoZone } from '../store/clocks.ts';

export function clockHandlers(state: EngineState): EngineHandlers['clocks'] {
  const known = (source: number): void => {
    if (!state.current().store.source(source)) throw new TidemarkError('not_found', `There is no source ${source} in this case.`);
  };
  return {
    set({ source, setting }) {
      const open = state.current();
      open.requireWritable();
      if (setting && setting.zone !== '' && !isZone(setting.zone)) throw new TidemarkError('invalid_input', `'${setting.zone}' is not a time zone. Write UTC or a name such as Europe/Berlin.`);
      return open.clocks.set(source, setting);
    },
    history({ source }) {
      known(source);
      return clockHistory(state.current().opened.db, source);
    },
    async suggest({ source }, { signal }) {
      known(source);
      return await state.current().query.ask<ClockSuggestions>('clockSuggestions', { source }, signal);
    },
    zoneless({ source }) {
      known(source);
      return namesNoZone(state.current().opened.db, source);
    },
    async counted() {
      const open = state.current();
      if (!open.readOnly) await open.clocks.counted();
    },
  };
}
