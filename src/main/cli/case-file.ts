import fs from 'node:fs';

/** Whether a path is a case, as against a file of logs: it begins as SQLite files do, or is called like one. */
export function isCaseFile(path: string): boolean {
  if (/\.tidemark$/i.test(path)) return true;
  const file = fs.openSync(path, 'r');
  try {
    const head = Buffer.alloc(16);
    return fs.readSync(file, head) === 16 && head.toString('latin1') === 'SQLite format 3\0';
  } finally {
    fs.closeSync(file);
  }
}
