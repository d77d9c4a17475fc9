/** What is stored of a record is less than the record: here every record of every format comes back byte for byte, and its words are found. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/main/engine/formats/registry.ts';
import { mayHold, searchHashes } from '../../src/main/engine/pipeline/words.ts';
import { Catalog } from '../../src/main/engine/search/catalog.ts';
import { openReader } from '../../src/main/engine/store/database.ts';
import { BLOCK_SIZE } from '../../src/main/engine/store/segment.ts';
import { decodeWhole } from '../support/decode-whole.ts';
import { TempCase } from '../support/temp-case.ts';

let held: TempCase;
beforeAll(async () => {
  held = await TempCase.create();
});
afterAll(async () => await held.remove());

/** A record with some of its digits and letters changed, so that what varies varies. */
function varied(record: string, seed: number): string {
  let state = seed * 2_654_435_761 + 1;
  const next = (n: number): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return (state >>> 8) % n;
  };
  return record.replace(/\d(?=\D|$)/g, (digit) => (next(3) === 0 ? String(next(10)) : digit)).replace(/[a-z](?=[a-z]{5})/g, (letter) => (next(40) === 0 ? 'é' : letter));
}

/** What records lie in: the file, or what the decoder of its format makes of it. */
async function streamOf(id: string, file: string): Promise<Buffer> {
  const format = formats.find((candidate) => candidate.id === id);
  const bytes = fs.readFileSync(file);
  return format ? await decodeWhole(format, bytes, { size: 10_000, path: file, modified: fs.statSync(file).mtimeMs * 1000 }) : bytes;
}

/** Compares the records of all sources with the files they came from; gives how many there were. */
async function compare(): Promise<number> {
  const db = openReader(held.file);
  try {
    const catalog = new Catalog(db);
    const loading = catalog.load();
    while (loading.next().done !== true);
    const bytes = new Map<number, Buffer>();
    let records = 0;
    for (const segment of catalog.segments.values()) {
      const source = catalog.sources.get(segment.source);
      if (!source) throw new Error(`no source ${segment.source}`);
      let file: Buffer | undefined = bytes.get(segment.source);
      if (!file) bytes.set(segment.source, (file = await streamOf(source.format, source.path)));
      const { offset, length } = catalog.cold(segment);
      for (let i = 0; i < segment.n; i++) {
        const record = Buffer.from(catalog.record(segment, i));
        const original = file.subarray(offset[i], offset[i] + length[i]);
        if (!record.equals(original)) expect(record.toString(), `${source.path} at ${offset[i]}`).toBe(original.toString());
        records++;
        const named: boolean = formats.find(({ id }) => id === source.format)?.named ?? false;
        const block = Math.floor(i / BLOCK_SIZE);
        const filters = [0, 1].map((which): [number, number] => [segment.wordStarts[block * 2 + which], segment.wordStarts[block * 2 + which + 1]]);
        const messages = catalog.messages(segment, block);
        const message = Buffer.from(messages.bytes.subarray(messages.starts[i % BLOCK_SIZE], messages.starts[(i % BLOCK_SIZE) + 1] - 1)).toString();
        for (const hash of searchHashes(message)) if (!mayHold(segment.words, ...filters[0], hash)) expect.fail(`a word of "${message}" is not in the filter of its block`);
        if (named) continue;
        for (const hash of searchHashes(original.toString())) if (!filters.some((filter) => mayHold(segment.words, ...filter, hash))) expect.fail(`a word of "${original.toString()}" is not in the filters of its block`);
      }
    }
    return records;
  } finally {
    db.close();
  }
}

describe('records', () => {
  it('of every format come back as they were', async () => {
    for (const format of formats) {
      if (format.decode) {
        await held.ingest(held.write(`${format.id}.log`, format.document?.() ?? ''), { format: format.id });
        continue;
      }
      const head = format.sampleHead === undefined ? [] : [format.sampleHead.replace(/\n$/, '')];
      const lines: string[] = [];
      for (let round = 0; round < 40; round++) for (const sample of format.samples) lines.push(round % 3 === 0 ? sample.record : varied(sample.record, round * 100 + lines.length));
      await held.ingest(held.write(`${format.id}.log`, `${[...head, ...lines].join('\n')}\n`), { format: format.id });
    }
    expect(await compare()).toBeGreaterThan(formats.filter(({ decode }) => !decode).length * 40);
  });

  it('that are real come back as they were', async (test) => {
    const folder = path.resolve(import.meta.dirname, '../../../shared/data/log-formats');
    if (!fs.existsSync(folder)) test.skip('shared/data/log-formats is not there');
    const files = ['lnav', 'web', 'auditd', 'cloudtrail'].flatMap((name) => {
      const dir = path.join(folder, name);
      return fs.existsSync(dir) ? fs.readdirSync(dir).map((file) => path.join(dir, file)) : [];
    });
    const plain = files.filter((file) => fs.statSync(file).isFile() && !/\.(gz|zst|bz2|xz|zip|tgz|md|golden)$/.test(file) && fs.statSync(file).size < 4e6 && !fs.readFileSync(file).subarray(0, 2).equals(Buffer.of(0xff, 0xfe)));
    const before = await compare();
    const { stored } = await held.ingest(plain);
    expect(stored).toBeGreaterThan(0);
    expect(await compare()).toBe(before + stored);
  });
});
