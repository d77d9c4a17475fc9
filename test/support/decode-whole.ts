/** All that a format's decoder makes of a document, kept in memory. */
import type { Format } from '../../src/main/engine/formats/format.ts';

/** `size`: bytes of the chunks that the decoder is given. A format without a decoder reads the document as it is. */
export async function decodeWhole(format: Format, document: Uint8Array, { size = 65536, path = 'document', modified = 0 } = {}): Promise<Buffer> {
  if (!format.decode) return Buffer.from(document);
  const parts: Uint8Array[] = [];
  for await (const part of format.decode(pieces(document, size), { path, modified })) parts.push(part);
  return Buffer.concat(parts);
}

async function* pieces(document: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < document.length; at += size) yield await Promise.resolve(Buffer.from(document.subarray(at, at + size)));
}
