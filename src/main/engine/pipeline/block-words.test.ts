import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unescaped } from '../enrich/unescaped.ts';
import { BlockWords } from './block-words.ts';
import { mayHold, searchHashes } from './words.ts';

const encoder = new TextEncoder();
/** What a record may hold, in small pieces: many of them make escapes with their neighbours. */
const piece = fc.constantFrom('\\', '\\\\', '\\n', '\\t', '\\u00', '\\u0041', '\\U0062', '\\u005c', '41', 'n', 'u', 'new', 'Temp', 'é', ' ', '"', '/', 'x1');

it('holds the words of a record as it is written and as its escapes are read', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const raw = pieces.join('');
      const words = new BlockWords();
      const bytes = encoder.encode(`in front${raw}behind`);
      const [start, end] = [8, bytes.length - 6];
      words.add(bytes, start, end);
      words.addUnescaped(bytes, start, end);
      words.closeBlock();
      const { words: filters, wordStarts } = words.take(1);
      const read = unescaped(raw);
      // The filter of what stands outside of messages is the second one of the block.
      for (const hash of [...searchHashes(raw), ...searchHashes(read)]) expect(mayHold(filters, wordStarts[1], wordStarts[2], hash), read).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
