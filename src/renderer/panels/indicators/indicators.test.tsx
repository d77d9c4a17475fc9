// @vitest-environment jsdom
/** The panel of indicators on the engine in memory. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { makeFake, serve } from '../../../../test/support/fake-engine.ts';
import type { Scenario } from '../../../../test/support/fake-engine.ts';
import { engineContract, shellContract } from '../../../shared/contract/index.ts';
import type { Port } from '../../../shared/contract/rpc.ts';
import { askCache } from '../../client/ask-cache.ts';
import { watchCase } from '../../state/case.ts';
import { view } from '../../state/view.ts';
import { indicatorsPanel } from './index.ts';
import type * as ClientModule from '../../client/client.ts';

const far = vi.hoisted(() => ({ send: [(_message: unknown): void => undefined, (_message: unknown): void => undefined], receive: [(_message: unknown): void => undefined, (_message: unknown): void => undefined] }));
vi.mock('../../client/client.ts', async (): Promise<Partial<typeof ClientModule>> => {
  const contract = await import('../../../shared/contract/index.ts');
  const { makeClient: make } = await import('../../../shared/contract/client.ts');
  const port = (i: number): Port => ({
    postMessage: (message) => queueMicrotask(() => far.send[i](message)),
    onMessage: (listener) => {
      far.receive[i] = listener;
    },
  });
  return { engine: make(contract.engineContract, port(0)), shell: make(contract.shellContract, port(1)), engineLost: () => undefined };
});

let stop: () => void = () => undefined;
function show(scenario: Scenario): ReturnType<typeof makeFake> {
  const fake = makeFake(scenario);
  const port = (i: number): Port => ({
    postMessage: (message) => queueMicrotask(() => far.receive[i](message)),
    onMessage: (listener) => {
      far.send[i] = listener;
    },
  });
  serve(fake.shell, shellContract, port(1), fake.state);
  serve(fake.engine, engineContract, port(0), fake.state);
  fake.state.emit = (push, value) => queueMicrotask(() => far.receive[0]({ push, value }));
  stop = watchCase();
  const { Component } = indicatorsPanel;
  render(<MantineProvider><Component panelKey="indicators" linked /></MantineProvider>);
  return fake;
}
beforeAll(async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined, addListener: () => undefined, removeListener: () => undefined }));
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
  await import('./indicators-panel.tsx');
});
afterEach(() => {
  cleanup();
  stop();
  askCache.clear();
  view.getState().setQuery('');
});

it('shows what was met; a click shows the events, values of lists are text', async () => {
  show('case');
  const table = await screen.findByRole('region', { name: 'Indicators that were met' });
  expect(within(table).getByText('1,204')).toBeTruthy();
  expect(within(table).getByText(/<img src=x/)).toBeTruthy();
  expect(table.querySelector('img')).toBeNull();
  expect(within(table).getByText(/expired/)).toBeTruthy();
  fireEvent.click(within(table).getByRole('button', { name: '203.0.113.66' }));
  expect(view.getState().query).toContain('threat:203.0.113.66');
});

it('lists can be looked at, switched off and removed', async () => {
  const fake = show('case');
  fireEvent.click(await screen.findByRole('tab', { name: /Lists/ }));
  fireEvent.click(screen.getByRole('button', { name: 'feed.stix.json' }));
  expect(screen.getByText(/310 rejected: it needs several things at once/)).toBeTruthy();
  fireEvent.click(screen.getByRole('switch', { name: 'Compare with feed.stix.json' }));
  await waitFor(() => expect(fake.state.calls.some(({ call }) => call === 'indicators.enable')).toBe(true));
  fireEvent.click(screen.getByRole('button', { name: 'Remove watch.csv' }));
  expect(screen.getByRole('button', { name: 'feed.stix.json' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Remove it' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'watch.csv' })).toBeNull());
});

it('teaches what to add where there is nothing, and adds it', async () => {
  const fake = show('empty');
  expect(await screen.findByText('No lists of indicators yet')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Add lists' }));
  await waitFor(() => expect(fake.state.calls.filter(({ call }) => call === 'indicators.add').length).toBe(2));
  expect(await screen.findByRole('tab', { name: 'Lists (2)' })).toBeTruthy();
});
