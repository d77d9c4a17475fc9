/** What a run of bytes is packed as. */
export type Container = 'plain' | 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'zip' | 'tar';

/** Bytes `sniff` wants to see; fewer are fine when there are no more. */
export const SNIFF_BYTES = 512;

const XZ = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const BZIP2_BLOCK = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const BZIP2_END = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
const USTAR = [0x75, 0x73, 0x74, 0x61, 0x72];

/**
 * Recognises a container by its magic bytes only: names lie (rotated logs called .gz that are plain, and the other way round).
 * bzip2's own magic is three letters a log line could begin with, so the block magic after it has to agree.
 */
export function sniff(head: Uint8Array): Container {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (startsWith(head, XZ, 0)) return 'xz';
  if (isZstd(head)) return 'zstd';
  if (isBzip2(head)) return 'bzip2';
  if (isZip(head)) return 'zip';
  if (isTar(head)) return 'tar';
  return 'plain';
}

function startsWith(bytes: Uint8Array, magic: readonly number[], at: number): boolean {
  return bytes.length >= at + magic.length && magic.every((byte, i) => bytes[at + i] === byte);
}

/** A zstd frame, or a skippable frame (pzstd and seekable writers begin with one) that leaves no doubt by being followed by more. */
function isZstd(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return true;
  return head.length >= 8 && head[0] >= 0x50 && head[0] <= 0x5f && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

function isBzip2(head: Uint8Array): boolean {
  if (head.length < 4 || head[0] !== 0x42 || head[1] !== 0x5a || head[2] !== 0x68 || head[3] < 0x31 || head[3] > 0x39) return false;
  if (head.length < 10) return false;
  return startsWith(head, BZIP2_BLOCK, 4) || startsWith(head, BZIP2_END, 4);
}

/** A local header, an empty archive, or the marker of a spanned archive followed by a local header. */
function isZip(head: Uint8Array): boolean {
  if (head.length < 4 || head[0] !== 0x50 || head[1] !== 0x4b) return false;
  return (head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6) || startsWith(head, [0x50, 0x4b, 7, 8, 0x50, 0x4b, 3, 4], 0);
}

function isTar(head: Uint8Array): boolean {
  return head.length >= 512 && (startsWith(head, USTAR, 257) || head[0] !== 0) && tarChecksumHolds(head);
}

/**
 * The checksum of a 512-byte tar header (POSIX ustar: sum of all bytes with the checksum field taken as spaces; old writers
 * summed signed bytes). It is what tells a v7 tar, which has no magic, from any other file.
 */
export function tarChecksumHolds(block: Uint8Array): boolean {
  let text = '';
  for (let i = 148; i < 156; i++) text += String.fromCharCode(block[i]);
  const digits = /^ *([0-7]{1,7})[ \0]*$/.exec(text)?.[1];
  if (digits === undefined) return false;
  let unsigned = 8 * 32;
  let signed = 8 * 32;
  for (let i = 0; i < 512; i++) {
    if (i === 148) i = 156;
    unsigned += block[i];
    signed += (block[i] << 24) >> 24;
  }
  const declared = Number.parseInt(digits, 8);
  return declared === unsigned || declared === signed;
}
