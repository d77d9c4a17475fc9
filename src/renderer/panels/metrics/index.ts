import { IconChartLine } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const metricsPanel: Panel = {
  id: 'metrics',
  title: 'Metrics',
  description: 'Series of numbers over the same time as the events, with what is unusual marked.',
  icon: IconChartLine,
  defaultSize: { w: 24, h: 12, minW: 10, minH: 6 },
  Component: whenDrawn(() => import('./metrics-panel.tsx').then((module) => module.MetricsPanel)),
};
