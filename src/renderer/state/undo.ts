/**
 * The one undo stack for what people do: pins, notes, filters, ranges, layout. Ctrl+Z takes back the last act, whatever it was.
 */
import { createStore } from 'zustand/vanilla';
import { useStore } from 'zustand';

export interface Act {
  /** what was done, as the menu says it: "Undo Pin event" */
  title: string;
  redo(): void | Promise<void>;
  undo(): void | Promise<void>;
}
interface UndoState {
  done: readonly Act[];
  undone: readonly Act[];
  /** an act is running; further ones wait their turn */
  busy: boolean;
}
const LIMIT = 200;

export const undoStore = createStore<UndoState>()(() => ({ done: [], undone: [], busy: false }));

/** Puts an act that has already happened on the stack. */
export function record(act: Act): void {
  undoStore.setState((state) => ({ done: [...state.done, act].slice(-LIMIT), undone: [] }));
}

/** Does something that can be undone. It goes on the stack only when it worked; the error is the caller's to show. */
export async function perform(act: Act): Promise<void> {
  await act.redo();
  record(act);
}

async function move(from: 'done' | 'undone', to: 'done' | 'undone', run: (act: Act) => void | Promise<void>): Promise<Act | undefined> {
  const state = undoStore.getState();
  const act = state[from].at(-1);
  if (!act || state.busy) return undefined;
  undoStore.setState({ busy: true });
  try {
    await run(act);
    undoStore.setState((now) => ({ ...now, [from]: now[from].filter((entry) => entry !== act), [to]: [...now[to], act] }));
    return act;
  } finally {
    undoStore.setState({ busy: false });
  }
}

/** Takes back the last act and returns it; undefined when there is none. */
export function undo(): Promise<Act | undefined> {
  return move('done', 'undone', (act) => act.undo());
}
/** Does the last undone act again. */
export function redo(): Promise<Act | undefined> {
  return move('undone', 'done', (act) => act.redo());
}
/** Another case was opened: its acts cannot be undone here. */
export function clearUndo(): void {
  undoStore.setState({ done: [], undone: [], busy: false });
}

/** Titles of what undo and redo would do now, '' when nothing. */
export function useUndoTitles(): { undo: string; redo: string } {
  const undoTitle = useStore(undoStore, (state) => state.done.at(-1)?.title ?? '');
  const redoTitle = useStore(undoStore, (state) => state.undone.at(-1)?.title ?? '');
  return { undo: undoTitle, redo: redoTitle };
}
