import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { AnomalyWatch } from '../anomaly-watch.ts';
import type { EngineState } from '../engine-state.ts';

export function anomaliesHandlers(state: EngineState): EngineHandlers['anomalies'] {
  const writable = (): AnomalyWatch => {
    state.current().requireWritable();
    return state.current().anomalies;
  };
  return {
    find: async (input, { signal }) => await state.current().analyse('anomalies.find', input, signal),
    live: ({ limit }) => state.current().anomalies.list(limit),
    settled: async (_input, { signal }) => await writable().settled(signal),
    anew: async (_input, { signal }) => await writable().anew(signal),
    setNotice: ({ notice }) => writable().setNotice(notice),
  };
}
