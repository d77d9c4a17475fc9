// @vitest-environment jsdom
/** The root cause panel on the engine in memory: from the time it started to the service, and to its events. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { START } from '../../../../test/support/fake/events.ts';
import { panelTests } from '../../../../test/support/panel.tsx';
import { view } from '../../state/view.ts';
import { rootCausePanel } from './index.ts';
import { pathOf } from './metric-line.tsx';
import { ordinal, picturedCauses } from './words.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { fake, show } = panelTests(rootCausePanel, () => import('./root-cause-panel.tsx'), { width: 1168, height: 500 });
const asked = (): unknown[] => fake.state.calls.filter(({ call }) => call === 'rootCause.rank').map(({ input }) => (input as { at: number | null }).at);

describe('root cause', () => {
  it('finds when it started, ranks services, and opens the events of a sentence', async () => {
    await show();
    const list = await screen.findByRole('list', { name: /how likely/ });
    expect(within(list).getAllByRole('button').map((button) => button.textContent)).toEqual([expect.stringContaining('cart85 %'), expect.stringContaining('payment34 %')]);
    expect(screen.getByText(/is missing from then on/)).toBeDefined();
    const why = screen.getByRole('region', { name: 'Why cart' });
    expect(within(why).getByText(/is in 0 of 19 visits/)).toBeDefined();
    expect(within(why).getByText(/39 s before/)).toBeDefined();
    fireEvent.click(within(why).getByRole('button', { name: 'Open events' }));
    expect(view.getState()).toMatchObject({ query: 'service:cart', selectedId: fake.state.events[0].id });
    expect(screen.getByText(/20 of 121 requests/)).toBeDefined();
  });

  it('shows another suspect from the list and from the picture', async () => {
    await show();
    fireEvent.click(await screen.findByRole('button', { name: /^2payment/ }));
    expect(screen.getByRole('region', { name: 'Why payment' })).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: /^Evidence of cart: 1st, 85 %/ }));
    expect(screen.getByRole('region', { name: 'Why cart' })).toBeDefined();
  });

  it('takes the time from what is typed, the brush and the selected event, and finds it again', async () => {
    await show();
    const field = await screen.findByLabelText('When did it start?');
    await waitFor(() => expect((field as HTMLInputElement).value).not.toBe(''));
    fireEvent.change(field, { target: { value: 'never' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(screen.getByRole('alert')).toBeDefined();
    fireEvent.change(field, { target: { value: '2026-10-01 10:00:05' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => expect(asked().at(-1)).toBe(Date.UTC(2026, 9, 1, 10, 0, 5) * 1000));
    fireEvent.click(await screen.findByRole('button', { name: 'Find it' }));
    // What was found before is still known.
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Find it' })).toBeNull());
    view.setState({ brush: { from: START + 1e6, to: START + 2e6 } });
    fireEvent.click(await screen.findByRole('button', { name: 'Begin of the marked stretch' }));
    await waitFor(() => expect(asked().at(-1)).toBe(START + 1e6));
    view.getState().select(fake.state.events[3].id);
    fireEvent.click(await screen.findByRole('button', { name: 'Selected event' }));
    await waitFor(() => expect(asked().at(-1)).toBe(fake.state.events[3].time));
  });

  it('says which time it is instead of one that was named late', async () => {
    await show();
    const field = await screen.findByLabelText('When did it start?');
    fireEvent.change(field, { target: { value: '2026-10-01 10:00:05' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(await screen.findByText('as you said')).toBeDefined();
    fireEvent.change(field, { target: { value: '2026-11-20 06:40:00' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(await screen.findByText(/^06:\d\d:\d\d instead: in cart the step/)).toBeDefined();
    expect((field as HTMLInputElement).value).toBe('2026-11-20 06:40:00');
  });

  it('marks a suspect wrong', async () => {
    await show();
    fireEvent.click(await screen.findByRole('button', { name: 'Mark wrong' }));
    await waitFor(() => expect(fake.state.calls.find(({ call }) => call === 'findings.mark')?.input).toMatchObject({ like: 'root-cause:cart', verdict: 'wrong' }));
  });

  it('says what is missing where nothing tells', async () => {
    await show('empty');
    expect(await screen.findByText('Nothing tells when it started')).toBeDefined();
  });
});

describe('the picture', () => {
  it('has the suspects and those around them, and marks delayed calls', () => {
    const edges = Array.from({ length: 60 }, (_, i) => ({ caller: `s${i}`, callee: `s${i + 1}`, calls: 10, delay: i === 40 ? 900_000 : 2000 }));
    const { nodes, edges: drawn } = picturedCauses([{ service: 's41', rank: 1, score: 0.8 } as never], edges, 's41');
    expect(nodes.map(({ service }) => service)).toEqual(['s41', 's40', 's42']);
    const busy = Array.from({ length: 40 }, (_, i) => ({ caller: `c${i}`, callee: 'hub', calls: 1, delay: 0 }));
    expect(picturedCauses([{ service: 'hub', rank: 1, score: 0.8 } as never], busy, 'hub').nodes.length).toBe(14);
    expect(nodes[0]).toMatchObject({ service: 's41', blame: 0.8, detail: '1st, 80 %' });
    expect(drawn.find(({ callee }) => callee === 's41')).toMatchObject({ bad: true, label: ['+900 ms', '10'] });
    expect([1, 2, 3, 4, 11, 12, 22].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '22nd']);
  });
  it('draws metrics by time, without what is no number', () => {
    expect(pathOf([[0, 1], [10, Number.NaN], [20, 3], [5, 1]], 0, 20)).toBe('M0.0 27.0L60.0 27.0L240.0 1.0');
    expect(pathOf([[0, 1]], 0, 20)).toBe('');
  });
});
