import { editOf, type Alert, type AlertState } from '../../../shared/alert.ts';
import type { AlertDrawing, Backtest } from '../../../shared/contract/alerts.ts';
import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { PageReply } from '../../../shared/contract/events.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { statisticsOf } from '../analysis/alerts/statistics.ts';
import type { EngineState } from '../engine-state.ts';
import type { OpenCase } from '../open-case.ts';

const LATEST_CHANGES = 500;
/** Events that an alert names. */
const EXAMPLES = 5;
/** How much of the time before and after an alert its picture shows, in its own lengths and at least these. */
const AROUND = 0.5;
const LEAST_AROUND = 300e6;

export function alertHandlers(state: EngineState): EngineHandlers['alerts'] {
  /** Does something to the alerts of the open case, and says so. */
  function write<R>(work: (open: OpenCase) => R, rulesToo = false): R {
    const open = state.current();
    open.requireWritable();
    const result = work(open);
    open.changed(['alerts']);
    if (rulesToo) open.alerts.kick(true);
    return result;
  }

  return {
    list({ state: wanted, rule, limit }) {
      const { alerts } = state.current();
      const all = alerts.alerts();
      const counts: Record<AlertState, number> = { pending: 0, active: 0, acknowledged: 0, resolved: 0 };
      for (const alert of all) if (isHeard(alert)) counts[alert.state]++;
      const fit = all.filter((alert) => (rule === null || alert.rule === rule) && (wanted === null || (wanted === 'open' ? alert.state !== 'resolved' : alert.state === wanted)));
      fit.sort((a, b) => Number(a.state === 'resolved') - Number(b.state === 'resolved') || SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || b.started - a.started || b.id - a.id);
      return { alerts: fit.slice(0, limit), counts, total: fit.length, evaluatedAt: alerts.evaluatedAt, failed: alerts.failed, trouble: alerts.trouble };
    },
    async get({ id, buckets, run }, { signal }) {
      const open = state.current();
      const alert = open.alerts.alert(id);
      const rule = editOf(open.alerts.rules.rule(alert.rule));
      const around = Math.max(LEAST_AROUND, (alert.ended - alert.started) * AROUND);
      const input = { rule, group: alert.group, from: alert.started - around, to: alert.ended + around, buckets, run };
      const drawing = await open.analyse<AlertDrawing>('alerts.draw', input, signal);
      const examples = await open.query.ask<PageReply>('page', { scope: alert.finding.scope, order: 'asc', at: { rank: 0 }, limit: EXAMPLES }, signal);
      alert.finding.events = rule.metric === 'series' ? [] : [...examples.rows.id];
      return { alert, drawing, changes: open.alerts.rules.changes('alert', id, LATEST_CHANGES).reverse() };
    },
    async evaluate({ run }, { signal }) {
      const open = state.current();
      open.requireWritable();
      return await open.alerts.evaluate(signal, run);
    },
    acknowledge: ({ ids, note }) => write(({ alerts }) => alerts.store.acknowledge(ids, note)),
    unacknowledge: ({ ids }) => write(({ alerts }) => alerts.store.unacknowledge(ids)),
    resolve: ({ ids, note }) => write(({ alerts }) => alerts.store.resolve(ids, note)),
    reopen: ({ ids }) => write(({ alerts }) => alerts.store.reopen(ids)),
    rules: () => state.current().alerts.rules.rules(),
    saveRule: ({ id, rule }) => write(({ alerts }) => alerts.rules.save(id, rule), true),
    removeRule: ({ id }) => write(({ alerts }) => alerts.rules.remove(id), true),
    restoreRule: ({ id }) => write(({ alerts }) => alerts.rules.restore(id), true),
    ruleChanges: ({ id, limit }) => state.current().alerts.rules.changes('rule', id, limit),
    backtest: async (input, { signal }) => await state.current().analyse<Backtest>('alerts.backtest', input, signal),
    silences: () => state.current().alerts.rules.silences(),
    silence: ({ silence }) => write(({ alerts }) => alerts.rules.silence(silence)),
    unsilence: ({ id }) => write(({ alerts }) => alerts.rules.unsilence(id)),
    restoreSilence: ({ id }) => write(({ alerts }) => alerts.rules.restoreSilence(id)),
    statistics({ from, to }) {
      const { alerts } = state.current();
      return statisticsOf(alerts.alerts().filter(({ started }) => (from === null || started >= from) && (to === null || started < to)), alerts.rules.rules());
    },
  };
}

/** Not silenced, and not marked wrong. */
function isHeard({ silence, finding }: Alert): boolean {
  return silence === null && !finding.quieted;
}
