import fs from 'node:fs';

/** Writes a file beside its place and renames it there when it is whole: nobody ever sees half of it. Returns its bytes. */
export function writeAtomically(file: string, content: string | Uint8Array): number {
  const part = `${file}.${process.pid}.part`;
  try {
    const descriptor = fs.openSync(part, 'w');
    try {
      fs.writeFileSync(descriptor, content);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(part, file);
  } catch (error) {
    fs.rmSync(part, { force: true });
    throw error;
  }
  return typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
}
