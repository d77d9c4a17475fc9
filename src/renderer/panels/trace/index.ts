import { IconRoute } from '@tabler/icons-react';
import { whenDrawn } from '../panel.ts';
import type { Panel } from '../panel.ts';

export const tracePanel: Panel = {
  id: 'trace',
  title: 'Traces',
  description: 'The spans of a trace against time, its critical path, and which service calls which.',
  icon: IconRoute,
  defaultSize: { w: 24, h: 14, minW: 10, minH: 7 },
  Component: whenDrawn(() => import('./trace-panel.tsx').then((module) => module.TracePanel)),
};
