/** The account of a salvaged case, and the check of the open one. Drawn by case-check-dialog.tsx. */
import { createStore } from 'zustand/vanilla';
import type { CheckReport, SalvageAccount } from '../../shared/contract/cases.ts';
import { engine } from '../client/client.ts';
import { codeOf, messageOf } from '../state/notices.ts';

interface CaseCheckState {
  /** null = the dialog is closed */
  shown: 'salvage' | 'check' | null;
  account: SalvageAccount | null;
  running: AbortController | null;
  report: CheckReport | null;
  error: string;
}
const CLOSED: CaseCheckState = { shown: null, account: null, running: null, report: null, error: '' };
export const caseCheckStore = createStore<CaseCheckState>()(() => CLOSED);

export function closeCaseCheck(): void {
  caseCheckStore.getState().running?.abort();
  caseCheckStore.setState(CLOSED);
}

/** Shows what a salvage kept and lost. */
export function showAccount(account: SalvageAccount): void {
  caseCheckStore.setState({ ...CLOSED, shown: 'salvage', account });
}

/** Reads the whole case and shows what is wrong with it, and what a salvage lost if one made it. */
export async function checkCase(): Promise<void> {
  caseCheckStore.getState().running?.abort();
  const running = new AbortController();
  caseCheckStore.setState({ ...CLOSED, shown: 'check', running });
  const mine = (): boolean => caseCheckStore.getState().running === running;
  try {
    const account = await engine.cases.salvaged({}, { signal: running.signal });
    if (mine()) caseCheckStore.setState({ account });
    const report = await engine.cases.check({}, { signal: running.signal });
    if (mine()) caseCheckStore.setState({ report, running: null });
  } catch (error) {
    if (mine()) caseCheckStore.setState({ running: null, error: codeOf(error) === 'cancelled' ? 'The check was cancelled.' : messageOf(error) });
  }
}
