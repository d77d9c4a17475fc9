// @vitest-environment jsdom
/** The trace panel on the engine in memory: what a person does, and what is shown and selected because of it. */
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { fakeTrace } from '../../../../test/support/fake/traces.ts';
import { panelTests } from '../../../../test/support/panel.tsx';
import { openTrace } from '../../state/trace.ts';
import { view } from '../../state/view.ts';
import { tracePanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { fake, show } = panelTests(tracePanel, () => import('./trace-panel.tsx'), { width: 1168, height: 324, rows: true });
const tree = (): Promise<HTMLElement> => screen.findByRole('tree');
const items = async (): Promise<string[]> => within(await tree()).getAllByRole('treeitem').map((item) => item.getAttribute('aria-label') ?? '');
const chosen = async (): Promise<string> => within(await tree()).getAllByRole('treeitem', { selected: true }).map((item) => item.getAttribute('aria-label') ?? '').join();
const press = async (key: string): Promise<void> => {
  const at = await tree();
  await act(async () => {
    fireEvent.keyDown(at, { key });
  });
};

describe('the trace of the selected event', () => {
  it('is drawn with its spans, errors in words, and what is slow', async () => {
    await show();
    await screen.findByText('No trace is chosen');
    act(() => view.getState().select(fake.state.events[1].id));
    expect(await items()).toEqual([
      'nginx, POST /checkout, 920 ms, failed: upstream answered 502, on the critical path for 20 ms', 'checkout, place order, 900 ms, failed, on the critical path for 90 ms',
      'checkout, SELECT orders, 40 ms, 1.1× its usual 38 ms (median of 120 earlier spans)', 'api, GET /prices, 90 ms, on the critical path for 60 ms', 'api, cache get, 30 ms, on the critical path for 30 ms',
      'payments, charge, 710 ms, failed: circuit breaker opened for bank-gateway, slow: 4.4× its usual 160 ms (median of 88 earlier spans), on the critical path for 710 ms', 'scheduler, audit <b>log</b>, 50 ms, its parent ffff is not in the case',
    ]);
    expect(await chosen()).toContain('place order');
    for (const text of ['3 errors', '1 slow', '1 without its parent', 'parent missing', '7 spans']) expect(screen.getByText(text)).toBeTruthy();
    // Text of the data stays text.
    expect(screen.getByText('audit <b>log</b>')).toBeTruthy();
  });
  it('is walked, closed and opened with the keyboard, and selects events', async () => {
    await show();
    const id = (i: number): number => fake.state.events[i].id;
    act(() => view.getState().select(id(0)));
    await press('ArrowDown');
    expect(view.getState().selectedId).toBe(id(1));
    await press('ArrowLeft');
    expect((await items()).length).toBe(3);
    await press('ArrowDown');
    expect(view.getState().selectedId).toBe(id(6));
    await press('ArrowUp');
    await press('ArrowRight');
    expect((await items()).length).toBe(7);
    await press('ArrowRight');
    expect(view.getState().selectedId).toBe(id(2));
    await press('ArrowLeft');
    expect(view.getState().selectedId).toBe(id(1));
    await press('End');
    expect(view.getState().selectedId).toBe(id(6));
    await press('Home');
    await press('ArrowLeft');
    expect((await items()).length).toBe(2);
    // An event below a closed span, selected elsewhere: it is opened.
    act(() => view.getState().select(id(4)));
    await waitFor(async () => expect(await chosen()).toContain('cache get'));
    expect((await items()).length).toBe(7);
  });
  it('stays when an event of no trace is selected, and becomes a filter or a range', async () => {
    await show();
    act(() => view.getState().select(fake.state.events[0].id));
    await tree();
    act(() => view.getState().select(fake.state.events[500].id));
    expect((await items()).length).toBe(7);
    const trace = fakeTrace(fake.state);
    fireEvent.click(screen.getByRole('button', { name: 'Set range' }));
    expect([view.getState().from, view.getState().to]).toEqual([trace.start, trace.end + 1]);
    fireEvent.click(screen.getByRole('button', { name: /^Filter/ }));
    expect(view.getState().query).toBe(`trace_id:${trace.traceId}`);
  });
});

describe('a large trace', () => {
  it('is searched, and its errors are gone through', async () => {
    await show();
    const id = (i: number): number => fake.state.events[i].id;
    act(() => view.getState().select(id(0)));
    await tree();
    const find = screen.getByRole('searchbox', { name: 'Find in the trace' });
    fireEvent.change(find, { target: { value: 'order' } });
    expect(screen.getByText('2', { selector: '[role="status"]' })).toBeTruthy();
    fireEvent.keyDown(find, { key: 'Enter' });
    expect(view.getState().selectedId).toBe(id(1));
    fireEvent.keyDown(find, { key: 'Enter' });
    expect(view.getState().selectedId).toBe(id(2));
    expect(screen.getByText('2 of 2')).toBeTruthy();
    fireEvent.keyDown(find, { key: 'Enter', shiftKey: true });
    expect(view.getState().selectedId).toBe(id(1));
    fireEvent.keyDown(find, { key: 'Escape' });
    expect(find).toHaveProperty('value', '');
    fireEvent.click(screen.getByRole('button', { name: '3 errors' }));
    expect(view.getState().selectedId).toBe(id(5));
    fireEvent.click(screen.getByRole('button', { name: '3 errors' }));
    expect(view.getState().selectedId).toBe(id(0));
    // What is said of the selected span stands below in full.
    fireEvent.click(screen.getByRole('button', { name: '1 slow' }));
    expect(screen.getByText('slow: 4.4× its usual 160 ms (median of 88 earlier spans)')).toBeTruthy();
    expect(screen.getAllByText('circuit breaker opened for bank-gateway', { exact: false }).length).toBeGreaterThan(0);
  });
  it('is closed to its outline, opened, and looked at closer', async () => {
    await show();
    act(() => view.getState().select(fake.state.events[3].id));
    const scale = async (): Promise<string[]> => [...(await tree()).querySelectorAll('[class*="tick"]')].map(({ textContent }) => textContent ?? '');
    expect((await scale())[0]).toBe('0 s');
    await press('+');
    await press('+');
    // Around the start of the selected span: 20 ms into 920.
    expect(await scale()).toEqual(['50 ms', '100 ms', '150 ms', '200 ms']);
    await press('0');
    expect((await scale()).at(-1)).toBe('800 ms');
    const at = await tree();
    fireEvent.keyDown(at, { key: 'ArrowLeft', shiftKey: true });
    expect((await items()).length).toBe(3);
    fireEvent.keyDown(at, { key: 'ArrowRight', shiftKey: true });
    expect((await items()).length).toBe(7);
  });
  it('is shown when it is asked for by name', async () => {
    await show();
    fireEvent.click(await screen.findByRole('tab', { name: 'All traces' }));
    act(() => openTrace(fakeTrace(fake.state).traceId));
    expect((await items()).length).toBe(7);
    expect(screen.getByRole('tab', { name: 'Trace' }).getAttribute('aria-selected')).toBe('true');
  });
});

describe('all traces', () => {
  it('are sorted, and one of them is shown', async () => {
    await show();
    fireEvent.click(await screen.findByRole('tab', { name: 'All traces' }));
    await screen.findByText('30 traces');
    fireEvent.click(screen.getByRole('button', { name: 'Duration' }));
    await waitFor(() => expect(screen.getAllByRole('row')[1].textContent).toContain('920 ms'));
    expect(screen.getByRole('columnheader', { name: /Duration/ }).getAttribute('aria-sort')).toBe('descending');
    const first = within(screen.getAllByRole('row')[1]).getByRole('button');
    first.focus();
    fireEvent.keyDown(first, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(within(screen.getAllByRole('row')[2]).getByRole('button'));
    fireEvent.click(within(screen.getAllByRole('row')[1]).getByRole('button', { name: 'POST /checkout' }));
    expect((await items()).length).toBe(7);
    expect(fake.state.calls.filter(({ call }) => call === 'traces.get').map(({ input }) => input)).toEqual([{ traceId: fakeTrace(fake.state).traceId }]);
  });
  it('are of no use in a case without spans, which says what to do', async () => {
    await show('empty');
    expect(await screen.findByText('No traces in this case')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add files of spans' })).toBeTruthy();
  });
});

describe('services', () => {
  it('are drawn and told in figures, and become filters', async () => {
    await show();
    fireEvent.click(await screen.findByRole('tab', { name: 'Services' }));
    const rows = within(await screen.findByRole('table')).getAllByRole('row').map((row) => row.textContent);
    expect(rows[1]).toBe('nginxcheckout42041180 ms912 ms');
    const payments = screen.getByRole('button', { name: 'Filter for payments: 388 spans, 40 failed' });
    // What the pointer is on stands out with those it calls and is called by.
    fireEvent.pointerEnter(payments);
    const dim = (name: RegExp): boolean => screen.getByRole('button', { name }).hasAttribute('data-dim');
    expect([dim(/^Filter for nginx/), dim(/^Filter for checkout/), dim(/^Filter for payments/)]).toEqual([true, false, false]);
    fireEvent.pointerLeave(payments);
    expect(dim(/^Filter for nginx/)).toBe(false);
    fireEvent.click(payments);
    expect(view.getState().query).toBe('service:payments');
  });
});
