// @vitest-environment jsdom
/** The anomalies panel on the engine in memory: what a person does with what is out of the ordinary. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { START } from '../../../../test/support/fake/events.ts';
import { panelTests } from '../../../../test/support/panel.tsx';
import { undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { anomaliesPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { fake, show } = panelTests(anomaliesPanel, () => import('./anomalies-panel.tsx'), { width: 1168, height: 400 });
const findings = (): Promise<HTMLElement[]> => screen.findAllByRole('article');

describe('what is out of the ordinary', () => {
  it('is shown with its series and the votes of the detectors side by side', async () => {
    await show();
    const [errors] = await findings();
    expect(within(errors).getByRole('img', { name: /Errors of api: 40 in 1 min, usually 3, over 1 h/ })).toBeTruthy();
    const votes = within(within(errors).getByRole('list', { name: 'Votes' })).getAllByRole('listitem');
    expect(votes.map(({ textContent }) => textContent)).toEqual(['Far from the usual0.90, votes', 'Unusual for that timedoes not judge', 'Never seen before0.20']);
    expect(votes[0].title).toContain('25.6 robust standard deviations');
    fireEvent.click(within(errors).getByText('What each says'));
    expect(within(errors).getByText(/the series shows no period/)).toBeTruthy();
    expect(screen.getByText(/12 series of services/)).toBeTruthy();
  });

  it('opens its events', async () => {
    await show();
    const [errors, bob] = await findings();
    fireEvent.click(within(errors).getByRole('button', { name: 'Open events' }));
    expect(view.getState()).toMatchObject({ query: 'service:api severity>=high', from: START + 20 * 60e6, to: START + 25 * 60e6 });
    fireEvent.click(within(bob).getByRole('button', { name: 'Open events' }));
    expect(view.getState()).toMatchObject({ query: 'user:bob host:db-7', selectedId: 1 });
  });

  it('is of one kind when that is asked for', async () => {
    await show();
    await findings();
    fireEvent.click(screen.getByRole('button', { name: 'Behaviour 1' }));
    await waitFor(async () => expect(await findings()).toHaveLength(1));
    expect(screen.getByText('User bob on host db-7 for the first time')).toBeTruthy();
    expect(screen.queryByText(/12 series of services/)).toBeNull();
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

  it('is looked for again when somebody says so, not with each event that comes in', async () => {
    await show();
    await findings();
    const asked = (): number => fake.state.calls.filter(({ call }) => call === 'anomalies.find').length;
    const before = asked();
    fake.state.emit('cases.changed', { tables: ['events'], version: ++fake.state.version, from: null, to: null });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked()).toBe(before);
    fireEvent.click(screen.getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(asked()).toBe(before + 1));
  });

  it('says so where there is none', async () => {
    await show('empty');
    expect(await screen.findByText('Nothing is out of the ordinary here')).toBeTruthy();
  });
});

describe('what came in that is out of the ordinary', () => {
  const showLive = async (scenario: 'case' | 'empty' = 'case'): Promise<void> => {
    await show(scenario);
    fireEvent.click(await screen.findByRole('tab', { name: /^As it came in/ }));
  };

  it('is counted on its tab, and told with how long ago, its series and votes', async () => {
    await show();
    fireEvent.click(await screen.findByRole('tab', { name: 'As it came in (1)' }));
    const [found] = await findings();
    expect(within(found).getByText('Found 3 min ago')).toBeTruthy();
    expect(within(found).getByRole('img', { name: /Errors of api: 40 in 1 min/ })).toBeTruthy();
    expect(within(within(found).getByRole('list', { name: 'Votes' })).getAllByRole('listitem')).toHaveLength(2);
    expect(screen.getByText(/7 events and samples came for minutes that had been judged/)).toBeTruthy();
  });

  it('is asked for again when the engine says that there is more', async () => {
    await showLive();
    await findings();
    const asked = (): number => fake.state.calls.filter(({ call }) => call === 'anomalies.live').length;
    const before = asked();
    fake.state.emit('cases.changed', { tables: ['anomalies'], version: ++fake.state.version, from: null, to: null });
    await waitFor(() => expect(asked()).toBeGreaterThan(before));
  });

  it('is judged again with what came late, and told in the window, when somebody says so', async () => {
    await showLive();
    await findings();
    fireEvent.click(screen.getByRole('button', { name: 'Judge again' }));
    await waitFor(() => expect(screen.queryByText(/came for minutes that had been judged/)).toBeNull());
    const tell = (): HTMLInputElement => screen.getByRole('checkbox', { name: 'Tell me' });
    expect(tell().checked).toBe(false);
    fireEvent.click(tell());
    await waitFor(() => expect(tell().checked).toBe(true));
  });

  it('hides what is marked wrong', async () => {
    await showLive();
    fireEvent.click(within((await findings())[0]).getByRole('button', { name: 'Mark wrong' }));
    expect(await screen.findByText('Everything found was marked wrong')).toBeTruthy();
    fireEvent.click(screen.getByRole('checkbox', { name: 'Marked wrong too (1)' }));
    expect(await findings()).toHaveLength(1);
    await undo();
  });

  it('says so when nothing was judged yet', async () => {
    await showLive('empty');
    expect(await screen.findByText('Nothing was judged yet')).toBeTruthy();
  });
});
