import { IconBell } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const alertsPanel: Panel = {
  id: 'alerts',
  title: 'Alerts',
  description: 'Rules about errors, latency, requests and metrics, when they fired in the events of the case, and what became of it.',
  icon: IconBell,
  defaultSize: { w: 24, h: 16, minW: 10, minH: 8 },
  Component: whenDrawn(() => import('./alerts-panel.tsx').then((module) => module.AlertsPanel)),
};
