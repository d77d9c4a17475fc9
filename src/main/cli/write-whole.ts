import fs from 'node:fs';
import path from 'node:path';
import { exportError } from '../engine/reports/export/export-events.ts';

/** Writes a file beside its place and renames it there when it is whole. Returns its bytes; errors say what to do. */
export function writeWhole(file: string, text: string): number {
  const part = `${file}.${process.pid}.part`;
  try {
    fs.writeFileSync(part, text, { flush: true });
    fs.renameSync(part, path.resolve(file));
  } catch (error) {
    fs.rmSync(part, { force: true });
    throw exportError(error, file);
  }
  return Buffer.byteLength(text);
}
