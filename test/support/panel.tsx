/**
 * A panel of the canvas on the engine in memory, for component tests. The test file itself joins the client to that engine
 * (`vi.mock`, see fake-client.ts): vitest lifts the call to the top of the file it stands in, and of no other.
 */
import { cleanup, render, waitFor } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { askCache } from '../../src/renderer/client/ask-cache.ts';
import type { Panel } from '../../src/renderer/panels/panel.ts';
import { canvasStore, FIRST_LAYOUT } from '../../src/renderer/state/canvas.ts';
import { caseStore, watchCase } from '../../src/renderer/state/case.ts';
import { view } from '../../src/renderer/state/view.ts';
import { startFake, stubBrowser } from './fake-client.ts';
import type { Fake, Scenario } from './fake-engine.ts';

export interface PanelStart {
  /** what the canvas keeps of the panel */
  settings?: unknown;
  /** changes the engine before the window asks it anything */
  prepare?: (fake: Fake) => void;
}
export interface PanelTests {
  /** the engine behind the panel that was shown last */
  fake: Fake;
  /** Draws the panel alone on the canvas of a new case, once the window knows the case; a panel shown before is gone. */
  show(scenario?: Scenario, start?: PanelStart): Promise<void>;
}

/**
 * Sets the tests of a file up for one panel: before each a browser as the window has it, after each a window as at the start.
 * @param load imports the panel's own module, so that no test waits for it
 * @param size in pixels, that of every element; `rows` for panels that draw only the rows there is height for
 */
export function panelTests({ id, Component }: Panel, load: () => Promise<unknown>, size?: { width: number; height: number; rows?: boolean }): PanelTests {
  let fake: Fake | undefined;
  let stop: () => void = () => undefined;
  const now = (): Fake => {
    if (!fake) throw new Error('no panel was shown');
    return fake;
  };
  const end = (): void => {
    cleanup();
    stop();
    askCache.clear();
    canvasStore.setState({ panels: FIRST_LAYOUT });
    caseStore.setState({ info: null, sources: new Map(), pins: [], pinned: new Set(), jobs: [] });
    view.setState({ query: '', from: null, to: null, selectedId: null, brush: null, hoverTime: null });
  };

  beforeAll(async () => void (await load()));
  beforeEach(() => {
    stubBrowser(size);
    Element.prototype.scrollTo = () => undefined;
    Element.prototype.scrollIntoView = () => undefined;
    if (!size?.rows) return;
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(size.height);
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(size.height);
  });
  afterEach(() => {
    end();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return {
    fake: {
      get engine() {
        return now().engine;
      },
      get shell() {
        return now().shell;
      },
      get state() {
        return now().state;
      },
    },
    async show(scenario = 'case', { settings, prepare } = {}) {
      end();
      fake = startFake(scenario, prepare);
      stop = watchCase();
      // The view is set back when the case is told: what a test sets has to come after that.
      await waitFor(() => expect(caseStore.getState().info).not.toBeNull());
      if (scenario === 'case') await waitFor(() => expect(caseStore.getState().sources.size).toBeGreaterThan(0));
      // A place on the canvas, so that what is set (the tab) stays.
      canvasStore.setState({ panels: [{ key: id, panel: id, title: '', linked: true, x: 0, y: 0, w: 24, h: 14, settings }] });
      render(<MantineProvider><Component panelKey={id} linked /></MantineProvider>);
    },
  };
}
