/**
 * A panel of the canvas: one folder, one line in registry.ts. It may import panel.ts, client, state, ui and itself; never another
 * panel. It is drawn inside a frame that has its title and menu, so it draws neither; it fills its box and scrolls inside.
 */
import { Suspense, createElement, lazy } from 'react';
import type { ComponentType } from 'react';
import type { z } from 'zod';
import { usePanelSettingsStore } from '../state/canvas.ts';

export type PanelId =
  | 'timeline' | 'events' | 'facets' | 'detail' | 'investigation' | 'notes' | 'health' | 'sql' | 'indicators' | 'metrics' | 'trace' | 'coverage'
  | 'patterns' | 'anomalies' | 'alerts' | 'detections' | 'threat' | 'correlation' | 'root-cause' | 'trends' | 'models' | 'services';

export interface PanelProps {
  /** this panel on the canvas; unique, stable over restarts */
  panelKey: string;
  /** shares range, filter and selection with the other panels; an unlinked one has its own view (useView gives the right one) */
  linked: boolean;
}
export interface Panel {
  id: PanelId;
  title: string;
  /** one sentence, shown where panels are added */
  description: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** in grid units: 24 columns, rows of 28 px */
  defaultSize: { w: number; h: number; minW: number; minH: number };
  Component: ComponentType<PanelProps>;
}

/**
 * A panel whose code comes when it is first drawn: the start screen needs none of it, and the canvas draws each panel as soon as
 * its own code is there.
 * @param load imports the panel's own module and gives its component
 */
export function whenDrawn(load: () => Promise<ComponentType<PanelProps>>): ComponentType<PanelProps> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return function PanelWhenDrawn(props) {
    return createElement(Suspense, { fallback: createElement('div', { 'aria-busy': true }) }, createElement(Loaded, props));
  };
}

/**
 * Settings of one panel (columns, fields shown), saved in the case with the canvas. What the case holds is checked with the
 * schema; anything else counts as not set.
 */
export function usePanelSettings<T>(panelKey: string, schema: z.ZodType<T>, fallback: T): [T, (value: T) => void] {
  const [stored, store] = usePanelSettingsStore(panelKey);
  const parsed = schema.safeParse(stored);
  return [parsed.success ? parsed.data : fallback, store];
}
