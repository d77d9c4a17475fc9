import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alive } from './run.mjs';
import { say } from './say.mjs';

/**
 * Lets one run at a time do a piece of work. A folder is the lock, because creating one either works or does
 * not; it holds the owner's process id, so that a lock left by a killed run is taken over at once.
 * @template T
 * @param {string} folder
 * @param {string} what what the others see when they wait
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, what, work) {
  const owner = path.join(folder, 'pid');
  mkdirSync(path.dirname(folder), { recursive: true });
  let told = false;
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, String(process.pid));
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (abandoned(folder, owner)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) {
      say(`setup: waiting for another run (${what})`);
      told = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const release = () => rmSync(folder, { recursive: true, force: true });
  // Released on Ctrl+C too; an end that leaves no chance is found by the process id.
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} folder @param {string} owner */
function abandoned(folder, owner) {
  try {
    const pid = Number(readFileSync(owner, 'utf8'));
    if (pid > 0) return !alive(pid);
  } catch {
    // The owner has not written its id yet, or is just leaving.
  }
  try {
    return Date.now() - statSync(folder).mtimeMs > 10_000;
  } catch {
    return false;
  }
}
