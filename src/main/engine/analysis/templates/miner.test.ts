import { describe, expect, it } from 'vitest';
import { maskWord } from './miner.ts';

describe('maskWord', () => {
  it.each([['blk_-1608', 'blk_-<*>'], ['port=22', 'port=<*>'], ['10.0.0.1', '<*>'], ['plain', 'plain'], ['(pid=12),', '(pid=<*>),']])('%s -> %s', (word, masked) => expect(maskWord(word)).toBe(masked));
});
