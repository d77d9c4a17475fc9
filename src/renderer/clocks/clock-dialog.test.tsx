// @vitest-environment jsdom
/** The dialog for clocks on the engine in memory: setting one, taking over what another source says, undoing, and what is wrong told at its field. */
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startFake, stubBrowser } from '../../../test/support/fake-client.ts';
import { askCache } from '../client/ask-cache.ts';
import { engine } from '../client/client.ts';
import { caseStore } from '../state/case.ts';
import { closeClock, openClock } from '../state/clocks.ts';
import { clearUndo, redo, undo } from '../state/undo.ts';
import { ClockDialog } from './clock-dialog.tsx';

vi.mock('../client/client.ts', async () => (await import('../../../test/support/fake-client.ts')).fakeClient());
let fake: ReturnType<typeof startFake>;
const showSources = async (): Promise<void> => {
  const [sources, info] = await Promise.all([engine.events.sources({}), engine.cases.info({})]);
  act(() => caseStore.setState({ sources: new Map(sources.map((source) => [source.id, source])), info }));
};
beforeEach(async () => {
  stubBrowser();
  askCache.clear();
  fake = startFake();
  render(<MantineProvider env="test"><ClockDialog /></MantineProvider>);
  await showSources();
});
afterEach(() => {
  act(() => closeClock());
  cleanup();
  clearUndo();
  vi.unstubAllGlobals();
});

const field = (label: RegExp): HTMLInputElement => screen.getByLabelText(label);
const type = (label: RegExp, value: string): void => void fireEvent.change(field(label), { target: { value } });
const sets = (): unknown[] => fake.state.calls.filter(({ call }) => call === 'clocks.set').map(({ input }) => input);
const NOTHING = { offset: 0, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '' };

it('sets a clock, and takes it back and sets it again by undo and redo', async () => {
  act(() => openClock(2));
  type(/Add to its times/, '-2.5 s');
  type(/Right within/, '20 ms');
  type(/Why/, 'NTP was down');
  fireEvent.click(screen.getByRole('button', { name: 'Set clock' }));
  const set = { source: 2, setting: { ...NOTHING, offset: -2_500_000, uncertainty: 20_000, note: 'NTP was down' } };
  await waitFor(() => expect(sets()).toEqual([set]));
  expect(screen.queryByRole('dialog')).toBeNull();
  await undo();
  await redo();
  expect(sets()).toEqual([set, { source: 2, setting: null }, set]);
  await showSources();
  act(() => openClock(2));
  expect(screen.getByText(/Times moved by -2\.5 s; right within 20 ms/)).toBeTruthy();
  expect(field(/Add to its times/).value).toBe('-2.5 s');
  fireEvent.click(screen.getByRole('button', { name: 'Take back' }));
  await waitFor(() => expect(sets().at(-1)).toEqual({ source: 2, setting: null }));
  // Undoing that sets what was there.
  await undo();
  expect(sets().at(-1)).toEqual(set);
});

it('shows what another source says and what it is made of, and takes it over', async () => {
  act(() => openClock(2));
  fireEvent.click(screen.getByRole('button', { name: 'Compare with other sources' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Use' }));
  expect(screen.getByText(/412 trace ids, of which 3 do not fit/)).toBeTruthy();
  expect([field(/Add to its times/).value, field(/for each second/).value, field(/Right within/).value]).toEqual(['3 s', '12.5', '1.8 ms']);
  fireEvent.click(screen.getByRole('button', { name: 'Set clock' }));
  await waitFor(() => expect(sets()).toMatchObject([{ source: 2, setting: { offset: 3_000_000, drift: 12.5, reference: Date.UTC(2026, 10, 20) * 1000, uncertainty: 1800 } }]));
});

it('says what cannot be meant, and sets nothing then', async () => {
  act(() => openClock(2));
  type(/Add to its times/, '3');
  fireEvent.click(screen.getByRole('button', { name: 'Set clock' }));
  expect(await screen.findByText(/with its unit/)).toBeTruthy();
  expect(sets()).toEqual([]);
});

it('can only be looked at in a case that is read-only', async () => {
  act(() => caseStore.setState((state) => ({ info: state.info && { ...state.info, readOnly: true } })));
  act(() => openClock(2));
  expect(screen.queryByRole('button', { name: 'Set clock' })).toBeNull();
  expect(field(/Add to its times/).disabled).toBe(true);
  fireEvent.click(screen.getByRole('button', { name: 'Compare with other sources' }));
  expect(await screen.findByText(/412 trace ids/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Use' })).toBeNull();
});
