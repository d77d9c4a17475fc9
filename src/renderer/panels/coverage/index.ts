import { IconTimelineEventExclamation } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const coveragePanel: Panel = {
  id: 'coverage',
  title: 'Coverage',
  description: 'From when to when each source goes, and where it is silent.',
  icon: IconTimelineEventExclamation,
  defaultSize: { w: 24, h: 10, minW: 8, minH: 4 },
  Component: whenDrawn(() => import('./coverage-panel.tsx').then((module) => module.CoveragePanel)),
};
