// A repository is connected by hand, and what it brings is on the timeline; a folder that is none says so before anything is kept.

import fs, { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import git from 'isomorphic-git';
import { answerDialogs } from '../support/dialogs.ts';
import { launchApp } from '../support/electron.ts';

const COMMITS = 12;
let folder: string;
let app: ElectronApplication;
let page: Page;
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-connections-'));
  app = await launchApp({ userData: path.join(folder, 'profile') });
  page = await app.firstWindow();
});
test.afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function commit(dir: string, index: number): Promise<void> {
  writeFileSync(path.join(dir, 'prices.json'), JSON.stringify({ version: index }));
  await git.add({ fs, dir, filepath: 'prices.json' });
  const who = { name: 'Ana Lima', email: 'ana@shop.example', timestamp: Date.UTC(2026, 9, 1) / 1000 + index * 3600, timezoneOffset: 0 };
  await git.commit({ fs, dir, message: `Prices of day ${index}`, author: who, committer: who });
}

test('a repository is tried, added, read, and read on after it was started again', async () => {
  const dir = path.join(folder, 'shop');
  const none = path.join(folder, 'none');
  for (const made of [dir, none]) mkdirSync(made);
  await git.init({ fs, dir, defaultBranch: 'main' });
  for (let index = 0; index < COMMITS; index++) await commit(dir, index);
  const list = page.getByRole('grid', { name: 'Events', exact: true });
  const sheet = page.getByRole('dialog', { name: 'Add a source' });

  await test.step('from the start screen: a case is made for it', async () => {
    await page.getByRole('button', { name: 'Connect a source' }).click();
    await sheet.getByRole('button', { name: /^Git repository/ }).click();
    await expect(sheet.getByRole('textbox', { name: 'Folder' })).toBeFocused();
  });
  await test.step('the test says what is wrong, and what is right', async () => {
    await answerDialogs(app, { files: [none] });
    await sheet.getByRole('button', { name: 'Choose folder: Folder' }).click();
    await sheet.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(sheet.getByRole('status')).toContainText('It does not work.');
    await sheet.getByRole('textbox', { name: 'Folder' }).fill(dir);
    await sheet.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(sheet.getByRole('status')).toContainText('It works.');
    await expect(sheet.getByRole('status')).toContainText('1 branch and 0 tags can be read.');
  });
  await test.step('its row says what it brought, and leads to it', async () => {
    await sheet.getByRole('textbox', { name: 'Name' }).fill('Shop');
    await page.keyboard.press('Enter');
    await expect(sheet).toBeHidden();
    const row = page.getByRole('region', { name: 'Connections' }).getByRole('row', { name: /Shop/ });
    await expect(row.getByRole('button', { name: String(COMMITS), exact: true })).toBeVisible();
    await expect(row).toContainText('Stopped');
    await row.getByRole('button', { name: String(COMMITS), exact: true }).click();
    await expect(list).toHaveAttribute('aria-rowcount', String(COMMITS + 1));
    await expect(list.getByText('Prices of day 3', { exact: false }).first()).toBeVisible();
  });
  await test.step('started again it brings what is new, once', async () => {
    await commit(dir, COMMITS);
    await page.getByRole('button', { name: 'Sources and health' }).click();
    await page.getByRole('button', { name: 'Start: Shop' }).click();
    await expect(page.getByRole('button', { name: String(COMMITS + 1), exact: true })).toBeVisible();
  });
  await test.step('the sheet that is left gives the focus back', async () => {
    const opener = page.getByRole('button', { name: 'Add a source', exact: true });
    await opener.click();
    await sheet.getByRole('button', { name: /^Git repository/ }).click();
    await expect(sheet.getByRole('textbox', { name: 'Folder' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(opener).toBeFocused();
  });
  await test.step('taken off the list, its events stay', async () => {
    await page.getByRole('button', { name: 'Remove: Shop' }).click();
    await page.getByRole('dialog', { name: 'Remove the connection' }).getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.getByText('No connection yet')).toBeVisible();
    await page.getByRole('button', { name: 'Canvas' }).click();
    await expect(list).toHaveAttribute('aria-rowcount', String(COMMITS + 2));
  });
});

test('a port is opened by keyboard, what is posted to it is counted, and what cannot be read is looked at', async () => {
  await answerDialogs(app, { save: path.join(folder, 'live.tidemark') });
  await page.getByRole('button', { name: 'New case' }).click();
  await expect(page.getByRole('group', { name: 'Ledger' })).toBeVisible();
  const sheet = page.getByRole('dialog', { name: 'Add a source' });

  await page.keyboard.press('Control+k');
  await page.keyboard.type('add a source');
  await page.keyboard.press('Enter');
  await expect(sheet.getByRole('button', { name: /^Files or folders/ })).toBeFocused();
  const choice = sheet.getByRole('button', { name: /^JSON over HTTP/ });
  while (!(await choice.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(sheet.getByRole('textbox', { name: 'Address' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('70000');
  await page.keyboard.press('Enter');
  await expect(sheet.getByText('This must be at most 65,535.')).toBeVisible();
  await expect(sheet.getByRole('textbox', { name: 'Port' })).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('0');
  await page.keyboard.press('Enter');
  await expect(sheet).toBeHidden();

  const row = page.getByRole('region', { name: 'Connections' }).getByRole('row').nth(1);
  await expect(row).toContainText('listening');
  // Which port it was given is what its note says.
  const said = await row.textContent();
  const port = /:(\d{4,5})/.exec(said?.replaceAll(':0', '') ?? '')?.[1];
  const post = async (body: string): Promise<void> => void (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body }));
  await post('{"time":"2026-11-20T06:00:00Z","level":"error","message":"payment refused"}');
  await expect(row.getByRole('button', { name: '1', exact: true })).toBeVisible();
  await post('{"time":"2026-11-20T06:00:01Z","message":"cut off');
  await row.getByRole('button', { name: /^1 rejected records of/ }).click();
  await expect(page.getByRole('list', { name: 'Reasons' })).toContainText('ends before its JSON is complete');
  // As it was posted, not as the engine keeps it.
  await expect(page.getByRole('list', { name: 'Rejected records' })).toContainText('"message":"cut off');
  await expect(page.getByText('in no file', { exact: false })).toBeVisible();
  await page.getByRole('combobox', { name: 'Try as format' }).click();
  await page.getByRole('option', { name: 'Plain text' }).first().click();
  await page.getByRole('button', { name: 'Try this record' }).click();
  await expect(page.getByText('No record was rejected')).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.getByText(/^Connections 1$/).click();
  await page.getByRole('button', { name: /^Stop: / }).click();
  await expect(row).toContainText('Stopped');
  await expect(fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })).rejects.toThrow();
});
