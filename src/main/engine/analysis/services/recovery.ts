/** How long outages lasted, and how long people took to notice and to resolve: means over what the case says. */
import type { Outage, Recovery } from '../../../../shared/contract/services.ts';
import type { Database } from '../../store/database.ts';
import { hasTable } from '../../store/tables.ts';
import { mean } from '../statistics/descriptive.ts';

/** `end`: the last event of all; an outage that goes on until then did not end. */
export function recoveryOf(db: Database, outages: readonly Outage[], range: { from: number; to: number; end: number }): Recovery {
  const ended = outages.filter(({ to, quieted }) => to < range.end && !quieted);
  const resolved = db
    .prepare<[], number>(
      `SELECT min(at) - created_at FROM investigation JOIN investigation_event ON investigation_id = investigation.id
       WHERE removed_at IS NULL AND status IN ('resolved', 'closed') AND field = 'status' AND new IN ('resolved', 'closed') GROUP BY investigation.id`,
    )
    .pluck()
    .all();
  const { noticed, acknowledged } = ofAlerts(db, outages, range);
  return {
    outages: ended.length, outageMean: mean(ended.map(({ from, to }) => to - from)), noticed: noticed.length, noticedMean: mean(noticed), acknowledged: acknowledged.length, acknowledgedMean: mean(acknowledged),
    investigations: resolved.length, investigated: mean(resolved),
  };
}

/** How long after the start of outages the first alert for their service fired, and how long after being raised alerts were acknowledged. */
function ofAlerts(db: Database, outages: readonly Outage[], range: { from: number; to: number }): { noticed: number[]; acknowledged: number[] } {
  if (!hasTable(db, 'alert')) return { noticed: [], acknowledged: [] };
  const first = db.prepare<[number, number, string], number | null>("SELECT min(fired) FROM alert WHERE withdrawn_at IS NULL AND fired >= ? AND fired < ? AND group_name IN ('', ?)").pluck();
  const noticed = outages.flatMap(({ from, to, service, quieted }) => {
    const fired = quieted ? null : first.get(from, to, service);
    return fired === null || fired === undefined ? [] : [fired - from];
  });
  const acknowledged = db.prepare<[number, number], number>('SELECT acknowledged_at - raised_at FROM alert WHERE withdrawn_at IS NULL AND acknowledged_at IS NOT NULL AND started >= ? AND started < ?').pluck().all(range.from, range.to);
  return { noticed, acknowledged };
}
