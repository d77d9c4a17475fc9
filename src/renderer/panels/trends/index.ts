import { IconTrendingUp } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const trendsPanel: Panel = {
  id: 'trends',
  title: 'Trends',
  description: 'How events and metrics go on, with intervals, and how wrong the same forecast would have been before.',
  icon: IconTrendingUp,
  defaultSize: { w: 24, h: 16, minW: 10, minH: 8 },
  Component: whenDrawn(() => import('./trends-panel.tsx').then((module) => module.TrendsPanel)),
};
