/** What people do with snapshots and with retention, and which of the two dialogs is open. Errors are shown, not thrown. */
import { createStore, useStore } from 'zustand';
import { useEffect, useState } from 'react';
import type { Snapshot } from '../../shared/contract/snapshots.ts';
import { engine } from '../client/client.ts';
import { formatCount } from '../ui/numbers.ts';
import { flushCanvas } from './canvas.ts';
import { notify, reportError } from './notices.ts';

interface KeepingState {
  shown: 'snapshots' | 'retention' | null;
}
export const keepingStore = createStore<KeepingState>()(() => ({ shown: null }));
export function useKeeping(): KeepingState['shown'] {
  return useStore(keepingStore, (state) => state.shown);
}
export function openKeeping(shown: KeepingState['shown']): void {
  keepingStore.setState({ shown });
}

/** Keeps the case as it is now; null when that failed. */
export async function takeSnapshot(name = '', description = ''): Promise<Snapshot | null> {
  try {
    flushCanvas();
    const taken = await engine.snapshots.take({ name, description });
    notify({ title: 'Snapshot taken', message: `${taken.name}: ${formatCount(taken.events)} events.`, action: { title: 'Snapshots', run: () => openKeeping('snapshots') } });
    return taken;
  } catch (error) {
    reportError(error, 'Taking a snapshot');
    return null;
  }
}

/** Makes the case what it was. What is there now is a snapshot then, so that it can be taken back. */
export async function restoreSnapshot({ id, name }: Pick<Snapshot, 'id' | 'name'>): Promise<boolean> {
  try {
    flushCanvas();
    const { before } = await engine.snapshots.restore({ id });
    notify({ title: `Restored "${name}"`, message: 'What was there before was kept first.', action: { title: 'Take it back', run: () => void restoreSnapshot(before) } });
    return true;
  } catch (error) {
    reportError(error, 'Restoring the snapshot');
    return false;
  }
}

/** What is being done with snapshots or archives just now; null = nothing. */
export function useKeepingProgress(): { what: string; share: number } | null {
  const [progress, setProgress] = useState<{ what: string; share: number } | null>(null);
  useEffect(() => {
    const stops = [engine.snapshots.onProgress(setProgress), engine.retention.onProgress(setProgress)];
    return () => stops.forEach((stop) => stop());
  }, []);
  return progress;
}
