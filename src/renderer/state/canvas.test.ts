// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const saved: unknown[] = [];
let stored: unknown = null;
let answer: (() => void) | null = null;
let fail = false;
let tries = 0;
vi.mock('../client/client.ts', () => ({
  engine: {
    cases: {
      setView: ({ value }: { value: unknown }) => {
        tries++;
        if (fail) return Promise.reject(new Error('gone'));
        saved.push(value);
        return Promise.resolve();
      },
      getView: () => new Promise((resolve) => (answer = () => resolve(stored))),
    },
  },
  shell: {},
}));
const { canvasStore, changePanels, FIRST_LAYOUT, flushCanvas, restoreCanvas, saveCanvasOnLeaving, storePanelSettings } = await import('./canvas.ts');

/** What the last save said of the facets panel's settings. */
function lastSettings(): unknown {
  const last = saved.at(-1) as { panels: { key: string; settings?: unknown }[] } | undefined;
  return last?.panels.find((panel) => panel.key === 'facets')?.settings;
}
async function opened(value: unknown): Promise<void> {
  stored = value;
  const restored = restoreCanvas();
  answer?.();
  await restored;
}

beforeEach(async () => {
  vi.useFakeTimers();
  await opened(null);
  saved.length = 0;
  tries = 0;
  fail = false;
});
afterEach(() => {
  flushCanvas();
  vi.useRealTimers();
});

describe('settings of panels', () => {
  it('are saved at once, and the last of a burst at its end', () => {
    storePanelSettings('facets', 1);
    expect(lastSettings()).toBe(1);
    storePanelSettings('facets', 2);
    storePanelSettings('facets', 3);
    expect(saved).toHaveLength(1);
    vi.advanceTimersByTime(800);
    expect(lastSettings()).toBe(3);
    expect(saved).toHaveLength(2);
    vi.advanceTimersByTime(5000);
    expect(saved).toHaveLength(2);
  });
  it.each(['beforeunload', 'pagehide', 'blur'])('are saved on %s, without waiting', (event) => {
    const stop = saveCanvasOnLeaving();
    storePanelSettings('facets', 1);
    storePanelSettings('facets', 'last');
    window.dispatchEvent(new Event(event));
    expect(lastSettings()).toBe('last');
    stop();
  });
  it('are saved before another case is asked for, and never into it', async () => {
    storePanelSettings('facets', 1);
    storePanelSettings('facets', 'last');
    flushCanvas();
    expect(lastSettings()).toBe('last');
    const count = saved.length;
    await opened({ version: 1, panels: FIRST_LAYOUT.slice(0, 2) });
    vi.advanceTimersByTime(5000);
    expect(saved).toHaveLength(count);
    expect(canvasStore.getState().panels).toHaveLength(2);
  });
  it('are not taken back by a layout that was asked for before', async () => {
    stored = null;
    const restored = restoreCanvas();
    storePanelSettings('facets', 'mine');
    answer?.();
    await restored;
    expect(canvasStore.getState().panels.find((panel) => panel.key === 'facets')?.settings).toBe('mine');
  });
  it('are tried again when saving failed', async () => {
    fail = true;
    storePanelSettings('facets', 'kept');
    await vi.advanceTimersByTimeAsync(5000);
    // Once, not for ever: in a case that cannot be written each try is an error on the screen.
    expect(tries).toBe(1);
    fail = false;
    flushCanvas();
    expect(lastSettings()).toBe('kept');
  });
});

it('a change of layout is saved at once, its undo too', () => {
  changePanels('Remove panel', FIRST_LAYOUT.slice(1));
  expect((saved.at(-1) as { panels: unknown[] }).panels).toHaveLength(FIRST_LAYOUT.length - 1);
});
