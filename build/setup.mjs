#!/usr/bin/env node
// Brings everything that running, building or testing needs, and does nothing when it is there. Plain Node 18 or
// newer and no packages, because it is what fetches the packages. Also: node build/setup.mjs [--no-window]

import { fileURLToPath } from 'node:url';
import { ensureAddon, findAddon, needsBuiltAddon } from './lib/addon.mjs';
import { ensureElectron } from './lib/electron.mjs';
import { ensureNode } from './lib/node.mjs';
import { ensureModules } from './lib/packages.mjs';
import { fail, say, seconds } from './lib/say.mjs';
import { ensureSystem } from './lib/system.mjs';

/**
 * @param {{ window?: boolean }} [needs] window: Electron too, not only Node and the packages
 */
export async function setup({ window = true } = {}) {
  const node = await ensureNode();
  await ensureModules(node);
  if (!window) return;
  // The machine's libraries first: the addon is proved by running Electron.
  await ensureSystem();
  const electron = await ensureElectron(node);
  if (needsBuiltAddon(electron) && !findAddon()) {
    await ensureSystem({ compiler: true });
    await ensureAddon(node, electron);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setup({ window: !process.argv.includes('--no-window') });
    say(`setup: ready (${seconds()})`);
  } catch (error) {
    process.exitCode = fail(error);
  }
}
