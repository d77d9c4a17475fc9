import { IconTemplate } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const patternsPanel: Panel = {
  id: 'patterns',
  title: 'Patterns',
  description: 'What messages have in common: how often and when each pattern is met, what is new, gone or rare beside another range.',
  icon: IconTemplate,
  defaultSize: { w: 24, h: 14, minW: 10, minH: 6 },
  Component: whenDrawn(() => import('./patterns-panel.tsx').then((module) => module.PatternsPanel)),
};
