// Every signal on one timeline, by hand: what an investigator has in the first two minutes, and a server that dies while they watch.

import fs, { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import git from 'isomorphic-git';
import { answerDialogs } from '../support/dialogs.ts';
import { launchApp } from '../support/electron.ts';
import { Prometheus, prometheusInstalled } from '../support/prometheus.ts';

const DATA = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'shared', 'data');
const EVTX = path.join(DATA, 'security', 'evtx');
const TRACES = path.join(DATA, 'traces', 'jaeger-ui');
const TESTS = path.join(DATA, 'ci-git', 'tests');
const here = [EVTX, TRACES, TESTS].every((folder) => fs.existsSync(folder));

let folder: string;
let app: ElectronApplication;
let page: Page;
let server: Prometheus | null = null;
let sending: NodeJS.Timeout | undefined;
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-signals-'));
  app = await launchApp({ userData: path.join(folder, 'profile') });
  page = await app.firstWindow();
});
test.afterEach(async () => {
  clearInterval(sending);
  await server?.kill();
  server = null;
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const sheet = () => page.getByRole('dialog', { name: 'Add a source' });
async function connect(kind: RegExp, fields: Record<string, string>): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('add a source');
  await page.keyboard.press('Enter');
  await sheet().getByRole('button', { name: kind }).click();
  for (const [name, value] of Object.entries(fields)) await sheet().getByRole('textbox', { name, exact: true }).fill(value);
  await page.keyboard.press('Enter');
  await expect(sheet()).toBeHidden();
}
const rowOf = (name: string) => page.getByRole('region', { name: 'Connections' }).getByRole('row', { name: new RegExp(name) });
async function eventsOf(query: string): Promise<number> {
  await page.getByRole('button', { name: 'Canvas' }).click();
  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(query);
  await page.keyboard.press('Control+Enter');
  const list = page.getByRole('grid', { name: 'Events', exact: true });
  await expect(list).not.toHaveAttribute('aria-rowcount', '1');
  return Number(await list.getAttribute('aria-rowcount')) - 1;
}

test('files, a repository, a server and a live stream are on one timeline; a server that dies is seen to, and comes back', async () => {
  test.skip(!here || !prometheusInstalled, 'it needs the data of conformance tests beside the project, and Prometheus');
  test.setTimeout(120_000);
  const repository = path.join(folder, 'shop');
  mkdirSync(repository);
  await git.init({ fs, dir: repository, defaultBranch: 'main' });
  writeFileSync(path.join(repository, 'prices.json'), '{}');
  await git.add({ fs, dir: repository, filepath: 'prices.json' });
  const who = { name: 'Ana Lima', email: 'ana@shop.example', timestamp: Date.UTC(2026, 9, 1) / 1000, timezoneOffset: 0 };
  await git.commit({ fs, dir: repository, message: 'Prices of the day', author: who, committer: who });
  server = await Prometheus.start(folder);

  await test.step('files: event logs, a trace, test results', async () => {
    await answerDialogs(app, { save: path.join(folder, 'everything.tidemark') });
    await page.getByRole('button', { name: 'New case' }).click();
    await expect(page.getByRole('group', { name: 'Ledger' })).toBeVisible();
    await answerDialogs(app, { files: [EVTX, TRACES, TESTS] });
    await page.keyboard.press('Control+Shift+I');
    const files = page.getByRole('dialog', { name: 'Add evidence' });
    await files.getByRole('button', { name: 'Read into the case' }).click();
    await expect(files.getByRole('heading', { name: /^Read (\d+) of \1 files$/ })).toBeVisible({ timeout: 60_000 });
    await files.getByRole('button', { name: 'Show the events' }).click();
    await expect(files).toBeHidden();
  });

  let sent = 0;
  await test.step('a repository, a Prometheus server, an OpenTelemetry stream', async () => {
    await connect(/^Git repository/, { Folder: repository, Name: 'Shop' });
    await connect(/^Prometheus server/, { Address: server?.url ?? '', 'Step (seconds)': '1', 'Look again every (seconds)': '1', Names: 'go_goroutines|up', Name: 'Metrics' });
    await connect(/^OpenTelemetry/, { 'HTTP port': '0', 'gRPC port': '0', Name: 'Live' });
    await expect(rowOf('Live')).toContainText(/HTTP 127\.0\.0\.1:\d+/);
    const port = /HTTP 127\.0\.0\.1:(\d+)/.exec((await rowOf('Live').textContent()) ?? '')?.[1];
    sending = setInterval(() => {
      const log = { timeUnixNano: String(BigInt(Date.now()) * 1_000_000n), severityNumber: 9, body: { stringValue: `order ${sent} taken` } };
      const body = JSON.stringify({ resourceLogs: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'till' } }] }, scopeLogs: [{ logRecords: [log] }] }] });
      void fetch(`http://127.0.0.1:${port}/v1/logs`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).then((response) => (sent += response.ok ? 1 : 0));
    }, 100);
    await expect(rowOf('Shop').getByRole('button', { name: '1', exact: true })).toBeVisible();
    await expect(rowOf('Metrics').getByRole('button', { name: /^\d+$/ }).first()).toBeVisible();
    await expect(rowOf('Live').getByRole('button', { name: /^\d+$/ }).first()).toBeVisible();
  });

  await test.step('all of it is on one timeline', async () => {
    for (const query of ['format:evtx', 'signal:traces', 'signal:ci', 'signal:git', 'service:till']) expect(await eventsOf(query), query).toBeGreaterThan(0);
  });

  await test.step('the server dies: its connection says so while the others go on; it comes back by itself', async () => {
    await page.getByRole('button', { name: 'Sources and health' }).click();
    await page.getByText(/^Connections 3$/).click();
    await expect(rowOf('Metrics')).toContainText('OK');
    await server?.kill();
    await expect(rowOf('Metrics')).toContainText(/cannot be reached/);
    await expect(rowOf('Live')).toContainText('OK');
    const before = sent;
    await expect.poll(() => sent).toBeGreaterThan(before);
    server?.run();
    await expect(rowOf('Metrics')).toContainText('OK', { timeout: 30_000 });
    await expect(rowOf('Metrics')).not.toContainText(/cannot be reached/);
  });

  await test.step('nothing that was answered is missing', async () => {
    clearInterval(sending);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await eventsOf('service:till')).toBe(sent);
  });
});
