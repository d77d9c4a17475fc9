// @vitest-environment jsdom
/** The patterns panel on the engine in memory: what a person does with patterns. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFake, stubBrowser } from '../../../../test/support/fake-client.ts';
import type { Fake, Scenario } from '../../../../test/support/fake-engine.ts';
import { START } from '../../../../test/support/fake/events.ts';
import { askCache } from '../../client/ask-cache.ts';
import { canvasStore, FIRST_LAYOUT } from '../../state/canvas.ts';
import { watchCase } from '../../state/case.ts';
import { undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { patternsPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const HOUR = 3600e6;
let fake: Fake;
let stop: () => void;
function show(scenario: Scenario = 'case', compare = 'none'): void {
  fake = startFake(scenario);
  stop = watchCase();
  canvasStore.setState({ panels: [{ key: 'patterns', panel: 'patterns', title: '', linked: true, x: 0, y: 0, w: 24, h: 14, settings: { tab: 'list', compare, shown: 'all', sort: 'count', ascending: false, quieted: false } }] });
  const { Component } = patternsPanel;
  render(<MantineProvider><Component panelKey="patterns" linked /></MantineProvider>);
}
async function rows(): Promise<HTMLElement[]> {
  return await waitFor(() => {
    const found = screen.getAllByRole('row').slice(1);
    expect(found.length).toBeGreaterThan(0);
    return found;
  });
}
const texts = async (): Promise<(string | null)[]> => (await rows()).map((row) => within(row).getAllByRole('gridcell')[2].textContent);
const asked = (call: string): unknown => fake.state.calls.findLast((each) => each.call === call)?.input;

beforeAll(async () => void (await import('./patterns-panel.tsx')));
beforeEach(() => {
  stubBrowser({ width: 1168, height: 400 });
  Element.prototype.scrollTo = () => undefined;
  // Rows are drawn for the height there is.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(400);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
  askCache.clear();
});
afterEach(() => {
  cleanup();
  stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  canvasStore.setState({ panels: FIRST_LAYOUT });
  view.setState({ query: '', from: null, to: null, selectedId: null, brush: null });
});

describe('patterns', () => {
  it('are listed by how often they are met, and by any other column', async () => {
    show();
    expect(await texts()).toEqual(['GET <path> took <qty>', 'retrying <text> in <num> s', 'could not charge card of <id>: <text>', 'rarelicence expires in <num> days']);
    fireEvent.click(screen.getByRole('button', { name: 'Pattern' }));
    expect((await texts())[0]).toBe('could not charge card of <id>: <text>');
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'card charge' } });
    expect(await texts()).toHaveLength(1);
  });

  it('are compared with what was before the range; what is gone is there too', async () => {
    view.setState({ from: START + HOUR, to: START + 2 * HOUR });
    show('case', 'before');
    await waitFor(async () => expect(await texts()).toContain('gonecache warmed with <num> entries'));
    expect(asked('patterns.list')).toMatchObject({ scope: { from: START + HOUR, to: START + 2 * HOUR }, other: 'before' });
    fireEvent.click(screen.getByRole('button', { name: 'New 1' }));
    expect(await texts()).toEqual(['newcould not charge card of <id>: <text>']);
    fireEvent.click(screen.getByRole('tab', { name: 'Findings (1)' }));
    expect(await screen.findByText(/420 times in this range, not once/)).toBeTruthy();
  });

  it('says what has to be done before it can compare', async () => {
    show('case', 'mark');
    expect(await screen.findByText('Drag over the timeline to mark a stretch.')).toBeTruthy();
    view.getState().setBrush({ from: START + HOUR, to: START + 2 * HOUR });
    await waitFor(() => expect(asked('patterns.list')).toMatchObject({ scope: { from: START + HOUR, to: START + 2 * HOUR }, other: { from: null, to: null } }));
  });

  it('tell their values and templates, and are filtered for', async () => {
    show();
    fireEvent.click((await rows())[0]);
    const detail = await screen.findByRole('region', { name: 'The pattern' });
    fireEvent.click(await within(detail).findByRole('button', { name: /12 ms/ }));
    expect(view.getState().query).toBe('template:"GET <path> took <qty>" "12 ms"');
    fireEvent.click(within(detail).getByRole('button', { name: 'Filter out' }));
    expect(view.getState().query).toContain('-template:"GET <path> took <qty>"');
  });

  it('are merged and split, which undo takes back', async () => {
    show();
    await rows();
    await waitFor(() => expect(screen.getAllByRole('checkbox').length).toBeGreaterThan(1));
    for (const box of screen.getAllByRole('checkbox').slice(0, 2)) fireEvent.click(box);
    await waitFor(() => expect(screen.getByRole('button', { name: 'Merge 2' }).hasAttribute('disabled')).toBe(false));
    fireEvent.click(screen.getByRole('button', { name: 'Merge 2' }));
    const detail = await screen.findByRole('region', { name: 'The pattern' });
    expect(asked('patterns.merge')).toEqual({ patterns: [1, 5] });
    fireEvent.click((await within(detail).findAllByRole('checkbox'))[1]);
    fireEvent.click(within(detail).getByRole('button', { name: 'Split off' }));
    await waitFor(() => expect(asked('patterns.split')).toEqual({ pattern: 1, templates: [11] }));
    fireEvent.click(screen.getByRole('tab', { name: 'Merged and split' }));
    expect(await screen.findAllByRole('button', { name: 'Take back' })).toHaveLength(2);
    await undo();
    await waitFor(() => expect(screen.getAllByRole('button', { name: 'Take back' })).toHaveLength(1));
    fireEvent.click(screen.getByRole('button', { name: 'Take back' }));
    expect(await screen.findByText('No pattern was merged or split by hand')).toBeTruthy();
  });

  it('can be gone through by keys', async () => {
    show();
    const [first, second] = await rows();
    first.focus();
    fireEvent.keyDown(first, { key: 'ArrowDown' });
    await waitFor(() => expect(document.activeElement).toBe(second));
    fireEvent.keyDown(second, { key: ' ' });
    expect(within(second).getByRole<HTMLInputElement>('checkbox').checked).toBe(true);
    fireEvent.keyDown(second, { key: 'Enter' });
    expect(await screen.findByRole('region', { name: 'The pattern' })).toBeTruthy();
  });

  it('of an empty case are none', async () => {
    show('empty');
    expect(await screen.findByText('No events in this range')).toBeTruthy();
  });
});
