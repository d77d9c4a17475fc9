/** What parsers of metrics in JSON have in common: elements one after the other, each read or rejected with what it says. */
import { jsonElements, type JsonObject } from './json-elements.ts';
import { CountingSink, readNumber, Unreadable, type MetricCounts, type MetricSink } from './parser.ts';

/** Rejects a part of an element; the place told is that of the element. */
export type RejectPart = (reason: string, part: unknown) => void;

export interface ElementReader {
  /** Reads an element; what it throws as an Unreadable rejects it whole. */
  element(path: string, value: unknown, out: CountingSink, reject: RejectPart): void;
  /** The document around has ended. Returns why it must be rejected, or ''. */
  document?(value: unknown, out: CountingSink): string;
}

export async function readElements(
  chunks: AsyncIterable<Uint8Array>, wanted: ReadonlySet<string>, sink: MetricSink, reader: ElementReader,
): Promise<MetricCounts> {
  const out = new CountingSink(sink);
  for await (const part of jsonElements(chunks, wanted)) {
    const { offset, length } = part;
    if (part.kind === 'damaged') {
      out.reject(part);
      continue;
    }
    try {
      if (part.kind === 'element') {
        reader.element(part.path, part.value, out, (reason, of) => out.reject({ offset, length, reason, bytes: encoder.encode(JSON.stringify(of)?.slice(0, PART_CHARACTERS)) }));
      } else {
        const reason = reader.document?.(part.value, out) ?? '';
        if (reason !== '') out.reject({ offset, length, reason, bytes: part.bytes });
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      out.reject({ offset, length, reason: error.message, bytes: part.bytes });
    }
  }
  return out.counts;
}
const encoder = new TextEncoder();
/** How much of a part is kept: an element may have very many that are wrong. */
const PART_CHARACTERS = 1024;

/** A number that JSON holds as such or, because it has no NaN and no 64 bits, as text. Throws an Unreadable. */
export function numberOf(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' ? readNumber(value) : undefined;
  if (number === undefined) throw new Unreadable(`${what} is not a number.`);
  return number;
}

/** Values of an object that can be labels; others as JSON. */
export function labelsOf(value: JsonObject): [string, string][] {
  return Object.entries(value).map(([name, item]) => [name, typeof item === 'string' ? item : JSON.stringify(item) ?? '']);
}
