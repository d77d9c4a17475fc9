/** The interface behind which log templates are mined (shape-miner.ts). */
export interface TemplateMiner {
  /** Template of a message. Called only for shapes not seen before: the caller caches by the shape's hash. */
  add(message: string): number;
  /** e.g. 'Failed password for <text> from <ip> port <num>' */
  pattern(id: number): string;
  /** ids whose pattern is new or has become more general since the last call */
  takeChanged(): number[];
}

const DELIMITER = /[=:_/[("'\-@#,;|<>{]/;

/**
 * A word of a message with its variable part masked: a word without digits stays; a word with a digit becomes what stands before
 * the last delimiter in front of the first digit, then <*>: blk_-1608 -> blk_-<*>, port=22 -> port=<*>, 10.0.0.1 -> <*>.
 * pipeline/messages.ts and pipeline/shape-coder.ts cut words by the same rule on bytes.
 */
export function maskWord(word: string): string {
  let digit = -1;
  for (let i = 0; i < word.length; i++) {
    const c = word.charCodeAt(i);
    if (c >= 48 && c <= 57) {
      digit = i;
      break;
    }
  }
  if (digit < 0) return word;
  let keep = 0;
  for (let i = digit - 1; i >= 0; i--) {
    if (DELIMITER.test(word[i])) {
      keep = i + 1;
      break;
    }
  }
  const tail = /[\])}"',;:.]+$/.exec(word)?.[0] ?? '';
  return `${word.slice(0, keep)}<*>${tail.length < word.length - keep ? tail : ''}`;
}
/** Bytes that delimit inside a word, for the byte-wise twin of maskWord. */
export const DELIMITER_BYTE = new Uint8Array(256);
for (let c = 0; c < 128; c++) if (DELIMITER.test(String.fromCharCode(c))) DELIMITER_BYTE[c] = 1;
