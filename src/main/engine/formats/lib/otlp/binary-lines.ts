/** A binary stream of OTLP's spans and logs to lines. */
import { undecodable } from '../undecodable.ts';
import { binaryParts } from './binary-parts.ts';
import { resourceLines } from './lines.ts';
import type { Wire } from './wire.ts';

export async function* binaryLines(chunks: AsyncIterable<Uint8Array>, wire: Wire): AsyncGenerator<string, void, void> {
  const { readResource } = await import('./protobuf.ts');
  for await (const { kind, offset, bytes, damage } of binaryParts(chunks, wire)) {
    try {
      if (damage !== '') yield undecodable(damage, offset, bytes);
      else yield* resourceLines(kind, readResource(bytes, kind));
    } catch (error) {
      yield undecodable(`This part of the message cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`, offset, bytes);
    }
  }
}
