/**
 * Screenshots of every screen in both themes on the engine in memory, and what axe says of each.
 * `node test/e2e/window/shots.ts OUT_FOLDER [SCREEN,...] [light,dark]` on Node 24; CHROMIUM names the browser, default /usr/bin/chromium.
 */
import { once } from 'node:events';
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

interface Shot {
  scenario?: 'case' | 'empty' | 'none' | 'ingesting';
  size?: { width: number; height: number };
  scale?: number;
  run?: (page: Page) => Promise<void>;
}
async function keys(page: Page, ...strokes: string[]): Promise<void> {
  for (const stroke of strokes) await page.keyboard.press(stroke);
  await page.waitForTimeout(300);
}
async function addSource(page: Page): Promise<void> {
  await keys(page, 'Control+k');
  await page.keyboard.type('add a source');
  await keys(page, 'Enter');
}
/** Runs in the page: what the first connection tells in five minutes, at once. */
async function fiveMinutes(): Promise<void> {
  const { state } = (window as unknown as { fake: { state: { emit(name: string, value: unknown): void; connection(id: number): { stored: number } | undefined } } }).fake;
  const told = state.connection(1);
  if (!told) return;
  const real = Date.now;
  for (let second = 0; second <= 200; second += 5) {
    Date.now = () => real() + second * 1000;
    told.stored += Math.round(400 + 380 * Math.sin(second / 19) * Math.cos(second / 7)) * (second % 85 < 15 ? 0 : 1);
    state.emit('connectors.status', { ...told });
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
}
const SHOTS: Readonly<Record<string, Shot>> = {
  start: { scenario: 'none' },
  damaged: { scenario: 'none', run: (page) => page.getByText('damaged', { exact: true }).click() },
  salvaged: { scenario: 'none', run: async (page) => {
    await page.getByText('damaged', { exact: true }).click();
    await page.getByRole('button', { name: 'Copy what can be read' }).click();
    await page.waitForTimeout(600);
  } },
  check: { run: async (page) => {
    await keys(page, 'Control+k');
    await page.keyboard.type('check the case');
    await keys(page, 'Enter');
  } },
  canvas: {},
  indicators: { run: async (page) => {
    await page.getByRole('button', { name: 'Add a panel' }).click();
    await page.getByRole('menuitem', { name: /^Indicators/ }).click();
    await page.getByRole('button', { name: 'Show all of their events' }).scrollIntoViewIfNeeded();
    await page.waitForTimeout(600);
  } },
  places: { run: async (page) => {
    await keys(page, 'g', 'n');
    await page.getByRole('tab', { name: /^Places and owners/ }).click();
    await page.getByRole('button', { name: 'Maximise Indicators' }).click();
    await page.getByRole('button', { name: 'hosts.csv', exact: true }).click();
    await page.waitForTimeout(300);
  } },
  'places-empty': { run: async (page) => {
    await keys(page, 'g', 'n');
    await page.getByRole('tab', { name: /^Places and owners/ }).click();
    for (const name of ['GeoLite2-City.mmdb', 'GeoLite2-ASN.mmdb', 'hosts.csv']) {
      await page.getByRole('button', { name: `Remove ${name}` }).click();
      await page.getByRole('button', { name: 'Remove it' }).click();
      await page.waitForTimeout(200);
    }
  } },
  wide: { size: { width: 1920, height: 1080 } },
  scaled: { size: { width: 640, height: 400 }, scale: 2 },
  empty: { scenario: 'empty' },
  ingesting: { scenario: 'ingesting' },
  selected: { run: (page) => keys(page, 'g', 'e', 'j', 'j') },
  investigations: { run: (page) => keys(page, 'g', 'i') },
  health: { run: async (page) => {
    await keys(page, 'g', 'h');
    await page.locator('table button[aria-expanded]').last().click();
  } },
  clock: { run: async (page) => {
    await keys(page, 'g', 'h');
    await page.locator('table button[aria-expanded]').nth(1).click();
    await page.getByRole('button', { name: 'set', exact: true }).click();
    await page.getByRole('button', { name: 'Compare with other sources' }).click();
    await page.getByRole('button', { name: 'Use' }).click();
    await page.waitForTimeout(400);
  } },
  'clock-set': { run: async (page) => {
    await keys(page, 'g', 'h');
    await page.locator('table button[aria-expanded]').nth(1).click();
    await page.getByRole('button', { name: 'set', exact: true }).click();
    await page.getByLabel('Add to its times').fill('-2.5 s');
    await page.getByLabel('Right within').fill('20 ms');
    await page.getByRole('button', { name: 'Set clock' }).click();
    await page.waitForTimeout(400);
  } },
  connections: { run: async (page) => {
    await keys(page, 'g', 'h');
    await page.getByText(/^Connections \d/).click();
    await page.evaluate(fiveMinutes);
    await page.waitForTimeout(1200);
    await page.locator('table button[aria-expanded]').nth(3).click();
  } },
  'connections-scaled': { size: { width: 640, height: 400 }, scale: 2, run: async (page) => {
    await keys(page, 'g', 'h');
    await page.getByText(/^Connections \d/).click();
  } },
  'source-scaled': { size: { width: 640, height: 400 }, scale: 2, run: async (page) => {
    await addSource(page);
    await page.getByRole('button', { name: 'Log server' }).click();
  } },
  'connections-empty': { scenario: 'empty', run: async (page) => {
    await keys(page, 'g', 'h');
    await page.getByText(/^Connections \d/).click();
  } },
  'connection-remove': { run: async (page) => {
    await keys(page, 'g', 'h');
    await page.getByText(/^Connections \d/).click();
    await page.getByRole('button', { name: 'Remove: /srv/shop' }).click();
  } },
  'connection-secrets': { run: async (page) => {
    await keys(page, 'g', 'h');
    await page.getByText(/^Connections \d/).click();
    await page.getByRole('button', { name: 'Start: Log server of the warehouse' }).click();
  } },
  source: { run: addSource },
  'source-git': { run: async (page) => {
    await addSource(page);
    await page.getByRole('button', { name: 'Git repository' }).click();
    await page.getByRole('textbox', { name: 'Folder' }).fill('/srv/missing');
    await page.getByRole('button', { name: 'Test' }).click();
  } },
  'source-form': { run: async (page) => {
    await addSource(page);
    await page.getByRole('button', { name: 'Log server' }).click();
    await page.getByRole('button', { name: 'Test' }).click();
  } },
  'source-good': { run: async (page) => {
    await addSource(page);
    await page.getByRole('button', { name: 'Git repository' }).click();
    await page.getByRole('button', { name: 'Choose folder: Folder' }).click();
    await page.getByRole('button', { name: 'Test' }).click();
  } },
  rejects: { run: (page) => page.getByText(/^rejected 12/).click() },
  sql: { run: async (page) => {
    await keys(page, 'g', 's');
    await page.getByRole('button', { name: 'Run' }).click();
  } },
  reports: { run: (page) => keys(page, 'g', 'r') },
  settings: { run: (page) => keys(page, 'g', ',') },
  palette: { run: (page) => keys(page, 'Control+k') },
  shortcuts: { run: (page) => keys(page, '?') },
  'query-error': { run: async (page) => {
    await keys(page, '/');
    await page.keyboard.type('service:api "timed out');
    await keys(page, 'Control+Enter');
  } },
  completion: { run: async (page) => {
    await keys(page, '/');
    await page.keyboard.type('severity>=high service:', { delay: 15 });
    await page.waitForTimeout(400);
  } },
  help: { run: (page) => page.getByRole('button', { name: 'How to write a query' }).click() },
  range: { run: (page) => page.getByText('Whole case').first().click() },
  ingest: { run: (page) => keys(page, 'Control+i') },
  job: { scenario: 'ingesting', run: (page) => page.getByText('reading 3/6').click() },
  paste: { run: (page) => keys(page, 'Control+Shift+V') },
  export: { run: (page) => keys(page, 'Control+e') },
  dead: { run: async (page) => {
    await page.evaluate(() => (window as unknown as { fake: { engineState(value: unknown): void } }).fake.engineState({ state: 'dead', message: 'It stopped three times in a minute.' }));
  } },
};
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

const [out, names, themes] = process.argv.slice(2);
if (!out) throw new Error('Say where the pictures go: node test/e2e/window/shots.ts OUT_FOLDER');
const pages = path.join(path.resolve(out), 'build');
mkdirSync(pages, { recursive: true });
await build({ configFile: false, root: import.meta.dirname, base: './', plugins: [react()], logLevel: 'warn', build: { outDir: pages, emptyOutDir: true, target: 'chrome130', minify: false, chunkSizeWarningLimit: 9999 } });

const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://local').pathname;
  const file = path.join(pages, path.normalize(name === '/' ? '/index.html' : name));
  if (!file.startsWith(pages) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
// Root (containers) cannot have Chromium's sandbox; the pages are our own.
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

for (const theme of (themes ?? 'light,dark').split(',')) {
  for (const [name, shot] of Object.entries(SHOTS)) {
    if (names && !names.split(',').includes(name)) continue;
    const context = await browser.newContext({ viewport: shot.size ?? { width: 1280, height: 800 }, deviceScaleFactor: shot.scale ?? 1, colorScheme: theme === 'dark' ? 'dark' : 'light' });
    const page = await context.newPage();
    page.setDefaultTimeout(4000);
    const said: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') said.push(message.text().slice(0, 300));
    });
    page.on('pageerror', (error) => said.push(error.stack ?? error.message));
    await page.goto(`${base}?scenario=${shot.scenario ?? 'case'}&theme=${theme}`);
    await page.waitForTimeout(900);
    await shot.run?.(page).catch((error: Error) => said.push(error.message.slice(0, 300)));
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(out, `${name}-${theme}.png`) });
    // The sandboxed report has no scripts, so axe cannot run in it and would wait for ever.
    const found = await new AxeBuilder({ page }).exclude('iframe').setLegacyMode(true).analyze();
    for (const violation of found.violations) said.push(`${violation.impact ?? ''} ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
    console.log(`${name} ${theme}: ${said.length === 0 ? 'clean' : said.join('\n  ')}`);
    await context.close();
  }
}
await browser.close();
server.close();
