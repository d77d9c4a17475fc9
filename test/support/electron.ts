// Starts the real application for end-to-end tests: from out/, or the packed one that TIDEMARK_E2E_APP names.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication } from '@playwright/test';
import { electronSwitches, inElectron } from '../../build/run-env.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface LaunchOptions {
  /** Arguments of the application itself, after Electron's own. */
  args?: string[];
  env?: Record<string, string>;
  /** Where settings and caches go; without it a folder that is removed when the application closes. */
  userData?: string;
}

export async function launchApp({ args = [], env = {}, userData }: LaunchOptions = {}): Promise<ElectronApplication> {
  const folder = userData ?? mkdtempSync(path.join(tmpdir(), 'tidemark-e2e-'));
  const own = [`--user-data-dir=${folder}`, ...args];
  const packed = process.env.TIDEMARK_E2E_APP;
  const unpacked = inElectron([ROOT, ...own]);
  const launch = packed
    ? { command: packed, args: [...electronSwitches(), ...own], env: { ...unpacked.env, ...bindingOf(packed) } }
    : unpacked;
  const app = await _electron.launch({
    executablePath: launch.command,
    args: launch.args,
    env: { ...defined(launch.env), TIDEMARK_E2E: '1', ...env },
    cwd: folder,
    timeout: 30_000,
  });
  if (!userData) app.on('close', () => rmSync(folder, { recursive: true, force: true }));
  return app;
}

/** The database addon that was packed beside the application, where its Electron needs one of its own. */
function bindingOf(packed: string): Record<string, string> {
  const file = path.join(path.dirname(packed), 'resources', 'native', 'better_sqlite3.node');
  return existsSync(file) ? { TIDEMARK_SQLITE_BINDING: file } : {};
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
