/** Every panel there is. Adding one: its folder, and one line here (timeline exports timelinePanel from ./timeline/index.ts). */
import type { Panel, PanelId } from './panel.ts';
import { alertsPanel } from './alerts/index.ts';
import { anomaliesPanel } from './anomalies/index.ts';
import { correlationPanel } from './correlation/index.ts';
import { coveragePanel } from './coverage/index.ts';
import { detectionsPanel } from './detections/index.ts';
import { detailPanel } from './detail/index.ts';
import { eventsPanel } from './events/index.ts';
import { facetsPanel } from './facets/index.ts';
import { healthPanel } from './health/index.ts';
import { indicatorsPanel } from './indicators/index.ts';
import { investigationPanel } from './investigation/index.ts';
import { metricsPanel } from './metrics/index.ts';
import { modelsPanel } from './models/index.ts';
import { notesPanel } from './notes/index.ts';
import { rootCausePanel } from './root-cause/index.ts';
import { servicesPanel } from './services/index.ts';
import { patternsPanel } from './patterns/index.ts';
import { sqlPanel } from './sql/index.ts';
import { threatPanel } from './threat/index.ts';
import { timelinePanel } from './timeline/index.ts';
import { tracePanel } from './trace/index.ts';
import { trendsPanel } from './trends/index.ts';

export const PANELS: readonly Panel[] = [
  timelinePanel,
  coveragePanel,
  metricsPanel,
  trendsPanel,
  eventsPanel,
  patternsPanel,
  facetsPanel,
  detailPanel,
  investigationPanel,
  notesPanel,
  healthPanel,
  tracePanel,
  modelsPanel,
  detectionsPanel,
  indicatorsPanel,
  alertsPanel,
  threatPanel,
  anomaliesPanel,
  correlationPanel,
  rootCausePanel,
  servicesPanel,
  sqlPanel,
];

export function panelById(id: PanelId): Panel | undefined {
  return PANELS.find((panel) => panel.id === id);
}
