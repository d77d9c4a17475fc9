/** Formats that users declared by dropping a file into the formats folder of the data directory. */
import fs from 'node:fs';
import path from 'node:path';

/** Declared formats that users dropped into the formats folder. */
export function declaredFormatFiles(dataDir: string): { file: string; json: unknown }[] {
  const folder = path.join(dataDir, 'formats');
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => ({ file: name, json: JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as unknown }));
}
