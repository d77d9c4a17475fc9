/** What alerts say together: how many, of which rules, how soon they were seen to, and which come back again and again. */
import type { Alert } from '../../../../shared/alert.ts';
import type { AlertStatistics } from '../../../../shared/contract/alerts.ts';

/** One that fires again within this time after it was over has not been away. */
const AGAIN = 3600e6;
/** Times in a row from which on it is said to flap. */
const FLAPS = 3;
const MOST_LISTED = 10;

/** Those that are pending count for nothing yet. `alerts` by their start. */
export function statisticsOf(alerts: readonly Alert[], rules: readonly { id: number; name: string; level: Alert['level'] }[]): AlertStatistics {
  const fired = alerts.filter(({ fired: at }) => at !== null);
  const byLevel: AlertStatistics['byLevel'] = { INFO: 0, WARNING: 0, CRITICAL: 0 };
  for (const { level } of fired) byLevel[level]++;
  const isOpen = ({ state }: Alert): boolean => state !== 'resolved';
  const duration = (some: readonly Alert[]): number => some.reduce((sum, { started, ended }) => sum + ended - started + 1e6, 0);
  const groups = new Map<string, Alert[]>();
  for (const alert of fired) {
    const key = JSON.stringify([alert.rule, alert.group]);
    const known = groups.get(key);
    if (known) known.push(alert);
    else groups.set(key, [alert]);
  }
  const acknowledged = fired.flatMap(({ acknowledgedAt, raisedAt }) => (acknowledgedAt === null ? [] : [acknowledgedAt - raisedAt]));
  const resolved = fired.flatMap(({ state, over, started, ended }) => (state === 'resolved' ? [(over === null ? ended : over) - started] : []));
  return {
    total: fired.length,
    open: fired.filter(isOpen).length,
    byLevel,
    byRule: rules.flatMap(({ id, name, level }) => {
      const own = fired.filter(({ rule }) => rule === id);
      if (own.length === 0) return [];
      return [{ rule: id, name, level, alerts: own.length, open: own.filter(isOpen).length, duration: duration(own), silenced: own.filter(({ silence }) => silence !== null).length, wrong: own.every(({ finding }) => finding.quieted) }];
    }),
    // One alert is no noise.
    noisiest: [...groups.values()]
      .map((some) => ({ rule: some[0].rule, name: some[0].ruleName, group: some[0].group, alerts: some.length, duration: duration(some) }))
      .filter(({ alerts: n }) => n > 1)
      .sort((a, b) => b.alerts - a.alerts || b.duration - a.duration)
      .slice(0, MOST_LISTED),
    flapping: [...groups.values()].flatMap((some) => longestRun(some) ?? []).sort((a, b) => b.times - a.times).slice(0, MOST_LISTED),
    meanToAcknowledge: mean(acknowledged),
    meanToResolve: mean(resolved),
    acknowledged: acknowledged.length,
    resolved: resolved.length,
  };
}

/** The longest run of alerts that each began soon after the one before was over. */
function longestRun(some: readonly Alert[]): AlertStatistics['flapping'][number] | null {
  let best: readonly Alert[] = [];
  let run: Alert[] = [];
  for (const alert of some) {
    const before = run.at(-1);
    if (before && alert.started - before.ended > AGAIN) run = [];
    run = [...run, alert];
    if (run.length > best.length) best = run;
  }
  if (best.length < FLAPS) return null;
  return { rule: best[0].rule, name: best[0].ruleName, group: best[0].group, times: best.length, from: best[0].started, to: best[best.length - 1].ended };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
