import type { Alert, AlertRule, Silence } from '../../../src/shared/alert.ts';
import type { AlertStatistics, Backtest } from '../../../src/shared/contract/alerts.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';

const NOW = Date.UTC(2026, 10, 21, 14) * 1000;
const NOTHING: Backtest = { drawing: { from: 0, to: 1, worst: new Float64Array(300).fill(Number.NaN) }, groups: [], looked: 0, alerts: [], total: 0, duration: 0, basis: { events: 0, requests: 0, latencies: 0, series: 0 }, idle: '', left: 0, unreadable: 0 };
const NO_STATISTICS: AlertStatistics = { total: 0, open: 0, byLevel: { INFO: 0, WARNING: 0, CRITICAL: 0 }, byRule: [], noisiest: [], flapping: [], meanToAcknowledge: null, meanToResolve: null, acknowledged: 0, resolved: 0 };

/** What a test may set: alerts are those given, rules and silences are kept. */
export interface FakeAlerts {
  alerts: Alert[];
  rules: AlertRule[];
  silences: Silence[];
  backtest: Backtest;
  statistics: AlertStatistics;
}
export const fakeAlerts = (): FakeAlerts => ({ alerts: [], rules: [], silences: [], backtest: NOTHING, statistics: NO_STATISTICS });

export function alertRoom(state: FakeState, kept: FakeAlerts): EngineHandlers['alerts'] {
  const removed: { rules: AlertRule[]; silences: Silence[] } = { rules: [], silences: [] };
  const changed = (): void => state.emit('cases.changed', { tables: ['alerts'], version: ++state.version, from: null, to: null });
  const each = (ids: readonly number[], change: (alert: Alert) => Alert): void => {
    kept.alerts = kept.alerts.map((alert) => (ids.includes(alert.id) ? change(alert) : alert));
    changed();
  };
  const open = (alert: Alert): Alert['state'] => (alert.acknowledgedAt !== null ? 'acknowledged' : alert.fired === null ? 'pending' : 'active');
  const put = (rule: AlertRule): AlertRule => {
    kept.rules = [...kept.rules.filter(({ id }) => id !== rule.id), rule].sort((a, b) => a.id - b.id);
    changed();
    return rule;
  };
  const found = <T extends { id: number }>(list: readonly T[], id: number): T => {
    const one = list.find((each) => each.id === id);
    if (!one) throw new TidemarkError('not_found', `There is no ${id}.`);
    return one;
  };
  return {
    list: ({ state: wanted, rule }) => {
      const counts = { pending: 0, active: 0, acknowledged: 0, resolved: 0 };
      for (const alert of kept.alerts) if (alert.silence === null) counts[alert.state]++;
      const alerts = kept.alerts.filter((alert) => (rule === null || alert.rule === rule) && (wanted === null || (wanted === 'open' ? alert.state !== 'resolved' : alert.state === wanted)));
      return { alerts, counts, total: alerts.length, evaluatedAt: NOW, failed: [], trouble: '' };
    },
    get: ({ id }) => {
      const alert = found(kept.alerts, id);
      return { alert, drawing: { from: alert.started - 300e6, to: alert.ended + 300e6, worst: kept.backtest.drawing.worst }, changes: [{ id: 1, at: NOW, by: '', what: 'raised', note: 'active' }] };
    },
    evaluate: () => ({ raised: 0, resolved: 0, withdrawn: 0, late: 0 }),
    acknowledge: ({ ids }) => each(ids, (alert) => ({ ...alert, state: alert.state === 'resolved' ? 'resolved' : 'acknowledged', acknowledgedAt: NOW, acknowledgedBy: 'ana' })),
    unacknowledge: ({ ids }) => each(ids, (alert) => ({ ...alert, acknowledgedAt: null, acknowledgedBy: '', state: open({ ...alert, acknowledgedAt: null }) })),
    resolve: ({ ids }) => each(ids, (alert) => ({ ...alert, state: 'resolved', resolvedAt: NOW, resolvedBy: 'ana' })),
    reopen: ({ ids }) => each(ids, (alert) => ({ ...alert, state: open(alert), resolvedAt: null, resolvedBy: '' })),
    rules: () => kept.rules,
    saveRule: ({ id, rule }) => put({ ...rule, id: id ?? Math.max(0, ...kept.rules.map((one) => one.id)) + 1, version: id === null ? 1 : found(kept.rules, id).version + 1, updatedAt: NOW, updatedBy: 'ana' }),
    removeRule: ({ id }) => {
      removed.rules.push(found(kept.rules, id));
      kept.rules = kept.rules.filter((rule) => rule.id !== id);
      changed();
    },
    restoreRule: ({ id }) => put(found(removed.rules, id)),
    ruleChanges: () => [],
    backtest: () => kept.backtest,
    silences: () => kept.silences,
    silence: ({ silence }) => {
      const made = { ...silence, id: kept.silences.length + removed.silences.length + 1, createdAt: NOW, createdBy: 'ana' };
      kept.silences = [...kept.silences, made];
      changed();
      return made;
    },
    unsilence: ({ id }) => {
      removed.silences.push(found(kept.silences, id));
      kept.silences = kept.silences.filter((one) => one.id !== id);
      changed();
    },
    restoreSilence: ({ id }) => {
      const back = found(removed.silences, id);
      kept.silences = [...kept.silences, back];
      changed();
      return back;
    },
    statistics: () => kept.statistics,
  };
}
