// Starts the real application for end-to-end tests: from out/, or the packed one that TIDEMARK_E2E_APP names.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication } from '@playwright/test';
import { electronSwitches, inElectron } from '../../build/run-env.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The driver misses the first page about once in fifty starts on a busy machine. */
const ATTEMPTS = 4;

export interface LaunchOptions {
  /** Arguments of the application itself, after Electron's own. */
  args?: string[];
  env?: Record<string, string>;
  /** Where settings, caches and the home folder go; without it a folder that is removed when the application closes. */
  userData?: string;
}

export async function launchApp({ args = [], env = {}, userData }: LaunchOptions = {}): Promise<ElectronApplication> {
  const folder = userData ?? mkdtempSync(path.join(tmpdir(), 'tidemark-e2e-'));
  // New cases are made in the home folder: the tests' own, not the one of whoever runs them.
  const home = path.join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const own = [`--user-data-dir=${folder}`, ...args];
  const launch = inElectron([ROOT, ...own]);
  const packed = process.env.TIDEMARK_E2E_APP;
  if (packed) {
    launch.command = packed;
    launch.args = [...electronSwitches(), ...own];
    // A packed application finds its database addon by itself.
    delete launch.env.TIDEMARK_SQLITE_BINDING;
  }
  const app = await attached({ executablePath: launch.command, args: launch.args, env: { ...defined(launch.env), HOME: home, USERPROFILE: home, ...env }, cwd: folder });
  if (!userData) app.on('close', () => rmSync(folder, { recursive: true, force: true }));
  return app;
}

/**
 * Starts it and attaches the driver. With an executable of its own, Playwright cannot hold the window back until it is attached: when the
 * first page is committed between two of its questions, it waits for that page for ever, although the window is there and works.
 */
async function attached(launch: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await _electron.launch({ ...launch, timeout: attempt < ATTEMPTS ? 10_000 : 30_000 });
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes('Timeout')) throw error;
      console.warn(`the driver did not attach, attempt ${attempt} of ${ATTEMPTS}`);
    }
  }
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
