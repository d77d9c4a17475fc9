// An event is typed in, stands on the timeline, is corrected, deleted and brought back, and is in the report; coverage shows who fell silent.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { answerDialogs } from '../support/dialogs.ts';
import { launchApp } from '../support/electron.ts';

const START = Date.UTC(2026, 10, 20, 9);
const MINUTE = 60_000;
let folder: string;
let app: ElectronApplication;
let page: Page;
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-typed-'));
  app = await launchApp({ userData: path.join(folder, 'profile') });
  page = await app.firstWindow();
});
test.afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Three sources of two hours, a line every five seconds: one steady, one silent for half an hour, one that stops after half an hour. */
function writeLogs(): string {
  const logs = path.join(folder, 'logs');
  mkdirSync(logs);
  const beats = (name: string, minutes: number, silentFrom = 0, silentTo = 0): void => {
    const lines: string[] = [];
    for (let at = 0; at < minutes * MINUTE; at += 5000) {
      if (at >= silentFrom * MINUTE && at < silentTo * MINUTE) continue;
      lines.push(JSON.stringify({ time: new Date(START + at).toISOString(), level: at % 600_000 === 0 ? 'warn' : 'info', service: name, message: `${name} beat ${at / 5000}` }));
    }
    writeFileSync(path.join(logs, `${name}.jsonl`), `${lines.join('\n')}\n`);
  };
  beats('api', 120);
  beats('db', 120, 60, 90);
  beats('web', 30);
  return logs;
}

/** A picture in each theme and of each size, where TIDEMARK_E2E_SHOTS says. */
async function pictures(name: string): Promise<void> {
  const shots = process.env.TIDEMARK_E2E_SHOTS;
  if (!shots) return;
  for (const { width, height } of [{ width: 1920, height: 1080 }, { width: 1280, height: 800 }]) {
    await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(size.width, size.height), { width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(600);
      await page.screenshot({ path: path.join(shots, `${name}-${width}-${colorScheme}.png`) });
    }
  }
}

test('an event is typed in, corrected, undone, pinned and reported; coverage shows gaps', async () => {
  // One journey of eight steps: half a minute on a machine that has nothing else to do.
  test.setTimeout(120_000);
  await answerDialogs(app, { save: path.join(folder, 'typed.tidemark'), files: [writeLogs()] });
  await page.getByRole('button', { name: 'New case' }).click();
  await expect(page.getByRole('group', { name: 'Ledger' })).toBeVisible();
  await page.keyboard.press('Control+Shift+I');
  const sheet = page.getByRole('dialog', { name: 'Add evidence' });
  await sheet.getByRole('button', { name: 'Read into the case' }).click();
  await expect(sheet.getByRole('region', { name: 'Sources' })).toBeVisible();
  await sheet.getByRole('button', { name: 'Show the events' }).click();
  const list = page.getByRole('grid', { name: 'Events', exact: true });
  await expect(list).toBeVisible();
  const dialog = page.getByRole('dialog', { name: 'Type an event in' });
  const detail = page.getByRole('region', { name: 'Detail', exact: true });
  const timeline = page.getByRole('region', { name: 'Timeline', exact: true });

  await test.step('from the timeline, at the time under the pointer', async () => {
    const plot = timeline.getByRole('application');
    const box = await plot.boundingBox();
    await plot.click({ button: 'right', position: { x: (box?.width ?? 0) * 0.6, y: 20 } });
    await page.getByRole('menuitem', { name: /^Type an event in at 2026-11-20 10:/ }).click();
    await expect(dialog.getByRole('textbox', { name: 'When' })).toHaveValue(/^2026-11-20T10:\d\d:\d\dZ$/);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });
  await test.step('with the keyboard', async () => {
    await page.keyboard.press('e');
    await expect(dialog.getByRole('textbox', { name: 'What happened' })).toBeFocused();
    await page.keyboard.type('Guard saw a stranger at rack 4');
    await dialog.getByRole('textbox', { name: 'When' }).fill('nope');
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toContainText('nope is not a time');
    await dialog.getByRole('textbox', { name: 'When' }).fill('2026-11-20 10:15');
    await expect(dialog).toContainText('2026-11-20 10:15:00.000000 UTC');
    await dialog.getByRole('textbox', { name: 'Known from' }).fill('call with J. Meyer');
    await dialog.getByRole('textbox', { name: 'More names and values' }).fill('user=meyer');
    await pictures('typed-dialog');
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toBeHidden();
    await expect(detail).toContainText('Guard saw a stranger at rack 4');
  });
  await test.step('it has a lane of its own and is found', async () => {
    await expect(timeline.getByRole('button', { name: /Typed in by/ })).toBeVisible();
    await pictures('typed-timeline');
    await page.keyboard.press('/');
    await page.keyboard.type('signal:manual user:meyer');
    await page.keyboard.press('Enter');
    await expect(list).toHaveAttribute('aria-rowcount', '2');
  });
  await test.step('it is pinned, and corrected under the pin', async () => {
    await list.getByRole('row').nth(1).click();
    await page.keyboard.press('p');
    await expect(list.getByRole('gridcell', { name: 'pinned', exact: true })).toBeVisible();
    await page.keyboard.press('Shift+E');
    const change = page.getByRole('dialog', { name: 'Change the typed event' });
    await change.getByRole('textbox', { name: 'What happened' }).fill('Guard saw a courier at rack 4');
    await change.getByRole('button', { name: 'Save' }).click();
    await expect(list).toContainText('Guard saw a courier at rack 4');
    await expect(list.getByRole('gridcell', { name: 'pinned', exact: true })).toBeVisible();
    await expect(detail).toContainText('courier');
  });
  await test.step('undo takes the correction back, redo makes it again', async () => {
    await page.keyboard.press('Control+z');
    await expect(list).toContainText('stranger');
    await page.keyboard.press('Control+Shift+z');
    await expect(list).toContainText('courier');
  });
  await test.step('it is deleted and brought back', async () => {
    await detail.getByRole('button', { name: 'Change' }).click();
    const change = page.getByRole('dialog', { name: 'Change the typed event' });
    await expect(change).toContainText('4 changes');
    await pictures('typed-change');
    await change.getByRole('button', { name: 'Delete event' }).click();
    await expect(list).toBeHidden();
    await page.keyboard.press('Control+z');
    await expect(list).toHaveAttribute('aria-rowcount', '2');
  });
  await test.step('it is in the report as it is now', async () => {
    await page.getByRole('button', { name: 'Reports' }).click();
    const report = page.frameLocator('iframe');
    await expect(report.getByText('Guard saw a courier at rack 4').first()).toBeVisible();
    await expect(report.getByText('stranger')).toHaveCount(0);
    await page.keyboard.press('g');
    await page.keyboard.press('c');
  });
  await test.step('coverage: gaps, who stopped, and what all are about', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Command' }).fill('coverage of');
    await page.keyboard.press('Enter');
    const coverage = page.getByRole('region', { name: 'Coverage', exact: true });
    await expect(coverage.getByText('stopped 1 h 30 min before the rest')).toBeVisible();
    await expect(coverage.getByText('1 gap, longest 30 min')).toBeVisible();
    await page.keyboard.press('m');
    await pictures('coverage');
    await coverage.getByRole('button', { name: /db\.jsonl is silent for 30 min/ }).click();
    await expect(coverage.getByTestId('coverage-brush')).toBeVisible();
    await pictures('coverage-gap');
    await coverage.getByRole('button', { name: /web\.jsonl/ }).click();
    await page.keyboard.press('m');
    await expect(page.getByRole('textbox', { name: 'Query' })).toContainText('web.jsonl');
  });
});
