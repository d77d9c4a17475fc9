/**
 * Cuts chosen values out of JSON documents of any length without parsing the whole: one pass over the bytes that only knows brackets,
 * strings and the path it stands at. Several documents may follow one another (JSON lines); lists and objects on the way to a chosen
 * value are entered, all else is passed over.
 *
 * Memory: one chosen value at a time, at most `limit` bytes of it. Values are handed out as bytes; whether they are valid JSON inside
 * shows when they are parsed.
 */

/** enter: look inside; take: hand out whole; skip: pass over. Scalars are passed over where 'enter' is said. */
export type Choice = 'enter' | 'take' | 'skip';
/** `path`: keys joined with dots, elements of lists as '*', '' for a document itself. `opener` is the value's first byte. */
export type Choose = (path: string, opener: number) => Choice;

export interface Piece {
  /** value: a chosen value; left: an entered list or object has ended; broken: these bytes cannot be read, `reason` says why */
  kind: 'value' | 'left' | 'broken';
  path: string;
  /** where it stands in the stream */
  offset: number;
  /** of what is broken, at least the beginning */
  bytes: Uint8Array;
  reason: string;
}

const VALUE_LIMIT = 64 << 20;
/** Deeper values are handed out as broken: what they become must stay below the depth that records may have. */
const MAX_DEPTH = 64;
const KEPT_BYTES = 64 << 10;
const MAX_KEY_BYTES = 1024;
const MAX_PATH_DEPTH = 16;
const NONE = new Uint8Array(0);
const decoder = new TextDecoder();

/** What is due in an entered list or object, or outside all of them. */
type Due = 'document' | 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end';
/** What the next byte belongs to: the structure itself, a key, a value passed through, bytes behind an error. */
type Within = 'structure' | 'key' | 'container' | 'string' | 'scalar' | 'rubble';

export class ElementCutter {
  private readonly choose: Choose;
  private readonly limit: number;
  private readonly frames: { path: string; list: boolean }[] = [];
  private due: Due = 'document';
  private within: Within = 'structure';
  /** offset of the chunk's first byte */
  private base = 0;
  /** the value or key being gone through: where it began, its bytes so far, those of the chunk at hand from `from` on */
  private startedAt = 0;
  private parts: Uint8Array[] = [];
  private size = 0;
  private from = 0;
  private keep = false;
  private path = '';
  private inString = false;
  private escaped = false;
  private depth = 0;
  private tooDeep = false;
  /** per level, whether it is a list */
  private readonly lists = new Uint8Array(MAX_DEPTH + 1);
  /** whether the byte before was a line's end, and the last one that was no blank, outside strings */
  private lineStart = false;
  private ink = 0;
  /** why there is rubble */
  private reason = '';
  private closed = false;

  constructor(choose: Choose, limit = VALUE_LIMIT) {
    this.choose = choose;
    this.limit = limit;
  }

  *push(chunk: Uint8Array): Generator<Piece, void, void> {
    const length = chunk.length;
    this.from = 0;
    let i = 0;
    while (i < length) {
      switch (this.within) {
        case 'structure': {
          const c = chunk[i];
          if (c === 32 || (c >= 9 && c <= 13) || c === 30 || c === 0xef || c === 0xbb || c === 0xbf) {
            this.lineStart = c === 10;
            i++;
            break;
          }
          const wrong = this.structure(c, i);
          if (wrong === '') {
            this.lineStart = false;
            // A scalar's first byte belongs to it; brackets and quotes are done with.
            if (!this.inScalar()) i++;
            if (this.closed) {
              this.closed = false;
              yield this.piece('left', this.path, this.base + i - 1, NONE, '');
            }
          } else {
            yield* this.breakDown(wrong, i);
          }
          break;
        }
        case 'key':
        case 'string':
          i = this.text(chunk, i);
          if (i < 0) {
            i = -i - 1;
            this.collect(chunk, i);
            yield* this.breakDown('a string is not ended on its line', i);
          } else if (!this.inString) {
            this.collect(chunk, i);
            if (this.within === 'key') this.endKey();
            else yield* this.endValue();
          }
          break;
        case 'container': {
          const at = this.container(chunk, i);
          if (at < 0) {
            i = -at - 1;
            this.collect(chunk, i);
            yield* this.breakDown('brackets do not match, or a string is not ended on its line', i);
            break;
          }
          i = at;
          if (this.depth === 0) {
            this.collect(chunk, i);
            yield* this.endValue();
          }
          break;
        }
        case 'scalar':
          while (i < length && !endsScalar(chunk[i])) i++;
          if (i < length) {
            this.collect(chunk, i);
            yield* this.endValue();
          }
          break;
        case 'rubble': {
          const c = chunk[i];
          if (this.lineStart && (c === 123 || c === 91)) {
            this.collect(chunk, i);
            yield this.endRubble(i);
            break;
          }
          this.lineStart = c === 10;
          i++;
          break;
        }
      }
    }
    if (this.within !== 'structure') this.collect(chunk, length);
    this.base += length;
  }

