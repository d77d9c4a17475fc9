import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { SourceCoverage } from '../../../src/shared/contract/coverage.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

const HOUR = 3600e6;
/** So many sources, all alike but for the second, which has a gap, and the third, which stopped early. */
const SOURCES = 500;

export function coverageRoom(state: FakeState): EngineHandlers['coverage'] {
  return {
    get: ({ from, to, buckets }) => {
      const first = from ?? state.events[0]?.time ?? START;
      const last = to ?? (state.events.at(-1)?.time ?? START) + 1;
      const source = (i: number): SourceCoverage => ({
        id: i + 1, path: i === 1 ? '/var/log/db.log' : i === 2 ? '/var/log/web.log' : `/var/log/host-${i}.log`, signal: 'logs', format: 'jsonl', events: 1000 + i, first: START, last: START + 30 * HOUR,
        counts: Uint32Array.from({ length: buckets }, (_, bucket) => (i === 1 && bucket > buckets / 2 ? 0 : bucket % 7)), usualPause: 1e6,
        gaps: i === 1 ? [{ from: START + 4 * HOUR, to: START + 6 * HOUR }, { from: START + 20 * HOUR, to: START + 21 * HOUR }] : [], gapCount: i === 1 ? 2 : 0, stoppedEarly: i === 2 ? 3 * HOUR : null,
      });
      const sources = state.events.length === 0 ? [] : Array.from({ length: SOURCES }, (_, i) => source(i));
      return { from: first, to: last, buckets, sources, more: 0, overlap: sources.length > 0 ? { from: START + HOUR, to: START + 2 * HOUR } : null, bounds: sources.length > 0 ? { beginsLast: 1, endsFirst: 3 } : null, complete: true };
    },
  };
}
