/** Every kind of report. */
import { incident } from './incident/incident.ts';

export const REPORTS = { incident } as const;
