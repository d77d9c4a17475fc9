/** Clocks of sources: which one is being set, and setting it so that it can be undone. */
import { createStore, useStore } from 'zustand';
import type { ClockSetting } from '../../shared/clock.ts';
import { engine } from '../client/client.ts';
import { caseStore } from './case.ts';
import { perform } from './undo.ts';

/** The source whose clock is being set; null = the dialog is closed. */
const clockStore = createStore<{ source: number | null }>()(() => ({ source: null }));

export function useClockFor(): number | null {
  return useStore(clockStore, (state) => state.source);
}
export function openClock(source: number): void {
  clockStore.setState({ source });
}
export function closeClock(): void {
  clockStore.setState({ source: null });
}

/** Sets the clock of a source, null takes every correction back. Undo sets it to what it was. Throws what the engine says. */
export async function setClock(source: number, setting: ClockSetting | null): Promise<void> {
  const before = caseStore.getState().sources.get(source)?.clock;
  await perform({
    title: setting ? 'Set clock' : 'Take clock back',
    redo: async () => void (await engine.clocks.set({ source, setting })),
    undo: async () => void (await engine.clocks.set({ source, setting: before ? settingOf(before) : null })),
  });
}

/** What is set, without who and when. */
function settingOf({ offset, drift, reference, uncertainty, zone, note }: ClockSetting): ClockSetting {
  return { offset, drift, reference, uncertainty, zone, note };
}
