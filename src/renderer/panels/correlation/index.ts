import { IconLink } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const correlationPanel: Panel = {
  id: 'correlation',
  title: 'Correlation',
  description: 'What goes together: series at a lag, failures in shared requests, changes and their effects, sequences of events.',
  icon: IconLink,
  defaultSize: { w: 24, h: 14, minW: 8, minH: 6 },
  Component: whenDrawn(() => import('./correlation-panel.tsx').then((module) => module.CorrelationPanel)),
};
