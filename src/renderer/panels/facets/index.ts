import { IconListDetails } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const facetsPanel: Panel = {
  id: 'facets',
  title: 'Fields',
  description: 'The most frequent values of each field in the result, one click from being a filter.',
  icon: IconListDetails,
  defaultSize: { w: 4, h: 15, minW: 3, minH: 4 },
  Component: whenDrawn(() => import('./facets-panel.tsx').then((module) => module.FacetsPanel)),
};
