import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clearUndo, perform, redo, undo, undoStore } from './undo.ts';
import { createView } from './view.ts';

beforeEach(() => {
  vi.useFakeTimers();
  clearUndo();
});
afterEach(() => vi.useRealTimers());
/** Longer than what counts as one movement of the wheel. */
const pause = () => vi.advanceTimersByTime(1000);

describe('view', () => {
  it('takes back the query, the range and the zone, but not the selection', async () => {
    const view = createView({}, true);
    view.getState().setQuery('error');
    view.getState().select(7);
    pause();
    view.getState().setRange(1, 2);
    await undo();
    expect(view.getState()).toMatchObject({ query: 'error', from: null, to: null, selectedId: 7 });
    await undo();
    expect(view.getState()).toMatchObject({ query: '', selectedId: 7 });
    await redo();
    await redo();
    expect(view.getState()).toMatchObject({ query: 'error', from: 1, to: 2, selectedId: 7 });
  });

  it('makes one step of a burst of ranges (a wheel zoom)', async () => {
    const view = createView({}, true);
    for (let step = 0; step < 30; step++) {
      view.getState().setRange(step, 1000 - step);
      vi.advanceTimersByTime(20);
    }
    expect(undoStore.getState().done).toHaveLength(1);
    expect(view.getState().rangeHistory).toHaveLength(1);
    await undo();
    expect(view.getState()).toMatchObject({ from: null, to: null });
  });

  it('shares one stack with other acts, in order', async () => {
    const view = createView({}, true);
    const log: string[] = [];
    view.getState().setQuery('a');
    await perform({ title: 'Pin event', redo: () => void log.push('pin'), undo: () => void log.push('unpin') });
    view.getState().setZone('Europe/Berlin');
    expect((await undo())?.title).toBe('Change time zone');
    expect((await undo())?.title).toBe('Pin event');
    expect((await undo())?.title).toBe('Change filter');
    expect(await undo()).toBeUndefined();
    expect(log).toEqual(['pin', 'unpin']);
    expect(view.getState()).toMatchObject({ query: '', zone: 'UTC' });
    for (const title of ['Change filter', 'Pin event', 'Change time zone']) expect((await redo())?.title).toBe(title);
    expect(view.getState()).toMatchObject({ query: 'a', zone: 'Europe/Berlin' });
  });

  it('a new act forgets what was undone', async () => {
    const view = createView({}, true);
    view.getState().setQuery('a');
    await undo();
    await perform({ title: 'Pin event', redo: () => undefined, undo: () => undefined });
    expect(undoStore.getState().undone).toHaveLength(0);
    expect(await redo()).toBeUndefined();
  });

  it('an act that fails is not on the stack, and one whose undo fails stays', async () => {
    await expect(perform({ title: 'x', redo: () => Promise.reject(new Error('no')), undo: () => undefined })).rejects.toThrow('no');
    expect(undoStore.getState().done).toHaveLength(0);
    await perform({ title: 'y', redo: () => undefined, undo: () => Promise.reject(new Error('busy')) });
    await expect(undo()).rejects.toThrow('busy');
    expect(undoStore.getState()).toMatchObject({ busy: false });
    expect(undoStore.getState().done).toHaveLength(1);
  });

  it('goes back through ranges and out', () => {
    const view = createView();
    view.getState().setRange(100, 200);
    pause();
    view.getState().setRange(120, 140);
    pause();
    view.getState().back();
    expect(view.getState()).toMatchObject({ from: 100, to: 200 });
    view.getState().zoomOut();
    expect(view.getState()).toMatchObject({ from: 50, to: 250 });
    pause();
    view.getState().zoomOut({ from: 0, to: 300 });
    expect(view.getState(), 'wider than the case is the whole case').toMatchObject({ from: null, to: null });
  });

  it('an unlinked view leaves the undo stack alone', () => {
    createView().getState().setQuery('mine');
    expect(undoStore.getState().done).toHaveLength(0);
  });

  it('adds filters to the query', () => {
    const view = createView();
    view.getState().addFilter('service', 'api', 'include');
    view.getState().addFilter('host', 'web 3', 'exclude');
    expect(view.getState().query).toBe('service:api -host:"web 3"');
    view.getState().addFilter('service', 'api', 'exclude');
    expect(view.getState().query).not.toMatch(/(^|\s)service:api/);
  });
});
