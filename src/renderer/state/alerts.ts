/** What people do with alerts, their rules and their silences; each can be undone. */
import { editOf, type Alert, type AlertRule, type AlertRuleEdit, type Silence, type SilenceEdit } from '../../shared/alert.ts';
import { engine } from '../client/client.ts';
import { reportError } from './notices.ts';
import { perform, type Act } from './undo.ts';

async function doing(what: string, act: Act): Promise<void> {
  try {
    await perform(act);
  } catch (error) {
    reportError(error, what);
  }
}
const idsOf = (alerts: readonly Pick<Alert, 'id'>[]): number[] => alerts.map(({ id }) => id);
const many = (alerts: readonly unknown[]): string => (alerts.length === 1 ? 'an alert' : `${alerts.length} alerts`);

export async function acknowledge(alerts: readonly Alert[], note = ''): Promise<void> {
  const ids = idsOf(alerts.filter(({ acknowledgedAt }) => acknowledgedAt === null));
  if (ids.length > 0) await doing('Acknowledging', { title: `Acknowledge ${many(ids)}`, redo: async () => await engine.alerts.acknowledge({ ids, note }), undo: async () => await engine.alerts.unacknowledge({ ids }) });
}
export async function resolve(alerts: readonly Alert[], note = ''): Promise<void> {
  const ids = idsOf(alerts.filter(({ state }) => state !== 'resolved'));
  if (ids.length > 0) await doing('Resolving', { title: `Resolve ${many(ids)}`, redo: async () => await engine.alerts.resolve({ ids, note }), undo: async () => await engine.alerts.reopen({ ids }) });
}
/** Takes back what somebody resolved. */
export async function reopen(alert: Alert): Promise<void> {
  const ids = [alert.id];
  await doing('Opening it again', { title: 'Open an alert again', redo: async () => await engine.alerts.reopen({ ids }), undo: async () => await engine.alerts.resolve({ ids }) });
}

/** Rejects with the engine's error, for the form to show. */
export async function addSilence(silence: SilenceEdit): Promise<void> {
  let id = 0;
  await perform({
    title: 'Silence alerts',
    redo: async () => void ({ id } = id === 0 ? await engine.alerts.silence({ silence }) : await engine.alerts.restoreSilence({ id })),
    undo: async () => await engine.alerts.unsilence({ id }),
  });
}
export async function removeSilence({ id }: Silence): Promise<void> {
  await doing('Ending the silence', { title: 'End a silence', redo: async () => await engine.alerts.unsilence({ id }), undo: async () => void (await engine.alerts.restoreSilence({ id })) });
}

/** Rejects with the engine's error, for the form to show. */
export async function addRule(rule: AlertRuleEdit): Promise<void> {
  let id = 0;
  await perform({
    title: 'Write an alert rule',
    redo: async () => void ({ id } = id === 0 ? await engine.alerts.saveRule({ id: null, rule }) : await engine.alerts.restoreRule({ id })),
    undo: async () => await engine.alerts.removeRule({ id }),
  });
}
/** Rejects with the engine's error. */
export async function changeRule(before: AlertRule, rule: AlertRuleEdit): Promise<void> {
  const { id } = before;
  await perform({
    title: rule.enabled === before.enabled ? 'Change an alert rule' : rule.enabled ? 'Switch an alert rule on' : 'Switch an alert rule off',
    redo: async () => void (await engine.alerts.saveRule({ id, rule })),
    undo: async () => void (await engine.alerts.saveRule({ id, rule: editOf(before) })),
  });
}
export async function switchRule(rule: AlertRule, enabled: boolean): Promise<void> {
  try {
    await changeRule(rule, { ...editOf(rule), enabled });
  } catch (error) {
    reportError(error, 'Switching the rule');
  }
}
export async function removeRule({ id }: AlertRule): Promise<void> {
  await doing('Removing the rule', { title: 'Remove an alert rule', redo: async () => await engine.alerts.removeRule({ id }), undo: async () => void (await engine.alerts.restoreRule({ id })) });
}
