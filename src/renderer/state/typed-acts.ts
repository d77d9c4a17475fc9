/** What people do with events that they type in, each undoable. Errors of the form are the dialog's to show; those of the others are shown here. */
import type { TypedEvent } from '../../shared/contract/typed.ts';
import { engine } from '../client/client.ts';
import { notify, reportError } from './notices.ts';
import { screenStore } from './screen.ts';
import { perform } from './undo.ts';
import { view } from './view.ts';

/** Stores a typed event and selects it. Undone, it is out of every answer; done again, it is back under the same id. Rejects with the engine's error. */
export async function addTypedEvent(event: TypedEvent): Promise<void> {
  let id = 0;
  await perform({
    title: 'Type an event in',
    redo: async () => {
      if (id) await engine.typed.restore({ id });
      else id = (await engine.typed.add(event)).id;
    },
    undo: () => removed(id),
  });
  view.getState().select(id);
}

/** Rejects with the engine's error. */
export async function updateTypedEvent(id: number, before: TypedEvent, event: TypedEvent): Promise<void> {
  await perform({
    title: 'Change a typed event',
    redo: async () => void (await engine.typed.update({ id, event })),
    undo: async () => void (await engine.typed.update({ id, event: before })),
  });
}

export async function removeTypedEvent(id: number): Promise<void> {
  try {
    await perform({ title: 'Delete a typed event', redo: () => removed(id), undo: async () => void (await engine.typed.restore({ id })) });
    notify({ title: 'Event deleted', message: 'Undo brings it back; the case keeps what it said.' });
  } catch (error) {
    reportError(error, 'Deleting the event');
  }
}

async function removed(id: number): Promise<void> {
  await engine.typed.remove({ id });
  if (view.getState().selectedId === id) view.getState().select(null);
}

/** Opens the dialog for a new event, at a time (microseconds UTC) where one is meant. */
export function typeEvent(time: number | null = null): void {
  screenStore.setState({ typing: { time } });
}

/** Opens the dialog for an event, if it was typed in. */
export async function editTypedEvent(id: number): Promise<void> {
  try {
    const typed = await engine.typed.get({ id });
    if (typed) screenStore.setState({ typing: { typed } });
    else notify({ title: 'This event was read, not typed in', message: 'What was read stays as it is. Write a note about it with n.' });
  } catch (error) {
    reportError(error, 'Opening the event');
  }
}
/** Deletes the event if it was typed in, else says why not. */
export async function removeIfTyped(id: number): Promise<void> {
  try {
    if (await engine.typed.get({ id })) await removeTypedEvent(id);
    else notify({ title: 'This event was read, not typed in', message: 'What was read stays as it is.' });
  } catch (error) {
    reportError(error, 'Deleting the event');
  }
}
