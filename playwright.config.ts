import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  // One window at a time: the tests look at focus and at time.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  globalTimeout: 20 * 60_000,
  expect: { timeout: 10_000 },
  // A test that passes the second time has failed.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  outputDir: '.tidemark/e2e',
  reporter: [
    ['list'],
    ...(process.env.TIDEMARK_E2E_REPORT
      ? [['json', { outputFile: process.env.TIDEMARK_E2E_REPORT }] as ['json', { outputFile: string }]]
      : []),
  ],
});
