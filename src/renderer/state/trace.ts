/** Which trace somebody asked for by name: trace panels show it, whatever was selected before. */
import type { EventDetail } from '../../shared/event.ts';
import { createStore, useStore } from 'zustand';
import { runCommand } from './commands.ts';

/** An object of its own for each time, so that asking for the same trace again shows it again. */
export interface AskedTrace {
  traceId: string;
}
const asked = createStore<{ asked: AskedTrace | null }>()(() => ({ asked: null }));

/** The trace an event belongs to, null for none. */
export function traceOf({ fields }: Pick<EventDetail, 'fields'>): string | null {
  const value = fields.find(({ name }) => name === 'trace_id')?.value;
  return value === undefined || value === null || value === '' ? null : String(value);
}
/** Shows a trace in the trace panel, which is put on the canvas where there is none. */
export function openTrace(traceId: string): void {
  asked.setState({ asked: { traceId } });
  runCommand('go.trace');
}
export function useAskedTrace(): AskedTrace | null {
  return useStore(asked, (state) => state.asked);
}
