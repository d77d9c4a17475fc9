import { IconList } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const eventsPanel: Panel = {
  id: 'events',
  title: 'Events',
  description: 'Every event of the result in time order, however many there are.',
  icon: IconList,
  defaultSize: { w: 13, h: 15, minW: 6, minH: 5 },
  Component: whenDrawn(() => import('./events-panel.tsx').then((module) => module.EventsPanel)),
};
