// The one place that knows how things are run on this machine: which Node, which Electron, with what variables and
// switches, and on which display. It looks and never fetches; setup.mjs brings what is missing.

import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { findAddon, needsBuiltAddon } from './lib/addon.mjs';
import { findElectron } from './lib/electron.mjs';
import { findNode } from './lib/node.mjs';
import { inRoot } from './lib/paths.mjs';
import { which } from './lib/run.mjs';
import { SetupError, warnOnce } from './lib/say.mjs';
import { hasDisplay } from './lib/system.mjs';

/**
 * How to start a program: hand these three to spawn.
 * @typedef {object} Launch
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 */

const NOT_SET_UP = 'Type: node build/setup.mjs';

/** The variables every child gets: the chosen Node first on the PATH, nothing that turns Electron into Node. */
function baseEnv() {
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  // Said again by those who need it; one that was inherited may name another runtime's addon.
  delete env.TIDEMARK_SQLITE_BINDING;
  const node = findNode();
  if (node) env.PATH = path.dirname(node) + path.delimiter + (process.env.PATH ?? '');
  return env;
}

/**
 * Switches of V8 for whatever runs the engine, the same as in the window (src/main/engine-host.ts): its heaps are small and all cores are
 * busy, so helper threads for garbage collection and eager inlining cost more than they bring (docs/benchmarks.md).
 * @returns {string[]}
 */
export function engineFlags() {
  return JSON.parse(readFileSync(inRoot('src', 'main', 'engine-flags.json'), 'utf8'));
}

/** A program in Node. @param {string[]} args @returns {Launch} */
export function inNode(args) {
  const node = findNode();
  if (!node) throw new SetupError('Node has not been fetched yet.', NOT_SET_UP);
  return { command: node, args, env: baseEnv() };
}

/** The Electron to use, and the variables its engine needs. */
export function electronRuntime() {
  const electron = findElectron();
  if (!electron) throw new SetupError('Electron has not been fetched yet.', NOT_SET_UP);
  /** @type {Record<string, string>} */
  const extra = {};
  if (needsBuiltAddon(electron)) {
    const addon = findAddon();
    if (!addon) throw new SetupError('The database addon has not been built yet.', NOT_SET_UP);
    // better-sqlite3's `nativeBinding` option; unset where its own prebuilt addon works.
    extra.TIDEMARK_SQLITE_BINDING = addon;
  }
  return { ...electron, extra };
}

/** Switches for Chromium on this machine. @returns {string[]} */
export function electronSwitches() {
  if (process.platform !== 'linux') return [];
  if (process.getuid?.() !== 0) {
    adviseOnSandbox();
    return [];
  }
  warnOnce(
    'warning: running as root, where Chromium refuses to start with its sandbox: --no-sandbox is used. Run as an ordinary user to have it.',
  );
  return ['--no-sandbox'];
}

/** Some kernels keep ordinary users from making the sandbox; then Chromium stops, and its own advice is hard to find. */
function adviseOnSandbox() {
  const reads = (/** @type {string} */ file, /** @type {string} */ value) =>
    existsSync(file) && readFileSync(file, 'utf8').trim() === value;
  const forbidden =
    reads('/proc/sys/kernel/unprivileged_userns_clone', '0') || reads('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1');
  if (!forbidden) return;
  const helper = path.join(electronRuntime().dist, 'chrome-sandbox');
  const { uid, mode } = statSync(helper);
  if (uid === 0 && mode & 0o4000) return;
  warnOnce(`warning: this system does not let Chromium make its sandbox. Type: sudo chown root ${helper} && sudo chmod 4755 ${helper}`);
}

/** A folder with a package.json in Electron. @param {string[]} args the first is the folder @returns {Launch} */
export function inElectron(args) {
  const { binary, extra, pinned, version } = electronRuntime();
  if (!pinned)
    warnOnce(`warning: running on Electron ${version}, because the pinned one could not be downloaded: good for a trial and for tests.`);
  return { command: binary, args: [...electronSwitches(), ...args], env: { ...baseEnv(), ...extra } };
}

/** A script in Electron's own Node: the runtime that users have, without windows. @param {string[]} args @returns {Launch} */
export function inElectronAsNode(args) {
  const { binary, extra } = electronRuntime();
  return { command: binary, args, env: { ...baseEnv(), ...extra, ELECTRON_RUN_AS_NODE: '1' } };
}

/** Puts a launch on a virtual display where there is no real one. @param {Launch} launch @returns {Launch} */
export function onDisplay(launch) {
  if (hasDisplay()) return launch;
  const xvfb = which('xvfb-run');
  if (!xvfb) throw new SetupError('there is no display, and no xvfb-run to make one.', NOT_SET_UP);
  return { ...launch, command: xvfb, args: ['-a', '-s', '-screen 0 1920x1080x24', launch.command, ...launch.args] };
}

export { hasDisplay };
