/** How many detection rules hit an event. */
import type { Database } from '../../../store/database.ts';
import { hasTable } from '../../../store/tables.ts';
import type { RuleHits } from './event-features.ts';

export function ruleHitsOf(db: Database): RuleHits {
  if (!hasTable(db, 'sigma_hit')) return () => 0;
  return () => 0;
}
