/** Patterns of a file of lines, whatever they are: each line as it stands is a message. One pass over the file, grouping at its end. */
import fs from 'node:fs';
import { LineMiner } from './line-miner.ts';
import { patternText } from './tokens.ts';

const CHUNK = 1 << 20;
/** Of a longer line only the beginning is held; messages are looked at no further anyway. */
const MAX_LINE = 64 * 1024;

export interface FilePatterns {
  /** of each line, the index of its pattern */
  ofLine: Uint32Array;
  /** in the order in which they were first met */
  patterns: FilePattern[];
}
interface FilePattern {
  text: string;
  count: number;
  /** line on which it was first and last met, from 0 */
  first: number;
  last: number;
}

/**
 * Reads a file and says of which pattern each line is. `told` is called now and then with the share of the file that was read; it may
 * throw to end it. Throws what fs throws.
 */
export function patternsOfFile(path: string, told: (share: number) => void = () => undefined): FilePatterns {
  const file = fs.openSync(path, 'r');
  try {
    const miner = new LineMiner();
    const numbers = new Numbers();
    const size = Math.max(1, fs.fstatSync(file).size);
    let buffer = Buffer.alloc(CHUNK + MAX_LINE);
    let held = 0;
    let skipping = false;
    let position = 0;
    for (;;) {
      if (held + CHUNK > buffer.length) {
        const larger = Buffer.alloc(held + CHUNK);
        buffer.copy(larger, 0, 0, held);
        buffer = larger;
      }
      const read = fs.readSync(file, buffer, held, CHUNK, position);
      const end = held + read;
      let from = position === 0 && end >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? 3 : 0;
      position += read;
      for (let newline = buffer.indexOf(10, from); newline >= 0 && newline < end; newline = buffer.indexOf(10, from)) {
        if (!skipping) numbers.push(miner.add(buffer, from, withoutReturn(buffer, from, newline)));
        skipping = false;
        from = newline + 1;
      }
      if (read === 0) {
        if (!skipping && from < end) numbers.push(miner.add(buffer, from, withoutReturn(buffer, from, end)));
        break;
      }
      held = end - from;
      if (!skipping && held > MAX_LINE) {
        // The rest of an endless line is passed over.
        numbers.push(miner.add(buffer, from, from + MAX_LINE));
        skipping = true;
      }
      if (skipping) held = 0;
      else buffer.copyWithin(0, from, end);
      told(position / size);
    }
    return grouped(miner, numbers.all());
  } finally {
    fs.closeSync(file);
  }
}

function withoutReturn(buffer: Buffer, from: number, to: number): number {
  return to > from && buffer[to - 1] === 13 ? to - 1 : to;
}

function grouped(miner: LineMiner, ofLine: Uint32Array): FilePatterns {
  const { of, tokens } = miner.patterns();
  const indexOf = new Int32Array(tokens.length).fill(-1);
  const patterns: FilePattern[] = [];
  for (let line = 0; line < ofLine.length; line++) {
    const group = of[ofLine[line]];
    if (indexOf[group] < 0) indexOf[group] = patterns.push({ text: patternText(tokens[group]), count: 0, first: line, last: line }) - 1;
    const pattern = patterns[indexOf[group]];
    pattern.count++;
    pattern.last = line;
    ofLine[line] = indexOf[group];
  }
  return { ofLine, patterns };
}

/** Numbers, as many as come. */
class Numbers {
  #values = new Uint32Array(1 << 16);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }
  all(): Uint32Array {
    return this.#values.subarray(0, this.#length);
  }
}
