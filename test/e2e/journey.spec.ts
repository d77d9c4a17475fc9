// A new user's first case, from the start screen to the report, and back the next day.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { which } from '../../build/lib/run.mjs';
import { answerDialogs } from '../support/dialogs.ts';
import { launchApp } from '../support/electron.ts';
import { EVIDENCE, EVIDENCE_LINES, FAILURE, writeEvidence } from '../support/evidence.ts';

const NOTE = 'The gateway stopped answering; the 502 burst follows from this order.';
let folder: string;
let running: ElectronApplication | null = null;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-journey-'));
});
test.afterEach(async () => {
  // A test that failed half-way leaves its application open.
  await running?.close();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await launchApp({ userData: path.join(folder, 'profile') });
  running = app;
  app.on('close', () => (running = running === app ? null : running));
  return { app, page: await app.firstWindow() };
}

const grouped = (count: number): string => count.toLocaleString('en-US');
const ledgerOf = (page: Page) => page.getByRole('group', { name: 'Ledger' });
const listOf = (page: Page) => page.getByRole('grid', { name: 'Events', exact: true });
const panelOf = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });

async function search(page: Page, query: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(query);
  await page.keyboard.press('Control+Enter');
}

test('a new user makes a case, reads a folder, finds the failure, pins and notes it, saves the report and finds it all again', async () => {
  const evidence = writeEvidence(folder);
  const file = path.join(folder, 'shop outage.tidemark');
  const pdf = path.join(folder, 'report.pdf');
  const { app, page } = await start();

  await test.step('a new case', async () => {
    await answerDialogs(app, { save: file });
    await page.getByRole('button', { name: 'New case' }).click();
    await expect(page.getByRole('button', { name: 'shop outage', exact: true })).toBeVisible();
    expect(existsSync(file)).toBe(true);
  });

  await test.step('the folder, and what each file is read as before anything is stored', async () => {
    await answerDialogs(app, { files: [evidence] });
    await page.keyboard.press('Control+Shift+I');
    const sheet = page.getByRole('dialog', { name: 'Add evidence' });
    const files = sheet.getByRole('region', { name: 'Files' });
    for (const name of Object.keys(EVIDENCE)) await expect(files.getByRole('row').filter({ has: page.locator(`td[title$="${name}"]`) })).toHaveCount(1);
    await expect(ledgerOf(page)).toHaveText(/read 0=/);
    await sheet.getByRole('button', { name: 'Read into the case' }).click();
    await expect(sheet.getByRole('heading', { name: 'Read 4 of 4 files' })).toBeVisible();
    for (const [name, count] of Object.entries(EVIDENCE)) {
      const row = sheet.getByRole('row').filter({ has: page.locator(`td[title$="${name}"]`) });
      // read, stored, duplicates, rejected
      await expect(row.getByRole('cell')).toContainText([name, '', grouped(count), grouped(count), '0', '0']);
    }
    await sheet.getByRole('button', { name: 'Show the events' }).click();
    await expect(sheet).toBeHidden();
  });

  await test.step('the ledger and the rows', async () => {
    await expect(ledgerOf(page)).toHaveText(`read ${grouped(EVIDENCE_LINES)}=stored ${grouped(EVIDENCE_LINES)}+duplicates 0+rejected 0`);
    await expect(panelOf(page, 'Events').getByRole('status')).toContainText(`${grouped(EVIDENCE_LINES)} events`);
    await expect(listOf(page)).toHaveAttribute('aria-rowcount', String(EVIDENCE_LINES + 1));
    // In the order of time across files: at nine o'clock each of the four has one.
    await expect(listOf(page).getByRole('row').filter({ hasText: '09:00:00' })).toHaveCount(4);
  });

  await test.step('a search, a pin and a note', async () => {
    await search(page, 'severity>=high "timed out"');
    await expect(panelOf(page, 'Events').getByRole('status')).toContainText('1 event');
    const row = listOf(page).getByRole('row').filter({ hasText: FAILURE });
    await row.click();
    await expect(row).toHaveAttribute('aria-selected', 'true');
    await expect(panelOf(page, 'Detail')).toContainText(FAILURE);
    await page.keyboard.press('p');
    await expect(row.getByRole('gridcell', { name: 'pinned', exact: true })).toBeVisible();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'Note on the event' });
    await dialog.getByLabel('Markdown').fill(NOTE);
    await dialog.getByRole('button', { name: 'Add note' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('the layout is changed', async () => {
    await page.getByRole('button', { name: 'Menu of Fields' }).click();
    await page.getByRole('menuitem', { name: 'Remove from the canvas' }).click();
    await expect(panelOf(page, 'Fields')).toHaveCount(0);
  });

  await test.step('the report', async () => {
    await answerDialogs(app, { save: pdf });
    await page.getByRole('button', { name: 'Reports' }).click();
    await page.getByRole('button', { name: 'Save PDF' }).click();
    await expect(page.getByText('Report saved')).toBeVisible();
    const bytes = readFileSync(pdf);
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(bytes.subarray(-32).toString('latin1')).toContain('%%EOF');
    if (which('pdftotext')) {
      // Lines are broken where the paper ends.
      const text = execFileSync('pdftotext', ['-q', pdf, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ');
      expect(text).toContain(FAILURE);
      expect(text).toContain(NOTE);
      expect(text).toContain('checkout.jsonl');
      expect(text).toContain(grouped(EVIDENCE_LINES));
    } else {
      test.info().annotations.push({ type: 'not checked', description: 'pdftotext is not installed: the words of the report' });
    }
  });

  await test.step('closed right after a setting of a panel, and opened again from the list of recent cases', async () => {
    await page.getByRole('button', { name: 'Canvas' }).click();
    await panelOf(page, 'Events').getByRole('button', { name: 'Columns' }).click();
    const picker = page.getByRole('combobox', { name: 'Add a column' });
    // The first is saved at once; the second comes while that is fresh, and the window is closed at once.
    for (const name of ['user_agent', 'referrer']) {
      await picker.fill(name);
      await picker.press('Enter');
    }
    await expect(listOf(page).getByRole('columnheader', { name: 'referrer' })).toBeVisible();
    await app.close();
    // Written down, not just left behind.
    expect(existsSync(`${file}-wal`)).toBe(false);
    const again = await start();
    await again.page.getByRole('button', { name: /shop outage/ }).first().click();
    await expect(ledgerOf(again.page)).toContainText(`stored ${grouped(EVIDENCE_LINES)}`);
    await expect(panelOf(again.page, 'Events')).toBeVisible();
    await expect(panelOf(again.page, 'Fields')).toHaveCount(0);
    for (const name of ['user_agent', 'referrer']) await expect(listOf(again.page).getByRole('columnheader', { name })).toBeVisible();
    await search(again.page, `"timed out"`);
    await expect(listOf(again.page).getByRole('row').filter({ hasText: FAILURE }).getByRole('gridcell', { name: 'pinned', exact: true })).toBeVisible();
    await expect(panelOf(again.page, 'Notes')).toContainText(NOTE);
    await again.page.getByRole('button', { name: 'Investigations' }).click();
    await expect(again.page.getByRole('main')).toContainText(FAILURE);
    await again.app.close();
  });
});
