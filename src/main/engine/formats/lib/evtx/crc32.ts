/** CRC-32 (IEEE 802.3, reflected, as in zlib), four bytes a step. */

const TABLES = new Int32Array(4 * 256);
for (let i = 0; i < 256; i++) {
  let c = i;
  for (let k = 0; k < 8; k++) c = (c & 1) !== 0 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  TABLES[i] = c;
}
for (let i = 256; i < TABLES.length; i++) TABLES[i] = (TABLES[i - 256] >>> 8) ^ TABLES[TABLES[i - 256] & 255];

/** The checksum of bytes [start, end); `before` is that of the bytes in front of them, for ranges that do not touch. */
export function crc32(bytes: Uint8Array, start: number, end: number, before = 0): number {
  let c = ~before;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    c = TABLES[768 + (c & 255)] ^ TABLES[512 + ((c >>> 8) & 255)] ^ TABLES[256 + ((c >>> 16) & 255)] ^ TABLES[c >>> 24];
  }
  for (; i < end; i++) c = TABLES[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}
