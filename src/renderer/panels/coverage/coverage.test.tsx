// @vitest-environment jsdom
/** The coverage panel on the engine in memory: what a person does, and what range and filter come of it. */
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { START } from '../../../../test/support/fake/events.ts';
import { panelTests } from '../../../../test/support/panel.tsx';
import { canvasStore } from '../../state/canvas.ts';
import { caseStore } from '../../state/case.ts';
import { view } from '../../state/view.ts';
import { columnsOf } from './columns.ts';
import { coveragePanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const WIDTH = 1168;
const HEIGHT = 324;
const HOUR = 3600e6;
const { fake, show } = panelTests(coveragePanel, () => import('./coverage-panel.tsx'), { width: WIDTH, height: HEIGHT, rows: true });
const grid = (): Promise<HTMLElement> => screen.findByRole('grid');
/** Names of the rows that are drawn. */
const names = (): string[] => [...document.querySelectorAll('[data-place$=":-1"]')].map((button) => button.textContent.replace('Logs', '').trim());
const press = async (key: string, more: object = {}): Promise<void> => {
  await act(async () => {
    fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
    await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
  });
};

describe('the coverage of 500 sources', () => {
  it('draws only the rows in sight, with what is worth knowing in words', async () => {
    await show();
    expect((await grid()).getAttribute('aria-rowcount')).toBe('501');
    expect(names().length).toBeLessThan(40);
    expect(names().slice(0, 3)).toEqual(['host-0.log', 'db.log', 'web.log']);
    expect(screen.getByText('2 gaps, longest 2 h')).toBeTruthy();
    expect(screen.getByText('stopped 3 h before the rest')).toBeTruthy();
    expect(screen.getByRole('status').textContent).toBe('500 sources, 1 stopped before the rest');
  });

  it('shows a gap that is clicked, marked', async () => {
    await show();
    await grid();
    fireEvent.click(screen.getByRole('button', { name: /db.log is silent for 2 h/ }));
    expect(view.getState()).toMatchObject({ from: START + 3 * HOUR, to: START + 7 * HOUR, brush: { from: START + 4 * HOUR, to: START + 6 * HOUR } });
    expect(await screen.findByTestId('coverage-brush')).toBeTruthy();
    // The other one is not in sight any more.
    expect(screen.queryByRole('button', { name: /silent for 1 h/ })).toBeNull();
  });

  it('filters for a source that is clicked, and takes the common time for the range', async () => {
    await show();
    await grid();
    fireEvent.click(screen.getByRole('button', { name: /web.log/ }));
    expect(view.getState().query).toBe('source:"/var/log/web.log"');
    fireEvent.click(screen.getByRole('button', { name: 'All sources: 1 h' }));
    expect(view.getState()).toMatchObject({ from: START + HOUR, to: START + 2 * HOUR + 1 });
  });

  it('is gone through with the keyboard as one stop: rows, then the gaps of a row', async () => {
    await show();
    await grid();
    expect(document.querySelectorAll('[data-place][tabindex="0"]')).toHaveLength(1);
    act(() => document.querySelector<HTMLElement>('[data-place="0:-1"]')?.focus());
    await press('ArrowDown');
    expect(document.activeElement?.textContent).toContain('db.log');
    await press('ArrowRight');
    expect(document.activeElement?.getAttribute('aria-label')).toContain('silent for 2 h');
    await press('ArrowRight');
    await press('ArrowRight');
    expect(document.activeElement?.getAttribute('aria-label')).toContain('silent for 1 h');
    await press('ArrowLeft');
    await press('ArrowLeft');
    expect(document.activeElement?.textContent).toContain('db.log');
    expect(document.querySelectorAll('[data-place][tabindex="0"]')).toHaveLength(1);
  });

  it('finds sources by words and orders them', async () => {
    await show();
    await grid();
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'log host-49' } });
    await waitFor(() => expect(names()).toHaveLength(11));
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nowhere' } });
    expect(await screen.findByText('No source has these words in its path.')).toBeTruthy();
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: '' } });
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'silent' } });
    await waitFor(() => expect(names()[0]).toBe('web.log'));
    expect(canvasStore.getState().panels[0].settings).toEqual({ order: 'silent' });
  });

  it('marks a stretch that is drawn, and opens the events of a block that is clicked', async () => {
    await show();
    const at = await grid();
    const { name, plot } = columnsOf(WIDTH);
    const mouse = (type: 'pointerDown' | 'pointerMove' | 'pointerUp', share: number, y: number): void => void fireEvent[type](at, { button: 0, pointerId: 1, clientX: name + share * plot, clientY: y });
    mouse('pointerDown', 0.25, 40);
    mouse('pointerMove', 0.5, 40);
    mouse('pointerUp', 0.5, 40);
    const { brush } = view.getState();
    const bounds = caseStore.getState().info;
    const span = (bounds?.to ?? 0) - (bounds?.from ?? 0);
    expect(((brush?.to ?? 0) - (brush?.from ?? 0)) / span).toBeCloseTo(0.25, 2);
    mouse('pointerDown', 0.5, 40);
    mouse('pointerUp', 0.5, 40);
    await waitFor(() => expect(fake.state.calls.filter(({ call }) => call === 'events.page').at(-1)?.input).toMatchObject({ scope: { query: 'source:"/var/log/host-0.log"' }, limit: 1 }));
  });
});

describe('a case without sources', () => {
  it('teaches what would be here', async () => {
    await show('empty');
    expect(await screen.findByText('No source in this case yet')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add files' })).toBeTruthy();
  });
});
