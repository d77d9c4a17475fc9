#!/usr/bin/env node
// npm run pack: the application as a folder that runs. npm run dist: installers for this platform.

import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { withLock } from './lib/lock.mjs';
import { LOCAL, ROOT, inModules, inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { SetupError, fail, say, seconds, step } from './lib/say.mjs';
import { hashOf } from './lib/tree.mjs';
import { electronRuntime, inNode } from './run-env.mjs';
import { setup } from './setup.mjs';

/**
 * @param {string[]} options for electron-builder
 * @param {Record<string, string>} variables for build/electron-builder.here.cjs
 */
async function electronBuilder(options, variables) {
  const { command, args, env } = inNode([
    inModules('electron-builder', 'cli.js'),
    '--config',
    inRoot('build', 'electron-builder.here.cjs'),
    '--publish',
    'never',
    ...options,
  ]);
  const { binary: _, dist, version, extra } = electronRuntime();
  const result = await run(command, args, {
    cwd: ROOT,
    merge: true,
    env: {
      ...env,
      ...extra,
      ...variables,
      NO_COLOR: '1',
      TIDEMARK_PACK_ELECTRON_DIST: dist,
      TIDEMARK_PACK_ELECTRON_VERSION: version,
    },
  });
  if (result.code !== 0) throw new SetupError(`packing failed:\n${result.out.trim().slice(-3000)}`);
}

/** The executable in a folder that electron-builder made. @param {string} folder */
function executable(folder) {
  const found = readdirSync(folder).find((name) => /^(linux|win|mac)(-[a-z0-9]+)?(-unpacked)?$/.test(name));
  if (!found) throw new SetupError(`electron-builder left no application in ${folder}.`);
  const inside = path.join(folder, found);
  if (process.platform === 'darwin') return path.join(inside, 'Tidemark.app', 'Contents', 'MacOS', 'Tidemark');
  return path.join(inside, process.platform === 'win32' ? 'Tidemark.exe' : 'tidemark');
}

/** Packs for the end-to-end tests, unless it was packed from the same files before. @returns {Promise<string>} the executable */
export async function packForTest() {
  const folder = path.join(LOCAL, 'packed');
  const stamp = path.join(folder, '.stamp');
  return withLock(path.join(LOCAL, 'locks', 'pack'), 'packing', async () => {
    const { version, dist } = electronRuntime();
    const key = `${version} ${dist} ${hashOf(
      [
        'out',
        'build/electron-builder.yml',
        'build/electron-builder.here.cjs',
        'build/icons',
        'resources',
        'package.json',
        'package-lock.json',
      ],
      (file) => !file.startsWith('out/bench/') && !file.endsWith('.map'),
    )}`;
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return executable(folder);
    rmSync(folder, { recursive: true, force: true });
    // Playwright drives Electron through its inspector, which a released application does not open.
    await step('packing the application', () =>
      electronBuilder(['--dir', `-c.directories.output=${folder}`], { TIDEMARK_PACK_INSPECTABLE: '1' }),
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(stamp, key);
    return executable(folder);
  });
}

async function main() {
  const release = process.argv.includes('--release');
  await setup();
  await build();
  const { pinned, version } = electronRuntime();
  if (!pinned) {
    if (release && process.env.TIDEMARK_ELECTRON !== 'fallback') {
      throw new SetupError(
        `only Electron ${version} is here, which is too old to give to anybody: the pinned one could not be downloaded.`,
        'For a trial all the same: TIDEMARK_ELECTRON=fallback npm run dist',
      );
    }
    say(`warning: packing with Electron ${version}, because the pinned one could not be downloaded: for trying only.`);
  }
  await step(release ? 'making installers' : 'packing the application', () => electronBuilder(release ? [] : ['--dir'], {}));
  say(`pack: ${release ? path.join(ROOT, 'dist') : executable(path.join(ROOT, 'dist'))} (${seconds()})`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    process.exitCode = fail(error);
  }
}
