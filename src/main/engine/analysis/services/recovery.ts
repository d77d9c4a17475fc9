/** How long outages lasted, and how long people took to notice and to resolve: means over what the case says. */
import type { Outage, Recovery } from '../../../../shared/contract/services.ts';
import type { Database } from '../../store/database.ts';

/** `end`: the last event of all; an outage that goes on until then did not end. */
export function recoveryOf(db: Database, outages: readonly Outage[], range: { from: number; to: number; end: number }): Pick<Recovery, 'outages' | 'outageMean' | 'investigations' | 'investigated'> {
  const ended = outages.filter(({ to, quieted }) => to < range.end && !quieted);
  const resolved = db
    .prepare<[], number>(
      `SELECT min(at) - created_at FROM investigation JOIN investigation_event ON investigation_id = investigation.id
       WHERE removed_at IS NULL AND status IN ('resolved', 'closed') AND field = 'status' AND new IN ('resolved', 'closed') GROUP BY investigation.id`,
    )
    .pluck()
    .all();
  return { outages: ended.length, outageMean: mean(ended.map(({ from, to }) => to - from)), investigations: resolved.length, investigated: mean(resolved) };
}

/** NaN of none. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
