import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cached, fetchPackage } from './packages.mjs';
import { PLATFORM, inCache, inModules } from './paths.mjs';
import { HEADERS_PACKAGE, RECIPE } from './pins.mjs';
import { run, which } from './run.mjs';
import { SetupError } from './say.mjs';

// better-sqlite3 13 carries prebuilt addons for Node-API 10 (Node 22.14, Electron 35 and newer). On the fallback
// Electron (Node-API 9) they crash the process without a word, so there the addon is built from the package's own
// sources as an "experimental" one, which may keep references to strings already on Node 20.18.

/** @returns {string} */
function folderName() {
  const { version } = JSON.parse(readFileSync(inModules('better-sqlite3', 'package.json'), 'utf8'));
  return `better-sqlite3-${version}-${PLATFORM}-r${RECIPE}`;
}

/** Whether the prebuilt addon is of no use to this Electron. @param {{ version: string }} electron @returns {boolean} */
export function needsBuiltAddon(electron) {
  return Number(electron.version.split('.')[0]) < 35;
}

/** The built addon, when it is there. @returns {string | undefined} */
export function findAddon() {
  try {
    const file = inCache(folderName(), 'better_sqlite3.node');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} node
 * @param {import('./electron.mjs').Electron} electron the runtime to prove it on
 * @returns {Promise<string>}
 */
export async function ensureAddon(node, electron) {
  const found = findAddon();
  if (found) return found;
  if (!which('g++') || !which('gcc')) {
    throw new SetupError(
      'the database addon has to be built for this Electron, and there is no C++ compiler.',
      'Try: apt-get install -y g++',
    );
  }
  const folder = await cached(folderName(), 'building the database addon', async (into, progress) => {
    const work = path.join(into, 'work');
    mkdirSync(work);
    const headers = await nodeHeaders(node, work);
    const source = inModules('better-sqlite3');
    const sqlite = path.join(source, 'deps', 'sqlite3');
    const options = [...readFileSync(path.join(source, 'deps', 'defines.gypi'), 'utf8').matchAll(/'((?:HAVE|SQLITE)_[^']+)'/g)].map(
      (hit) => `-D${hit[1]}`,
    );
    const c = [
      '-c',
      '-O3',
      '-fPIC',
      '-DNDEBUG',
      '-std=c99',
      '-w',
      ...options,
      path.join(sqlite, 'sqlite3.c'),
      '-o',
      path.join(work, 'sqlite3.o'),
    ];
    const cc = [
      '-c',
      '-O3',
      '-fPIC',
      '-DNDEBUG',
      '-std=c++20',
      '-w',
      '-fvisibility=hidden',
      '-fvisibility-inlines-hidden',
      // NAPI_VERSION stays undefined: with 9 it aborts at load, with 10 it is the prebuilt one again.
      '-DNAPI_EXPERIMENTAL',
      '-DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT',
      '-DNAPI_DISABLE_CPP_EXCEPTIONS',
      '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      '-DNODE_GYP_MODULE_NAME=better_sqlite3',
      `-I${headers}`,
      `-I${inModules('node-addon-api')}`,
      `-I${sqlite}`,
      path.join(source, 'src', 'better_sqlite3.cpp'),
      '-o',
      path.join(work, 'addon.o'),
    ];
    const results = await Promise.all([run('gcc', c), run('g++', cc)]);
    progress('linking');
    const built = path.join(work, 'better_sqlite3.node');
    results.push(
      await run('g++', [
        '-shared',
        '-Wl,-Bsymbolic',
        '-Wl,--exclude-libs,ALL',
        '-o',
        built,
        path.join(work, 'addon.o'),
        path.join(work, 'sqlite3.o'),
        '-ldl',
        '-lpthread',
        '-lm',
      ]),
    );
    const failed = results.find((result) => result.code !== 0);
    if (failed) throw new SetupError(`building the database addon failed:\n${failed.err.trim().slice(-1500)}`);
    await prove(built, electron);
    copyFileSync(built, path.join(into, 'better_sqlite3.node'));
    rmSync(work, { recursive: true });
  });
  return path.join(folder, 'better_sqlite3.node');
}

/** Headers of a Node 20.18 or newer 20: the machine's, else from a package. @param {string} node @param {string} work */
async function nodeHeaders(node, work) {
  for (const folder of ['/usr/include/node', path.join(path.dirname(process.execPath), '..', 'include', 'node')]) {
    const file = path.join(folder, 'node_version.h');
    if (!existsSync(file) || !existsSync(path.join(folder, 'node_api.h'))) continue;
    const text = readFileSync(file, 'utf8');
    const number = (/** @type {string} */ part) => Number(new RegExp(`define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1]);
    if (number('MAJOR') === 20 && number('MINOR') >= 18) return folder;
  }
  const into = path.join(work, 'headers');
  mkdirSync(into);
  await fetchPackage(node, HEADERS_PACKAGE, into, ['package/include/node']);
  return path.join(into, 'package', 'include', 'node');
}

/** An addon that loads may still abort later: a few thousand collected statements tell. @param {string} addon @param {import('./electron.mjs').Electron} electron */
async function prove(addon, electron) {
  const script = `
    const Database = require(${JSON.stringify(inModules('better-sqlite3'))})
    for (let round = 0; round < 20; round++) {
      const db = new Database(':memory:', { nativeBinding: ${JSON.stringify(addon)} })
      db.exec("create table t(a, b); create virtual table f using fts5(x)")
      db.function('twice', (x) => x * 2)
      for (let i = 0; i < 100; i++) db.prepare('insert into t values(?, ?)').run(i, 'text ' + i)
      db.prepare('insert into f values(?)').run('low tide')
      if (db.prepare('select sum(twice(a)) s from t').get().s !== 9900) throw new Error('wrong sum')
      if (db.prepare("select count(*) n from f where f match 'tide'").get().n !== 1) throw new Error('wrong search')
      db.close()
      globalThis.gc()
    }
    console.log('proved')`;
  const result = await run(electron.binary, ['--expose-gc', '-e', script], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeout: 60_000,
  });
  if (!result.out.includes('proved')) {
    throw new SetupError(`the database addon was built but does not run (exit code ${result.code}):\n${result.err.trim().slice(-800)}`);
  }
}
