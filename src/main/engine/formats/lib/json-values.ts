/**
 * Takes the objects out of a JSON stream one by one: objects one behind the other, one a line, or in lists (also lists of lists, as
 * `gh api --paginate --slurp` writes). Memory: one object, at most the 64 MiB that json-elements.ts reads.
 */
import { recordLine, type DecodedRecord } from './decoded-record.ts';
import { encodedLines } from './encoded-lines.ts';
import { parseExact } from './exact-json.ts';
import { isObject, type JsonObject } from './json-access.ts';
import { cutElements } from './json-elements.ts';
import { undecodable } from './undecodable.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const MAX_DEPTH = 64;

/** What the records of one object are. `offset`: of the object's first byte in the stream. */
export type RecordsOf = (object: JsonObject, offset: number) => Iterable<DecodedRecord>;

/** Decodes a stream of objects into lines: each object becomes the records that `recordsOf` makes of it. */
export function decodeJsonObjects(chunks: AsyncIterable<Uint8Array>, recordsOf: RecordsOf): AsyncIterable<Uint8Array> {
  return encodedLines(linesOf(chunks, recordsOf));
}
async function* linesOf(chunks: AsyncIterable<Uint8Array>, recordsOf: RecordsOf): AsyncGenerator<string, void, void> {
  for await (const { kind, offset, bytes, reason } of cutElements(chunks, (_path, opener) => (opener === 91 ? 'enter' : 'take'))) {
    if (kind === 'left') continue;
    const object = kind === 'value' ? parsed(bytes) : reason;
    if (typeof object === 'string') yield undecodable(object, offset, bytes);
    else for (const record of recordsOf(object, offset)) yield recordLine(record);
  }
}
function parsed(bytes: Uint8Array): JsonObject | string {
  try {
    const value = parseExact(bytes);
    return isObject(value) ? value : 'This stands in a list of JSON objects and is none.';
  } catch (error) {
    return `Not valid JSON: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`;
  }
}

/**
 * The first object of a stream whose beginning is `text`, without what was not complete there. null when it does not begin with an
 * object, or a list of them.
 */
export function firstObject(text: string): JsonObject | null {
  const start = /^[\s\ufeff\u001e[]*(?=\{)/.exec(text)?.[0].length;
  if (start === undefined) return null;
  let closers = '';
  let safe = 0;
  let safeClosers = '';
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      for (i++; i < text.length && text.charCodeAt(i) !== QUOTE; i++) if (text.charCodeAt(i) === BACKSLASH) i++;
      continue;
    }
    if (c === 123 || c === 91) {
      if (closers.length >= MAX_DEPTH) return null;
      closers = (c === 123 ? '}' : ']') + closers;
    } else if (c === 125 || c === 93) {
      closers = closers.slice(1);
      safe = i + 1;
      safeClosers = closers;
      if (closers === '') break;
    } else if (c === 44) {
      safe = i;
      safeClosers = closers;
    }
  }
  if (safe === 0) return null;
  try {
    const value: unknown = JSON.parse(text.slice(start, safe) + safeClosers);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
