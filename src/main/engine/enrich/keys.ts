/**
 * What indicators are compared by: each kind's value as bytes in one spelling. Lists and logs are brought into it by the same functions,
 * so that what is equal here is what matches.
 */
import { FNV_PRIME, FNV_SEED, finishHash } from '../pipeline/words.ts';

/** Kinds of keys. A block of addresses is its network's address and the length of its prefix in one byte. */
export const KEY = { ipv4: 1, ipv6: 2, block4: 3, block6: 4, domain: 5, url: 6, hash: 7 } as const;
export type KeyKind = (typeof KEY)[keyof typeof KEY];

/** Longer addresses of pages are compared by so many bytes. */
export const MAX_URL = 2048;
/** Names in the DNS have at most 253 characters. */
export const MAX_DOMAIN = 253;
/** Digits of MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512. */
export const HASH_DIGITS: readonly number[] = [32, 40, 56, 64, 96, 128];

/** The filter knows the ends of hashes, so many digits of each, besides the whole. */
export const HASH_TAIL = 8;

/** Lower case of ASCII; everything else as it is. */
export const LOWER = new Uint8Array(256);
for (let c = 0; c < 256; c++) LOWER[c] = c >= 65 && c <= 90 ? c + 32 : c;

/** Where the hash of a kind begins; bytes are added from the last to the first, so that the parents of a name are met on the way. */
export function seedOf(kind: KeyKind): number {
  return Math.imul(FNV_SEED ^ kind, FNV_PRIME);
}
export function hashKey(kind: KeyKind, bytes: Uint8Array, from: number, to: number): number {
  let h = seedOf(kind);
  for (let i = to - 1; i >= from; i--) h = Math.imul(h ^ bytes[i], FNV_PRIME);
  return finishHash(h);
}

/** The four bytes of an address in dotted decimals at bytes[from, to), as an unsigned number; -1 when it is none. No leading zeros: they mean octal to some. */
export function readIpv4(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 7 || to - from > 15) return -1;
  let value = 0;
  let parts = 0;
  for (let i = from; ; i++) {
    let part = 0;
    const start = i;
    for (; i < to && bytes[i] >= 48 && bytes[i] <= 57; i++) part = part * 10 + bytes[i] - 48;
    if (i === start || part > 255 || (i - start > 1 && bytes[start] === 48)) return -1;
    value = value * 256 + part;
    parts++;
    if (i === to) return parts === 4 ? value : -1;
    if (bytes[i] !== 46 || parts === 4) return -1;
  }
}

/** Reads an address of version 6 (RFC 4291, without a dotted part) into 16 bytes of `out`; false when it is none. */
export function readIpv6(bytes: Uint8Array, from: number, to: number, out: Uint8Array): boolean {
  if (to - from < 2 || to - from > 39) return false;
  let groups = 0;
  let gap = -1;
  let i = from;
  if (bytes[i] === 58) {
    if (bytes[i + 1] !== 58) return false;
    gap = 0;
    i += 2;
  }
  while (i < to) {
    let group = 0;
    const start = i;
    for (; i < to; i++) {
      const digit = hexDigit(bytes[i]);
      if (digit < 0) break;
      group = group * 16 + digit;
    }
    if (i === start || i - start > 4 || groups === 8) return false;
    out[groups * 2] = group >> 8;
    out[groups * 2 + 1] = group & 255;
    groups++;
    if (i === to) break;
    if (bytes[i++] !== 58 || i === to) return false;
    if (bytes[i] !== 58) continue;
    if (gap >= 0) return false;
    gap = groups;
    i++;
  }
  if (gap < 0) return groups === 8;
  if (groups > 7) return false;
  const tail = (groups - gap) * 2;
  out.copyWithin(16 - tail, gap * 2, groups * 2);
  out.fill(0, gap * 2, 16 - tail);
  return true;
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  if (c >= 97 && c <= 102) return c - 87;
  return c >= 65 && c <= 70 ? c - 55 : -1;
}

/** Clears the bits of an address behind a prefix. */
export function maskPrefix(address: Uint8Array, bits: number): void {
  for (let i = 0; i < address.length; i++) {
    const left = bits - i * 8;
    if (left < 8) address[i] &= left <= 0 ? 0 : (0xff << (8 - left)) & 0xff;
  }
}

/** Bytes that end an address of a page in running text: blanks, quotes, brackets that must be written as %xx. */
const ENDS_URL = new Uint8Array(256);
for (let c = 0; c < 256; c++) if (c <= 32 || c === 127 || '"\'<>`{}|^\\'.includes(String.fromCharCode(c))) ENDS_URL[c] = 1;
const DEFAULT_PORTS = [':80', ':443', ':21'].map((text) => new TextEncoder().encode(text));

export interface NormalisedUrl {
  /** the key: scheme (https counts as http), host in lower case, path and query as written, without user, default port and fragment */
  readonly bytes: Uint8Array;
  length: number;
  /** where the host begins and ends, and the query (length when there is none) */
  hostFrom: number;
  hostTo: number;
  query: number;
}
export function newUrl(): NormalisedUrl {
  return { bytes: new Uint8Array(MAX_URL + 64), length: 0, hostFrom: 0, hostTo: 0, query: 0 };
}

/**
 * Reads the address of a page whose scheme stands at bytes[scheme, colon) and whose '//' follows the colon, up to where it ends or `to`.
 * A slash may have a backslash in front of it, as JSON allows. False when there is no host.
 */
export function readUrl(bytes: Uint8Array, scheme: number, colon: number, to: number, url: NormalisedUrl): boolean {
  const out = url.bytes;
  let n = 0;
  for (let i = scheme; i < colon && n < 16; i++) out[n++] = LOWER[bytes[i]];
  if (n === 5 && out[0] === 104 && out[4] === 115) n = 4;
  out[n++] = 58;
  out[n++] = 47;
  out[n++] = 47;
  let i = colon + 1;
  for (let slashes = 0; slashes < 2; slashes++) {
    if (bytes[i] === 92) i++;
    if (i >= to || bytes[i] !== 47) return false;
    i++;
  }
  url.hostFrom = n;
  for (; i < to && ENDS_URL[bytes[i]] === 0 && bytes[i] !== 47 && bytes[i] !== 63 && bytes[i] !== 35; i++) {
    // What stands before an @ is a user.
    if (bytes[i] === 64) n = url.hostFrom;
    else if (n - url.hostFrom < MAX_DOMAIN + 8) out[n++] = LOWER[bytes[i]];
    else return false;
  }
  for (const port of DEFAULT_PORTS) if (n - url.hostFrom > port.length && port.every((c, k) => out[n - port.length + k] === c)) n -= port.length;
  if (n === url.hostFrom) return false;
  url.hostTo = n;
  url.query = -1;
  if (i >= to || bytes[i] !== 47) {
    if (!(i < to && bytes[i] === 92 && bytes[i + 1] === 47)) out[n++] = 47;
  }
  for (; i < to && n < MAX_URL; i++) {
    if (bytes[i] === 92 && i + 1 < to && bytes[i + 1] === 47) continue;
    if (ENDS_URL[bytes[i]] === 1 || bytes[i] === 35) break;
    if (bytes[i] === 63 && url.query < 0) url.query = n;
    out[n++] = bytes[i];
  }
  url.length = n;
  if (url.query < 0) url.query = n;
  return true;
}
