import { IconChartHistogram } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const timelinePanel: Panel = {
  id: 'timeline',
  title: 'Timeline',
  description: 'How many events when, from where and how grave, on one time axis.',
  icon: IconChartHistogram,
  defaultSize: { w: 24, h: 7, minW: 8, minH: 4 },
  Component: whenDrawn(() => import('./timeline-panel.tsx').then((module) => module.TimelinePanel)),
};
