import { z } from 'zod';
import { ANOMALY_KINDS } from '../../../shared/contract/anomalies.ts';

export const settingsSchema = z.object({ tab: z.enum(['range', 'live']).default('range'), kind: z.enum([...ANOMALY_KINDS, 'all']), quieted: z.boolean() });
export type AnomalySettings = z.infer<typeof settingsSchema>;
export const DEFAULTS: AnomalySettings = { tab: 'range', kind: 'all', quieted: false };

export interface TabProps {
  settings: AnomalySettings;
  onChange: (edit: Partial<AnomalySettings>) => void;
}
