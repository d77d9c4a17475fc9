import { IconNotes } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const notesPanel: Panel = {
  id: 'notes',
  title: 'Notes',
  description: 'What the team writes down while it works, in Markdown.',
  icon: IconNotes,
  defaultSize: { w: 8, h: 8, minW: 4, minH: 4 },
  Component: whenDrawn(() => import('./notes-panel.tsx').then((module) => module.NotesPanel)),
};
