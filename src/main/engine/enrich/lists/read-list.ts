/** Reads a list of indicators of any kind, in bounded memory. */
import { cutElements, type Choice } from '../../formats/lib/json-elements.ts';
import type { Listed } from '../indicator.ts';
import { readTable } from './csv.ts';
import { textOf } from './facts.ts';
import { mispAttribute } from './misp.ts';
import { StixReader } from './stix.ts';

export type ListFormat = 'stix' | 'misp' | 'csv';
/** One object of a bundle may be so long. */
const MAX_OBJECT = 4 << 20;
const decoder = new TextDecoder('utf-8');

/** By the first bytes: JSON is STIX or MISP, anything else a table or one value a line. */
export function listFormat(head: Uint8Array): ListFormat {
  const text = decoder.decode(head).replace(/^\ufeff/, '').trimStart();
  if (!/^(?:\{|\[\s*[{\]])/.test(text)) return 'csv';
  return /"Attribute"|"Event"|"Object"|"to_ids"/.test(text) && !/"type"\s*:\s*"bundle"/.test(text) ? 'misp' : 'stix';
}

/** Indicators of the stream, in groups. What cannot be read is among them, with the reason. */
export async function* readList(chunks: AsyncIterable<Uint8Array>, head: Uint8Array): AsyncGenerator<Listed[], void, void> {
  const format = listFormat(head);
  const bundled = /"objects"\s*:/.test(decoder.decode(head));
  if (format === 'csv') yield* readTable(chunks);
  else if (format === 'stix') yield* readStix(chunks, bundled);
  else yield* readMisp(chunks);
}

/** A bundle or several of them; a list of objects or an object a line where nothing is `bundled`. */
async function* readStix(chunks: AsyncIterable<Uint8Array>, bundled: boolean): AsyncGenerator<Listed[], void, void> {
  const reader = new StixReader();
  const choose = (path: string, opener: number): Choice => {
    if (opener === 91) return path === '' || path === 'objects' || path === '*.objects' ? 'enter' : 'skip';
    if (opener !== 123) return 'skip';
    if (!bundled) return 'take';
    return path === '' || path === '*' ? 'enter' : path === 'objects.*' || path === '*.objects.*' ? 'take' : 'skip';
  };
  yield* fromObjects(cutElements(chunks, choose, MAX_OBJECT), (object) => reader.object(object));
}

async function* readMisp(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Listed[], void, void> {
  let event = '';
  const choose = (path: string, opener: number): Choice => {
    if (/(?:^|\.)Attribute\.\*$/.test(path)) return 'take';
    if (/(?:^|\.)Event\.info$/.test(path)) return 'take';
    if (/(?:^|\.)(?:Tag|Galaxy|RelatedEvent|Orgc?|EventReport|ShadowAttribute|Feed)$/.test(path)) return 'skip';
    return opener === 123 || opener === 91 ? 'enter' : 'skip';
  };
  for await (const piece of cutElements(chunks, choose, MAX_OBJECT)) {
    if (piece.kind === 'left') {
      if (/(?:^|\.)Event$/.test(piece.path)) event = '';
      continue;
    }
    if (piece.kind === 'broken') {
      yield [{ rejected: piece.reason }];
      continue;
    }
    const value = parsed(piece.bytes);
    if (piece.path.endsWith('info')) event = textOf(value);
    else if (typeof value === 'object' && value !== null) yield mispAttribute(value as Record<string, unknown>, event);
    else yield [{ rejected: 'an attribute is not valid JSON' }];
  }
}

async function* fromObjects(pieces: ReturnType<typeof cutElements>, read: (object: Record<string, unknown>) => Listed[]): AsyncGenerator<Listed[], void, void> {
  for await (const piece of pieces) {
    if (piece.kind === 'broken') yield [{ rejected: piece.reason }];
    if (piece.kind !== 'value') continue;
    const value = parsed(piece.bytes);
    const found = typeof value === 'object' && value !== null ? read(value as Record<string, unknown>) : [{ rejected: 'an object is not valid JSON' }];
    if (found.length > 0) yield found;
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
