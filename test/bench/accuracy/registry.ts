/** Every group of targets there is. */
import { anomaly } from './anomaly.ts';
import { forecast } from './forecast.ts';
import type { AccuracyGroup } from './line.ts';
import { sigma } from './sigma.ts';
import { templates } from './templates.ts';
import { rootCause } from './rootcause.ts';
import { triage } from './triage.ts';

export const GROUPS: readonly AccuracyGroup[] = [
  anomaly,
  forecast,
  templates,
  rootCause,
  sigma,
  triage,
];
