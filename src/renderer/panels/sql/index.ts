import { IconDatabaseSearch } from '@tabler/icons-react';
import type { Panel } from '../panel.ts';
import { SqlPanel } from './sql-panel.tsx';

export const sqlPanel: Panel = {
  id: 'sql',
  title: 'SQL',
  description: 'Read-only SQL over the case, with a time limit.',
  icon: IconDatabaseSearch,
  defaultSize: { w: 16, h: 12, minW: 8, minH: 6 },
  Component: SqlPanel,
};
