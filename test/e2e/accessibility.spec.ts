// What axe says of each screen with real data in it, in both themes. Pictures of them go where TIDEMARK_E2E_SHOTS says.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { answerDialogs } from '../support/dialogs.ts';
import { launchApp } from '../support/electron.ts';
import { EVIDENCE_LINES, writeEvidence } from '../support/evidence.ts';
import { EVENTS, REFUSAL, writeSignals } from '../support/signals.ts';

// Two themes of eight screens, each looked through by axe, take a busy machine long.
test.setTimeout(150_000);

let folder: string;
let app: ElectronApplication;
let page: Page;
async function start(args: string[] = []): Promise<void> {
  app = await launchApp({ userData: path.join(folder, 'profile'), args });
  page = await app.firstWindow();
}
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-axe-'));
});
test.afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What keeps people out of the screen that is shown, in each theme. */
async function trouble(screen: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    const shots = process.env.TIDEMARK_E2E_SHOTS;
    if (shots) await page.screenshot({ path: path.join(shots, `${screen}-${colorScheme}.png`) });
    // The preview of the report may run no script, so axe cannot look into it and would wait for ever.
    const { violations } = await new AxeBuilder({ page }).exclude('iframe').setLegacyMode(true).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(`${screen}, ${colorScheme}: ${id} at ${nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.any[0]?.message ?? ''})`).join(' | ')}`);
    }
  }
  return found;
}

test('axe finds nothing serious on any screen, dark or light', async () => {
  // Nine screens in two themes, and axe takes seconds over each where the machine is busy.
  test.setTimeout(240_000);
  await start();
  await expect(page.getByText('Drop logs here')).toBeVisible();
  const found = await trouble('start');

  await answerDialogs(app, { save: path.join(folder, 'axe.tidemark'), files: [writeEvidence(folder)] });
  await page.getByRole('button', { name: 'New case' }).click();
  await expect(page.getByRole('group', { name: 'Ledger' })).toBeVisible();
  await page.keyboard.press('Control+Shift+I');
  const sheet = page.getByRole('dialog', { name: 'Add evidence' });
  const read = sheet.getByRole('button', { name: 'Read into the case' });
  await expect(read).toBeEnabled();
  found.push(...(await trouble('ingest')));
  await read.click();
  await expect(sheet.getByRole('region', { name: 'Sources' })).toBeVisible();
  found.push(...(await trouble('ingested')));
  await sheet.getByRole('button', { name: 'Show the events' }).click();
  await expect(sheet).toBeHidden();

  const list = page.getByRole('grid', { name: 'Events', exact: true });
  await expect(list).toHaveAttribute('aria-rowcount', String(EVIDENCE_LINES + 1));
  await list.getByRole('row').nth(4).click();
  await expect(page.getByRole('region', { name: 'Detail', exact: true }).getByRole('tab').first()).toBeVisible();
  await page.keyboard.press('p');
  await expect(list.getByRole('gridcell', { name: 'pinned', exact: true })).toBeVisible();
  found.push(...(await trouble('workbench')));

  await page.keyboard.press('e');
  await expect(page.getByRole('dialog', { name: 'Type an event in' })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  found.push(...(await trouble('typed')));
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await expect(page.getByRole('grid', { name: /^Coverage of the sources/ })).toBeVisible();
  await page.keyboard.press('m');
  found.push(...(await trouble('coverage')));
  await page.keyboard.press('m');

  await page.getByRole('button', { name: 'Reports' }).click();
  await expect(page.frameLocator('iframe').getByRole('heading').first()).toBeVisible();
  found.push(...(await trouble('reports')));

  await page.getByRole('button', { name: 'Sources and health' }).click();
  await expect(page.getByRole('main').getByRole('button', { name: 'checkout.jsonl' }).first()).toBeVisible();
  found.push(...(await trouble('health')));

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('textbox', { name: 'Command' })).toBeVisible();
  found.push(...(await trouble('palette')));
  expect(found).toEqual([]);
});

test('axe finds nothing serious in traces and metrics, dark or light', async () => {
  await start([writeSignals(folder)]);
  const list = page.getByRole('grid', { name: 'Events', exact: true });
  await expect(list).toHaveAttribute('aria-rowcount', String(EVENTS + 1));
  await page.keyboard.press('/');
  await page.keyboard.type('service:payments severity>=high');
  await page.keyboard.press('Control+Enter');
  await list.getByText(REFUSAL).first().click();
  await expect(page.getByRole('button', { name: 'Open trace' })).toBeVisible();
  await page.keyboard.press('o');
  const traces = page.getByRole('region', { name: 'Traces', exact: true });
  await expect(traces.getByRole('tree')).toBeVisible();
  await page.getByRole('button', { name: 'Maximise Traces' }).click();
  await expect(traces.getByText(REFUSAL).first()).toBeVisible();
  const found = await trouble('trace');
  await traces.getByRole('tab', { name: 'All traces' }).click();
  await expect(traces.getByRole('table')).toBeVisible();
  found.push(...(await trouble('traces')));
  await traces.getByRole('tab', { name: 'Services' }).click();
  await expect(traces.getByRole('button', { name: /^Filter for payments/ })).toBeVisible();
  found.push(...(await trouble('services')));

  await page.keyboard.press('g');
  await page.keyboard.press('m');
  const metrics = page.getByRole('region', { name: 'Metrics', exact: true });
  await metrics.getByRole('group', { name: 'db_connections' }).getByRole('checkbox').first().check();
  await expect(metrics.getByRole('region', { name: 'db_connections' })).toBeVisible();
  found.push(...(await trouble('metrics')));
  expect(found).toEqual([]);
});

test('axe finds nothing serious in what finds things, dark or light', async () => {
  test.setTimeout(300_000);
  await start([writeSignals(folder)]);
  await expect(page.getByRole('grid', { name: 'Events', exact: true })).toHaveAttribute('aria-rowcount', String(EVENTS + 1));
  // Patterns are grouped once all is read, and rules run: what shows them is asked again then.
  await page.waitForTimeout(2000);
  const found: string[] = [];
  const panels = [['p', 'Patterns'], ['a', 'Anomalies'], ['l', 'Alerts'], ['u', 'Detections'], ['y', 'Threat analysis'], ['k', 'Correlation'], ['o', 'Root cause'], ['x', 'Trends'], ['b', 'Triage'], ['j', 'Services']] as const;
  for (const [key, title] of panels) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    const panel = page.getByRole('region', { name: title, exact: true });
    await expect(panel).toBeVisible();
    await page.getByRole('button', { name: `Maximise ${title}` }).click();
    // What takes long is through.
    await expect(panel.locator('[aria-busy="true"]')).toHaveCount(0, { timeout: 60_000 });
    await expect(panel.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0, { timeout: 60_000 });
    // What is asked again is dimmed on purpose until the answer is there.
    await expect(panel.locator('[data-stale]')).toHaveCount(0, { timeout: 60_000 });
    found.push(...(await trouble(title)));
    if (title === 'Anomalies') {
      await panel.getByRole('tab', { name: /^As it came in/ }).click();
      await expect(panel.getByRole('button', { name: 'Judge again' })).toBeVisible();
      found.push(...(await trouble('Anomalies as they came in')));
    }
    await page.getByRole('button', { name: `Restore ${title}` }).click();
  }
  expect(found).toEqual([]);
});
