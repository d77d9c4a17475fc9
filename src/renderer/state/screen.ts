/** Which screen is shown and what lies over it. Not saved, not undone. */
import { createStore, useStore } from 'zustand';
import type { TypedEventState } from '../../shared/contract/typed.ts';

export type ScreenId = 'investigations' | 'canvas' | 'health' | 'reports' | 'sql' | 'settings';

/** What the ingest sheet starts with. */
export type IngestStart =
  | { kind: 'paths'; paths: string[] }
  | { kind: 'paste' }
  | { kind: 'choose' }
  /** any source: files, or one of the connectors */
  | { kind: 'source' }
  /** `like`: the form begins with its settings */
  | { kind: 'connect'; connector: string; like?: { name: string; config: unknown } };

export type HealthTab = 'sources' | 'connections' | 'rejects';

/** An event being typed in, at a time (microseconds UTC) where one is meant; or one that was typed in and is being corrected. */
export type Typing = { time: number | null } | { typed: TypedEventState };

interface ScreenState {
  screen: ScreenId;
  /** null = the sheet is closed */
  ingest: IngestStart | null;
  shortcuts: boolean;
  /** what the health screen shows */
  health: { tab: HealthTab; sourceId: number | null };
  exportOpen: boolean;
  /** the event a note is being written about; null = the writer is closed */
  noteFor: { eventId: number | null } | null;
  /** null = the dialog for typed events is closed */
  typing: Typing | null;
}
export const screenStore = createStore<ScreenState>()(() => ({
  screen: 'canvas', ingest: null, shortcuts: false, health: { tab: 'sources', sourceId: null }, exportOpen: false, noteFor: null, typing: null,
}));
export function useScreen<T>(selector: (state: ScreenState) => T): T {
  return useStore(screenStore, selector);
}
export function goTo(screen: ScreenId): void {
  screenStore.setState({ screen });
}
export function openIngest(ingest: IngestStart): void {
  screenStore.setState({ ingest });
}
/** The health screen at the sources, the connections, or the rejects (of one source). */
export function showHealth(tab: HealthTab, sourceId: number | null = null): void {
  screenStore.setState({ screen: 'health', health: { tab, sourceId } });
}
