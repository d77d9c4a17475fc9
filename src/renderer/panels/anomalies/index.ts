import { IconActivityHeartbeat } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const anomaliesPanel: Panel = {
  id: 'anomalies',
  title: 'Anomalies',
  description: 'What is out of the ordinary in series and in what users, hosts and services do, with the votes of the detectors side by side.',
  icon: IconActivityHeartbeat,
  defaultSize: { w: 24, h: 14, minW: 8, minH: 6 },
  Component: whenDrawn(() => import('./anomalies-panel.tsx').then((module) => module.AnomaliesPanel)),
};
