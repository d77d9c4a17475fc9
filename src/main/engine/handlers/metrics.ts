import type { EngineHandlers } from '../../../shared/contract/index.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { EngineState } from '../engine-state.ts';
import { lineOf } from '../metrics/lines.ts';

export function metricHandlers(state: EngineState): EngineHandlers['metrics'] {
  return {
    list: ({ text, limit }) => state.current().series.list(text, limit),
    async lines({ ids, from, to, buckets }, { signal }) {
      const { series } = state.current();
      const lines = [];
      for (const id of ids) {
        if (signal.aborted) throw new TidemarkError('cancelled', 'The question was cancelled.');
        const row = series.get(id);
        if (!row) throw new TidemarkError('not_found', `There is no series ${id}.`);
        lines.push(lineOf(row, series.samples(id, null, to), from ?? row.t0 ?? 0, to ?? (row.t1 ?? 0) + 1, buckets));
        // Each may hold millions of samples: others have their turn in between.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      return { lines };
    },
    samples({ id, from, to, limit }) {
      const { series } = state.current();
      if (!series.get(id)) throw new TidemarkError('not_found', `There is no series ${id}.`);
      const { times, values } = series.samples(id, from, to);
      return { time: times.slice(0, limit), value: values.slice(0, limit), truncated: times.length > limit };
    },
  };
}
