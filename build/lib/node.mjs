import { existsSync, readdirSync, renameSync, rmSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { cached, fetchPackage } from './packages.mjs';
import { PLATFORM, inCache } from './paths.mjs';
import { NODE_PACKAGES, NODE_VERSION, OLDEST_NODE, RECIPE } from './pins.mjs';
import { SetupError } from './say.mjs';

const FOLDER = `node-${NODE_VERSION}-${PLATFORM}-r${RECIPE}`;
const BINARY = process.platform === 'win32' ? 'node.exe' : 'node';

/** Whether the Node that runs this script will do. */
function ownNodeWillDo() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** The Node to use, or undefined when it has to be fetched first. */
export function findNode() {
  if (ownNodeWillDo()) return process.execPath;
  const file = inCache(FOLDER, 'bin', BINARY);
  return existsSync(file) ? file : undefined;
}

/** @returns {Promise<string>} */
export async function ensureNode() {
  const found = findNode();
  if (found) return found;
  const wanted = NODE_PACKAGES[PLATFORM];
  if (!wanted) {
    throw new SetupError(
      `Tidemark needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`,
      'Install a newer Node, then run the same command again.',
    );
  }
  const folder = await cached(FOLDER, `fetching Node ${NODE_VERSION} (this machine has ${process.versions.node})`, async (into) => {
    // Only the binary: npm stays the machine's own.
    await fetchPackage(process.execPath, wanted, into, [`package/bin/${BINARY}`]);
    mkdirSync(path.join(into, 'bin'));
    renameSync(path.join(into, 'package', 'bin', BINARY), path.join(into, 'bin', BINARY));
    for (const entry of readdirSync(into)) if (entry !== 'bin') rmSync(path.join(into, entry), { recursive: true });
  });
  return path.join(folder, 'bin', BINARY);
}
