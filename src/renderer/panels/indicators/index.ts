import { IconShieldSearch } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const indicatorsPanel: Panel = {
  id: 'indicators',
  title: 'Indicators',
  description: 'Lists of known bad addresses, names, pages and hashes, and the events that have one; places of addresses and owners of hosts.',
  icon: IconShieldSearch,
  defaultSize: { w: 24, h: 12, minW: 10, minH: 6 },
  Component: whenDrawn(() => import('./indicators-panel.tsx').then((module) => module.IndicatorsPanel)),
};
