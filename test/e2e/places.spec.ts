// A database of places is chosen in the window: events say where their address is, and are found by it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { answerDialogs } from '../support/dialogs.ts';
import { launchApp } from '../support/electron.ts';
import { mmdb } from '../support/mmdb.ts';

const EVENTS = 300;
let folder: string;
let app: ElectronApplication;
let page: Page;
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-places-'));
  const ips = ['203.0.113.7', '198.51.100.9', '10.1.2.3'];
  const lines = Array.from({ length: EVENTS }, (_, i) => JSON.stringify({ time: new Date(Date.UTC(2026, 10, 20, 9) + i * 1000).toISOString(), level: 'info', service: 'shop', host: `web-${i % 2}`, client_ip: ips[i % 3], message: `request ${i} answered` }));
  const log = path.join(folder, 'shop.jsonl');
  writeFileSync(log, `${lines.join('\n')}\n`);
  app = await launchApp({ userData: path.join(folder, 'profile'), args: [log] });
  page = await app.firstWindow();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(1280, 800));
});
test.afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A picture in each theme, where TIDEMARK_E2E_SHOTS says, and what axe says of it. */
async function look(name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    const shots = process.env.TIDEMARK_E2E_SHOTS;
    if (shots) await page.screenshot({ path: path.join(shots, `${name}-${colorScheme}.png`) });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    found.push(...violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${name}, ${colorScheme}: ${id} at ${nodes[0].target.join(' ')}`));
  }
  return found;
}

test('a database of places is chosen, events show and are found by their country; a file that has changed is told', async () => {
  test.setTimeout(150_000);
  const city = path.join(folder, 'city.mmdb');
  const places = { '203.0.113.0/24': { country: { iso_code: 'DE', names: { en: 'Germany' } }, city: { names: { en: 'Kiel' } } } };
  writeFileSync(city, mmdb('Test-City', places));
  const list = page.getByRole('grid', { name: 'Events', exact: true });
  await expect(list).toHaveAttribute('aria-rowcount', String(EVENTS + 1));
  await list.getByText('request 0 answered', { exact: true }).click();
  const detail = page.getByRole('region', { name: 'Detail', exact: true });
  await detail.getByText(/No GeoIP database/).scrollIntoViewIfNeeded();
  const found = await look('places-hint');

  await answerDialogs(app, { files: [city] });
  await detail.getByRole('button', { name: 'Choose one' }).click();
  await expect(detail.getByRole('row', { name: /source\.geo\.country_name/ })).toContainText('Germany');
  await expect(detail.getByText(/No GeoIP database/)).toBeHidden();
  await page.keyboard.press('/');
  await page.keyboard.type('source.geo.country_iso_code:DE');
  await page.keyboard.press('Control+Enter');
  await expect(list).toHaveAttribute('aria-rowcount', String(EVENTS / 3 + 1));
  found.push(...(await look('places-found')));

  // The palette leads to the panel; a map gives labels.
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  const panel = page.getByRole('region', { name: 'Indicators', exact: true });
  await panel.getByRole('tab', { name: 'Places and owners (1)' }).click();
  await expect(panel.getByText('Test-City, built 2026-09-21')).toBeVisible();
  const map = path.join(folder, 'hosts.csv');
  writeFileSync(map, 'host,team\nweb-0,payments\nweb-1,shop\n,nobody\n');
  await answerDialogs(app, { files: [map] });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('add a map');
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: 'hosts.csv', exact: true }).click();
  await expect(panel.getByText(/1 left out: the row names no host/)).toBeVisible();
  await expect(detail.getByRole('row', { name: /labels\.team/ })).toContainText('payments');
  found.push(...(await look('places-panel')));

  // A newer release lies where the old one was.
  writeFileSync(city, mmdb('Test-City', { ...places, '198.51.100.0/24': { country: { iso_code: 'DE' } } }));
  await panel.getByRole('tab', { name: 'Met' }).click();
  await panel.getByRole('tab', { name: /^Places and owners/ }).click();
  await expect(panel.getByText(/Not used: the file is not the one that was added/)).toBeVisible();
  found.push(...(await look('places-changed')));
  await panel.getByRole('button', { name: 'Use city.mmdb as it is now' }).click();
  await expect(list).toHaveAttribute('aria-rowcount', String((EVENTS / 3) * 2 + 1));
  expect(found).toEqual([]);
});
