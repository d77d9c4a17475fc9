// @vitest-environment jsdom
/** The trends panel on the engine in memory: the look back before the forecast, and what a person changes. */
import { configure, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { panelTests } from '../../../../test/support/panel.tsx';
import { view } from '../../state/view.ts';
import { trendsPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());
vi.mock('../../ui/shape-chart.ts', () => ({ makeChart: () => ({ setOption: vi.fn(), resize: vi.fn(), dispose: vi.fn(), getWidth: () => 700, getHeight: () => 300 }) }));
configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

const { fake, show } = panelTests(trendsPanel, () => import('./trends-panel.tsx'), { width: 700, height: 300 });
const asked = (): Record<string, unknown>[] => fake.state.calls.filter(({ call }) => call === 'trends.forecast').map(({ input }) => input as Record<string, unknown>);

describe('a forecast', () => {
  it('stands behind what its methods would have said before', async () => {
    await show();
    const table = await screen.findByRole('table', { name: /from 8 earlier moments, up to 24 min ahead/ });
    const picture = screen.getByRole('img', { name: /Events: 120 values and 24 forecast/ });
    expect(table.compareDocumentPosition(picture) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    expect(within(table).getAllByRole('row').map((row) => row.textContent)).toEqual(['MethodErrorMASEsMAPEWeight', 'Combination of methods1.20.602.1 %', 'Exponential smoothing (ETS)1.10.552.0 %50 %', 'Theta (dynamic, optimised)1.40.702.6 %50 %', 'Last value3.11.505.5 %to compare']);
    expect(screen.getByText(/Wrong by 1.2 on average, "Last value" by 3.1; 96 % of what came/)).toBeTruthy();
    expect(screen.getByText(/Rises by 30 an hour/)).toBeTruthy();
    expect(screen.getByText('24 min (24 steps)')).toBeTruthy();
  });

  it('is of another method, step or horizon when a person says so, and goes back', async () => {
    await show();
    fireEvent.click(await screen.findByRole('radio', { name: /Theta/ }));
    await waitFor(() => expect(asked().at(-1)?.method).toBe('theta'));
    fireEvent.click(await screen.findByRole('button', { name: 'Back to the combination' }));
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Combination of methods' }).checked).toBe(true));
    fireEvent.change(screen.getByLabelText('Step'), { target: { value: String(300e6) } });
    const horizon = screen.getByLabelText('Horizon');
    fireEvent.change(horizon, { target: { value: '12' } });
    fireEvent.keyDown(horizon, { key: 'Enter' });
    await waitFor(() => expect(asked().at(-1)).toMatchObject({ step: 300e6, horizon: 12, season: null }));
    fireEvent.change(horizon, { target: { value: 'soon' } });
    fireEvent.blur(horizon);
    expect(horizon.getAttribute('aria-invalid')).toBe('true');
    expect(asked().at(-1)).toMatchObject({ horizon: 12 });
  });

  it('finds when a limit is reached, which can be marked wrong', async () => {
    await show();
    const limit = await screen.findByLabelText('Limit');
    fireEvent.change(limit, { target: { value: '100' } });
    fireEvent.blur(limit);
    const finding = within(await screen.findByRole('article'));
    expect(finding.getByText(/reaches 100 in about 14 min/)).toBeTruthy();
    fireEvent.click(finding.getByRole('button', { name: 'Mark wrong' }));
    expect(await finding.findByRole('button', { name: 'Not wrong after all' })).toBeTruthy();
  });

  it('follows the filter and the range, and marks the step that is clicked', async () => {
    await show();
    await screen.findByRole('table', { name: /earlier moments/ });
    view.getState().setQuery('service:api');
    expect(await screen.findByRole('img', { name: /Events of service:api/ })).toBeTruthy();
    // The picture is there before its first answer is drawn.
    await waitFor(() => {
      fireEvent.pointerDown(screen.getByRole('img'), { clientX: 72 + 10 });
      expect(view.getState().brush).not.toBeNull();
    });
  });

  it('of a metric is chosen by its name', async () => {
    await show();
    fireEvent.change(await screen.findByLabelText('Series'), { target: { value: 'metric' } });
    expect(await screen.findByText('Choose a metric')).toBeTruthy();
    fireEvent.click(screen.getByRole('combobox', { name: 'Metric' }));
    const [option] = await within(await screen.findByRole('listbox', { hidden: true })).findAllByRole('option', { hidden: true });
    fireEvent.click(option);
    await waitFor(() => expect(asked().at(-1)?.subject).toMatchObject({ of: 'metric' }));
    expect(await screen.findByRole('img', { name: /memory/ })).toBeTruthy();
  });

  it('says what is missing for one', async () => {
    await show();
    view.getState().setQuery('short');
    expect(await screen.findByText(/5 values are too few for a forecast; 8 are needed/)).toBeTruthy();
    await show('empty');
    expect(await screen.findByText('No events in this case yet')).toBeTruthy();
  });
});
