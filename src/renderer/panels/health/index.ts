import { IconHeartbeat } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const healthPanel: Panel = {
  id: 'health',
  title: 'Sources and health',
  description: 'Every source with its ledger, hash and errors; rejected records to look at and replay.',
  icon: IconHeartbeat,
  defaultSize: { w: 16, h: 12, minW: 8, minH: 6 },
  Component: whenDrawn(() => import('./health-panel.tsx').then((module) => module.HealthPanel)),
};
