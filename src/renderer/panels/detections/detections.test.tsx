// @vitest-environment jsdom
/** The detections panel on the engine in memory: what a person does with rules and what they found. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { panelTests } from '../../../../test/support/panel.tsx';
import { undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { detectionsPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { fake, show } = panelTests(detectionsPanel, () => import('./detections-panel.tsx'), { width: 1168, height: 400 });
const calls = (call: string): unknown[] => fake.state.calls.filter((one) => one.call === call).map(({ input }) => input);

it('shows what rules found with their authors, opens its events, and can be told that one is wrong', async () => {
  await show();
  const [first, second] = await screen.findAllByRole('article');
  expect(within(first).getByText('Ana Example, Bo Sample')).toBeTruthy();
  expect(within(second).getByText('Path Traversal <b>in</b> URI')).toBeTruthy();
  fireEvent.click(within(first).getByRole('button', { name: 'Open events' }));
  expect(view.getState().query).toBe('rule.id:"5b0b75dc-9190-4047-b9a8-14164cee8a31"');
  fireEvent.click(screen.getByRole('button', { name: /^Medium/ }));
  expect(await screen.findAllByRole('article')).toHaveLength(1);
  fireEvent.click(screen.getByRole('button', { name: /^All levels/ }));
  fireEvent.click(within((await screen.findAllByRole('article'))[0]).getByRole('button', { name: 'Mark wrong' }));
  await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(2));
  expect(screen.getByText('Marked wrong too (1)')).toBeTruthy();
});

it('shows tactics in the order of an attack, and techniques lead to their events', async () => {
  await show();
  fireEvent.click(await screen.findByRole('tab', { name: 'ATT&CK' }));
  const tactics = await screen.findAllByRole('heading', { level: 3 });
  expect(tactics.map(({ textContent }) => textContent)).toEqual(['Initial Access31', 'Execution214', 'Persistence214', 'Credential Access2']);
  fireEvent.click(screen.getByRole('button', { name: /Exploit Public-Facing Application/ }));
  expect(view.getState().query).toBe('threat.technique.id:T1190');
});

it('lists rules, switches them with a way back, finds them, and names those that do not run', async () => {
  await show();
  fireEvent.click(await screen.findByRole('tab', { name: /^Rules/ }));
  fireEvent.click(await screen.findByRole('checkbox', { name: 'Run: Many Failed Logons' }));
  await waitFor(() => expect(calls('sigma.enable')).toEqual([{ rules: [3], enabled: false }]));
  await undo();
  await waitFor(() => expect(calls('sigma.enable')).toHaveLength(2));
  expect(screen.getByText('One rule does not run')).toBeTruthy();
  expect(screen.getByText('typo.yml:7:5')).toBeTruthy();
  fireEvent.change(screen.getByRole('textbox', { name: 'Filter the rules' }), { target: { value: 'webserver' } });
  expect(within(screen.getByRole('table')).getAllByRole('row')).toHaveLength(2);
});

it('checks a rule as it is typed, tries it, and keeps it only when it runs', async () => {
  await show();
  fireEvent.click(await screen.findByRole('tab', { name: /^Rules/ }));
  fireEvent.click(await screen.findByRole('button', { name: 'Potential Persistence Via Script' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText(/schtasks/);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Try it' }));
  const tried = await within(dialog).findByRole('region', { name: 'What it finds' });
  expect(within(tried).getByText(/3 events match/)).toBeTruthy();
  expect(calls('sigma.tryRules')).toMatchObject([{ replaces: 1 }]);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(calls('sigma.save')).toMatchObject([{ name: 'persistence.yml', replaces: 1 }]));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

it('teaches what to add where there are no rules', async () => {
  await show('empty');
  expect(await screen.findByText('No rules yet')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Add files' }));
  await waitFor(() => expect(calls('sigma.add')).toHaveLength(1));
});