  /** The stream has ended. */
  *finish(): Generator<Piece, void, void> {
    this.from = 0;
    if (this.within === 'scalar') yield* this.endValue();
    if (this.within === 'rubble') {
      yield this.endRubble(0);
      return;
    }
    if (this.within === 'structure' && this.frames.length === 0) return;
    const kept = this.within === 'structure' ? NONE : concat(this.parts, this.size);
    yield this.piece('broken', this.path, this.within === 'structure' ? this.base : this.startedAt, kept, 'The file ends in the middle of a JSON document: it is cut off here.');
    yield* this.leaveAll(this.base);
  }

  /** Takes the byte c in an entered list or object; returns what is wrong with it, or ''. */
  private structure(c: number, i: number): string {
    const frame = this.frames.at(-1);
    switch (this.due) {
      case 'colon':
        if (c !== 58) return 'a colon is missing after a key';
        this.due = 'value';
        return '';
      case 'comma or end':
        if (c === 44) {
          this.due = frame?.list ? 'value' : 'key';
          return '';
        }
        return frame && c === (frame.list ? 93 : 125) ? this.leave() : 'a comma or a closing bracket is missing';
      case 'key':
      case 'key or end':
        if (c === 125 && this.due === 'key or end') return this.leave();
        if (c !== 34) return 'a key in double quotes is missing';
        this.begin('key', true, i + 1);
        this.inString = true;
        return '';
      default:
        if (c === 93 && this.due === 'value or end') return this.leave();
        return this.beginValue(c, i, frame);
    }
  }

  private beginValue(c: number, i: number, frame: { path: string; list: boolean } | undefined): string {
    if (frame?.list) this.path = frame.path === '' ? '*' : `${frame.path}.*`;
    else if (!frame) this.path = '';
    const opens = c === 123 || c === 91;
    if (!opens && !frame) return 'a document does not begin with { or [';
    if (!opens && c !== 34 && c !== 45 && !(c >= 48 && c <= 57) && c !== 116 && c !== 102 && c !== 110) return 'a value is missing';
    const choice = this.choose(this.path, c);
    if (choice === 'enter' && opens && this.frames.length < MAX_PATH_DEPTH) {
      this.frames.push({ path: this.path, list: c === 91 });
      this.due = c === 91 ? 'value or end' : 'key or end';
      return '';
    }
    this.begin(opens ? 'container' : c === 34 ? 'string' : 'scalar', choice === 'take', i);
    this.inString = c === 34;
    if (opens) {
      this.depth = 1;
      this.ink = c;
      this.lists[1] = c === 91 ? 1 : 0;
    }
    return '';
  }

  private begin(within: Within, keep: boolean, i: number): void {
    this.within = within;
    this.startedAt = this.base + i;
    this.from = i;
    this.keep = keep;
    this.parts = [];
    this.size = 0;
    this.escaped = false;
    this.tooDeep = false;
  }

  /** Keeps the chunk's bytes up to i for the value at hand, as far as it may grow. */
  private collect(chunk: Uint8Array, i: number): void {
    const count = i - this.from;
    const room = this.within === 'rubble' ? KEPT_BYTES : this.within === 'key' ? MAX_KEY_BYTES : this.limit;
    if (this.keep && count > 0) {
      // Copied, because the stream may use its chunk again.
      if (this.size < room) this.parts.push(chunk.slice(this.from, Math.min(i, this.from + room - this.size)));
      if (this.size + count > room && this.size <= room && this.within !== 'key') {
        const kept = concat(this.parts, Math.min(this.size + count, room)).slice(0, KEPT_BYTES);
        this.parts = [kept];
      }
    }
    this.size += Math.max(0, count);
    this.from = i;
  }

  /** Behind the string's end, or the chunk's; -1 - i when a line ends in it. */
  private text(chunk: Uint8Array, i: number): number {
    for (; i < chunk.length; i++) {
      const c = chunk[i];
      if (this.escaped) this.escaped = false;
      else if (c === 92) this.escaped = true;
      else if (c === 34) {
        this.inString = false;
        return i + 1;
      }
      if (c === 10) return -1 - i;
    }
    return i;
  }

