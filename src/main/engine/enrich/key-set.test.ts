import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeySet } from './key-set.ts';

it('holds what a set of strings would', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 200 }), (texts) => {
      const set = new KeySet();
      const known = new Set<string>();
      for (const text of texts) {
        expect(set.add(Buffer.from(text))).toBe(!known.has(text));
        known.add(text);
      }
      expect(set.size).toBe(known.size);
    }),
  );
});
it('grows', () => {
  const set = new KeySet();
  for (let i = 0; i < 20_000; i++) set.add(Buffer.from(`key ${i % 10_000}`));
  expect(set.size).toBe(10_000);
});
