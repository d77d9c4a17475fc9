/** Making and changing investigations, each undoable; errors are shown, not thrown. */
import type { InvestigationEdit } from '../../shared/contract/investigations.ts';
import type { Investigation } from '../../shared/event.ts';
import { engine } from '../client/client.ts';
import { reportError } from './notices.ts';
import { perform } from './undo.ts';
import { view } from './view.ts';

export async function createInvestigation(title: string): Promise<void> {
  try {
    let id = 0;
    await perform({
      title: 'New investigation',
      redo: async () => {
        if (id) await engine.investigations.restore({ id });
        else id = (await engine.investigations.create({ title })).id;
        view.getState().setInvestigation(id);
      },
      undo: async () => {
        await engine.investigations.remove({ id });
        if (view.getState().investigationId === id) view.getState().setInvestigation(null);
      },
    });
  } catch (error) {
    reportError(error, 'Making the investigation');
  }
}

export async function editInvestigation(before: Investigation, edit: Partial<InvestigationEdit>): Promise<void> {
  const old = Object.fromEntries(Object.keys(edit).map((key) => [key, before[key as keyof InvestigationEdit]])) as Partial<InvestigationEdit>;
  try {
    await perform({
      title: 'Change investigation',
      redo: async () => void (await engine.investigations.update({ id: before.id, edit })),
      undo: async () => void (await engine.investigations.update({ id: before.id, edit: old })),
    });
  } catch (error) {
    reportError(error, 'Changing the investigation');
  }
}

export async function removeInvestigation(investigation: Investigation): Promise<void> {
  try {
    await perform({
      title: 'Delete investigation',
      redo: async () => {
        await engine.investigations.remove({ id: investigation.id });
        if (view.getState().investigationId === investigation.id) view.getState().setInvestigation(null);
      },
      undo: async () => {
        await engine.investigations.restore({ id: investigation.id });
        view.getState().setInvestigation(investigation.id);
      },
    });
  } catch (error) {
    reportError(error, 'Deleting the investigation');
  }
}

export async function setPinNote(investigationId: number, eventId: number, before: string, note: string): Promise<void> {
  try {
    await perform({
      title: 'Change note of pin',
      redo: async () => void (await engine.investigations.setPinNote({ id: investigationId, eventId, note })),
      undo: async () => void (await engine.investigations.setPinNote({ id: investigationId, eventId, note: before })),
    });
  } catch (error) {
    reportError(error, 'Changing the note');
  }
}
