// @vitest-environment jsdom
/** The panel on the engine in memory: what a person does, and what is asked and shown because of it. */
import { act, configure, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { START } from '../../../../test/support/fake/events.ts';
import type { Fake, Scenario } from '../../../../test/support/fake-engine.ts';
import { panelTests } from '../../../../test/support/panel.tsx';
import { canvasStore } from '../../state/canvas.ts';
import { caseStore } from '../../state/case.ts';
import { view } from '../../state/view.ts';
import { GUTTER_PX, RIGHT_PX } from '../../ui/time-axis/plot.ts';
import { metricsPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());
// A canvas is not part of jsdom; what is drawn is tested in chart-option.test.ts.
vi.mock('../../ui/shape-chart.ts', () => ({ makeChart: () => ({ setOption: vi.fn(), resize: vi.fn(), dispose: vi.fn(), getWidth: () => WIDTH, getHeight: () => 0 }) }));

// Two hundred rows take a busy machine longer to draw than a test waits by itself.
configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

const WIDTH = 896;
const HEIGHT = 500;
const PLOT = { left: 84, width: WIDTH - 84 - 12 };
const { fake, show: showCase } = panelTests(metricsPanel, () => import('./metrics-panel.tsx'), { width: WIDTH, height: HEIGHT });

const settings = (): unknown => canvasStore.getState().panels.find(({ key }) => key === 'metrics')?.settings;
const asked = (call: string): Record<string, unknown>[] => fake.state.calls.filter((one) => one.call === call).map(({ input }) => input as Record<string, unknown>);

const show = (scenario?: Scenario, settings?: unknown, prepare?: (fake: Fake) => void): Promise<void> => showCase(scenario, { settings, prepare });
/** The list is long, and asking by role makes jsdom compute the style of all of it: by label and by element where that will do. */
async function group(name: string): Promise<HTMLElement> {
  return await waitFor(() => {
    const found = document.querySelector<HTMLElement>(`[role="group"][aria-label="${name}"]`);
    if (!found) throw new Error(`no group ${name}`);
    return found;
  });
}
async function chartOf(name: string): Promise<HTMLElement> {
  return await waitFor(() => {
    const found = document.querySelector<HTMLElement>(`section[aria-label="${name}"]`);
    if (!found) throw new Error(`no chart ${name}`);
    return found;
  });
}
const box = (of: HTMLElement, label: RegExp): HTMLInputElement => within(of).getByLabelText(label);
async function tick(name: string, label: RegExp): Promise<void> {
  const of = await group(name);
  await act(async () => void fireEvent.click(box(of, label)));
}

describe('metrics', () => {
  it('say what to do in a case without any', async () => {
    await show('empty');
    await screen.findByText('No metrics in this case yet');
    expect(screen.getByText(/OpenMetrics, Influx line protocol/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add a source' })).toBeTruthy();
  });
  it('appear when the first series come in', async () => {
    await show('empty');
    await screen.findByText('No metrics in this case yet');
    fake.state.scenario = 'case';
    act(() => fake.state.emit('cases.changed', { tables: ['series'], version: 2, from: null, to: null }));
    await group('pool_in_use');
  });
  it('are listed by name, as many as can be looked through, and found by words', async () => {
    await show();
    await screen.findByText('247 series');
    expect((await group('http_requests_total')).querySelectorAll('input')).toHaveLength(3);
    // A name with many series is a line until it is unfolded, or looked for.
    const cores = await group('system_cpu_ratio');
    expect(cores.querySelectorAll('input')).toHaveLength(0);
    fireEvent.click(within(cores).getByRole('button', { name: 'system_cpu_ratio' }));
    expect(cores.querySelectorAll('input').length).toBeGreaterThan(100);
    fireEvent.click(within(cores).getByRole('button', { name: 'system_cpu_ratio' }));
    expect(cores.querySelectorAll('input')).toHaveLength(0);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'requests web-2' } });
    await screen.findByText('1 series');
    expect(screen.getAllByRole('checkbox')).toHaveLength(1);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nothing-like-it' } });
    await screen.findByText('No series has all of these words in its name or labels.');
  });
  it('are drawn when chosen, those of one name together, and the choice is kept', async () => {
    await show();
    await tick('http_requests_total', /^code=200 host=web-1/);
    await tick('http_requests_total', /^code=500/);
    await tick('pool_in_use', /^without labels/);
    const chart = await chartOf('http_requests_total');
    expect(within(chart).getAllByRole('listitem').map((item) => item.textContent)).toEqual(['code=200', 'code=500']);
    await chartOf('pool_in_use');
    await waitFor(() => expect(asked('metrics.lines').at(-1)).toMatchObject({ ids: [2, 3, 7], from: caseStore.getState().info?.from }));
    expect(settings()).toMatchObject({ chosen: [{ source: 1, name: 'http_requests_total' }, { labels: [['code', '500'], ['host', 'web-1'], ['job', 'api']] }, { name: 'pool_in_use' }] });
    fireEvent.click(within(chart).getByRole('button', { name: 'Take off http_requests_total' }));
    await waitFor(() => expect(chart.isConnected).toBe(false));
    expect(settings()).toMatchObject({ chosen: [{ name: 'pool_in_use' }] });
  });
  it('are drawn no more than twelve at once, and say so', async () => {
    await show();
    const cores = await group('system_cpu_ratio');
    await act(async () => void fireEvent.click(within(cores).getByText('All')));
    await screen.findByText('12 of 12 drawn');
    expect(box(await group('pool_in_use'), /^without labels/).disabled).toBe(true);
    expect(cores.querySelectorAll('input:checked')).toHaveLength(12);
    expect(box(cores, /^core=0,/)).toMatchObject({ disabled: false, checked: true });
  });
  it('stand under the timeline to the pixel while the list is away', async () => {
    await show('case', { chosen: [{ source: 1, name: 'pool_in_use', labels: [] }] });
    await chartOf('pool_in_use');
    fireEvent.click(screen.getByRole('button', { name: 'Hide the list' }));
    expect(screen.queryByRole('complementary', { name: 'Series' })).toBeNull();
    expect(settings()).toMatchObject({ listed: false });
    const { from, to } = caseStore.getState().info ?? {};
    act(() => view.getState().setBrush({ from: from ?? 0, to: (to ?? 0) + 1 }));
    const { left, width } = (await screen.findByTestId('brush')).style;
    expect([left, width]).toEqual([`${GUTTER_PX}px`, `${WIDTH - GUTTER_PX - RIGHT_PX}px`]);
    fireEvent.click(screen.getByRole('button', { name: 'Choose series' }));
    expect(screen.getByRole('complementary', { name: 'Series' })).toBeTruthy();
  });
  it('come back as they were chosen, and say which are gone', async () => {
    const gone = { source: 9, name: 'gone', labels: [] };
    await show('case', { chosen: [{ source: 1, name: 'pool_in_use', labels: [] }, gone] });
    await chartOf('pool_in_use');
    await act(async () => void fireEvent.click(await screen.findByText('Forget it')));
    expect(settings()).toEqual({ chosen: [{ source: 1, name: 'pool_in_use', labels: [] }], listed: true });
  });
  it('say what went wrong, and try again', async () => {
    let lines: typeof fake.engine.metrics.lines | undefined;
    await show('case', { chosen: [{ source: 1, name: 'pool_in_use', labels: [] }] }, ({ engine }) => {
      ({ lines } = engine.metrics);
      engine.metrics.lines = () => {
        throw new Error('the disk is gone');
      };
    });
    await screen.findByText('Reading the samples failed');
    if (lines) fake.engine.metrics.lines = lines;
    fireEvent.click(screen.getByText('Try again'));
    await within(await chartOf('pool_in_use')).findByText(/unusual: 14/);
    expect(screen.queryByText('Reading the samples failed')).toBeNull();
  });
  it('can be read as numbers', async () => {
    await show('case', { chosen: [{ source: 1, name: 'pool_in_use', labels: [] }] });
    const chart = await chartOf('pool_in_use');
    await within(chart).findByText(/unusual: 14\.2 deviations$/);
    const row = within(chart).getAllByRole('row')[1];
    expect(within(row).getAllByRole('cell').map((cell) => cell.textContent).join(' | ')).toMatch(/connections.* at 2026-11-2\d .*deviations$/);
  });
  it('follow the range of the other panels, and say where the samples are when it has none', async () => {
    await show('case', { chosen: [{ source: 1, name: 'pool_in_use', labels: [] }] });
    await chartOf('pool_in_use');
    act(() => view.getState().setRange(1e15, 1e15 + 60e6));
    await waitFor(() => expect(asked('metrics.lines').at(-1)).toMatchObject({ from: 1e15, to: 1e15 + 60e6 }));
    fireEvent.click(await screen.findByText('Show that time'));
    expect(view.getState()).toMatchObject({ from: START, to: START + 1799 * 60e6 + 1 });
  });
  it('share the time under the pointer, and text from data stays text', async () => {
    await show('case', { chosen: [{ source: 1, name: 'node_memory_used_bytes', labels: [['host', 'web-1']] }, { source: 1, name: 'node_memory_used_bytes', labels: [['host', '<img src=x onerror=alert(1)>']] }] });
    const chart = within(await chartOf('node_memory_used_bytes')).getByRole('application');
    await screen.findByText(/^host=<img src=x onerror=alert\(1\)>$/, { selector: 'td, th' });
    fireEvent.pointerMove(chart, { clientX: PLOT.left + PLOT.width / 2, clientY: 40 });
    const { from, to } = caseStore.getState().info ?? {};
    expect(view.getState().hoverTime).toBeCloseTo((Number(from) + Number(to) + 1) / 2, -1);
    const tip = await screen.findByTestId('values');
    expect(tip.textContent).toMatch(/host=web-1.*GB \(.* GB to .* GB\).*host=<img src=x onerror=alert\(1\)>/);
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getByTestId('hover-line')).toBeTruthy();
    fireEvent.pointerLeave(chart);
    expect(view.getState().hoverTime).toBeNull();
  });
  it('mark a stretch by dragging, as the timeline does, and zoom with keys', async () => {
    await show('case', { chosen: [{ source: 1, name: 'pool_in_use', labels: [] }] });
    const chart = within(await chartOf('pool_in_use')).getByRole('application');
    fireEvent.pointerDown(chart, { button: 0, clientX: PLOT.left + 80, clientY: 40, pointerId: 1 });
    fireEvent.pointerMove(chart, { clientX: PLOT.left + 240, clientY: 40, pointerId: 1 });
    fireEvent.pointerUp(chart, { clientX: PLOT.left + 240, clientY: 40, pointerId: 1 });
    const { brush } = view.getState();
    const whole = Number(caseStore.getState().info?.to) + 1 - Number(caseStore.getState().info?.from);
    expect(Number(brush?.to) - Number(brush?.from)).toBeCloseTo(whole / 5, -2);
    expect(view.getState().from).toBeNull();
    fireEvent.click(screen.getByText('Zoom'));
    expect(view.getState()).toMatchObject({ from: brush?.from, to: brush?.to });
    fireEvent.keyDown(chart, { key: 'ArrowRight' });
    expect(Number(view.getState().from)).toBeGreaterThan(Number(brush?.from));
  });
});
