/** A binary stream of OTLP's spans and logs to lines. */
import { undecodable } from '../undecodable.ts';
import { binaryParts } from './binary-parts.ts';
import { resourceLines } from './lines.ts';
import type { Wire } from './wire.ts';

/** A line each, or many as bytes. */
export async function* binaryLines(chunks: AsyncIterable<Uint8Array>, wire: Wire): AsyncGenerator<string | Uint8Array, void, void> {
  const [{ readResource }, { LogBytes }] = await Promise.all([import('./protobuf.ts'), import('./log-bytes.ts')]);
  const logs = new LogBytes();
  for await (const { kind, offset, bytes, damage } of binaryParts(chunks, wire)) {
    try {
      if (damage !== '') yield undecodable(damage, offset, bytes);
      else if (kind === 'logs') yield* logs.lines(bytes);
      else yield* resourceLines(kind, readResource(bytes, kind));
    } catch (error) {
      yield undecodable(`This part of the message cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`, offset, bytes);
    }
  }
}
