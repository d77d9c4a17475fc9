/** Clocks of the fake engine: what is set is told of the source, and one suggestion for every source but the first. */
import type { Clock } from '../../../src/shared/clock.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { FakeState } from '../fake-engine.ts';

export function clockRoom(state: FakeState): EngineHandlers['clocks'] {
  const history = new Map<number, Clock[]>();
  return {
    set({ source, setting }) {
      const made: Clock = { offset: 0, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '', ...setting, setAt: Date.UTC(2026, 10, 21) * 1000, setBy: 'ana' };
      history.set(source, [...(history.get(source) ?? []), made]);
      if (setting) state.clocks.set(source, made);
      else state.clocks.delete(source);
      state.emit('cases.changed', { tables: ['events', 'sources', 'series'], version: ++state.version, from: null, to: null });
      return setting && made;
    },
    history: ({ source }) => history.get(source) ?? [],
    suggest: ({ source }) => ({
      suggestions: source === 1 ? [] : [{
        against: 1, kind: 'trace_id', setting: { offset: 3_000_000, drift: 12.5, reference: Date.UTC(2026, 10, 20) * 1000, uncertainty: 1800 }, shared: 412, outliers: 3, from: Date.UTC(2026, 10, 20) * 1000, to: Date.UTC(2026, 10, 20, 5) * 1000,
        zone: null, assumes: 'The clock of the other source is right, and the first event of a trace in each is of the same moment.',
      }],
      looked: 24_000, truncated: false,
    }),
    zoneless: ({ source }) => source !== 1,
    counted: () => undefined,
  };
}
