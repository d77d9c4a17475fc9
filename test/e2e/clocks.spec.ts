// The clock of a source was off: another source says how far, it is set, the event shows both times, and undo takes it back.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { answerDialogs } from '../support/dialogs.ts';
import { launchApp } from '../support/electron.ts';

const START = Date.UTC(2026, 10, 20, 9);
/** ms that the clock of the second source was behind */
const BEHIND = 95_000;
let folder: string;
let app: ElectronApplication;
let page: Page;
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-clocks-'));
  app = await launchApp({ userData: path.join(folder, 'profile') });
  page = await app.firstWindow();
});
test.afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A request in both logs every two seconds; it reaches the second one after 2 to 6 ms. */
function writeLogs(): string {
  const logs = path.join(folder, 'logs');
  mkdirSync(logs);
  const log = (name: string, shift: (i: number) => number): void => {
    const lines = Array.from({ length: 600 }, (_, i) => JSON.stringify({ time: new Date(START + i * 2003 + shift(i)).toISOString(), level: i % 40 === 0 ? 'warn' : 'info', service: name, trace_id: i.toString(16).padStart(32, '0'), message: `${name} answered request ${i}` }));
    writeFileSync(path.join(logs, `${name}.jsonl`), `${lines.join('\n')}\n`);
  };
  log('gateway', () => 0);
  log('orders', (i) => 2 + (i % 5) - BEHIND);
  return logs;
}

/** A picture in each theme, where TIDEMARK_E2E_SHOTS says. */
async function pictures(name: string): Promise<void> {
  const shots = process.env.TIDEMARK_E2E_SHOTS;
  if (!shots) return;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(1280, 800));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(600);
    await page.screenshot({ path: path.join(shots, `${name}-${colorScheme}.png`) });
  }
}

test('a clock is compared with that of another source, set, seen at the event, and taken back by undo', async () => {
  await answerDialogs(app, { save: path.join(folder, 'clocks.tidemark'), files: [writeLogs()] });
  await page.getByRole('button', { name: 'New case' }).click();
  await expect(page.getByRole('group', { name: 'Ledger' })).toBeVisible();
  await page.keyboard.press('Control+Shift+I');
  const sheet = page.getByRole('dialog', { name: 'Add evidence' });
  await sheet.getByRole('button', { name: 'Read into the case' }).click();
  await sheet.getByRole('button', { name: 'Show the events' }).click();
  const list = page.getByRole('grid', { name: 'Events', exact: true });
  await expect(list).toBeVisible();

  await page.getByRole('button', { name: 'Sources and health' }).click();
  const sources = page.getByRole('region', { name: 'Sources' });
  await sources.getByRole('button', { name: /orders\.jsonl/ }).click();
  await sources.getByRole('button', { name: 'set', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Clock of a source' });
  await dialog.getByRole('button', { name: 'Compare with other sources' }).click();
  await expect(dialog.getByText('600 trace ids.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Use' }).click();
  // The 4 ms on the way are a part of what is found.
  await expect(dialog.getByLabel('Add to its times')).toHaveValue('1 min 34.996 s');
  await expect(dialog.getByText(/2026-11-20 08:58:25\.002000 becomes 2026-11-20 08:59:59\.998000/)).toBeVisible();
  await pictures('clock-dialog');
  await dialog.getByRole('button', { name: 'Set clock' }).click();
  await expect(dialog).toBeHidden();
  await expect(sources.getByText(/times moved by 1 min 34\.996 s; right within/)).toBeVisible();
  await expect(sources.getByRole('row', { name: /orders\.jsonl/ }).first()).toContainText('2026-11-20 08:59:59');
  await pictures('clock-set');

  await page.getByRole('button', { name: 'Canvas' }).click();
  await list.getByText('orders answered request 0', { exact: true }).click();
  const detail = page.getByRole('region', { name: 'Detail', exact: true });
  await expect(detail.getByText(/clock corrected, right within .* the source said/)).toContainText('2026-11-20 08:58:25.002000 UTC');
  await pictures('clock-event');
  await page.keyboard.press('Control+z');
  await expect(detail.getByText('clock corrected')).toBeHidden();
});
