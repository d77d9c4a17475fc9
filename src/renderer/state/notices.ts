/** What the window tells the person in passing. Drawn by app/notices.tsx; nothing is swallowed. */
import { createStore } from 'zustand/vanilla';
import type { ErrorCode } from '../../shared/contract/rpc.ts';

export interface Notice {
  id: number;
  kind: 'info' | 'error';
  title: string;
  message: string;
  /** error code, '' when it is not an error */
  code: string;
  action?: { title: string; run: () => void };
}
export const noticeStore = createStore<{ notices: readonly Notice[] }>()(() => ({ notices: [] }));
let nextId = 1;

export function notify(notice: { title: string; message?: string; action?: Notice['action'] }): void {
  push({ id: nextId++, kind: 'info', title: notice.title, message: notice.message ?? '', code: '', action: notice.action });
}
function push(notice: Notice): void {
  noticeStore.setState((state) => ({ notices: [...state.notices, notice].slice(-20) }));
}

/** What can be done about an error of this code, in a sentence; the engine's message says what happened. */
export const ADVICE: Readonly<Record<ErrorCode, string>> = {
  invalid_input: 'Check what was typed and try again.',
  no_case: 'Open or make a case first.',
  not_found: 'It may have been moved or deleted; look for it and try again.',
  locked: 'Close the case in the other program, or open it read-only.',
  corrupt: 'Copy what can be read into a new case. The file itself is left as it is.',
  newer: 'Open it read-only, or update Tidemark.',
  not_a_case: 'Choose a .tidemark file, or add this file to a case as evidence.',
  disk_full: 'Free some space, then continue. What was stored is kept.',
  permission: 'Check the rights on the file or folder, or choose another place.',
  query: 'The query bar shows where.',
  timeout: 'Narrow the range or the question, or allow more time.',
  cancelled: '',
  read_only: 'Copy the case to make changes.',
  busy: 'Wait for what is running, or cancel it.',
  unavailable: '',
  internal: 'Try again. If it happens again, restart the engine; nothing stored is lost.',
};

export function codeOf(error: unknown): ErrorCode {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code in ADVICE ? (code as ErrorCode) : 'internal';
}
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
/** Shows an error with its code and what to do. Being cancelled is not an error. */
export function reportError(error: unknown, doing: string): void {
  const code = codeOf(error);
  if (code === 'cancelled' || (error instanceof Error && error.name === 'AbortError')) return;
  push({ id: nextId++, kind: 'error', title: `${doing} failed`, message: `${messageOf(error)} ${ADVICE[code]}`.trim(), code });
}
/** The same for what nobody asked for: that the engine went away is said by its banner, and everything is read anew when it is back. */
export function reportUnasked(error: unknown, doing: string): void {
  if (codeOf(error) !== 'unavailable') reportError(error, doing);
}
export function dismiss(id: number): void {
  noticeStore.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}
