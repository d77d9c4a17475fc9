import { IconHeartbeat } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const servicesPanel: Panel = {
  id: 'services',
  title: 'Services',
  description: 'How each service fared: health, errors, latency, objectives, outages and events of high risk.',
  icon: IconHeartbeat,
  defaultSize: { w: 24, h: 12, minW: 10, minH: 5 },
  Component: whenDrawn(() => import('./services-panel.tsx').then((module) => module.ServicesPanel)),
};
