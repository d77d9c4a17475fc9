/** From JSON documents to lines: chosen values are parsed and told one by one, what cannot be read becomes a line that says so. */
import { decodeUtf8 } from '../json-text.ts';
import { parseExact } from '../exact-json.ts';
import { cutElements, ElementCutter, type Choose } from '../json-elements.ts';
import { undecodable } from '../undecodable.ts';

export interface ElementReader {
  /** The lines of one chosen value, which took so many bytes. Throws an Error with the reason when it is none of what is looked for. */
  value(path: string, value: unknown, bytes: number): Iterable<string>;
  /** An entered list or object has ended: lines that waited for it. */
  left?(path: string): Iterable<string>;
}

/** Throws when the stream holds not one element: `what` names them ('span as Jaeger writes it'). */
export async function* elementLines(chunks: AsyncIterable<Uint8Array>, choose: Choose, reader: ElementReader, what: string): AsyncGenerator<string, void, void> {
  let any = false;
  for await (const piece of cutElements(chunks, choose)) {
    if (piece.kind === 'broken') {
      any = true;
      yield undecodable(piece.reason, piece.offset, piece.bytes);
    } else if (piece.kind === 'left') {
      for (const line of reader.left?.(piece.path) ?? []) {
        any = true;
        yield line;
      }
    } else {
      any = true;
      try {
        yield* reader.value(piece.path, parseExact(piece.bytes), piece.bytes.length);
      } catch (error) {
        yield undecodable(reasonOf(error), piece.offset, piece.bytes);
      }
    }
  }
  if (!any) throw new Error(`There is no ${what} in this file. If it holds something else, add it again and choose its format.`);
}
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return `Not valid JSON: ${error.message.slice(0, 200)}.`;
  return error instanceof Error ? error.message.slice(0, 300) : 'This cannot be read.';
}

/** The first chosen values, parsed, that the head of a file holds whole; none when it is no JSON. */
export function headElements(head: Uint8Array, choose: Choose, most = 20): unknown[] {
  const found: unknown[] = [];
  const first = decodeUtf8(head, 0, Math.min(64, head.length)).replace(/^\ufeff/, '').trimStart();
  if (!/^[[{]/.test(first)) return found;
  for (const piece of new ElementCutter(choose).push(head)) {
    if (piece.kind !== 'value') {
      if (piece.kind === 'broken') break;
      continue;
    }
    try {
      found.push(parseExact(piece.bytes));
    } catch {
      break;
    }
    if (found.length >= most) break;
  }
  return found;
}
