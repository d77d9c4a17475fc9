import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';

/** Files below a folder, sorted, as paths from the repository with forward slashes. @param {string} folder @returns {string[]} */
export function filesBelow(folder) {
  const full = path.join(ROOT, folder);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [folder];
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== '.DS_Store')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}

/** A hash over the names and contents of files and folders. @param {string[]} places @param {(file: string) => boolean} [wanted] */
export function hashOf(places, wanted = () => true) {
  const hash = createHash('sha256');
  for (const file of places.flatMap(filesBelow).filter(wanted)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}
