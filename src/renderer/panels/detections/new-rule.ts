/** What a new rule begins with: the parts that each must have, to be filled in. */
export function newRule(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return `title: \nid: ${id}\nstatus: experimental\ndescription: \nauthor: \nlogsource:\n    product: \ndetection:\n    selection:\n        field|contains: \n    condition: selection\nlevel: medium\n`;
}
