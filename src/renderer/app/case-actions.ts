/** New, open, close, copy: what the start screen, the case menu, the palette and the menu bar all call. */
import { engine, shell } from '../client/client.ts';
import { flushCanvas } from '../state/canvas.ts';
import { caseStore } from '../state/case.ts';
import { codeOf, messageOf, notify, reportError } from '../state/notices.ts';
import { formatBytes } from '../ui/numbers.ts';
import { showAccount } from './case-check.ts';
import { askTrouble } from './trouble.ts';

const EXTENSION = 'tidemark';

/** A name for a new case that sorts by day: "case-2026-11-21". */
function suggestedName(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  return `case-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.${EXTENSION}`;
}
async function suggestedPath(): Promise<string> {
  const { defaultCaseFolder, platform } = await shell.shell.about({});
  return defaultCaseFolder ? `${defaultCaseFolder}${platform === 'win32' ? '\\' : '/'}${suggestedName()}` : suggestedName();
}

/** Asks where, makes the case. True when a case is open afterwards. */
export async function newCase(): Promise<boolean> {
  try {
    const path = await shell.shell.pickSave({ title: 'New case', suggestion: await suggestedPath(), extensions: [EXTENSION] });
    if (path === null) return false;
    flushCanvas();
    await engine.cases.create({ path });
    return true;
  } catch (error) {
    reportError(error, 'Making the case');
    return false;
  }
}

/** Makes a case in the default folder without asking: for files dropped on the start screen. */
export async function quickCase(): Promise<boolean> {
  try {
    const path = await suggestedPath();
    flushCanvas();
    await engine.cases.create({ path });
    return true;
  } catch (error) {
    reportError(error, 'Making the case');
    return newCase();
  }
}

export async function pickAndOpenCase(): Promise<void> {
  try {
    const picked = await shell.shell.pickFiles({ title: 'Open case', multiple: false, extensions: [EXTENSION] });
    if (picked?.[0]) await openCase(picked[0]);
  } catch (error) {
    reportError(error, 'Opening the case');
  }
}

/** Opens a case; a locked, damaged or newer one gets an explanation and an offer. */
export async function openCase(path: string, readOnly = false): Promise<void> {
  try {
    flushCanvas();
    await engine.cases.open({ path, readOnly });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'locked' || code === 'newer' || code === 'corrupt' || code === 'not_found') askTrouble({ path, code, message: messageOf(error), triedToRead: readOnly });
    else reportError(error, 'Opening the case');
  }
}

/** Copies what can be read of a damaged case into a new file and opens that. */
export async function salvageCase(path: string): Promise<void> {
  try {
    const into = await shell.shell.pickSave({ title: 'Copy what can be read to', suggestion: path.replace(/\.tidemark$/, '') + `-salvaged.${EXTENSION}`, extensions: [EXTENSION] });
    if (into === null) return;
    flushCanvas();
    const { account } = await engine.cases.salvage({ path, into });
    showAccount(account);
  } catch (error) {
    reportError(error, 'Salvaging the case');
  }
}

export async function closeCase(): Promise<void> {
  try {
    flushCanvas();
    await engine.cases.close({});
  } catch (error) {
    reportError(error, 'Closing the case');
  }
}

export async function copyCase(): Promise<void> {
  const info = caseStore.getState().info;
  if (!info) return;
  try {
    const path = await shell.shell.pickSave({ title: 'Copy case to', suggestion: `${info.name}-copy.${EXTENSION}`, extensions: [EXTENSION] });
    if (path === null) return;
    flushCanvas();
    const { bytes } = await engine.cases.copy({ path });
    notify({ title: 'Case copied', message: `${path} (${formatBytes(bytes)})`, action: { title: 'Show in folder', run: () => void shell.shell.showInFolder({ path }) } });
  } catch (error) {
    reportError(error, 'Copying the case');
  }
}
