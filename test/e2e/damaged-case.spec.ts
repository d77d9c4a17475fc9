// A case file that was cut short, from the start screen to a whole case again.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';
import { inNode } from '../../build/run-env.mjs';
import { answerDialogs } from '../support/dialogs.ts';
import { launchApp } from '../support/electron.ts';

const CLI = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url));
const N = 30_000;
let folder: string;
let app: ElectronApplication | null = null;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-damaged-'));
});
test.afterEach(async () => {
  await app?.close();
  app = null;
  rmSync(folder, { recursive: true, force: true });
});

function tidemark(...words: string[]): string {
  const { command, args, env } = inNode([CLI, ...words]);
  return execFileSync(command, args, { env: { ...env, XDG_CONFIG_HOME: path.join(folder, 'config') }, encoding: 'utf8' });
}

test('what is left of a case that was cut short is opened, and the rest read again', async () => {
  const log = path.join(folder, 'app.jsonl');
  writeFileSync(log, Array.from({ length: N }, (_, i) => `${JSON.stringify({ time: new Date(Date.UTC(2026, 10, 20) + i * 10).toISOString(), level: 'info', msg: `step ${i} ${Math.imul(i, 2654435761)}` })}\n`).join(''));
  const whole = path.join(folder, 'whole.tidemark');
  tidemark('ingest', whole, log);
  const bytes = readFileSync(whole);
  const cut = path.join(folder, 'cut.tidemark');
  writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * 0.7)));

  app = await launchApp({ userData: path.join(folder, 'profile') });
  const page = await app.firstWindow();
  await answerDialogs(app, { files: [cut], save: path.join(folder, 'saved.tidemark') });
  await page.getByRole('button', { name: 'Open case' }).click();
  const trouble = page.getByRole('dialog', { name: 'The case file is damaged' });
  await expect(trouble).toContainText('is cut short');
  await trouble.getByRole('button', { name: 'Open read-only' }).click();
  await expect(trouble.getByRole('button', { name: 'Open read-only' })).toBeHidden();
  await trouble.getByRole('button', { name: 'Copy what can be read' }).click();

  const account = page.getByRole('dialog', { name: 'What could be read is in a new case' });
  await expect(account).toContainText('They can be read again from their files.');
  await expect(account).toContainText(`${log}: `);
  if (process.env.TIDEMARK_E2E_SHOTS) await page.screenshot({ path: path.join(process.env.TIDEMARK_E2E_SHOTS, 'account.png') });
  await account.getByRole('button', { name: 'Check the new case' }).click();
  const check = page.getByRole('dialog', { name: 'Check of the case' });
  await expect(check).toContainText('The case is whole');
  await expect(check).toContainText('Salvaged');
  await check.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByText('1 cut short')).toBeVisible();

  await page.getByRole('button', { name: 'Look and continue' }).click();
  await page.getByRole('button', { name: /^Continue/ }).first().click();
  await expect(page.getByRole('group', { name: 'Ledger' })).toContainText(`stored ${N.toLocaleString('en-US')}`, { timeout: 20_000 });
  await expect(page.getByRole('group', { name: 'Ledger' })).toContainText(`read ${N.toLocaleString('en-US')}`);
});