  /** Behind the value's closing bracket (depth is 0 then), or the chunk's end; -1 - i when it cannot go on at i. */
  private container(chunk: Uint8Array, i: number): number {
    while (i < chunk.length) {
      if (this.inString) {
        i = this.text(chunk, i);
        if (i < 0) return i;
        continue;
      }
      const c = chunk[i++];
      if (c <= 32) {
        this.lineStart = c === 10;
        continue;
      }
      // A { at the start of a line where no value is due: the document before was cut off.
      if (this.lineStart && c === 123 && this.ink !== 58 && this.ink !== 44 && this.ink !== 91) return -i;
      this.lineStart = false;
      this.ink = c;
      if (c === 34) {
        this.inString = true;
      } else if (c === 123 || c === 91) {
        this.depth++;
        if (this.depth <= MAX_DEPTH) this.lists[this.depth] = c === 91 ? 1 : 0;
        else this.tooDeep = true;
      } else if (c === 125 || c === 93) {
        if (this.depth <= MAX_DEPTH && (this.lists[this.depth] === 1) !== (c === 93)) return -i;
        this.depth--;
        if (this.depth === 0) return i;
      }
    }
    return i;
  }

  private endKey(): void {
    const text = decoder.decode(concat(this.parts, Math.min(this.size, MAX_KEY_BYTES))).replace(/"$/, '');
    // A dot or star in a key is no step of a path.
    const key = text.replace(/[.*]/g, '?');
    const parent = this.frames.at(-1)?.path ?? '';
    this.path = parent === '' ? key : `${parent}.${key}`;
    this.within = 'structure';
    this.due = 'colon';
  }

  private *endValue(): Generator<Piece, void, void> {
    const { keep, size, startedAt } = this;
    this.within = 'structure';
    this.due = this.frames.length === 0 ? 'document' : 'comma or end';
    const parts = this.parts;
    this.parts = [];
    if (!keep) return;
    if (size > this.limit) yield this.piece('broken', this.path, startedAt, concat(parts, size), `This part of the document has ${size} bytes; up to ${this.limit} can be read.`);
    else if (this.tooDeep) yield this.piece('broken', this.path, startedAt, concat(parts, size), `Objects and lists are nested deeper than ${MAX_DEPTH} here.`);
    else yield this.piece('value', this.path, startedAt, concat(parts, size), '');
  }

  private inScalar(): boolean {
    return this.within === 'scalar';
  }
  private leave(): string {
    const frame = this.frames.pop();
    this.path = frame?.path ?? '';
    this.closed = true;
    this.due = this.frames.length === 0 ? 'document' : 'comma or end';
    return '';
  }
  private *leaveAll(offset: number): Generator<Piece, void, void> {
    for (let frame = this.frames.pop(); frame; frame = this.frames.pop()) yield this.piece('left', frame.path, offset, NONE, '');
  }

  /** From here on nothing counts until a line begins with { or [: the bytes up to there are one broken piece. */
  private *breakDown(reason: string, i: number): Generator<Piece, void, void> {
    if (this.inString) this.lineStart = false;
    this.inString = false;
    const began = this.within === 'structure' ? this.base + i : this.startedAt;
    const kept = this.within === 'structure' || !this.keep ? [] : [concat(this.parts, this.size).slice(0, KEPT_BYTES)];
    const size = this.within === 'structure' ? 0 : this.size;
    yield* this.leaveAll(this.base + i);
    this.begin('rubble', true, i);
    this.startedAt = began;
    this.parts = kept;
    this.size = size;
    this.reason = reason;
  }
  private endRubble(i: number): Piece {
    const bytes = concat(this.parts, this.size).slice(0, KEPT_BYTES);
    const piece = this.piece('broken', '', this.startedAt, bytes, `Not valid JSON: ${this.reason}. ${this.size} bytes were passed over, up to the next line that begins with { or [.`);
    this.begin('structure', false, i);
    this.due = 'document';
    return piece;
  }

  private piece(kind: Piece['kind'], path: string, offset: number, bytes: Uint8Array, reason: string): Piece {
    return { kind, path, offset, bytes, reason };
  }
}

/** The pieces of a stream. */
export async function* cutElements(chunks: AsyncIterable<Uint8Array>, choose: Choose, limit?: number): AsyncGenerator<Piece, void, void> {
  const cutter = new ElementCutter(choose, limit);
  for await (const chunk of chunks) yield* cutter.push(chunk);
  yield* cutter.finish();
}

function endsScalar(c: number): boolean {
  return c === 44 || c === 93 || c === 125 || c <= 32;
}

/** The parts, one behind the other; `size` counts only when they hold as much. */
function concat(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0];
  const have = parts.reduce((sum, part) => sum + part.length, 0);
  const all = new Uint8Array(Math.min(have, size));
  let at = 0;
  for (const part of parts) {
    all.set(part.subarray(0, all.length - at), at);
    at += part.length;
    if (at >= all.length) break;
  }
  return all;
}
