import { describe, expect, it } from 'vitest';
import { commandOnFile } from '../../../../test/support/run-command.ts';
import { patterns } from './patterns.ts';

const onFile = commandOnFile(patterns);
async function run(content: string | null, ...words: string[]): Promise<string> {
  const { code, out } = await onFile('lines.log', content, ...words);
  expect(code).toBe(0);
  return out;
}

describe('tidemark patterns FILE', () => {
  it('has one object for every line, empty ones too, whatever is in it', async () => {
    const lines = (await run('job 1 done\n\n{"a": "\\"<b>"}\njob 22 done\n', '--json')).trim().split('\n').map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { line: 1, template_id: 1, template: 'job <num> done' }, { line: 2, template_id: 2, template: '' }, { line: 3, template_id: 3, template: '{"a": "\\"<b>"}' }, { line: 4, template_id: 1, template: 'job <num> done' },
    ]);
  });
  it('is a table for people, the most frequent first', async () => {
    const out = await run('queue is full\njob 1 done\njob 2 done\n');
    expect(out).toMatch(/2\s+2\s+66\.7 %\s+2\s+job <num> done\n\s*1\s+1\s+33\.3 %\s+1\s+queue is full/);
    expect(out).toContain('3 lines, 2 patterns');
  });
  it('says that there is no such file', async () => await expect(run(null)).rejects.toThrow('is not a file'));
});
