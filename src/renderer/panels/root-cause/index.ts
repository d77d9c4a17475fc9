import { IconTargetArrow } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const rootCausePanel: Panel = {
  id: 'root-cause',
  title: 'Root cause',
  description: 'Which service the trouble comes from: ranked by what changed when it started, with the evidence.',
  icon: IconTargetArrow,
  defaultSize: { w: 24, h: 18, minW: 10, minH: 8 },
  Component: whenDrawn(() => import('./root-cause-panel.tsx').then((module) => module.RootCausePanel)),
};
