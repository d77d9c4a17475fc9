import { LISTED_MESSAGE } from '../../../shared/contract/events.ts';
import type { EngineHandlers } from '../../../shared/contract/index.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { SEVERITIES, type Pin } from '../../../shared/event.ts';
import type { InvestigationStore, StoredPin } from '../store/investigations.ts';

/** What a pin shows of its event. `severity` is the code, `source` the source's id. */
interface EventSummary {
  id: number;
  /** microseconds UTC */
  time: number;
  severity: number;
  service: string;
  host: string;
  message: string;
  source: number;
}
export interface InvestigationDependencies {
  /** the store of the open case; throws no_case */
  store(): InvestigationStore;
  /** leaves out ids that the case does not have */
  summaries(ids: number[]): Promise<EventSummary[]>;
  sourcePath(sourceId: number): string;
  changed(tables: ('investigations' | 'pins' | 'notes')[]): void;
}

const MISSING = { time: Number.NaN, severity: 'info', service: '', host: '', message: '', path: '' } as const;

/** Joins what people wrote with the events it is about. A pin whose event is not in the case any more keeps its place with time NaN. */
export function investigationHandlers({ store, summaries, sourcePath, changed }: InvestigationDependencies): EngineHandlers['investigations'] {
  async function joined(stored: StoredPin[]): Promise<Pin[]> {
    const known = new Map((await summaries(stored.map(({ eventId }) => eventId))).map((summary) => [summary.id, summary]));
    const pins = stored.map((pin): Pin => {
      const event = known.get(pin.eventId);
      if (!event) return { ...pin, ...MISSING };
      const { time, severity, service, host, message, source } = event;
      return { ...pin, time, severity: SEVERITIES[severity], service, host, message: message.slice(0, LISTED_MESSAGE), path: sourcePath(source) };
    });
    return pins.sort(byTime);
  }
  async function requireEvents(ids: number[]): Promise<void> {
    const known = new Set((await summaries(ids)).map(({ id }) => id));
    const missing = ids.find((id) => !known.has(id));
    if (missing !== undefined) throw new TidemarkError('not_found', `There is no event ${missing} in this case.`);
  }

  return {
    list: (input) => store().list(input),
    get: ({ id }) => store().get(id),
    create(edit) {
      const made = store().create(edit);
      changed(['investigations']);
      return made;
    },
    update({ id, edit }) {
      const now = store().update(id, edit);
      changed(['investigations']);
      return now;
    },
    remove({ id }) {
      store().remove(id);
      changed(['investigations', 'pins', 'notes']);
    },
    restore({ id }) {
      const back = store().restore(id);
      changed(['investigations', 'pins', 'notes']);
      return back;
    },
    pins: async ({ id }) => await joined(store().pins(id)),
    async pin({ id, eventIds, note }) {
      await requireEvents(eventIds);
      const pins = store().pin(id, eventIds, note);
      changed(['pins', 'investigations']);
      return await joined(pins);
    },
    unpin({ id, eventIds }) {
      store().unpin(id, eventIds);
      changed(['pins', 'investigations']);
    },
    async setPinNote({ id, eventId, note }) {
      const pin = store().setPinNote(id, eventId, note);
      changed(['pins', 'investigations']);
      return (await joined([pin]))[0];
    },
    async pinned() {
      const pinned = store().pinned();
      const times = new Map((await summaries([...new Set(pinned.map(({ eventId }) => eventId))])).map(({ id, time }) => [id, time]));
      return pinned.flatMap(({ eventId, investigationId }) => {
        const time = times.get(eventId);
        return time === undefined ? [] : [{ eventId, investigationId, time }];
      });
    },
    notes: ({ id }) => store().notes(id),
    async addNote({ id, body, eventId, time }) {
      if (eventId !== null) await requireEvents([eventId]);
      const note = store().addNote(id, body, eventId, time);
      changed(['notes', 'investigations']);
      return note;
    },
    updateNote({ noteId, body }) {
      const note = store().updateNote(noteId, body);
      changed(['notes', 'investigations']);
      return note;
    },
    removeNote({ noteId }) {
      store().removeNote(noteId);
      changed(['notes', 'investigations']);
    },
    restoreNote({ noteId }) {
      const note = store().restoreNote(noteId);
      changed(['notes', 'investigations']);
      return note;
    },
    history: ({ id, limit }) => store().history(id, limit),
  };
}

/** In the order in which things happened; events that are gone come last. */
function byTime(a: Pin, b: Pin): number {
  const gone = Number(Number.isNaN(a.time)) - Number(Number.isNaN(b.time));
  return gone !== 0 ? gone : a.time - b.time || a.eventId - b.eventId;
}
