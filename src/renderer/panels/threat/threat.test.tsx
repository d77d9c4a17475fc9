// @vitest-environment jsdom
/** The threat panel on the engine in memory: who is first and why, and the way from one to the next. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { panelTests } from '../../../../test/support/panel.tsx';
import { undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { threatPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { show } = panelTests(threatPanel, () => import('./threat-panel.tsx'), { width: 1168, height: 400 });

it('shows the first with its parts, and goes from one to the next by keyboard', async () => {
  await show();
  const page = await screen.findByRole('article', { name: 'Address 10.0.0.9' });
  expect(within(page).getByText('Why 0.91')).toBeTruthy();
  expect(within(page).getByText('520 failed logins')).toBeTruthy();
  fireEvent.keyDown(screen.getByRole('listbox'), { key: 'ArrowDown' });
  expect(await screen.findByRole('article', { name: 'User root' })).toBeTruthy();
  expect(screen.getByRole('option', { selected: true }).textContent).toContain('root');
});

it('leads to the events of a part, and to others', async () => {
  await show();
  const page = await screen.findByRole('article', { name: 'Address 10.0.0.9' });
  fireEvent.click(within(page).getAllByRole('button', { name: 'Events' })[0]);
  expect(view.getState().query).toBe('ip:10.0.0.9 "failed password"');
  fireEvent.click(await within(await screen.findByRole('article')).findByRole('button', { name: 'web-1' }));
  expect(await screen.findByRole('article', { name: 'Host web-1' })).toBeTruthy();
});

it('narrows to a type, and says what is missing', async () => {
  await show();
  expect(await screen.findByText(/No Sigma rule has matched/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Users (12)' }));
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
});

it('puts away what is marked wrong, with undo', async () => {
  await show();
  fireEvent.click(await screen.findByRole('button', { name: 'Mark wrong' }));
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
  await undo();
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(2));
});

it('teaches in a case without any', async () => {
  await show('empty');
  expect(await screen.findByText('Nothing speaks against anybody here')).toBeTruthy();
});
