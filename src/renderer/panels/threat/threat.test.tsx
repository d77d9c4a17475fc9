// @vitest-environment jsdom
/** The threat panel on the engine in memory: who is first and why, and the way from one to the next. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startFake, stubBrowser } from '../../../../test/support/fake-client.ts';
import type { Scenario } from '../../../../test/support/fake-engine.ts';
import { askCache } from '../../client/ask-cache.ts';
import { canvasStore, FIRST_LAYOUT } from '../../state/canvas.ts';
import { watchCase } from '../../state/case.ts';
import { undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { threatPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

let stop: () => void;
function show(scenario: Scenario = 'case'): void {
  startFake(scenario);
  stop = watchCase();
  canvasStore.setState({ panels: [{ key: 'threat', panel: 'threat', title: '', linked: true, x: 0, y: 0, w: 24, h: 14 }] });
  const { Component } = threatPanel;
  render(<MantineProvider><Component panelKey="threat" linked /></MantineProvider>);
}

beforeAll(async () => void (await import('./threat-panel.tsx')));
beforeEach(() => {
  stubBrowser({ width: 1168, height: 400 });
  Element.prototype.scrollIntoView = () => undefined;
  askCache.clear();
});
afterEach(() => {
  cleanup();
  stop();
  vi.unstubAllGlobals();
  canvasStore.setState({ panels: FIRST_LAYOUT });
  view.setState({ query: '', from: null, to: null, selectedId: null, brush: null });
});

it('shows the first with its parts, and goes from one to the next by keyboard', async () => {
  show();
  const page = await screen.findByRole('article', { name: 'Address 10.0.0.9' });
  expect(within(page).getByText('Why 0.91')).toBeTruthy();
  expect(within(page).getByText('520 failed logins')).toBeTruthy();
  fireEvent.keyDown(screen.getByRole('listbox'), { key: 'ArrowDown' });
  expect(await screen.findByRole('article', { name: 'User root' })).toBeTruthy();
  expect(screen.getByRole('option', { selected: true }).textContent).toContain('root');
});

it('leads to the events of a part, and to others', async () => {
  show();
  const page = await screen.findByRole('article', { name: 'Address 10.0.0.9' });
  fireEvent.click(within(page).getAllByRole('button', { name: 'Events' })[0]);
  expect(view.getState().query).toBe('ip:10.0.0.9 "failed password"');
  fireEvent.click(await within(await screen.findByRole('article')).findByRole('button', { name: 'web-1' }));
  expect(await screen.findByRole('article', { name: 'Host web-1' })).toBeTruthy();
});

it('narrows to a type, and says what is missing', async () => {
  show();
  expect(await screen.findByText(/No Sigma rule has matched/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Users (12)' }));
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
});

it('puts away what is marked wrong, with undo', async () => {
  show();
  fireEvent.click(await screen.findByRole('button', { name: 'Mark wrong' }));
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
  await undo();
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(2));
});

it('teaches in a case without any', async () => {
  show('empty');
  expect(await screen.findByText('Nothing speaks against anybody here')).toBeTruthy();
});
