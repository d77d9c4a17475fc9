import fs from 'node:fs';

/** Returns when what was written to a file is on the disk. */
export function syncFile(file: string): void {
  const fd = fs.openSync(file, 'r+');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** The same for which names a folder has: without it a rename may be undone by a power cut. */
export function syncFolder(folder: string): void {
  let fd: number;
  try {
    fd = fs.openSync(folder, 'r');
  } catch {
    // Windows does not open folders; its renames are journalled.
    return;
  }
  try {
    fs.fsyncSync(fd);
  } catch {
    // Some network file systems cannot; there is nothing else to do.
  } finally {
    fs.closeSync(fd);
  }
}
