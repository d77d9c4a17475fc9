/** Dictionaries of a segment in one blob: for each field its length, then its ids. */
export function packDicts(dicts: Uint32Array[]): Uint8Array {
  const out = new Uint32Array(dicts.reduce((sum, dict) => sum + 1 + dict.length, 0));
  let at = 0;
  for (const dict of dicts) {
    out[at++] = dict.length;
    out.set(dict, at);
    at += dict.length;
  }
  return new Uint8Array(out.buffer);
}
export function unpackDicts(blob: Uint8Array): Uint32Array[] {
  // Blobs come at any address; a copy is aligned.
  const ids = new Uint32Array(Uint8Array.from(blob).buffer);
  const dicts: Uint32Array[] = [];
  for (let at = 0; at < ids.length; at += 1 + ids[at]) dicts.push(ids.subarray(at + 1, at + 1 + ids[at]));
  return dicts;
}
