#!/usr/bin/env node
// npm test [-- --only check|unit|e2e]: everything that has to hold, and one closing line that counts it.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { LOCAL, ROOT, inModules, inRoot } from './lib/paths.mjs';
import { handOver, run } from './lib/run.mjs';
import { SetupError, fail, say, seconds } from './lib/say.mjs';
import { ensureServers } from './lib/system.mjs';
import { filesBelow } from './lib/tree.mjs';
import { packForTest } from './pack.mjs';
import { inNode, onDisplay } from './run-env.mjs';
import { setup } from './setup.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/** No stage may take longer: an endless loop in a test must not take the whole run with it. */
const STAGE_LIMIT = 25 * 60_000;
const RESULTS = path.join(LOCAL, 'results');
/** @type {{ name: string, count: Count, time: string }[]} */
const stages = [];

/**
 * Runs a stage, remembers its count and time. A stage that throws has failed, and the others still run.
 * @param {string} name
 * @param {() => Promise<Count | undefined>} work undefined: there was nothing to do
 */
async function stage(name, work) {
  const begun = Date.now();
  /** @type {Count | undefined} */
  let count;
  try {
    count = await work();
  } catch (error) {
    fail(error);
    count = { passed: 0, failed: 1, skipped: 0 };
  }
  if (!count) return;
  const time = seconds(begun);
  stages.push({ name, count, time });
  say(`${count.failed > 0 ? 'FAILED' : 'ok    '} ${name} (${time})`);
}

/** A check that passes or fails as a whole; it prints only when it fails. @param {string[]} script @returns {Promise<Count>} */
async function whole(script) {
  const { command, args, env } = inNode(script);
  const result = await run(command, args, { cwd: ROOT, env: { ...env, NO_COLOR: '1' }, merge: true });
  if (result.code !== 0) process.stderr.write(`${result.out.trimEnd()}\n`);
  return result.code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

const checks = () => [
  stage('types', () => whole([inModules('typescript', 'bin', 'tsc'), '-b'])),
  stage('lint', () => whole([inModules('oxlint', 'bin', 'oxlint'), '--deny-warnings'])),
  stage('layers', () => whole([inRoot('build', 'layers.mjs')])),
];

const buildStage = () =>
  stage('build', async () => {
    await build({ quiet: true });
    return { passed: 0, failed: 0, skipped: 0 };
  });

const unit = () =>
  stage('unit, integration, conformance', async () => {
    const report = reportFile('vitest.json');
    const { command, args, env } = inNode([
      inModules('vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    const code = await handOver(command, args, { cwd: ROOT, env, limit: STAGE_LIMIT });
    const { numPassedTests: passed, numPendingTests, numTodoTests, testResults } = readReport(report);
    let failed = 0;
    for (const file of testResults) {
      const inside = file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed').length;
      // A file that does not even load has no tests, and has failed all the same.
      failed += Math.max(inside, file.status === 'failed' ? 1 : 0);
    }
    return { passed, failed: atLeastOne(failed, code), skipped: numPendingTests + numTodoTests };
  });

/**
 * @param {string} name
 * @param {string[]} options
 * @param {Record<string, string>} [extra]
 */
async function playwright(name, options, extra = {}) {
  const report = reportFile(name);
  const { command, args, env } = onDisplay(inNode([inModules('@playwright', 'test', 'cli.js'), 'test', ...options]));
  const code = await handOver(command, args, { cwd: ROOT, env: { ...env, ...extra, TIDEMARK_E2E_REPORT: report }, limit: STAGE_LIMIT });
  const { stats, errors } = readReport(report);
  return { passed: stats.expected + stats.flaky, failed: atLeastOne(stats.unexpected + errors.length, code), skipped: stats.skipped };
}

const specs = () => filesBelow('test/e2e').filter((file) => /\.(spec|test)\.ts$/.test(file));

const e2e = () => stage('end to end', async () => (specs().length > 0 ? playwright('e2e.json', []) : undefined));

/** The same application as users get it, packed, driven by the tests that carry the tag. */
const packed = () =>
  stage('end to end, packed', async () => {
    if (!specs().some((file) => readFileSync(inRoot(file), 'utf8').includes('@packed'))) return undefined;
    const app = await packForTest();
    return playwright('packed.json', ['--grep', '@packed'], { TIDEMARK_E2E_APP: app });
  });

/** @param {string} name */
function reportFile(name) {
  mkdirSync(RESULTS, { recursive: true });
  const file = path.join(RESULTS, name);
  rmSync(file, { force: true });
  return file;
}

/** @param {string} file */
function readReport(file) {
  if (!existsSync(file)) throw new SetupError('the tests ended before they could report.');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** A runner that says it failed is believed, also when no single test did. @param {number} failed @param {number} code */
function atLeastOne(failed, code) {
  return code !== 0 && failed === 0 ? 1 : failed;
}

async function main() {
  const at = process.argv.indexOf('--only');
  const only = at < 0 ? undefined : process.argv[at + 1];
  if (only !== undefined && !['check', 'unit', 'e2e'].includes(only)) {
    throw new SetupError(`--only takes check, unit or e2e, not ${only ?? 'nothing'}.`);
  }
  const windows = only === undefined || only === 'e2e';
  await setup({ window: windows });
  if (only === undefined || only === 'unit') await ensureServers();
  // The checks are short and of different kinds: side by side they take as long as the longest.
  await Promise.all([...(only === undefined || only === 'check' ? checks() : []), ...(only !== 'check' ? [buildStage()] : [])]);
  if (only === undefined || only === 'unit') await unit();
  const built = !stages.some(({ name, count }) => name === 'build' && count.failed > 0);
  if (windows && built) {
    await e2e();
    await packed();
  }
  say('');
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, count, time } of stages) {
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    const { passed, failed, skipped } = count;
    say(
      `  ${name.padEnd(32)} ${time.padStart(7)}  ${passed} ok${failed ? `, ${failed} FAILED` : ''}${skipped ? `, ${skipped} left out` : ''}`,
    );
  }
  say(`  ${'all'.padEnd(32)} ${seconds().padStart(7)}`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  process.exitCode = fail(error);
}
