import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSeries } from './series-file.ts';
import type { SeriesRow } from './series-file.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-series-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function rowsOf(file: string): Promise<SeriesRow[]> {
  const rows: SeriesRow[] = [];
  for await (const row of readSeries(file, AbortSignal.timeout(10_000))) rows.push(row);
  return rows;
}
async function read(text: string): Promise<SeriesRow[]> {
  const file = path.join(folder, 'series.csv');
  fs.writeFileSync(file, text);
  return await rowsOf(file);
}

describe('a file of one series', () => {
  it('reads a header in any order, with other columns in between', async () => {
    expect(await read('value,host,Time\n1.5,a,2026-01-01 00:00:00\n-2e3,b,2026-01-01 00:05:00\n')).toEqual([
      { timestamp: '2026-01-01 00:00:00', value: 1.5, line: 2 },
      { timestamp: '2026-01-01 00:05:00', value: -2000, line: 3 },
    ]);
  });

  it('needs no header, keeps times as they are written, and takes a mark, CRLF and other delimiters', async () => {
    expect(await read('\uFEFF1767225600;3\r\n1767225660;4\r\n')).toEqual([
      { timestamp: '1767225600', value: 3, line: 1 },
      { timestamp: '1767225660', value: 4, line: 2 },
    ]);
    expect(await read('7\n8\n')).toEqual([{ timestamp: '', value: 7, line: 1 }, { timestamp: '', value: 8, line: 2 }]);
    expect((await read('ds,requests\n2026-01-01,3\n'))[0]).toEqual({ timestamp: '2026-01-01', value: 3, line: 2 });
    expect((await read('timestamp,value\n"1 January, 2026","4"\n'))[0]).toEqual({ timestamp: '1 January, 2026', value: 4, line: 2 });
  });

  it('keeps rows without a number, as NaN, and leaves out empty lines alone', async () => {
    const rows = await read('timestamp,value\na,1\n\nb,\nc,NaN\nd,1e999\ne\nf,2\n');
    expect(rows.map(({ timestamp, value }) => [timestamp, value])).toEqual([['a', 1], ['b', NaN], ['c', NaN], ['d', NaN], ['e', NaN], ['f', 2]]);
    expect(rows.map(({ line }) => line)).toEqual([2, 4, 5, 6, 7, 8]);
  });

  it('says what is wrong with a file', async () => {
    await expect(read('')).rejects.toThrow('has no rows');
    await expect(read('timestamp,value\n')).rejects.toThrow('has no rows');
    await expect(read('time,cpu,mem\n1,2,3\n')).rejects.toThrow('No column is called value');
    await expect(rowsOf(path.join(folder, 'none.csv'))).rejects.toThrow('There is no file');
    await expect(rowsOf(folder)).rejects.toThrow('is a folder');
  });

  it('goes by what the columns hold where no name says it, and shows the same however long the file is', async () => {
    expect(await read('when,host,load\n2026-01-01 00:00,a,1\n2026-01-01 00:05,b,2\n')).toEqual([
      { timestamp: '2026-01-01 00:00', value: 1, line: 2 },
      { timestamp: '2026-01-01 00:05', value: 2, line: 3 },
    ]);
    const lines = Array.from({ length: 500 }, (_, i) => `${i},${i * 2}`);
    expect((await read(lines.join('\n'))).map(({ timestamp, value }) => `${timestamp},${value}`)).toEqual(lines);
  });
});
