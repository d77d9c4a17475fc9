/**
 * Blobs of the store say in their first byte how they are packed: 0 raw, 1 deflate (RFC 1951), 2 zstd (RFC 8878). zstd is written
 * where the runtime has it (Node >= 22.15), deflate elsewhere; every reader knows all three, so a case moves between runtimes.
 */
import zlib from 'node:zlib';
import { decompress as zstdInJavaScript } from 'fzstd';

const zstdCompress = zlib.zstdCompressSync as typeof zlib.zstdCompressSync | undefined;
const zstdDecompress = zlib.zstdDecompressSync as typeof zlib.zstdDecompressSync | undefined;
/** The fastest levels: the bound is the processor, not the disk. */
const ZSTD = zstdCompress ? { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } } : undefined;
const DEFLATE = { level: 1 };
/** A damaged length field must not ask for all memory. */
const MAX_UNPACKED = 256 << 20;

export function pack(bytes: Uint8Array): Uint8Array {
  const packed = zstdCompress ? zstdCompress(bytes, ZSTD) : zlib.deflateRawSync(bytes, DEFLATE);
  const body = packed.length < bytes.length ? packed : bytes;
  const out = new Uint8Array(body.length + 1);
  out[0] = body === bytes ? 0 : zstdCompress ? 2 : 1;
  out.set(body, 1);
  return out;
}

/** The same without compressing. */
export function packedRaw(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + 1);
  out.set(bytes, 1);
  return out;
}

/** Never a Buffer, whose `slice` is a view into a pool where that of a Uint8Array is a copy. Throws when the bytes are damaged. */
export function unpack(packed: Uint8Array): Uint8Array {
  const bytes = unpacked(packed);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
function unpacked(packed: Uint8Array): Uint8Array {
  const body = packed.subarray(1);
  switch (packed[0]) {
    case 0:
      return body;
    case 1:
      return zlib.inflateRawSync(body, { maxOutputLength: MAX_UNPACKED });
    case 2:
      return zstdDecompress ? zstdDecompress(body, { maxOutputLength: MAX_UNPACKED }) : zstdInJavaScript(body);
    default:
      throw new Error(`unknown packing ${packed[0]}`);
  }
}
