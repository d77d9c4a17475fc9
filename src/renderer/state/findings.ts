/** What people do with findings: say that one is wrong (or right), take it back, open its events. */
import type { Finding, FindingMark, Verdict } from '../../shared/finding.ts';
import { engine } from '../client/client.ts';
import { useAsk } from '../client/ask.ts';
import { reportError } from './notices.ts';
import { perform } from './undo.ts';
import { view } from './view.ts';
import type { ViewStore } from './view.ts';

const NONE: readonly FindingMark[] = [];

/** Marks that hold, by what they are about. */
export function useMarks(): ReadonlyMap<string, FindingMark> {
  const { data = NONE } = useAsk(['findings.marks'], (signal) => engine.findings.marks({}, { signal }), { on: ['findings'] });
  return new Map(data.map((mark) => [mark.like, mark]));
}

/** Says of a finding, and with it of all that are alike, that it is wrong or right. */
export async function markFinding({ like, key, title }: Pick<Finding, 'like' | 'key' | 'title'>, verdict: Verdict, note = ''): Promise<void> {
  let id = 0;
  try {
    await perform({
      title: verdict === 'wrong' ? 'Mark a finding wrong' : 'Mark a finding right',
      redo: async () => void ({ id } = await engine.findings.mark({ like, key, title, verdict, note })),
      undo: async () => await engine.findings.unmark({ id }),
    });
  } catch (error) {
    reportError(error, 'Marking the finding');
  }
}

/** Takes back what was said. */
export async function unmarkFinding(mark: FindingMark): Promise<void> {
  let { id } = mark;
  const { like, key, title, verdict, note } = mark;
  try {
    await perform({
      title: 'Take back what was said of a finding',
      redo: async () => await engine.findings.unmark({ id }),
      undo: async () => void ({ id } = await engine.findings.mark({ like, key, title, verdict, note })),
    });
  } catch (error) {
    reportError(error, 'Taking it back');
  }
}

/** Shows the events of a finding in timeline and list. */
export function openFinding({ scope, events }: Pick<Finding, 'scope' | 'events'>, store: ViewStore = view): void {
  const { setQuery, setRange, select } = store.getState();
  setQuery(scope.query);
  if (scope.from !== null && scope.to !== null) setRange(scope.from, scope.to);
  select(events[0] ?? null);
}
