/** A case that would not open, waiting for the person to say what to do. Drawn by trouble-dialog.tsx. */
import { createStore } from 'zustand/vanilla';
import type { ErrorCode } from '../../shared/contract/rpc.ts';

export interface Trouble {
  path: string;
  code: ErrorCode;
  message: string;
  /** opening it read-only was tried, and gave this */
  triedToRead?: boolean;
}
export const troubleStore = createStore<{ trouble: Trouble | null }>()(() => ({ trouble: null }));
export function askTrouble(trouble: Trouble | null): void {
  troubleStore.setState({ trouble });
}
