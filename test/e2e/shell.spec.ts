// What the shell promises whatever is on screen: a page that can do nothing but ask, an engine that comes back, a clean end.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { launchApp } from '../support/electron.ts';

let folder: string;
let running: ElectronApplication | null = null;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-shell-e2e-'));
});
test.afterEach(async () => {
  // A test that failed half-way leaves its application open.
  await running?.close();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});

/** A small log of its own. */
function writeLog(name: string, lines: number): string {
  const file = path.join(folder, name);
  const line = (i: number): string => JSON.stringify({ time: new Date(Date.UTC(2026, 10, 20, 9) + i * 1000).toISOString(), level: i % 10 ? 'info' : 'error', service: 'checkout', message: `order ${i} ${i % 10 ? 'paid' : 'failed: card declined'}` });
  writeFileSync(file, Array.from({ length: lines }, (_, i) => `${line(i)}\n`).join(''));
  return file;
}

async function start(args: string[]): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await launchApp({ args, userData: path.join(folder, 'profile') });
  running = app;
  app.on('close', () => (running = running === app ? null : running));
  return { app, page: await app.firstWindow() };
}
const title = (app: ElectronApplication): Promise<string> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getTitle());

test('reads what it is given on the command line into a new case, and keeps it @packed', async () => {
  const log = writeLog('orders.jsonl', 500);
  const { app, page } = await start([log]);
  await expect(page.getByText(/read 500\s*=\s*stored 500/)).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => title(app)).toMatch(/^case-.* - Tidemark$/);
  const name = (await title(app)).replace(' - Tidemark', '.tidemark');
  await app.close();

  const file = path.join(folder, 'profile', 'home', 'Tidemark', name);
  expect(existsSync(file)).toBe(true);
  // Written down and closed, not just killed.
  expect(existsSync(`${file}-wal`)).toBe(false);

  const again = await start([file]);
  await expect(again.page.getByText(/read 500\s*=\s*stored 500/)).toBeVisible({ timeout: 20_000 });
  await again.app.close();
});

test('the page has no Node, runs no foreign script, reaches no network and goes nowhere', async () => {
  const { app, page } = await start([]);
  await page.waitForLoadState();
  const found = await page.evaluate(async () => {
    const tryIt = async (act: () => unknown): Promise<string> => {
      try {
        await act();
        return 'done';
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    };
    const inline = document.createElement('script');
    inline.textContent = 'window.inlineRan = true';
    document.body.append(inline);
    return {
      origin: location.origin,
      node: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in window),
      bridge: Object.keys(window.tidemark),
      // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- that it fails is the test. From a timer: what the test runner itself evaluates is exempt from the policy.
      eval: await new Promise<string>((resolve) => setTimeout(() => void tryIt(() => new Function('return 1')()).then(resolve))),
      inline: 'inlineRan' in window,
      fetched: await tryIt(() => fetch('http://127.0.0.1:9/')),
      file: await tryIt(() => fetch('file:///etc/passwd')),
      opened: window.open('https://example.com/') === null,
      geolocation: (await navigator.permissions.query({ name: 'geolocation' })).state,
    };
  });
  expect(found).toEqual({ origin: 'app://tidemark', node: [], bridge: ['pathForFile'], eval: 'EvalError', inline: false, fetched: 'TypeError', file: 'TypeError', opened: true, geolocation: 'denied' });

  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.evaluate(() => {
    location.href = 'file:///etc/passwd';
  });
  await page.waitForTimeout(300);
  expect(page.url()).toBe('app://tidemark/index.html');
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0].webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webviewTag };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false });
  await app.close();
});

test('the engine comes back with the case when it dies', async () => {
  const log = writeLog('orders.jsonl', 300);
  const { app, page } = await start([log]);
  const ledger = page.getByText(/read 300\s*=\s*stored 300/);
  await expect(ledger).toBeVisible({ timeout: 20_000 });
  const name = await title(app);
  const engine = await app.evaluate(({ app: running }) => running.getAppMetrics().find((process) => process.name === 'Tidemark engine')?.pid ?? 0);
  expect(engine).toBeGreaterThan(0);
  process.kill(engine, 'SIGKILL');
  await expect.poll(() => app.evaluate(({ app: running }) => running.getAppMetrics().find((process) => process.name === 'Tidemark engine')?.pid ?? 0)).not.toBe(engine);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(ledger).toBeVisible();
  await expect.poll(() => title(app)).toBe(name);
  await app.close();
});

test('started a second time, the window that is open takes the files', async () => {
  const { app, page } = await start([]);
  await page.waitForLoadState();
  const log = writeLog('second.jsonl', 40);
  const launch = await app.evaluate(({ app: running }) => ({ command: process.execPath, appPath: running.getAppPath(), packaged: running.isPackaged }));
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const words = [...root, ...(launch.packaged ? [] : [launch.appPath]), `--user-data-dir=${path.join(folder, 'profile')}`, log];
  const ended = new Promise<void>((resolve) => execFile(launch.command, words, () => resolve()));
  await ended;
  await expect(page.getByText('second.jsonl').first()).toBeVisible({ timeout: 15_000 });
  await app.close();
});
