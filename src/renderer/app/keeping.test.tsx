// @vitest-environment jsdom
/** Snapshots and retention on the engine in memory: what is said before something happens, and what happens. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFake, stubBrowser } from '../../../test/support/fake-client.ts';
import type { Fake } from '../../../test/support/fake-engine.ts';
import { askCache } from '../client/ask-cache.ts';
import { caseStore, watchCase } from '../state/case.ts';
import { keepingStore, openKeeping } from '../state/snapshots.ts';
import { view } from '../state/view.ts';
import { RetentionDialog } from './retention-dialog.tsx';
import { SnapshotsDialog } from './snapshots-dialog.tsx';

vi.mock('../client/client.ts', async () => (await import('../../../test/support/fake-client.ts')).fakeClient());

let fake: Fake;
let stop: () => void;
beforeEach(async () => {
  stubBrowser({ width: 1000, height: 700 });
  askCache.clear();
  fake = startFake('case');
  stop = watchCase();
  await waitFor(() => expect(caseStore.getState().info).not.toBeNull());
  render(<MantineProvider env="test"><SnapshotsDialog /><RetentionDialog /></MantineProvider>);
});
afterEach(() => {
  cleanup();
  stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  keepingStore.setState({ shown: null });
  caseStore.setState({ info: null, sources: new Map(), pins: [], pinned: new Set(), jobs: [] });
  view.setState({ query: '', from: null, to: null, selectedId: null });
});
const called = (call: string): unknown[] => fake.state.calls.filter((one) => one.call === call).map(({ input }) => input);
const click = async (name: string | RegExp, role = 'button'): Promise<void> => void fireEvent.click(await screen.findByRole(role, { name }));

describe('snapshots', () => {
  it('are taken with a name, and compared with what is there now', async () => {
    openKeeping('snapshots');
    fireEvent.change(await screen.findByLabelText('Keep the case as it is now'), { target: { value: 'handover' } });
    await click('Take a snapshot');
    expect(await screen.findByText('handover')).toBeTruthy();
    expect(called('snapshots.take')).toEqual([{ name: 'handover', description: '' }]);
    await click('Compare Before the restart with now');
    expect(await screen.findByText('200 events more.')).toBeTruthy();
    expect(screen.getByText('200 events more, 3,200 now')).toBeTruthy();
    await click('Event 4096');
    expect(view.getState().selectedId).toBe(4096);
    expect(keepingStore.getState().shown).toBeNull();
  });

  it('are restored and deleted only when a person says so', async () => {
    openKeeping('snapshots');
    await click('Restore Before the restart');
    const ask = await screen.findByRole('alertdialog', { name: 'Restore "Before the restart"?' });
    expect(within(ask).getByText(/is kept as a snapshot first/)).toBeTruthy();
    fireEvent.click(within(ask).getByRole('button', { name: 'Cancel' }));
    expect(called('snapshots.restore')).toEqual([]);
    await click('Delete Before the restart');
    await click('Delete for good');
    expect(await screen.findByText('No snapshot was taken yet')).toBeTruthy();
    expect(called('snapshots.remove')).toEqual([{ id: '20261121T140200000Z' }]);
  });
});

describe('retention', () => {
  it('says what would go and what stays, and archives only although an investigation is open when that is said', async () => {
    openKeeping('retention');
    const go = await screen.findByRole('region', { name: 'What would go' });
    expect(within(go).getByText(/4,096 events .* would go, of/)).toBeTruthy();
    expect(within(go).getByText(/8,192 old events stay, because they or their neighbours are pinned \(3\)/)).toBeTruthy();
    await click('Archive now');
    const act = await screen.findByRole<HTMLButtonElement>('button', { name: 'Archive' });
    expect(act.disabled).toBe(true);
    await click(/Although an investigation is open: Checkout outage/, 'checkbox');
    await waitFor(() => expect(act.disabled).toBe(false));
    fireEvent.click(act);
    await waitFor(() => expect(called('retention.apply')).toMatchObject([{ evenOpen: true, compact: false }]));
    expect(await screen.findByText('in the archive')).toBeTruthy();
    await click('Restore');
    expect(await screen.findByText('in the case again')).toBeTruthy();
    expect(called('retention.restore')).toEqual([{ id: 1, path: '' }]);
  });

  it('is off until it is switched on', async () => {
    openKeeping('retention');
    const box = await screen.findByRole<HTMLInputElement>('checkbox', { name: /Do this by itself/ });
    expect(box.checked).toBe(false);
    fireEvent.click(box);
    await waitFor(() => expect(called('retention.setPolicy')).toMatchObject([{ policy: { enabled: true, evenOpen: false, warmDays: 7 } }]));
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /Do this by itself/ }).checked).toBe(true));
  });
});
