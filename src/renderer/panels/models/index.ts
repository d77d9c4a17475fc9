import { IconListSearch } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const modelsPanel: Panel = {
  id: 'models',
  title: 'Triage',
  description: 'What to look at next, learned from the events you marked.',
  icon: IconListSearch,
  defaultSize: { w: 24, h: 12, minW: 10, minH: 6 },
  Component: whenDrawn(() => import('./models-panel.tsx').then((module) => module.ModelsPanel)),
};
