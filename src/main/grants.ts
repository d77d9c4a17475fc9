import path from 'node:path';
import { TidemarkError } from '../shared/contract/rpc.ts';

/** Places the user has picked in a save dialog during this session: the only ones the window may have written. */
export interface Grants {
  add(file: string): void;
  /** The normal form of a granted path; throws 'permission' for any other. */
  require(file: string): string;
}

export function createGrants(): Grants {
  const granted = new Set<string>();
  return {
    add: (file) => void granted.add(path.resolve(file)),
    require(file) {
      const full = path.resolve(file);
      if (!path.isAbsolute(file) || !granted.has(full)) {
        throw new TidemarkError('permission', `${file} was not chosen in a save dialog. Choose where to save it and try again.`);
      }
      return full;
    },
  };
}
