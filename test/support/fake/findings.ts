import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { FindingMark } from '../../../src/shared/finding.ts';
import type { FakeState } from '../fake-engine.ts';

const AT = Date.UTC(2026, 10, 21, 14) * 1000;

/** Keeps marks. */
export function findingRooms(state: FakeState): Pick<EngineHandlers, 'findings' | 'analysis'> {
  let marks: FindingMark[] = [];
  let next = 1;
  const changed = (): void => state.emit('cases.changed', { tables: ['findings'], version: ++state.version, from: null, to: null });
  return {
    analysis: {},
    findings: {
      mark: (input) => {
        const mark = { ...input, id: next++, markedAt: AT, markedBy: 'ana' };
        marks = [mark, ...marks.filter(({ like }) => like !== input.like)];
        changed();
        return mark;
      },
      unmark: ({ id }) => {
        marks = marks.filter((mark) => mark.id !== id);
        changed();
      },
      marks: () => marks,
    },
  };
}
