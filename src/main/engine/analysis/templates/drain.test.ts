import { describe, expect, it } from 'vitest';
import { Drain } from './drain.ts';
import { maskWord } from './miner.ts';

describe('Drain', () => {
  it('joins messages that differ in their variable parts', () => {
    const drain = new Drain();
    const a = drain.add('Failed password for root from 10.0.0.1 port 22 ssh2');
    expect(drain.add('Failed password for admin from 10.9.0.1 port 5122 ssh2')).toBe(a);
    expect(drain.add('Connection closed by 10.0.0.1')).not.toBe(a);
    expect(drain.pattern(a)).toBe('Failed password for <*> from <*> port <*> <*>');
    expect(drain.takeChanged()).toContain(a);
    expect(drain.takeChanged()).toEqual([]);
  });
});

describe('maskWord', () => {
  it.each([['blk_-1608', 'blk_-<*>'], ['port=22', 'port=<*>'], ['10.0.0.1', '<*>'], ['plain', 'plain'], ['(pid=12),', '(pid=<*>),']])('%s -> %s', (word, masked) => expect(maskWord(word)).toBe(masked));
});
