import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOf } from '../../../shared/query/tokenise.ts';
import { hashWord, mayHold, searchHashes, TEXT, WordSet } from './words.ts';

const encoder = new TextEncoder();

describe('WordSet', () => {
  it('never rules out a word that was added', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 60 }), (texts) => {
        const set = new WordSet();
        for (const text of texts) {
          const bytes = encoder.encode(text);
          set.addText(bytes, 0, bytes.length);
        }
        const filter = set.take();
        for (const text of texts) for (const hash of searchHashes(text)) expect(mayHold(filter, 0, filter.length, hash)).toBe(true);
      }),
    );
  });

  it('rules out nearly all words that were not added', () => {
    const set = new WordSet();
    for (let i = 0; i < 1300; i++) set.addText(encoder.encode(`held${i}`), 0, `held${i}`.length);
    const filter = set.take();
    let wrong = 0;
    for (let i = 0; i < 20_000; i++) if (mayHold(filter, 0, filter.length, hashWord(encoder.encode(`other${i}`)))) wrong++;
    expect(wrong / 20_000).toBeLessThan(0.01);
  });

  it('cuts words as the search language does', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(searchHashes(text)).toEqual(tokensOf(text).map((word) => hashWord(encoder.encode(word))));
      }),
    );
  });

  it('says when a text has escapes, and starts anew after take', () => {
    const set = new WordSet();
    expect(set.addText(encoder.encode('a\\nb'), 0, 4)).toBe(TEXT.backslash | TEXT.parts);
    expect(set.addText(encoder.encode('plain'), 0, 5)).toBe(0);
    expect(set.addText(encoder.encode('10.0.0.1'), 0, 8)).toBe(TEXT.dotted | TEXT.parts);
    expect(set.addText(encoder.encode('a'.repeat(32)), 0, 32)).toBe(TEXT.long);
    set.take();
    expect(set.count).toBe(0);
  });
});
