import { describe, expect, it } from 'vitest';
import { LineMiner } from './line-miner.ts';
import { ShapeMiner } from './shape-miner.ts';
import { patternText } from './tokens.ts';

/** Letters that no two numbers below 26^4 share. */
const word = (n: number): string => String.fromCharCode(97 + (n % 26), 97 + (Math.floor(n / 26) % 26), 97 + (Math.floor(n / 676) % 26), 97 + (Math.floor(n / 17_576) % 26));

describe('ShapeMiner', () => {
  it('gives messages of one shape one number', () => {
    const miner = new ShapeMiner();
    const a = miner.add('Failed password for root from 10.0.0.1 port 22 ssh2');
    expect(miner.add('Failed password for root from 10.9.0.1 port 5122 ssh2')).toBe(a);
    expect(miner.add('Connection closed by 10.0.0.1')).not.toBe(a);
    expect(miner.pattern(a)).toBe('Failed password for root from <ip> port <num> <id>');
    expect(miner.takeChanged()).toEqual([a, a + 1]);
    expect(miner.takeChanged()).toEqual([]);
  });
  it('tells of values of another type', () => {
    const miner = new ShapeMiner();
    const id = miner.add('mask 4000');
    const other = miner.add('mask 4000 is set');
    miner.takeChanged();
    miner.add('mask 0xff');
    expect(miner.takeChanged()).toEqual([id]);
    expect([id, other].map((each) => miner.pattern(each))).toEqual(['mask <hex>', 'mask <num> is set']);
  });
  it('is bounded by patterns, not by names', () => {
    const miner = new ShapeMiner();
    for (let i = 0; i < 20_000; i++) miner.add(`session of user ${word(i)} was closed`);
    expect(miner.size).toBeLessThan(1100);
    expect(miner.pattern(miner.add('session of user somebody was closed'))).toBe('session of user <text> was closed');
    expect(miner.patterns().tokens.map(patternText)).toEqual(['session of user <text> was closed']);
  });
  it('is bounded when nothing is alike', () => {
    const miner = new ShapeMiner();
    for (let i = 0; i < 26_000; i++) miner.add(`${word(i)} ${word(i + 7)} ${word(i + 13)}`);
    expect(miner.size).toBeLessThan(21_000);
  });
});

describe('LineMiner', () => {
  it('says of bytes what ShapeMiner says of texts', () => {
    const lines = [
      '', ' ', 'blk_-12 from /10.0.0.1:50010', 'blk_12 from /10.0.0.2:5', 'blk_12 from /a/b.c:5', 'ba:ad:00:11:22:33 up', '00:11:22:33:44:55 up', 'a.b 5.', 'a.b 5', 'x=/', 'adsl-5.example.net is up', 'adsl-5 is up',
      '3.4 KB of 12', '12 bytes (3.4 KB) of 12', 'größe 5', 'größe 6', 'broken \uFFFD 7', 'HTTP/1.1 200', 'int 5...6', 'one.two/three x', '"quoted 5"', 'k="quoted 5" z', 'k="quoted" z',
    ];
    const miner = new LineMiner();
    const text = new ShapeMiner();
    for (let round = 0; round < 2; round++)
      for (const line of lines) {
        const bytes = new TextEncoder().encode(`..${line}`);
        expect([line, miner.add(bytes, 2, bytes.length)]).toEqual([line, text.add(line)]);
      }
  });
  it('keeps its numbers when it forgets fingerprints', () => {
    const miner = new LineMiner();
    const encoder = new TextEncoder();
    const add = (line: string): number => miner.add(encoder.encode(line), 0, line.length);
    const first = add('session of user root was closed');
    for (let i = 0; i < 3000; i++) add(`session of user ${word(i)} was closed`);
    expect(add('session of user root was closed')).toBe(first);
    const { of, tokens } = miner.patterns();
    expect(patternText(tokens[of[first]])).toBe('session of user <text> was closed');
  });
});
