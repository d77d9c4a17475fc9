/** Values of audit records that are written in hex: texts and socket addresses. */

const decoder = new TextDecoder();

export function isHex(value: string): boolean {
  return value.length > 1 && value.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(value);
}

function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (digitAt(hex, i * 2) << 4) | digitAt(hex, i * 2 + 1);
  return bytes;
}

/** Value of a hexadecimal digit. */
function digitAt(hex: string, i: number): number {
  const c = hex.charCodeAt(i);
  return c <= 57 ? c - 48 : (c | 32) - 87;
}

/** Text written in hex; the NULs between arguments become blanks. */
export function decodeHex(hex: string): string {
  return decoder.decode(bytesOf(hex)).replace(/\0+$/, '').replaceAll('\0', ' ');
}

const UNIX = 1;
const INET = 2;
const INET6 = 10;
const NETLINK = 16;

/** A struct sockaddr as the kernel of a little-endian machine dumps it. */
export function socketAddress(hex: string): Record<string, string | number> {
  const bytes = bytesOf(hex);
  if (bytes.length < 2) return {};
  const family = bytes[0] | (bytes[1] << 8);
  if (family === UNIX) {
    const path = decoder.decode(bytes.subarray(2)).replace(/^\0/, '@');
    const end = path.indexOf('\0');
    return { family: 'unix', path: end < 0 ? path : path.slice(0, end) };
  }
  if (family === INET && bytes.length >= 8) {
    return { family: 'inet', ip: bytes.subarray(4, 8).join('.'), port: (bytes[2] << 8) | bytes[3] };
  }
  if (family === INET6 && bytes.length >= 24) {
    return { family: 'inet6', ip: inet6(bytes.subarray(8, 24)), port: (bytes[2] << 8) | bytes[3] };
  }
  return { family: family === NETLINK ? 'netlink' : family };
}

/** The shortest form of an IPv6 address (RFC 5952). */
function inet6(bytes: Uint8Array): string {
  const words: string[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((bytes[i] << 8) | bytes[i + 1]).toString(16));
  const text = words.join(':');
  let longest = '';
  for (const [run] of text.matchAll(/(?:^|:)0(?::0)+(?::|$)/g)) if (run.length > longest.length) longest = run;
  return longest === '' ? text : text.replace(longest, '::');
}
