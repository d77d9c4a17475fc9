import type { RuleLevel } from '../../../shared/contract/sigma.ts';
import type { Severity } from '../../../shared/event.ts';

export const LEVEL_TITLES: Readonly<Record<RuleLevel, string>> = { informational: 'Informational', low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' };
/** The mark that a level is shown with; rules without one are marked as medium ones. */
export const LEVEL_SEVERITY: Readonly<Record<RuleLevel | '', Severity>> = { informational: 'info', low: 'low', medium: 'medium', high: 'high', critical: 'critical', '': 'medium' };
