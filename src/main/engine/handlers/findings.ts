import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { EngineHandlers } from '../../../shared/contract/index.ts';
import { nowMicros } from '../../../shared/time.ts';
import type { EngineState } from '../engine-state.ts';
import { findingMarks, markFinding, unmarkFinding } from '../store/finding-marks.ts';

export function findingHandlers(state: EngineState): EngineHandlers['findings'] {
  return {
    mark(input) {
      const open = state.current();
      open.requireWritable();
      const mark = markFinding(open.opened.db, input, state.options.user, nowMicros());
      open.changed(['findings']);
      return mark;
    },
    unmark({ id }) {
      const open = state.current();
      open.requireWritable();
      if (!unmarkFinding(open.opened.db, id, nowMicros())) throw new TidemarkError('not_found', 'This mark was taken back already.');
      open.changed(['findings']);
    },
    marks: () => findingMarks(state.current().opened.db),
  };
}
