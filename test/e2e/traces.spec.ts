// From a log event to its trace, from a span to its event, and the way to the panels by keyboard and palette.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { launchApp } from '../support/electron.ts';
import { EVENTS, REFUSAL, REFUSED, SPANS, writeSignals } from '../support/signals.ts';

let folder: string;
let app: ElectronApplication;
let page: Page;
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-traces-'));
  app = await launchApp({ userData: path.join(folder, 'profile'), args: [writeSignals(folder)] });
  page = await app.firstWindow();
});
test.afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const panelOf = (title: string) => page.getByRole('region', { name: title, exact: true });

test('an event leads to its trace, its spans lead back to events, and the trace becomes the range', async () => {
  const list = page.getByRole('grid', { name: 'Events', exact: true });
  const traces = panelOf('Traces');
  const spans = traces.getByRole('treeitem');

  await test.step('the log event that says it was refused has a way to its trace', async () => {
    await expect(list).toHaveAttribute('aria-rowcount', String(EVENTS + 1));
    await page.keyboard.press('/');
    await page.keyboard.type('source:payments.jsonl severity>=high');
    await page.keyboard.press('Control+Enter');
    await expect(list).toHaveAttribute('aria-rowcount', '2');
    await list.getByText(REFUSAL).click();
    await panelOf('Detail').getByRole('button', { name: 'Open trace' }).click();
    await expect(spans).toHaveCount(SPANS);
    await expect(spans.nth(1)).toHaveAccessibleName(new RegExp(`^payments, charge, 850 ms, failed: ${REFUSAL}, slow: 14.2× its usual 60 ms`));
    await expect(traces.getByText(REFUSAL).first()).toBeVisible();
  });
  await test.step('it is walked by keyboard, and the detail follows', async () => {
    await traces.getByRole('tree').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expect(spans.nth(1)).toHaveAttribute('aria-selected', 'true');
    await expect(panelOf('Detail').getByText(`charge: ${REFUSAL}`).first()).toBeVisible();
    await expect(traces.getByText(/slow: 14.2× its usual 60 ms \(median of 19 earlier spans\)/)).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    await expect(spans).toHaveCount(SPANS - 1);
    await page.keyboard.press('ArrowRight');
  });
  await test.step('a stretch of it is looked at closer', async () => {
    const scale = traces.getByTitle('Draw a stretch to look at it closer; double click for the whole trace');
    const box = await scale.boundingBox();
    if (!box) throw new Error('the scale is not drawn');
    await page.mouse.move(box.x + 1, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 10, box.y + 8, { steps: 4 });
    await page.mouse.up();
    await expect(traces.getByRole('button', { name: 'Whole trace', includeHidden: true })).toBeVisible();
    await traces.getByRole('tree').focus();
    await page.keyboard.press('0');
    await expect(traces.getByRole('button', { name: 'Whole trace', includeHidden: true })).toBeHidden();
  });
  await test.step('and becomes range and filter', async () => {
    await traces.getByRole('button', { name: 'Set range' }).click();
    await expect(page.getByRole('button', { name: /900 ms/ }).first()).toBeVisible();
    await traces.getByRole('button', { name: 'Filter (1 other event)' }).click();
    await expect(page.getByRole('textbox', { name: /query/i }).first()).toContainText(`trace_id:${REFUSED}`);
  });
});

test('palette and keys go to traces and metrics, also where they are not on the canvas yet', async () => {
  await expect(page.getByRole('grid', { name: 'Events', exact: true })).toHaveAttribute('aria-rowcount', String(EVENTS + 1));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('traces panel');
  await page.keyboard.press('Enter');
  await expect(panelOf('Traces').getByText('No trace is chosen')).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await expect(panelOf('Metrics').getByRole('searchbox')).toBeFocused();
  await panelOf('Metrics').getByRole('group', { name: 'db_connections' }).getByRole('checkbox').first().check();
  await panelOf('Metrics').getByRole('button', { name: 'Hide the list' }).click();
  // The same moment at the same pixel: the plots of both begin and end there.
  const edges = async (title: string): Promise<[number, number]> => {
    const box = await panelOf(title).locator('canvas').first().boundingBox();
    return [Math.round(box?.x ?? -1), Math.round((box?.x ?? -1) + (box?.width ?? 0))];
  };
  await expect.poll(async () => String(await edges('Metrics')) === String(await edges('Timeline'))).toBe(true);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog').getByText('Open the trace of the event')).toBeVisible();
});
