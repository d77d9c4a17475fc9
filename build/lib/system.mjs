import { existsSync } from 'node:fs';
import { ensureKafka } from './kafka.mjs';
import { ask, run, which } from './run.mjs';
import { SetupError, say, step } from './say.mjs';

// What Chromium needs from the machine on Linux, and a virtual display where there is none. The first package name
// that the machine's package lists know is taken: some were renamed over the years.

/** @type {[library: string, packages: string[]][]} */
const LIBRARIES = [
  ['libgtk-3.so.0', ['libgtk-3-0', 'libgtk-3-0t64']],
  ['libnss3.so', ['libnss3']],
  ['libasound.so.2', ['libasound2', 'libasound2t64']],
  ['libgbm.so.1', ['libgbm1']],
  ['libXss.so.1', ['libxss1']],
  ['libXtst.so.6', ['libxtst6']],
];

/** Whether windows can be shown to somebody. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** @param {boolean} compiler @returns {string[][]} the packages that are missing, each with its alternative names */
function missing(compiler) {
  const list = ask('/sbin/ldconfig', ['-p']) || ask('ldconfig', ['-p']);
  const wanted = LIBRARIES.filter(([library]) => !list.includes(`\t${library} `)).map(([, names]) => names);
  if (!hasDisplay()) {
    if (!which('Xvfb') || !which('xvfb-run')) wanted.push(['xvfb']);
    if (!which('xauth')) wanted.push(['xauth']);
  }
  if (!existsSync('/usr/share/fonts') || (which('fc-list') && ask('fc-list', []).trim() === '')) wanted.push(['fonts-dejavu-core']);
  if (compiler && (!which('gcc') || !which('g++'))) wanted.push(['g++']);
  return wanted;
}

/**
 * Brings the machine's shared libraries, where this user may; otherwise says what to type.
 * @param {{ compiler?: boolean }} [needs] compiler: also what builds the database addon
 */
export async function ensureSystem({ compiler = false } = {}) {
  if (process.platform !== 'linux') return;
  const wanted = missing(compiler);
  if (wanted.length === 0) return;
  const names = wanted.map((alternatives) => alternatives[0]).join(' ');
  if (!which('apt-get')) {
    say(`setup: Electron needs shared libraries that this machine lacks. On Debian they are called: ${names}`);
    say('       Install what your distribution calls them; going on without.');
    return;
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(`Electron needs packages that this machine lacks: ${names}`, `Type: sudo apt-get install -y ${names}`);
  }
  await step(`installing ${names}`, async () => {
    const said = await install(wanted);
    const left = missing(compiler);
    if (left.length > 0) {
      throw new SetupError(
        `could not install ${left.map((a) => a[0]).join(' ')}:\n${said}`,
        `Try: apt-get update && apt-get install -y ${names}`,
      );
    }
  });
}

/** Real counterparts of connectors, which tests start. @type {[program: string, packages: string[]][]} */
const SERVERS = [
  ['prometheus', ['prometheus']],
  ['rsyslogd', ['rsyslog']],
  ['kcat', ['kcat']],
];

/** Brings the servers that tests start, where this user may. Without one its tests are left out, and say so. */
export async function ensureServers() {
  await ensureKafka();
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !which('apt-get')) return;
  const wanted = SERVERS.filter(([program]) => !which(program) && !existsSync(`/usr/sbin/${program}`)).map(([, names]) => names);
  if (wanted.length === 0) return;
  await step(`installing ${wanted.map((names) => names[0]).join(' ')} for tests`, async () => {
    await install(wanted);
  });
}

/**
 * Installs packages of Debian.
 * @param {string[][]} wanted each with its alternative names
 * @returns {Promise<string>} the end of what apt-get said
 */
async function install(wanted) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const choose = () => wanted.map((alternatives) => alternatives.find(known));
  let chosen = choose();
  let updated = false;
  const update = async () => {
    updated = true;
    await run('apt-get', ['update', '-qq'], { env });
    chosen = choose();
  };
  if (chosen.includes(undefined)) await update();
  const options = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  const once = () => run('apt-get', [...options, ...chosen.map((name, index) => name ?? wanted[index][0])], { env, merge: true });
  let result = await once();
  if (result.code !== 0 && !updated) {
    // The lists may be old and name versions that are gone.
    await update();
    result = await once();
  }
  return result.out.trim().slice(-800);
}

/** Whether the package lists have something to install under that name. @param {string} name */
function known(name) {
  return /^ {2}Candidate: (?!\(none\))/m.test(ask('apt-cache', ['policy', name]));
}
