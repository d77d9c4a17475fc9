// @vitest-environment jsdom
/** The alerts panel on the engine in memory: what a person does with alerts, rules and silences. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { panelTests } from '../../../../test/support/panel.tsx';
import type { Alert, AlertRule } from '../../../shared/alert.ts';
import { undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { alertsPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const START = Date.UTC(2026, 10, 21, 10) * 1000;
const RULE: AlertRule = {
  id: 1, version: 1, updatedAt: START, updatedBy: 'ana', name: 'High Error Rate', metric: 'error_rate', series: '', operator: '>', threshold: 5, window: 60, windows: 'sliding', hold: 0, level: 'WARNING', query: '', groupBy: 'service',
  noData: 'ok', channels: ['notice'], enabled: true,
};
function alert(id: number, edit: Partial<Alert> = {}): Alert {
  const group = edit.group ?? `svc-${id}`;
  return {
    id, rule: 1, ruleName: 'High Error Rate', ruleVersion: 1, metric: 'error_rate', operator: '>', threshold: 5, level: 'WARNING', severity: 'medium', group, groupBy: 'service', state: 'active', started: START, fired: START,
    ended: START + 59e6, over: null, peak: 37.5, peakAt: START + 10e6, raisedAt: START, acknowledgedAt: null, acknowledgedBy: '', resolvedAt: null, resolvedBy: '', silence: null,
    finding: { key: `k${id}`, like: `alerts:1:${group}`, detector: 'High Error Rate', title: `High Error Rate: ${group}`, why: 'Error rate was over 5 % in windows of 1 min, for 1 min; the most was 37.5 %.', evidence: [], severity: 'medium', score: 0.7, from: START, to: START + 60e6, scope: { query: `service:${group}`, from: START - 60e6, to: START + 60e6 }, events: [], quieted: false },
    ...edit,
  };
}

const { fake, show: showCase } = panelTests(alertsPanel, () => import('./alerts-panel.tsx'), { width: 1168, height: 400 });
async function show(alerts: Alert[] = [alert(1), alert(2, { state: 'resolved', resolvedAt: START })], rules: AlertRule[] = [RULE]): Promise<void> {
  await showCase('case', { prepare: ({ state }) => void Object.assign(state.alerts, { alerts, rules }) });
}
const rows = async (): Promise<HTMLElement[]> => (await within(await screen.findByRole('region', { name: 'What fired' })).findAllByRole('row')).slice(1);
const detail = async (): Promise<ReturnType<typeof within>> => within(await screen.findByRole('region', { name: 'The chosen alert' }));
const stateOf = (id: number): string | undefined => fake.state.alerts.alerts.find((one) => one.id === id)?.state;

describe('alerts', () => {
  it('are listed with their numbers, and one is shown with its picture and its trail', async () => {
    await show();
    const [first] = await rows();
    expect(first.textContent).toContain('svc-1Active2026-11-21 10:00:001 min37.5 %');
    fireEvent.click(within(first).getByRole('button', { name: 'High Error Rate' }));
    const shown = await detail();
    expect(await shown.findByRole('img', { name: /threshold of 5 %/ })).toBeTruthy();
    expect(shown.getByRole('list', { name: 'What became of it' }).textContent).toContain('fired');
    fireEvent.click(shown.getByRole('button', { name: 'Open events' }));
    expect(view.getState()).toMatchObject({ query: 'service:svc-1', from: START - 60e6, to: START + 60e6 });
  });

  it('are gone through with the keyboard', async () => {
    await show();
    const [first, second] = await rows();
    within(first).getByRole('button').focus();
    fireEvent.keyDown(within(first).getByRole('button'), { key: 'j' });
    await waitFor(() => expect(within(second).getByRole('button').getAttribute('aria-expanded')).toBe('true'));
    expect(document.activeElement).toBe(within(second).getByRole('button'));
  });

  it('are acknowledged and resolved, and all of it can be undone', async () => {
    await show();
    fireEvent.click(within((await rows())[0]).getByRole('button', { name: 'High Error Rate' }));
    fireEvent.click((await detail()).getByRole('button', { name: 'Acknowledge' }));
    await waitFor(() => expect(stateOf(1)).toBe('acknowledged'));
    expect(await (await detail()).findByText('Acknowledged by ana')).toBeTruthy();
    fireEvent.click((await detail()).getByRole('button', { name: 'Resolve' }));
    await waitFor(() => expect(stateOf(1)).toBe('resolved'));
    await undo();
    expect(stateOf(1)).toBe('acknowledged');
    await undo();
    expect(stateOf(1)).toBe('active');
  });

  it('are silenced with a reason, hidden then, and listed under silences', async () => {
    await show();
    fireEvent.click(within((await rows())[0]).getByRole('button', { name: 'High Error Rate' }));
    fireEvent.click((await detail()).getByRole('button', { name: 'Silence' }));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.click(dialog.getByRole('button', { name: 'Silence' }));
    expect(await dialog.findByText(/Say why/)).toBeTruthy();
    fireEvent.change(dialog.getByLabelText('Why'), { target: { value: 'planned work' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Silence' }));
    await waitFor(() => expect(fake.state.alerts.silences).toMatchObject([{ rule: 1, group: 'svc-1', from: START, until: START + 4 * 3600e6, reason: 'planned work' }]));
    fireEvent.click(await screen.findByRole('tab', { name: 'Silences (1)' }));
    fireEvent.click(await screen.findByRole('button', { name: 'End the silence: planned work' }));
    expect(await screen.findByText('Nothing is silenced')).toBeTruthy();
    await undo();
    expect(await screen.findByText('planned work')).toBeTruthy();
  });

  it('say what is there and what to do while there are none', async () => {
    await show([]);
    expect(await screen.findByText('Nothing has fired')).toBeTruthy();
    await show([], []);
    expect(await screen.findByText('No rule is on')).toBeTruthy();
  });
});

describe('rules', () => {
  it('are switched off with undo', async () => {
    await show();
    fireEvent.click(await screen.findByRole('tab', { name: 'Rules (1 on)' }));
    fireEvent.click(await screen.findByRole('switch', { name: 'Run High Error Rate' }));
    await waitFor(() => expect(fake.state.alerts.rules[0].enabled).toBe(false));
    await undo();
    await waitFor(() => expect(fake.state.alerts.rules[0].enabled).toBe(true));
  });

  it('are written beside what they would have done', async () => {
    await show();
    fake.state.alerts.backtest = { ...fake.state.alerts.backtest, drawing: { from: START, to: START + 3600e6, worst: new Float64Array(300).fill(7) }, total: 2, duration: 90e6, looked: 1, alerts: [{ group: '', started: START, fired: START, ended: START + 44e6, peak: 7, open: false }], basis: { events: 100, requests: 0, latencies: 0, series: 0 } };
    fireEvent.click(await screen.findByRole('tab', { name: 'Rules (1 on)' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Write a rule' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByText('2 alerts')).toBeTruthy();
    expect(dialog.getByText(/1 min 30 s in all/)).toBeTruthy();
    fireEvent.click(dialog.getByRole('button', { name: 'Add the rule' }));
    expect((await dialog.findByRole('alert')).textContent).toBe('The rule needs a name.');
    fireEvent.change(dialog.getByLabelText('Name'), { target: { value: 'Too many' } });
    fireEvent.change(dialog.getByLabelText('Threshold'), { target: { value: '12' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Add the rule' }));
    expect(await screen.findByText('Events over 12 in 1 min')).toBeTruthy();
    await waitFor(() => expect(fake.state.calls.some(({ call, input }) => call === 'alerts.backtest' && (input as { rule: AlertRule }).rule.threshold === 0)).toBe(true));
    await undo();
    await waitFor(() => expect(screen.queryByText('Too many')).toBeNull());
  });
});

describe('statistics', () => {
  it('tell how many, how soon, and what comes back', async () => {
    await show();
    fake.state.alerts.statistics = { ...fake.state.alerts.statistics, total: 9, open: 1, meanToResolve: 120e6, resolved: 8, byLevel: { INFO: 0, WARNING: 9, CRITICAL: 0 }, byRule: [{ rule: 1, name: 'High Error Rate', level: 'WARNING', alerts: 9, open: 1, duration: 600e6, silenced: 0, wrong: false }], flapping: [{ rule: 1, name: 'High Error Rate', group: 'svc-1', times: 4, from: START, to: START + 3600e6 }] };
    fireEvent.click(await screen.findByRole('tab', { name: 'Statistics' }));
    const region = await screen.findByRole('region', { name: 'Statistics of alerts' });
    expect(region.textContent).toContain('Mean time to resolve2 min');
    expect(region.textContent).toContain('4 times within an hour of each other');
    expect(region.textContent).toContain('nobody did');
  });
});
