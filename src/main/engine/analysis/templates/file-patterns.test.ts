import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { patternsOfFile } from './file-patterns.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-patterns-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
function write(content: string): string {
  const file = path.join(folder, 'lines.log');
  fs.writeFileSync(file, content);
  return file;
}

describe('patternsOfFile', () => {
  it('has a pattern for every line, empty ones too', () => {
    const { ofLine, patterns } = patternsOfFile(write('\uFEFFjob 1 done\r\n\r\njob 2 done\n\nqueue is full\njob 3 done'));
    expect([...ofLine]).toEqual([0, 1, 0, 1, 2, 0]);
    expect(patterns).toEqual([
      { text: 'job <num> done', count: 3, first: 0, last: 5 },
      { text: '', count: 2, first: 1, last: 3 },
      { text: 'queue is full', count: 1, first: 4, last: 4 },
    ]);
  });
  it('of nothing has nothing', () => expect(patternsOfFile(write('')).patterns).toEqual([]));
  it('does not lose lines at the ends of chunks, or behind an endless line', () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `request ${i} took ${'9'.repeat((i % 7) + 1)} units of time`);
    lines[30_000] = 'x'.repeat(3_000_000);
    const { ofLine, patterns } = patternsOfFile(write(`${lines.join('\n')}\n`));
    expect(ofLine).toHaveLength(60_000);
    expect(patterns.map(({ count }) => count)).toEqual([59_999, 1]);
    expect(patterns[1]).toMatchObject({ first: 30_000 });
  });
});
