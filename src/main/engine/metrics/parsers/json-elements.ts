/**
 * Cuts the elements of the arrays that matter out of JSON documents, so that a document of any size is read with the memory of its
 * largest element. What is left of a document, with those arrays empty, follows when it ends. Documents may stand one behind the other
 * (JSON lines) or in one array.
 */

/** An element is never larger; a larger one is damaged. */
const MAX_ELEMENT_BYTES = 64 << 20;
/** What is left of a document. */
const MAX_REST_BYTES = 4 << 20;
const MAX_DEPTH = 512;
const LF = 10;
const KEPT_BYTES = 64 << 10;

export type JsonPart =
  | { kind: 'element'; path: string; offset: number; length: number; value: unknown; bytes: Uint8Array }
  /** `bytes` without the elements */
  | { kind: 'document'; offset: number; length: number; value: unknown; bytes: Uint8Array }
  | { kind: 'damaged'; offset: number; length: number; reason: string; bytes: Uint8Array };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that come in pieces, up to a limit. */
class Gathered {
  #pieces: Uint8Array[] = [];
  length = 0;
  readonly #limit: number;
  constructor(limit: number) {
    this.#limit = limit;
  }
  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    // The chunk is not ours: its memory may be used again for the next one.
    if (bytes.length > 0 && (this.length <= this.#limit || this.length === bytes.length)) this.#pieces.push(bytes.slice(0, this.#limit));
  }
  get full(): boolean {
    return this.length > this.#limit;
  }
  take(): Uint8Array {
    const [first] = this.#pieces;
    let whole = first ?? new Uint8Array(0);
    if (this.#pieces.length > 1) {
      whole = new Uint8Array(this.#pieces.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const piece of this.#pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
    }
    this.#pieces = [];
    this.length = 0;
    return whole;
  }
}

/** The cutter itself: push() chunks, then end(). */
export class JsonCutter {
  /** paths of wanted arrays that were opened: 'data.result' */
  readonly opened = new Set<string>();
  readonly #wanted: ReadonlySet<string>;
  readonly #parts: JsonPart[] = [];
  readonly #rest = new Gathered(MAX_REST_BYTES);
  readonly #element = new Gathered(MAX_ELEMENT_BYTES);
  /** 123 or 91 for each open bracket */
  #open: number[] = [];
  /** the path each of them stands at; arrays add nothing to it */
  #paths: string[] = [];
  #key = '';
  #inString = false;
  #escape = false;
  /** bytes of the string being read, when it may be a key that matters */
  #text: number[] | undefined;
  /** depth at which elements are cut, 0 when not inside a wanted array */
  #depth = 0;
  #path = '';
  #elementAt = -1;
  #documentAt = -1;
  #offset = 0;
  /** skipping what is no JSON: the next line may be some */
  #garbage = false;
  #reason = '';

  /** @param wanted paths of arrays: keys joined with dots, arrays on the way left out ('resourceMetrics', 'data.result') */
  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  push(chunk: Uint8Array): JsonPart[] {
    /** where the bytes begin that are not gathered yet */
    let from = 0;
    const base = this.#offset;
    const flush = (to: number): void => {
      if (this.#documentAt >= 0 && to > from) (this.#elementAt >= 0 ? this.#element : this.#rest).add(chunk.subarray(from, to));
      from = to;
    };
    for (let i = 0; i < chunk.length; i++) {
      const c = chunk[i];
      if (this.#inString) {
        if (this.#escape) this.#escape = false;
        else if (c === 92) this.#escape = true;
        else if (c === 34) this.#inString = false;
        if (this.#inString && this.#text && this.#text.length < 256) this.#text.push(c);
        continue;
      }
      if (this.#garbage) {
        if (c === LF) {
          flush(i);
          this.#abandon(base + i, this.#reason);
        }
        continue;
      }
      if (c === 32 || c === LF || c === 13 || c === 9) continue;
      if (this.#documentAt < 0) {
        if (c === 0xef || c === 0xbb || c === 0xbf || c === 44) continue;
        this.#documentAt = base + i;
        from = i;
        if (c !== 123 && c !== 91) {
          this.#skip('This is not a JSON object or array.');
          continue;
        }
      }
      const inArray = this.#depth > 0 && this.#open.length === this.#depth;
      if (inArray && this.#elementAt < 0 && c !== 44 && c !== 93) {
        flush(i);
        this.#elementAt = base + i;
      }
      if (c === 34) {
        this.#inString = true;
        this.#text = this.#depth === 0 ? [] : undefined;
      } else if (c === 58) {
        if (this.#text) this.#key = this.#text.includes(92) ? '' : decoder.decode(Uint8Array.from(this.#text));
        this.#text = undefined;
      } else if (c === 123 || c === 91) {
        if (this.#open.length >= MAX_DEPTH) this.#skip(`The JSON is nested deeper than ${MAX_DEPTH}.`);
        else this.#enter(c);
      } else if (c === 125 || c === 93) {
        if (inArray && c === 93) {
          flush(i);
          this.#endElement(base + i);
          this.#depth = 0;
        }
        if (this.#open.pop() !== (c === 125 ? 123 : 91)) {
          this.#skip('A bracket of the JSON closes what was not opened.');
          continue;
        }
        this.#paths.pop();
        if (this.#open.length === 0) {
          flush(i + 1);
          this.#endDocument(base + i + 1);
        }
      } else if (c === 44 && inArray) {
        flush(i);
        this.#endElement(base + i);
        // The comma is left out of the rest: the array there is empty.
        from = i + 1;
      }
    }
    flush(chunk.length);
    this.#offset += chunk.length;
    return this.#parts.splice(0);
  }

  end(): JsonPart[] {
    if (this.#documentAt >= 0) this.#abandon(this.#offset, this.#garbage ? this.#reason : 'The JSON ends in the middle.');
    return this.#parts.splice(0);
  }

  /** What was begun cannot be read: it goes on to the end of the line. */
  #skip(reason: string): void {
    this.#garbage = true;
    this.#reason = reason;
  }

  #enter(c: number): void {
    const above = this.#paths[this.#paths.length - 1] ?? '';
    const inObject = this.#open[this.#open.length - 1] === 123;
    const path = this.#depth > 0 || !inObject ? above : above === '' ? this.#key : `${above}.${this.#key}`;
    this.#open.push(c);
    this.#paths.push(path);
    if (c === 91 && inObject && this.#depth === 0 && this.#wanted.has(path)) {
      this.#depth = this.#open.length;
      this.#path = path;
      this.opened.add(path);
    }
  }

  #endElement(end: number): void {
    if (this.#elementAt < 0) return;
    const { full } = this.#element;
    const bytes = this.#element.take();
    const at = { offset: this.#elementAt, length: end - this.#elementAt };
    this.#elementAt = -1;
    if (full) {
      this.#parts.push({ kind: 'damaged', ...at, reason: `The element is larger than ${MAX_ELEMENT_BYTES >> 20} MiB.`, bytes: bytes.slice(0, KEPT_BYTES) });
      return;
    }
    const value = parsed(bytes);
    if (value === undefined) this.#parts.push({ kind: 'damaged', ...at, reason: 'This is not correct JSON.', bytes: bytes.slice(0, KEPT_BYTES) });
    else this.#parts.push({ kind: 'element', path: this.#path, ...at, value, bytes });
  }

  #endDocument(end: number): void {
    const { full } = this.#rest;
    const bytes = this.#rest.take();
    const at = { offset: this.#documentAt, length: end - this.#documentAt };
    const value = full ? undefined : parsed(bytes);
    if (value !== undefined) this.#parts.push({ kind: 'document', ...at, value, bytes });
    else this.#parts.push({ kind: 'damaged', ...at, reason: full ? 'The document holds too much beside its series.' : 'This is not correct JSON.', bytes: bytes.slice(0, KEPT_BYTES) });
    this.#reset();
  }

  #abandon(end: number, reason: string): void {
    const offset = this.#elementAt >= 0 ? this.#elementAt : this.#documentAt;
    const bytes = (this.#elementAt >= 0 ? this.#element : this.#rest).take().slice(0, KEPT_BYTES);
    this.#parts.push({ kind: 'damaged', offset, length: end - offset, reason, bytes });
    this.#reset();
  }

  #reset(): void {
    this.#rest.take();
    this.#element.take();
    this.#open = [];
    this.#paths = [];
    this.#key = '';
    this.#inString = false;
    this.#escape = false;
    this.#text = undefined;
    this.#garbage = false;
    this.#depth = 0;
    this.#elementAt = -1;
    this.#documentAt = -1;
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch (error) {
    // A RangeError is nesting that the parser of the runtime gives up on.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Every part of a stream, in its order. */
export async function* jsonElements(chunks: AsyncIterable<Uint8Array>, wanted: ReadonlySet<string>): AsyncGenerator<JsonPart> {
  const cutter = new JsonCutter(wanted);
  for await (const chunk of chunks) yield* cutter.push(chunk);
  yield* cutter.end();
}

export type JsonObject = Readonly<Record<string, unknown>>;
/** `value` when it is an object, else an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
