// @vitest-environment jsdom
/** The correlation panel on the engine in memory: what a person does with what goes together. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { START } from '../../../../test/support/fake/events.ts';
import { panelTests } from '../../../../test/support/panel.tsx';
import { undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { correlationPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { fake, show } = panelTests(correlationPanel, () => import('./correlation-panel.tsx'), { width: 1168, height: 400 });
const findings = (): Promise<HTMLElement[]> => screen.findAllByRole('article');

describe('what goes together', () => {
  it('says it with its numbers, and opens its events', async () => {
    await show();
    const [security, performance] = await findings();
    expect(within(performance).getByText(/rank correlation 0.81/)).toBeTruthy();
    expect(within(performance).getByRole('img', { name: /cpu of db and latency of api over 1 h/ })).toBeTruthy();
    fireEvent.click(within(security).getByRole('button', { name: 'Open events' }));
    expect(view.getState()).toMatchObject({ query: 'ip:10.0.0.9', from: START, selectedId: 1 });
  });

  it('shows one kind, with what was looked at', async () => {
    await show();
    await findings();
    fireEvent.click(screen.getByRole('button', { name: /^Security/ }));
    await waitFor(async () => expect(await findings()).toHaveLength(1));
    expect(screen.getByText(/12 series in buckets of 1 min/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /^Cost/ }));
    expect(await screen.findByText('Nothing goes together here')).toBeTruthy();
  });

  it('hides what is marked wrong, until it is asked for or taken back', async () => {
    await show();
    const [first] = await findings();
    fireEvent.click(within(first).getByRole('button', { name: 'Mark wrong' }));
    await waitFor(async () => expect(await findings()).toHaveLength(1));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Marked wrong too (1)' }));
    await waitFor(async () => expect(await findings()).toHaveLength(2));
    await undo();
    await waitFor(() => expect(screen.getByRole('checkbox', { name: 'Marked wrong too' })).toBeTruthy());
  });

  it('is stopped, and looked for again', async () => {
    await show();
    await findings();
    const asked = (): number => fake.state.calls.filter(({ call }) => call === 'correlation.find').length;
    const before = asked();
    fireEvent.click(screen.getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(asked()).toBe(before + 1));
  });
});

describe('sequences', () => {
  it('are written, tried, saved and taken back', async () => {
    await show();
    fireEvent.click(await screen.findByRole('tab', { name: 'Sequences' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Write a sequence' }));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.click(dialog.getByRole('button', { name: 'Try it' }));
    expect((await dialog.findByRole('alert')).textContent).toBe('Step 1 needs a query.');
    fireEvent.change(dialog.getByLabelText('Step 1'), { target: { value: 'service:db severity>=high' } });
    fireEvent.change(dialog.getByLabelText('Step 2'), { target: { value: 'service:mail' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Try it' }));
    expect(await dialog.findByText('It finds 1 in this range.')).toBeTruthy();
    fireEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect((await dialog.findByRole('alert')).textContent).toBe('The sequence needs a name.');
    fireEvent.change(dialog.getByLabelText('Name'), { target: { value: 'Mail after a failure' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Mail after a failure')).toBeTruthy();
    await undo();
    await waitFor(() => expect(screen.queryByText('Mail after a failure')).toBeNull());
  });

  it('of the product are switched off, with undo', async () => {
    await show();
    fireEvent.click(await screen.findByRole('tab', { name: 'Sequences' }));
    const box = (): HTMLInputElement => screen.getByRole<HTMLInputElement>('checkbox', { name: /^Look for: Failed logins/ });
    await waitFor(() => expect(box().checked).toBe(true));
    fireEvent.click(box());
    await waitFor(() => expect(box().checked).toBe(false));
    await undo();
    await waitFor(() => expect(box().checked).toBe(true));
  });
});
