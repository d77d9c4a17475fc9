/**
 * What the person is looking at: intent only, never rows. The linked panels share one view; an unlinked panel has one of its own,
 * given to it through ViewContext, so a panel just calls useView / useScope and need not know which it is.
 */
import { createContext, useContext, useMemo } from 'react';
import { createStore, useStore } from 'zustand';
import type { StoreApi } from 'zustand';
import { temporal } from 'zundo';
import type { TemporalState } from 'zundo';
import type { LaneField } from '../../shared/contract/events.ts';
import type { Order, Scope } from '../../shared/contract/scope.ts';
import { withFilter } from '../../shared/query/print.ts';
import { record } from './undo.ts';

type FilterMode = 'include' | 'exclude';
export type Theme = 'system' | 'dark' | 'light';
interface Range {
  /** microseconds UTC, half-open; null = no bound */
  from: number | null;
  to: number | null;
}
/** The part that undo takes back. */
interface Tracked extends Range {
  query: string;
  zone: string;
  laneField: LaneField;
}
export interface ViewState extends Tracked {
  order: Order;
  selectedId: number | null;
  /** where the pointer is on a time axis, for the cursors of the other panels */
  hoverTime: number | null;
  /** a stretch marked on the timeline but not zoomed to (z zooms to it) */
  brush: { from: number; to: number } | null;
  theme: Theme;
  investigationId: number | null;
  /** ranges that `back` returns to, the latest last */
  rangeHistory: readonly Range[];

  setQuery(query: string): void;
  /** Adds a filter for (or against) a value to the query; the opposite filter is replaced. '' = events without the field. */
  addFilter(field: string, value: string, mode: FilterMode): void;
  setRange(from: number | null, to: number | null): void;
  /** Twice the range around its middle. `bounds` is used while there is no range. */
  zoomOut(bounds?: { from: number; to: number }): void;
  /** The range before this one (Shift+z). */
  back(): void;
  resetRange(): void;
  setBrush(brush: { from: number; to: number } | null): void;
  select(id: number | null): void;
  setZone(zone: string): void;
  setOrder(order: Order): void;
  setLaneField(field: LaneField): void;
  setTheme(theme: Theme): void;
  setInvestigation(id: number | null): void;
  setHoverTime(time: number | null): void;
}
export type ViewStore = StoreApi<ViewState> & { temporal: StoreApi<TemporalState<Tracked>> };

/** A wheel zoom is many small ranges; those within this many milliseconds are one step for undo and back. */
const MERGE_MS = 500;
const HISTORY = 100;
const UNDO_LIMIT = 200;

function tracked(state: ViewState): Tracked {
  return { query: state.query, from: state.from, to: state.to, zone: state.zone, laneField: state.laneField };
}
function same(a: Tracked, b: Tracked): boolean {
  return a.query === b.query && a.from === b.from && a.to === b.to && a.zone === b.zone && a.laneField === b.laneField;
}
/** The last act of the undo stack says what it was in the words of the interface. */
function titleOf(before: Tracked, after: Tracked): string {
  if (before.query !== after.query) return 'Change filter';
  if (before.zone !== after.zone) return 'Change time zone';
  if (before.laneField !== after.laneField) return 'Change lanes';
  return 'Change time range';
}

/** Makes a view. `undoable` puts changes on the undo stack (the shared view; a panel's own view does not). */
export function createView(initial: Partial<ViewState> = {}, undoable = false): ViewStore {
  let rangeAt = -Infinity;
  let trackedAt = -Infinity;
  let lastTitle = '';
  const store = createStore<ViewState>()(
    temporal(
      (set, get) => {
        const range = (from: number | null, to: number | null): void => {
          const now = get();
          if (now.from === from && now.to === to) return;
          const merge = performance.now() - rangeAt < MERGE_MS;
          rangeAt = performance.now();
          const rangeHistory = merge ? now.rangeHistory : [...now.rangeHistory, { from: now.from, to: now.to }].slice(-HISTORY);
          set({ from, to, rangeHistory, brush: null });
        };
        return {
          query: '', from: null, to: null, zone: 'UTC', laneField: 'source', order: 'asc', selectedId: null, hoverTime: null, brush: null,
          theme: 'system', investigationId: null, rangeHistory: [],
          ...initial,
          setQuery: (query) => set({ query }),
          addFilter: (field, value, mode) => set((state) => ({ query: withFilter(state.query, field, value, mode) })),
          setRange: range,
          zoomOut: (bounds) => {
            const from = get().from ?? bounds?.from ?? null;
            const to = get().to ?? bounds?.to ?? null;
            if (from === null || to === null) return;
            const half = (to - from) / 2;
            if (bounds && from - half <= bounds.from && to + half >= bounds.to) range(null, null);
            else range(Math.floor(from - half), Math.ceil(to + half));
          },
          back: () => {
            const history = get().rangeHistory;
            const before = history.at(-1);
            if (!before) return;
            rangeAt = -Infinity;
            set({ ...before, rangeHistory: history.slice(0, -1), brush: null });
          },
          resetRange: () => range(null, null),
          setBrush: (brush) => set({ brush }),
          select: (selectedId) => set({ selectedId }),
          setZone: (zone) => set({ zone }),
          setOrder: (order) => set({ order }),
          setLaneField: (laneField) => set({ laneField }),
          setTheme: (theme) => set({ theme }),
          setInvestigation: (investigationId) => set({ investigationId }),
          setHoverTime: (hoverTime) => set({ hoverTime }),
        };
      },
      {
        partialize: tracked,
        equality: same,
        limit: UNDO_LIMIT,
        // Keeps the state before a burst of changes of one kind and drops those in between.
        handleSet: (handle) => (past, replace, current) => {
          const title = titleOf(past as Tracked, current);
          const merge = title === 'Change time range' && title === lastTitle && performance.now() - trackedAt < MERGE_MS;
          trackedAt = performance.now();
          lastTitle = title;
          if (merge) return;
          // zundo's own types say setState here; what it takes is the past state.
          handle(past as ViewState, replace as false);
          if (!undoable) return;
          record({
            title,
            undo: () => {
              lastTitle = '';
              store.temporal.getState().undo();
            },
            redo: () => {
              lastTitle = '';
              store.temporal.getState().redo();
            },
          });
        },
      },
    ),
  );
  return store;
}

/** The view that linked panels, the top bar and the keyboard share. */
export const view: ViewStore = createView({}, true);

export const ViewContext = createContext<ViewStore>(view);

/** The store itself, for event handlers that must not re-render: `useViewStore().getState()`. */
export function useViewStore(): ViewStore {
  return useContext(ViewContext);
}
/** `useView((view) => view.zone)`: a value or an action of the view this panel belongs to. */
export function useView<T>(selector: (state: ViewState) => T): T {
  return useStore(useContext(ViewContext), selector);
}
/** The question the panel answers: query and range. The same object until one of them changes. */
export function useScope(): Scope {
  const query = useView((state) => state.query);
  const from = useView((state) => state.from);
  const to = useView((state) => state.to);
  return useMemo(() => ({ query, from, to }), [query, from, to]);
}
