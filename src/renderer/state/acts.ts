/** What people do with events, each undoable: pin, unpin, note. Panels and keys call these; errors are shown, not thrown. */
import type { Investigation } from '../../shared/event.ts';
import { engine } from '../client/client.ts';
import { formatCount } from '../ui/numbers.ts';
import { caseStore } from './case.ts';
import { notify, reportError } from './notices.ts';
import { perform } from './undo.ts';
import { view } from './view.ts';

/** The investigation that pins and notes go to: the chosen one, else the newest, else a new one. */
async function currentInvestigation(): Promise<number> {
  const chosen = view.getState().investigationId;
  if (chosen !== null) return chosen;
  const all = await engine.investigations.list({});
  const open = all.filter((one) => one.status !== 'closed').sort((a, b) => b.updatedAt - a.updatedAt);
  let found: Investigation | undefined = open[0];
  if (!found) {
    found = await engine.investigations.create({ title: `Investigation of ${caseStore.getState().info?.name ?? 'this case'}` });
    notify({ title: 'Investigation created', message: `${found.title}. Pins and notes are gathered in it.` });
  }
  view.getState().setInvestigation(found.id);
  return found.id;
}

async function shown(doing: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    reportError(error, doing);
  }
}

/** Pins events to the current investigation. */
export function pinEvents(eventIds: number[], note = ''): Promise<void> {
  return shown('Pinning', async () => {
    const id = await currentInvestigation();
    const fresh = eventIds.filter((eventId) => !caseStore.getState().pins.some((pin) => pin.eventId === eventId && pin.investigationId === id));
    if (fresh.length === 0) return;
    await perform({
      title: fresh.length === 1 ? 'Pin event' : `Pin ${formatCount(fresh.length)} events`,
      redo: async () => void (await engine.investigations.pin({ id, eventIds: fresh, note })),
      undo: () => engine.investigations.unpin({ id, eventIds: fresh }),
    });
  });
}

/** Takes events off an investigation, the current one unless said; undo brings their notes back too. */
export function unpinEvents(eventIds: number[], investigationId?: number): Promise<void> {
  return shown('Unpinning', async () => {
    const id = investigationId ?? (await currentInvestigation());
    const before = (await engine.investigations.pins({ id })).filter((pin) => eventIds.includes(pin.eventId));
    if (before.length === 0) return;
    await perform({
      title: before.length === 1 ? 'Unpin event' : `Unpin ${formatCount(before.length)} events`,
      redo: () => engine.investigations.unpin({ id, eventIds: before.map((pin) => pin.eventId) }),
      undo: async () => {
        for (const pin of before) await engine.investigations.pin({ id, eventIds: [pin.eventId], note: pin.note });
      },
    });
  });
}

/** Pins what is not pinned; unpins it from where it is pinned otherwise (the `p` key). */
export function togglePin(eventId: number): Promise<void> {
  const pins = caseStore.getState().pins.filter((pin) => pin.eventId === eventId);
  const chosen = view.getState().investigationId;
  const here = pins.find((pin) => pin.investigationId === chosen) ?? (chosen === null ? pins[0] : undefined);
  return here ? unpinEvents([eventId], here.investigationId) : pinEvents([eventId]);
}

/** Adds a note (Markdown) to the current investigation, about an event or a moment where given. */
export function addNote(body: string, about: { eventId?: number; time?: number } = {}): Promise<void> {
  return shown('Adding the note', async () => {
    const id = await currentInvestigation();
    let noteId = 0;
    await perform({
      title: 'Add note',
      redo: async () => {
        if (noteId) await engine.investigations.restoreNote({ noteId });
        else noteId = (await engine.investigations.addNote({ id, body, eventId: about.eventId ?? null, time: about.time ?? null })).id;
      },
      undo: () => engine.investigations.removeNote({ noteId }),
    });
  });
}
export function removeNote(noteId: number): Promise<void> {
  return shown('Deleting the note', () =>
    perform({
      title: 'Delete note',
      redo: () => engine.investigations.removeNote({ noteId }),
      undo: async () => void (await engine.investigations.restoreNote({ noteId })),
    }),
  );
}
export function updateNote(noteId: number, before: string, body: string): Promise<void> {
  return shown('Changing the note', () =>
    perform({
      title: 'Change note',
      redo: async () => void (await engine.investigations.updateNote({ noteId, body })),
      undo: async () => void (await engine.investigations.updateNote({ noteId, body: before })),
    }),
  );
}
