import { IconRadar2 } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const detectionsPanel: Panel = {
  id: 'detections',
  title: 'Detections',
  description: 'What Sigma rules match, by level and by ATT&CK; the rules, and an editor that tries them out.',
  icon: IconRadar2,
  defaultSize: { w: 24, h: 14, minW: 8, minH: 6 },
  Component: whenDrawn(() => import('./detections-panel.tsx').then((module) => module.DetectionsPanel)),
};
