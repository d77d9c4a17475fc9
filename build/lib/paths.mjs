import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where runtimes and built addons live, outside the repository so that a second clone finds them. */
export const CACHE = process.env.TIDEMARK_CACHE
  ? path.resolve(process.env.TIDEMARK_CACHE)
  : path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'tidemark');

export const PLATFORM = `${process.platform}-${process.arch}`;

/** Results of this clone only: build stamps, headless cases, packed test app. */
export const LOCAL = path.join(ROOT, '.tidemark');

/** @param {string[]} parts */
export const inRoot = (...parts) => path.join(ROOT, ...parts);
/** @param {string[]} parts */
export const inCache = (...parts) => path.join(CACHE, ...parts);
/** @param {string[]} parts */
export const inModules = (...parts) => path.join(ROOT, 'node_modules', ...parts);
