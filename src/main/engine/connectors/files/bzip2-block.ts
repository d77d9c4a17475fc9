/** The input ended inside what was being read. */
export class OutOfBits extends Error {}

/** Bits of a byte array, most significant first. */
export class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #buffer = 0;
  #count = 0;

  /** @param skip bits of the first byte that belong to what came before (0..7) */
  constructor(bytes: Uint8Array, skip: number) {
    this.#bytes = bytes;
    if (skip > 0) this.read(skip);
  }

  /** Reads `n` bits, at most 24. */
  read(n: number): number {
    while (this.#count < n) {
      if (this.#at >= this.#bytes.length) throw new OutOfBits();
      this.#buffer = (this.#buffer << 8) | this.#bytes[this.#at++];
      this.#count += 8;
    }
    this.#count -= n;
    return (this.#buffer >>> this.#count) & ((1 << n) - 1);
  }

  get bytesFinished(): number {
    return this.#at - Math.ceil(this.#count / 8);
  }
  get bytesTouched(): number {
    return this.#at - (this.#count >> 3);
  }
  /** bits used of the first byte that is not finished */
  get bitInByte(): number {
    return (8 - (this.#count & 7)) & 7;
  }
}

interface Table {
  minLength: number;
  maxLength: number;
  /** per length: the largest code of it, and what to subtract to get an index into `symbols` */
  limit: Int32Array;
  base: Int32Array;
  symbols: Uint16Array;
}

const MAX_CODE_BITS = 20;
const GROUP = 50;
const OUTPUT_BYTES = 256 << 10;

const CRC = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let value = i << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  CRC[i] = value;
}

/**
 * Decodes one block, after its magic and checksum. The format has no specification of its own; this follows the description
 * in "The bzip2 format" by Joe Tsai: Huffman codes, move to front and run lengths, inverse Burrows-Wheeler, run lengths again.
 * @param work room for the block; its length is the most symbols a block may have
 */
export function decodeBlock(bits: Bits, work: Uint32Array): { output(): Generator<Uint8Array, void, void>; crc(): number } {
  if (bits.read(1) === 1) throw new Error('made by bzip2 before 0.9.5, which is not supported');
  const origin = bits.read(24);
  const alphabet = readAlphabet(bits);
  const { tables, selectors } = readTables(bits, alphabet.length + 2);
  const count = readSymbols(bits, alphabet, tables, selectors, work);
  if (origin >= count && count > 0) throw new Error('origin outside the block');
  invert(work, count);
  let crc = -1;
  return {
    *output() {
      let position = count > 0 ? work[origin] >>> 8 : 0;
      let out = Buffer.allocUnsafe(OUTPUT_BYTES);
      let used = 0;
      let previous = -1;
      let run = 0;
      for (let left = count; left > 0; left--) {
        const entry = work[position];
        const byte = entry & 0xff;
        position = entry >>> 8;
        let copies = 1;
        let value = byte;
        if (run === 4) {
          // Four equal bytes are followed by how many more there are.
          copies = byte;
          value = previous;
          run = 0;
          previous = -1;
        } else if (byte === previous) run++;
        else {
          previous = byte;
          run = 1;
        }
        if (used + copies > OUTPUT_BYTES) {
          yield out.subarray(0, used);
          out = Buffer.allocUnsafe(OUTPUT_BYTES);
          used = 0;
        }
        for (; copies > 0; copies--) {
          crc = (crc << 8) ^ CRC[(crc >>> 24) ^ value];
          out[used++] = value;
        }
      }
      if (used > 0) yield out.subarray(0, used);
    },
    crc: () => ~crc >>> 0,
  };
}

/** The byte values that occur, as a two-level bitmap. */
function readAlphabet(bits: Bits): Uint8Array {
  const ranges = bits.read(16);
  const values: number[] = [];
  for (let i = 0; i < 16; i++) {
    if ((ranges & (0x8000 >> i)) === 0) continue;
    const present = bits.read(16);
    for (let j = 0; j < 16; j++) if ((present & (0x8000 >> j)) !== 0) values.push(i * 16 + j);
  }
  if (values.length === 0) throw new Error('no byte values');
  return Uint8Array.from(values);
}

function readTables(bits: Bits, symbols: number): { tables: Table[]; selectors: Uint8Array } {
  const groups = bits.read(3);
  if (groups < 2 || groups > 6) throw new Error('bad number of code tables');
  const selectors = new Uint8Array(bits.read(15));
  if (selectors.length === 0) throw new Error('no selectors');
  const order = [0, 1, 2, 3, 4, 5];
  for (let i = 0; i < selectors.length; i++) {
    let j = 0;
    while (bits.read(1) === 1) if (++j >= groups) throw new Error('bad selector');
    const [chosen] = order.splice(j, 1);
    order.unshift(chosen);
    selectors[i] = chosen;
  }
  const tables: Table[] = [];
  for (let group = 0; group < groups; group++) {
    const lengths = new Uint8Array(symbols);
    let length = bits.read(5);
    for (let i = 0; i < symbols; i++) {
      for (;;) {
        if (length < 1 || length > MAX_CODE_BITS) throw new Error('bad code length');
        if (bits.read(1) === 0) break;
        length += bits.read(1) === 0 ? 1 : -1;
      }
      lengths[i] = length;
    }
    tables.push(makeTable(lengths));
  }
  return { tables, selectors };
}

/** Canonical Huffman codes from their lengths. */
function makeTable(lengths: Uint8Array): Table {
  const minLength = Math.min(...lengths);
  const maxLength = Math.max(...lengths);
  const limit = new Int32Array(MAX_CODE_BITS + 2).fill(-1);
  const base = new Int32Array(MAX_CODE_BITS + 2);
  const symbols = new Uint16Array(lengths.length);
  let code = 0;
  let index = 0;
  for (let length = minLength; length <= maxLength; length++) {
    base[length] = code - index;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      symbols[index++] = symbol;
      code++;
    }
    limit[length] = code - 1;
    code <<= 1;
  }
  return { minLength, maxLength, limit, base, symbols };
}

/** Fills `work` with the block's bytes, still in Burrows-Wheeler order; returns how many. */
function readSymbols(bits: Bits, alphabet: Uint8Array, tables: Table[], selectors: Uint8Array, work: Uint32Array): number {
  const front = alphabet.slice();
  const end = alphabet.length + 1;
  let count = 0;
  let run = 0;
  let weight = 1;
  let group = 0;
  let inGroup = 0;
  let table = tables[0];
  for (;;) {
    if (inGroup === 0) {
      if (group >= selectors.length) throw new Error('too few selectors');
      table = tables[selectors[group++]];
      inGroup = GROUP;
    }
    inGroup--;
    let length = table.minLength;
    let code = bits.read(length);
    while (code > table.limit[length]) {
      if (++length > table.maxLength) throw new Error('bad code');
      code = (code << 1) | bits.read(1);
    }
    const index = code - table.base[length];
    if (index < 0 || index >= table.symbols.length) throw new Error('bad code');
    const symbol = table.symbols[index];
    if (symbol < 2) {
      // Run lengths are written in a base of 1 and 2, least first.
      run += weight << symbol;
      weight <<= 1;
      if (run > work.length) throw new Error('run longer than the block');
      continue;
    }
    if (run > 0) {
      if (count + run > work.length) throw new Error('run longer than the block');
      work.fill(front[0], count, count + run);
      count += run;
      run = 0;
      weight = 1;
    }
    if (symbol === end) return count;
    if (count >= work.length) throw new Error('block too long');
    const value = front[symbol - 1];
    front.copyWithin(1, 0, symbol - 1);
    front[0] = value;
    work[count++] = value;
  }
}

/** Inverse Burrows-Wheeler: the upper 24 bits of each entry become the position of the byte that follows it. */
function invert(work: Uint32Array, count: number): void {
  const starts = new Uint32Array(256);
  for (let i = 0; i < count; i++) starts[work[i] & 0xff]++;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const here = starts[byte];
    starts[byte] = sum;
    sum += here;
  }
  for (let i = 0; i < count; i++) {
    const to = starts[work[i] & 0xff]++;
    work[to] |= i << 8;
  }
}
