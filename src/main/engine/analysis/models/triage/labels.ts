/** What people said of events, as a model can learn it: marks first, else pins and notes, which nobody makes of what does not matter. */
import type { Database } from '../../../store/database.ts';
import { eventMarks } from '../../../store/event-marks.ts';

export interface Labels {
  /** true = relevant */
  byEvent: Map<number, boolean>;
  relevant: number;
  notRelevant: number;
  byPinOrNote: number;
}

export function labelsOf(db: Database): Labels {
  const byEvent = new Map<number, boolean>();
  const touched = db.prepare<[], number>('SELECT event_id FROM pin WHERE removed_at IS NULL UNION SELECT event_id FROM note WHERE removed_at IS NULL AND event_id IS NOT NULL').pluck().all();
  for (const id of touched) byEvent.set(id, true);
  const marks = eventMarks(db);
  for (const { eventId, relevant } of marks) byEvent.set(eventId, relevant);
  const marked = new Set(marks.map(({ eventId }) => eventId));
  let relevant = 0;
  for (const yes of byEvent.values()) if (yes) relevant++;
  return { byEvent, relevant, notRelevant: byEvent.size - relevant, byPinOrNote: touched.filter((id) => !marked.has(id)).length };
}

/** Fewer relevant events than this teach nothing. */
export const LEAST_MARKS = 5;

/** What is missing before a model can learn; '' = nothing. */
export function tooFew({ relevant, notRelevant }: Pick<Labels, 'relevant' | 'notRelevant'>): string {
  if (relevant >= LEAST_MARKS) return '';
  const have = `${relevant} relevant and ${notRelevant} not relevant`;
  return `A model needs at least ${LEAST_MARKS} events marked relevant (pins and notes count); there are ${have}. Mark ${LEAST_MARKS - relevant} more.`;
}
