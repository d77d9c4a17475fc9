/** Writes a small database in MaxMind's format (version 2.0 of its specification; 24-bit records, addresses of version 4), for tests: no vendor's data is in the repository. */

type Value = string | number | { [key: string]: Value } | Value[];

function header(type: number, size: number): Buffer {
  const extended = type > 7;
  const first = (extended ? 0 : type << 5) | Math.min(size, 29);
  const bytes = [first, ...(extended ? [type - 7] : []), ...(size >= 29 ? [size - 29] : [])];
  return Buffer.from(bytes);
}
function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([header(2, text.length), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([header(6, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([header(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([header(7, entries.length), ...entries.flatMap(([key, inner]) => [encode(key), encode(inner)])]);
}

/** A database of networks such as 203.0.113.0/24. */
export function mmdb(databaseType: string, networks: Readonly<Record<string, Value>>): Buffer {
  const nodes: [number | null, number | null][] = [[null, null]];
  const data: Buffer[] = [];
  let size = 0;
  const leaves: [node: number, side: 0 | 1, offset: number][] = [];
  for (const [network, value] of Object.entries(networks)) {
    const [address, bits] = network.split('/');
    const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    let node = 0;
    for (let bit = 0; bit < Number(bits); bit++) {
      const side = ((number >>> (31 - bit)) & 1) as 0 | 1;
      if (bit === Number(bits) - 1) leaves.push([node, side, size]);
      else node = nodes[node][side] ??= nodes.push([null, null]) - 1;
    }
    const bytes = encode(value);
    data.push(bytes);
    size += bytes.length;
  }
  const tree = Buffer.alloc(nodes.length * 6);
  nodes.forEach((sides, i) => sides.forEach((to, side) => tree.writeUIntBE(to ?? nodes.length, i * 6 + side * 3, 3)));
  for (const [node, side, offset] of leaves) tree.writeUIntBE(nodes.length + 16 + offset, node * 6 + side * 3, 3);
  const metadata = encode({ node_count: nodes.length, record_size: 24, ip_version: 4, database_type: databaseType, languages: ['en'], binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 1_790_000_000, description: { en: 'test' } });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com'), metadata]);
}
