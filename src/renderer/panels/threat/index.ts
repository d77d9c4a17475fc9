import { IconSpy } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const threatPanel: Panel = {
  id: 'threat',
  title: 'Threat analysis',
  description: 'Users, hosts and addresses by one score made of indicators, rules, sequences and behaviour; all about one of them.',
  icon: IconSpy,
  defaultSize: { w: 24, h: 14, minW: 8, minH: 6 },
  Component: whenDrawn(() => import('./threat-panel.tsx').then((module) => module.ThreatPanel)),
};
