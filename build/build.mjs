#!/usr/bin/env node
// Builds the application into out/, when its sources have changed since the last time.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lib/lock.mjs';
import { LOCAL, ROOT, inModules } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { SetupError, fail, say, seconds } from './lib/say.mjs';
import { hashOf } from './lib/tree.mjs';
import { inNode } from './run-env.mjs';
import { setup } from './setup.mjs';

const STAMP = path.join(ROOT, 'out', '.stamp');

function sourceHash() {
  return hashOf(
    ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json'],
    (file) => !/\.test\.tsx?$/.test(file),
  );
}

function stamp() {
  return existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
}

/**
 * @param {{ quiet?: boolean }} [options] quiet: not a word unless it fails
 * @returns {Promise<boolean>} whether there was something to build
 */
export async function build({ quiet = false } = {}) {
  if (stamp() === sourceHash()) return false;
  return withLock(path.join(LOCAL, 'locks', 'build'), 'building', async () => {
    // Taken before the build: an edit during it makes the next run build again.
    const hash = sourceHash();
    if (stamp() === hash) return false;
    const begun = Date.now();
    rmSync(STAMP, { force: true });
    const { command, args, env } = inNode([inModules('electron-vite', 'bin', 'electron-vite.js'), 'build']);
    const result = await run(command, args, { cwd: ROOT, env: { ...env, NO_COLOR: '1' }, merge: true });
    if (result.code !== 0) throw new SetupError(`the build failed:\n${result.out.trim().slice(-4000)}`);
    mkdirSync(path.dirname(STAMP), { recursive: true });
    writeFileSync(STAMP, hash);
    if (!quiet) say(`build: ${seconds(begun)}`);
    return true;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setup({ window: false });
    if (!(await build())) say('build: up to date');
  } catch (error) {
    process.exitCode = fail(error);
  }
}
