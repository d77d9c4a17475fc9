/** A million indicators of all types, and some that events of the input have: one request id in 10,000 events, which looks like an MD5. */
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { Random } from './random.ts';
import type { Input } from './inputs.ts';

export const INDICATORS = 1_000_000;
const EVERY = 10_000;

export interface BenchList {
  /** the large list, and the one of those that the input has for certain, each in one event */
  paths: [string, string];
  planted: number;
}

export async function indicatorList(folder: string, seed: number, input: Input): Promise<BenchList> {
  const planted: string[] = [];
  let line = 0;
  for await (const text of readline.createInterface({ input: fs.createReadStream(input.paths[0]) })) {
    if (line++ % EVERY === 0) planted.push(String((JSON.parse(text) as { request_id: string }).request_id));
  }
  const r = new Random(seed);
  const makers = [
    (): string => `${1 + r.below(223)}.${r.below(256)}.${r.below(256)}.${r.below(256)}`,
    (): string => `${r.hex(10)}.${r.hex(6)}.example`,
    (): string => `http://${r.hex(12)}.example/${r.hex(8)}.php?id=${r.below(1000)}`,
    (): string => r.hex(64),
    (): string => r.hex(32),
    (): string => `${1 + r.below(223)}.${r.below(256)}.${r.below(256)}.0/24`,
  ];
  const file = path.join(folder, 'indicators.txt');
  const out = fs.createWriteStream(file);
  for (let made = planted.length; made < INDICATORS; ) {
    const values: string[] = [];
    for (; values.length < 10_000 && made < INDICATORS; made++) {
      values.push(makers[made % 20 < 8 ? 0 : made % 20 < 13 ? 1 : made % 20 < 16 ? 2 : made % 20 < 18 ? 3 : made % 20 < 19 ? 4 : 5]());
    }
    if (!out.write(`${values.join('\n')}\n`)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
  }
  out.end();
  await new Promise<void>((resolve) => out.once('finish', () => resolve()));
  const few = path.join(folder, 'planted.txt');
  fs.writeFileSync(few, planted.join('\n'));
  return { paths: [file, few], planted: planted.length };
}
