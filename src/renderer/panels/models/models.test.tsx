// @vitest-environment jsdom
/** Triage on the engine in memory: a person goes through the queue, marks, trains, and looks after versions. */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { panelTests } from '../../../../test/support/panel.tsx';
import { redo, undo } from '../../state/undo.ts';
import { view } from '../../state/view.ts';
import { modelsPanel } from './index.ts';

vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient());

const { fake, show } = panelTests(modelsPanel, () => import('./models-panel.tsx'), { width: 1168, height: 400 });
// By selector: roles of so many rows take long to work out.
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role="row"]')];
async function options(): Promise<HTMLElement[]> {
  await waitFor(() => expect(rows().length).toBeGreaterThan(0));
  return rows();
}
const press = (key: string): void => void fireEvent.keyDown(document.querySelector('[role="grid"]') ?? document.body, { key });
const said = (): (string | null)[] => rows().map((row) => row.getAttribute('data-mark'));
const calls = (name: string): unknown[] => fake.state.calls.filter(({ call }) => call === name);

describe('the queue', () => {
  it('has what is unlike before there is a model, and goes through it by keys', async () => {
    await show();
    expect((await options()).length).toBe(20);
    expect(screen.getByText(/These patterns differ most from each other/)).toBeTruthy();
    press('j');
    expect(view.getState().selectedId).toBe(fake.state.events[0].id);
    press('y');
    await waitFor(() => expect(said().slice(0, 2)).toEqual(['true', null]));
    // On to the next that is not marked, without the rows moving.
    expect(view.getState().selectedId).toBe(fake.state.events[1].id);
    press('-');
    await waitFor(() => expect(said().slice(0, 3)).toEqual(['true', 'false', null]));
    expect(calls('models.triage')).toHaveLength(1);
    press('k');
    press('x');
    await waitFor(() => expect(said().slice(0, 3)).toEqual(['true', null, null]));
  });

  it('says what to do where there is no event, and where the engine fails', async () => {
    await show('empty');
    expect(await screen.findByText('No event in this range and query')).toBeTruthy();
    await show('case', {
      prepare: ({ engine }) => {
        engine.models.triage = () => {
          throw new Error('the worker has ended');
        };
      },
    });
    expect(await screen.findByText('Ranking the events failed')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });

  it('undoes a mark and does it again', async () => {
    await show();
    const [first] = await options();
    fireEvent.click(within(first).getByRole('button', { name: 'Not relevant' }));
    await waitFor(() => expect(said()[0]).toBe('false'));
    await undo();
    await waitFor(() => expect(said()[0]).toBeNull());
    await redo();
    await waitFor(() => expect(said()[0]).toBe('false'));
  });

  it('trains when there are enough marks, and ranks by the model with reasons', async () => {
    await show();
    await options();
    const train = (): HTMLElement => screen.getByRole('button', { name: /^Train/ });
    expect(train().getAttribute('aria-disabled')).toBe('true');
    expect(train().title).toContain('Mark 5 more.');
    fireEvent.click(train());
    expect(calls('models.train')).toHaveLength(0);
    for (let i = 0; i < 5; i++) {
      press('j');
      press('y');
      await waitFor(() => expect(said().filter((mark) => mark === 'true')).toHaveLength(i + 1));
      view.setState({ selectedId: fake.state.events[i].id });
    }
    await waitFor(() => expect(train().getAttribute('aria-disabled')).toBeNull());
    fireEvent.click(train());
    expect(await screen.findByText(/91 % of pairs in the right order, on 24 marked events it had not seen/)).toBeTruthy();
    await waitFor(() => expect(screen.getAllByText('its pattern has 3 of 12,000 events; it says "timeout"; but its severity is info').length).toBeGreaterThan(0));
    // Marked ones are in the queue no more.
    expect(said().every((mark) => mark === null)).toBe(true);
    await undo();
    expect(await screen.findByText(/These patterns differ most/)).toBeTruthy();
  });
});

describe('the model', () => {
  async function trained(): Promise<void> {
    await show();
    await options();
    await fake.engine.models.train({ run: '' }, { signal: new AbortController().signal });
    fireEvent.click(await screen.findByRole('tab', { name: 'Model' }));
  }

  it('is told with its figures, what to bear in mind, and drift', async () => {
    await trained();
    const figures = await screen.findByRole('region', { name: 'Figures' });
    expect(within(figures).getByText('0.91')).toBeTruthy();
    expect(within(figures).getByText(/11 relevant events are few/)).toBeTruthy();
    expect(await screen.findByText('Severity (drifted)')).toBeTruthy();
  });

  it('is exported, put away with undo, and gone back to', async () => {
    await trained();
    fireEvent.click(await screen.findByRole('button', { name: 'Export' }));
    await waitFor(() => expect(calls('models.exportVersion')).toHaveLength(1));
    await fake.engine.models.train({ run: '' }, { signal: new AbortController().signal });
    fireEvent.click(await screen.findByRole('button', { name: 'Use' }));
    await waitFor(() => expect(screen.getByText('1, used')).toBeTruthy());
    fireEvent.click(screen.getAllByRole('button', { name: 'Put away' })[1]);
    await waitFor(() => expect(screen.queryByText('1, used')).toBeNull());
    await undo();
    await waitFor(() => expect(screen.getByText('1, used')).toBeTruthy());
  });
});
