// @vitest-environment jsdom
/** The services panel on the engine in memory: what it shows, and what a click leads to. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { panelTests } from '../../../../test/support/panel.tsx';
import { view } from '../../state/view.ts';
import { servicesPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { fake, show } = panelTests(servicesPanel, () => import('./services-panel.tsx'), { width: 1168, height: 324 });
const row = async (name: string): Promise<HTMLElement> => (await screen.findByRole('button', { name })).closest('tr') ?? document.body;
const tab = async (name: string | RegExp): Promise<void> => void fireEvent.click(await screen.findByRole('tab', { name }));

describe('services', () => {
  it('are listed worst first, with health, errors and what is left of the budget', async () => {
    await show();
    expect(await screen.findByText('4 services: 1 unhealthy, 1 silent, 1 degraded, 1 healthy')).toBeTruthy();
    expect(screen.getAllByRole('row').slice(1).map((each) => within(each).getAllByRole('cell')[0].textContent)).toEqual(['payment', 'checkout', 'cart', 'frontend']);
    expect(within(await row('payment')).getByText('Unhealthy')).toBeTruthy();
    expect(within(await row('payment')).getByText('spent 317 times')).toBeTruthy();
    expect(within(await row('frontend')).getByText('nothing spent')).toBeTruthy();
  });

  it('lead to their events, and open to their outages with why', async () => {
    await show();
    const payment = await row('payment');
    fireEvent.click(within(payment).getByRole('button', { name: '1,900' }));
    expect(view.getState().query).toBe('service:payment (severity>=high OR status>=500)');
    fireEvent.click(within(payment).getByRole('button', { name: 'Open payment' }));
    const card = await screen.findByRole('article', { name: 'payment was unhealthy for 10 min' });
    expect(within(card).getByText('error rate 62 % (62 of 100 requests) is over 20 %.')).toBeTruthy();
    view.getState().setQuery('');
    fireEvent.click(within(payment).getByRole('button', { name: 'payment' }));
    expect(view.getState().query).toBe('service:payment');
    // What is filtered for does not matter to the numbers.
    const asked = fake.state.calls.filter(({ call }) => call === 'services.get');
    expect(asked.every(({ input }) => (input as { scope: { query: string } }).scope.query === '')).toBe(true);
  });

  it('have objectives of their own, which can be undone', async () => {
    await show();
    await tab('SLA');
    fireEvent.click(await screen.findByRole('button', { name: 'Change the objective of cart' }));
    const availability = await screen.findByLabelText('Requests without error');
    fireEvent.change(availability, { target: { value: '99' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(fake.state.calls.find(({ call }) => call === 'services.setSettings')?.input).toMatchObject({ settings: { services: { cart: { availability: 0.99, latencyMs: 500, latencyShare: 0.95 } } } }));
    await waitFor(async () => expect(within(await row('cart')).getByText('99 %')).toBeTruthy());
  });

  it('have findings that can be called wrong and are put aside then', async () => {
    await show();
    await tab(/Outages/);
    fireEvent.click(await screen.findByRole('button', { name: 'Mark wrong' }));
    expect(await screen.findByText('Everything here was marked wrong')).toBeTruthy();
    fireEvent.click(screen.getByRole('checkbox', { name: /Marked wrong too/ }));
    expect(await screen.findByRole('article', { name: 'payment was unhealthy for 10 min' })).toBeTruthy();
    await tab('Risk');
    expect(await screen.findByText('Could not charge <*>')).toBeTruthy();
  });

  it('teach what would be here', async () => {
    await show('empty');
    expect(await screen.findByText('No source in this case yet')).toBeTruthy();
  });
});
