import { IconDatabaseSearch } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const sqlPanel: Panel = {
  id: 'sql',
  title: 'SQL',
  description: 'Read-only SQL over the case, with a time limit.',
  icon: IconDatabaseSearch,
  defaultSize: { w: 16, h: 12, minW: 8, minH: 6 },
  Component: whenDrawn(() => import('./sql-panel.tsx').then((module) => module.SqlPanel)),
};
