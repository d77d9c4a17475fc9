import { IconListSearch } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const investigationPanel: Panel = {
  id: 'investigation',
  title: 'Investigation',
  description: 'What is known, its status, and the pinned events in time order.',
  icon: IconListSearch,
  defaultSize: { w: 12, h: 14, minW: 6, minH: 6 },
  Component: whenDrawn(() => import('./investigation-panel.tsx').then((module) => module.InvestigationPanel)),
};
