/** The canvas: which panels, where, and their settings. Saved in the case; changes of layout are acts that can be undone. */
import { useCallback } from 'react';
import { z } from 'zod';
import { createStore, useStore } from 'zustand';
import { engine } from '../client/client.ts';
import { codeOf, reportError } from './notices.ts';
import { record } from './undo.ts';

export const CANVAS_COLUMNS = 24;

const placed = z.object({
  key: z.string().min(1).max(60),
  panel: z.string().min(1).max(60),
  /** '' = the panel's own title */
  title: z.string().max(100),
  linked: z.boolean(),
  x: z.number().int().min(0).max(CANVAS_COLUMNS),
  y: z.number().int().min(0).max(10_000),
  w: z.number().int().min(1).max(CANVAS_COLUMNS),
  h: z.number().int().min(1).max(400),
  settings: z.unknown().optional(),
});
/** One panel on the canvas, in grid units. */
export type Placed = z.infer<typeof placed>;
const saved = z.object({ version: z.literal(1), panels: z.array(placed).max(60) });

/** The first layout: timeline on top, then facets, events and detail, with notes below the detail. */
export const FIRST_LAYOUT: readonly Placed[] = [
  { key: 'timeline', panel: 'timeline', title: '', linked: true, x: 0, y: 0, w: 24, h: 7 },
  { key: 'facets', panel: 'facets', title: '', linked: true, x: 0, y: 7, w: 4, h: 15 },
  { key: 'events', panel: 'events', title: '', linked: true, x: 4, y: 7, w: 13, h: 15 },
  { key: 'detail', panel: 'detail', title: '', linked: true, x: 17, y: 7, w: 7, h: 9 },
  { key: 'notes', panel: 'notes', title: '', linked: true, x: 17, y: 16, w: 7, h: 6 },
];

interface CanvasState {
  panels: readonly Placed[];
  /** the panel that fills the canvas, null = none */
  maximised: string | null;
}
export const canvasStore = createStore<CanvasState>()(() => ({ panels: FIRST_LAYOUT, maximised: null }));

const SAVE_MS = 800;
const VIEW_KEY = 'canvas';
/** not null = saved a moment ago: what changes meanwhile waits for the end of the burst (dragging the edge of a column) */
let burst: ReturnType<typeof setTimeout> | null = null;
let unsaved = false;
/** the last save did not work; tried again by the next change or flush, not by a timer */
let failed = false;
/** grows with every change, so that an answer that was asked for before one does not take it back */
let changes = 0;

function save(): void {
  unsaved = false;
  failed = false;
  const { panels } = canvasStore.getState();
  engine.cases.setView({ key: VIEW_KEY, value: { version: 1, panels } }).catch((error: unknown) => {
    failed = true;
    // The next engine takes it as soon as it is there.
    if (codeOf(error) === 'unavailable') save();
    else reportError(error, 'Saving the layout');
  });
}
/** The first change of a burst is saved at once, the last one at its end. */
function saveSoon(): void {
  unsaved = true;
  if (burst) return;
  save();
  burst = setTimeout(() => {
    burst = null;
    if (unsaved) saveSoon();
  }, SAVE_MS);
}
/**
 * Sends what is not saved yet. Called before another case is opened or this one closed (the engine answers in order, so the
 * change still goes into its own case), and when the window goes.
 */
export function flushCanvas(): void {
  if (burst) clearTimeout(burst);
  burst = null;
  if (unsaved || failed) save();
}
/** Saves what is waiting when the window is closed or hidden. Returns the way to stop (tests). */
export function saveCanvasOnLeaving(target: Window = window): () => void {
  const events = ['beforeunload', 'pagehide', 'blur'] as const;
  for (const event of events) target.addEventListener(event, flushCanvas);
  return () => events.forEach((event) => target.removeEventListener(event, flushCanvas));
}

/** Reads the layout of the case that was opened; a case without one, or with one that makes no sense, gets the first layout. */
export async function restoreCanvas(): Promise<void> {
  // Whoever opened the case has flushed; a change that could not be saved belonged to the case before.
  unsaved = false;
  failed = false;
  if (burst) clearTimeout(burst);
  burst = null;
  const before = changes;
  const parsed = saved.safeParse(await engine.cases.getView({ key: VIEW_KEY }));
  if (changes !== before) return;
  canvasStore.setState({ panels: parsed.success && parsed.data.panels.length > 0 ? parsed.data.panels : FIRST_LAYOUT, maximised: null });
}

/** Sets the panels and saves them, without an entry on the undo stack (settings of a panel). */
function setPanels(panels: readonly Placed[]): void {
  changes++;
  canvasStore.setState((state) => ({ panels, maximised: panels.some((panel) => panel.key === state.maximised) ? state.maximised : null }));
  saveSoon();
}
/** The same as an act that can be undone. Acts are few, so each is saved at once: the case may be closed right after it. */
export function changePanels(title: string, panels: readonly Placed[]): void {
  const before = canvasStore.getState().panels;
  const put = (next: readonly Placed[]): void => {
    setPanels(next);
    flushCanvas();
  };
  put(panels);
  record({ title, undo: () => put(before), redo: () => put(panels) });
}
export function maximise(key: string | null): void {
  canvasStore.setState({ maximised: key });
}
export function useCanvas<T>(selector: (state: CanvasState) => T): T {
  return useStore(canvasStore, selector);
}
/** Keeps the settings of one panel; a panel that is not on the canvas has none. */
export function storePanelSettings(panelKey: string, settings: unknown): void {
  setPanels(canvasStore.getState().panels.map((panel) => (panel.key === panelKey ? { ...panel, settings } : panel)));
}
/** The stored settings of one panel, unchecked; panels use usePanelSettings of panels/panel.ts. */
export function usePanelSettingsStore(panelKey: string): [unknown, (settings: unknown) => void] {
  const settings = useStore(canvasStore, (state) => state.panels.find((panel) => panel.key === panelKey)?.settings);
  const store = useCallback((next: unknown) => storePanelSettings(panelKey, next), [panelKey]);
  return [settings, store];
}
