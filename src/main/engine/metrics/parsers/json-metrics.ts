/**
 * What parsers of metrics in JSON have in common: the elements of the lists that hold the series, cut out one by one, so that a document of any
 * size is read with the memory of its largest element, each read or rejected with what it says.
 */
import { isObject, type JsonObject } from '../../formats/lib/json-access.ts';
import { cutElements, type Choice, type Choose } from '../../formats/lib/json-elements.ts';
import { CountingSink, readNumber, Unreadable, type MetricCounts, type MetricSink } from './parser.ts';

/** Paths of keys joined with dots, lists around the documents left out. */
export interface JsonShape {
  /** lists whose elements are read: 'data.result' */
  lists: readonly string[];
  /** small values that are told when the document ends: 'status' */
  facts: readonly string[];
}

/** Rejects a part of an element; the place told is that of the element. */
export type RejectPart = (reason: string, part: unknown) => void;

export interface ElementReader {
  /** Reads an element of the list at `path`; what it throws as an Unreadable rejects it whole. */
  element(path: string, value: unknown, out: CountingSink, reject: RejectPart): void;
  /** A document has ended, with these facts by path. Returns why it must be rejected, or ''. */
  document?(facts: ReadonlyMap<string, unknown>, out: CountingSink): string;
}

const LIST = 91;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** How much of a part is kept: an element may have very many that are wrong. */
const PART_CHARACTERS = 1024;

/** Which values of a document are cut out; `opened` is told of lists that are entered. */
export function chooser({ lists, facts }: JsonShape, opened?: (path: string) => void): Choose {
  return (place, opener): Choice => {
    const path = bare(place);
    if (path === '') return 'enter';
    if (lists.some((list) => path === `${list}.*`) || facts.includes(path)) return 'take';
    if (opener === LIST) {
      if (!lists.includes(path)) return 'skip';
      opened?.(path);
      return 'enter';
    }
    return [...lists, ...facts].some((wanted) => wanted.startsWith(`${path}.`)) ? 'enter' : 'skip';
  };
}
/** Documents may stand in a list. */
export function bare(path: string): string {
  return path === '*' ? '' : path.replace(/^\*\./, '');
}

export async function readElements(chunks: AsyncIterable<Uint8Array>, shape: JsonShape, sink: MetricSink, reader: ElementReader): Promise<MetricCounts> {
  const out = new CountingSink(sink);
  const facts = new Map<string, unknown>();
  for await (const { kind, path: place, offset, bytes, reason } of cutElements(chunks, chooser(shape))) {
    const path = bare(place);
    if (kind === 'broken') {
      out.reject({ offset, length: bytes.length, reason, bytes });
      continue;
    }
    if (kind === 'left' && path !== '') continue;
    try {
      if (kind === 'left') {
        const wrong = reader.document?.(facts, out) ?? '';
        facts.clear();
        if (wrong !== '') out.reject({ offset, length: 0, reason: wrong, bytes });
      } else if (shape.facts.includes(path)) {
        facts.set(path, parsed(bytes));
      } else {
        reader.element(path.slice(0, -2), parsed(bytes), out, (why, part) => out.reject({ offset, length: bytes.length, reason: why, bytes: partBytes(part) }));
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      out.reject({ offset, length: bytes.length, reason: error.message, bytes });
    }
  }
  return out.counts;
}

/** What is kept of a part that was rejected. */
export function partBytes(part: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(part)?.slice(0, PART_CHARACTERS));
}

/** Throws an Unreadable. */
export function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Unreadable(`Not valid JSON: ${error.message.slice(0, 200)}`);
    throw error;
  }
}

/** A number that JSON holds as such or, because it has no NaN and no 64 bits, as text. Throws an Unreadable. */
export function numberOf(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' ? readNumber(value) : undefined;
  if (number === undefined) throw new Unreadable(`${what} is not a number.`);
  return number;
}

/** `value` when it is an object, else an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
/** Text, or what a number or boolean is as text; '' for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Values of an object that can be labels; others as JSON. */
export function labelsOf(value: JsonObject): [string, string][] {
  return Object.entries(value).map(([name, item]) => [name, typeof item === 'string' ? item : JSON.stringify(item) ?? '']);
}
