import { describe, expect, it } from 'vitest';
import { summarise, walkObject } from './json-detail.ts';

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const names = (value: unknown, most: number): string[] => {
  const seen: string[] = [];
  walkObject(bytes(value), 0, (name) => seen.push(name) < most);
  return seen;
};

describe('walkObject', () => {
  const nested = { a: 1, b: { c: [{ d: 2 }, 'e', [3]], f: null }, g: 'h' };
  it('visits every scalar by its path', () => expect(names(nested, 99)).toEqual(['a', 'b.c.0.d', 'b.c.1', 'b.c.2.0', 'b.f', 'g']));
  it('stops where it is told to, at any depth', () => {
    for (let most = 1; most <= 6; most++) expect(names(nested, most)).toHaveLength(most);
  });
  it('ends by itself in an object with more than anyone reads', () => expect(names(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])), 1e9)).toHaveLength(2000));
});

describe('summarise', () => {
  it('is about 400 characters long however many values a record has', () => {
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`name${i}`, 'x'.repeat(100)]));
    expect(summarise(bytes(wide), 0, () => false).length).toBeLessThan(600);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`n${i}`, i]));
    expect(summarise(bytes(many), 0, () => false).split(' ')).toHaveLength(16);
  });
});
