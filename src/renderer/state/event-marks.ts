/** What people say of events: that they matter, or that they do not. Triage learns from it. */
import { engine } from '../client/client.ts';
import { useAsk } from '../client/ask.ts';
import { formatCount } from '../ui/numbers.ts';
import { reportError } from './notices.ts';
import { perform } from './undo.ts';
import type { EventMark } from '../../shared/contract/models.ts';

const NONE: readonly EventMark[] = [];

/** Whether somebody called an event relevant (true) or not (false), by its id. */
export function useEventMarks(): ReadonlyMap<number, boolean> {
  const { data = NONE } = useAsk(['models.marks'], (signal) => engine.models.marks({}, { signal }), { on: ['models'] });
  return new Map(data.map(({ eventId, relevant }) => [eventId, relevant]));
}

/** Says it of events; null takes back what was said. Undoing brings back what was said before of each. */
export async function markEvents(eventIds: number[], relevant: boolean | null): Promise<void> {
  const many = eventIds.length === 1 ? 'an event' : `${formatCount(eventIds.length)} events`;
  const say = async (ids: number[], what: boolean | null): Promise<{ eventId: number; relevant: boolean | null }[]> =>
    what === null ? await engine.models.unmark({ eventIds: ids }) : await engine.models.mark({ eventIds: ids, relevant: what });
  let before: { eventId: number; relevant: boolean | null }[] = [];
  try {
    await perform({
      title: relevant === null ? `Take back the mark of ${many}` : `Mark ${many} ${relevant ? 'relevant' : 'not relevant'}`,
      redo: async () => void (before = await say(eventIds, relevant)),
      undo: async () => {
        for (const what of [true, false, null]) {
          const ids = before.filter((one) => one.relevant === what).map(({ eventId }) => eventId);
          if (ids.length > 0) await say(ids, what);
        }
      },
    });
  } catch (error) {
    reportError(error, 'Marking');
  }
}
