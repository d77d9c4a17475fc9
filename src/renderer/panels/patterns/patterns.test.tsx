// @vitest-environment jsdom
/** The patterns panel on the engine in memory: what a person does with patterns. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { START } from '../../../../test/support/fake/events.ts';
import type { Scenario } from '../../../../test/support/fake-engine.ts';
import { panelTests } from '../../../../test/support/panel.tsx';
import { undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { patternsPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const HOUR = 3600e6;
const { fake, show: showCase } = panelTests(patternsPanel, () => import('./patterns-panel.tsx'), { width: 1168, height: 400, rows: true });
async function show(scenario: Scenario = 'case', compare = 'none'): Promise<void> {
  await showCase(scenario, { settings: { tab: 'list', compare, shown: 'all', sort: 'count', ascending: false, quieted: false } });
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

describe('patterns', () => {
  it('are listed by how often they are met, and by any other column', async () => {
    await show();
    expect(await texts()).toEqual(['GET <path> took <qty>', 'retrying <text> in <num> s', 'could not charge card of <id>: <text>', 'rarelicence expires in <num> days']);
    fireEvent.click(screen.getByRole('button', { name: 'Pattern' }));
    expect((await texts())[0]).toBe('could not charge card of <id>: <text>');
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'card charge' } });
    expect(await texts()).toHaveLength(1);
  });

  it('are compared with what was before the range; what is gone is there too', async () => {
    await show('case', 'before');
    view.setState({ from: START + HOUR, to: START + 2 * HOUR });
    await waitFor(async () => expect(await texts()).toContain('gonecache warmed with <num> entries'));
    expect(asked('patterns.list')).toMatchObject({ scope: { from: START + HOUR, to: START + 2 * HOUR }, other: 'before' });
    fireEvent.click(screen.getByRole('button', { name: 'New 1' }));
    expect(await texts()).toEqual(['newcould not charge card of <id>: <text>']);
    fireEvent.click(screen.getByRole('tab', { name: 'Findings (1)' }));
    expect(await screen.findByText(/420 times in this range, not once/)).toBeTruthy();
  });

  it('says what has to be done before it can compare', async () => {
    await show('case', 'mark');
    expect(await screen.findByText('Drag over the timeline to mark a stretch.')).toBeTruthy();
    view.getState().setBrush({ from: START + HOUR, to: START + 2 * HOUR });
    await waitFor(() => expect(asked('patterns.list')).toMatchObject({ scope: { from: START + HOUR, to: START + 2 * HOUR }, other: { from: null, to: null } }));
  });

  it('tell their values and templates, and are filtered for', async () => {
    await show();
    fireEvent.click((await rows())[0]);
    const detail = await screen.findByRole('region', { name: 'The pattern' });
    fireEvent.click(await within(detail).findByRole('button', { name: /12 ms/ }));
    expect(view.getState().query).toBe('template:"GET <path> took <qty>" "12 ms"');
    fireEvent.click(within(detail).getByRole('button', { name: 'Filter out' }));
    expect(view.getState().query).toContain('-template:"GET <path> took <qty>"');
  });

  it('are merged and split, which undo takes back', async () => {
    await show();
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
    await show();
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
    await show('empty');
    expect(await screen.findByText('No events in this range')).toBeTruthy();
  });
});
