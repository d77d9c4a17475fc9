/** Address blocks (RFC 4632, RFC 4291) as tests on addresses written as text. */

/** An address as 16-bit groups: 2 for IPv4, 8 for IPv6; null when the text is none. */
export function parseAddress(text: string): number[] | null {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (four) {
    const bytes = four.slice(1).map(Number);
    return bytes.every((byte) => byte <= 255) ? [bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]] : null;
  }
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(':')) return null;
  let source = text;
  const mapped = /:((?:\d{1,3}\.){3}\d{1,3})$/.exec(text);
  if (mapped) {
    const last = parseAddress(mapped[1]);
    if (!last) return null;
    source = `${text.slice(0, mapped.index + 1)}${last.map((group) => group.toString(16)).join(':')}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':').map((group) => (/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Number.NaN))));
  if (groups.flat().some(Number.isNaN)) return null;
  if (halves.length === 1) return groups[0].length === 8 ? groups[0] : null;
  const missing = 8 - groups[0].length - groups[1].length;
  return missing >= 1 ? [...groups[0], ...Array<number>(missing).fill(0), ...groups[1]] : null;
}

/** A test for membership in a block such as 10.0.0.0/8 or fe80::/10; null when the text is no block. */
export function parseCidr(text: string): ((value: string) => boolean) | null {
  const match = /^(.+)\/(\d{1,3})$/.exec(text);
  if (!match) return null;
  const network = parseAddress(match[1]);
  const bits = Number(match[2]);
  if (!network || bits > network.length * 16) return null;
  return (value) => {
    const address = parseAddress(value);
    if (!address || address.length !== network.length) return false;
    for (let i = 0, left = bits; left > 0; i++, left -= 16) {
      const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
      if ((address[i] & mask) !== (network[i] & mask)) return false;
    }
    return true;
  };
}
