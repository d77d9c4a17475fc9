/**
 * Every format of the product, special before general. A new format is a file and a line here; formats.test.ts then checks it.
 */
import type { Format } from './format.ts';
import { csv } from './csv.ts';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import { logfmt } from './logfmt.ts';

export const formats: readonly Format[] = [
  jsonl,
  json,
  logfmt,
  csv,
];
