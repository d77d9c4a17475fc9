import { IconNotes } from '@tabler/icons-react';
import type { Panel } from '../panel.ts';
import { NotesPanel } from './notes-panel.tsx';

export const notesPanel: Panel = {
  id: 'notes',
  title: 'Notes',
  description: 'What the team writes down while it works, in Markdown.',
  icon: IconNotes,
  defaultSize: { w: 8, h: 8, minW: 4, minH: 4 },
  Component: NotesPanel,
};
