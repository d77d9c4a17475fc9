import { IconFileText } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const detailPanel: Panel = {
  id: 'detail',
  title: 'Detail',
  description: 'Everything about the selected event: fields, raw record, its neighbours in the file, where it is from.',
  icon: IconFileText,
  defaultSize: { w: 7, h: 15, minW: 4, minH: 5 },
  Component: whenDrawn(() => import('./detail-panel.tsx').then((module) => module.DetailPanel)),
};
