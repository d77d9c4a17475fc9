/**
 * A strict JSON object scanner (RFC 8259) over bytes that makes no strings: one pass validates the record and leaves in a Structured
 * where the values of the known keys stand. Accepts what JSON.parse accepts, but for nesting deeper than MAX_DEPTH.
 */
import { JsonKeys, WORDS } from './json-keys.ts';
import { decodeUtf8 } from './json-text.ts';
import { MEANING, meaningOf, Places } from './spellings.ts';
import { KIND, type Structured } from './structured.ts';

const MAX_DEPTH = 100;

/** bytes that end a run of plain string bytes: the quote, the backslash, control characters */
const STOP = new Uint8Array(256);
STOP.fill(1, 0, 32);
STOP[34] = STOP[92] = 1;

const topPlaces = new Places();

export class JsonRecord {
  /** why the last scan failed, and where */
  failure = '';
  failedAt = 0;
  private readonly keys = new JsonKeys();
  private readonly out: Structured;
  private buf: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private end = 0;
  /** whether the string scanned last had escapes */
  private escaped = false;

  constructor(out: Structured) {
    this.out = out;
  }

  /** Scans the object whose '{' is at `start`. Returns the position behind its '}', or -1 (see failure). */
  scan(buf: Uint8Array, start: number, end: number): number {
    if (this.buf !== buf) {
      this.buf = buf;
      this.view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength);
    }
    this.end = end;
    this.out.clear();
    return this.object(start + 1, 0, 0, 1);
  }

  private fail(at: number, reason: string): -1 {
    this.failure = at >= this.end ? 'the record ends in the middle' : reason;
    this.failedAt = Math.min(at, this.end);
    return -1;
  }

  /** `node` and `place` are those of the object; i stands behind its '{'. */
  private object(i: number, node: number, place: number, depth: number): number {
    const { buf, end, keys, out, view } = this;
    const { words, guess } = keys;
    let link = 2 * node + 1;
    while (buf[i] <= 32 && isBlank(buf[i]) && i < end) i++;
    if (buf[i] === 125 && i < end) return i + 1;
    for (;;) {
      if (buf[i] !== 34 || i >= end) return this.fail(i, 'a key in double quotes is missing');
      const keyStart = i + 1;
      let key = guess[link];
      if (key >= 0) {
        const count = keys.wordCount[key];
        if (count === 0 || keyStart + 4 * count > end) {
          key = -1;
        } else {
          let w = key * WORDS;
          const last = w + count - 1;
          i = keyStart;
          while (w < last && view.getInt32(i, true) === words[w]) {
            w++;
            i += 4;
          }
          if (w !== last || ((view.getInt32(i, true) ^ words[w]) & keys.mask[key]) !== 0) key = -1;
          else i = keyStart + keys.length[key];
        }
      }
      if (key < 0) {
        i = this.string(keyStart);
        if (i < 0) return -1;
        i--;
        key = keys.find(buf, keyStart, i, place, link);
      }
      i++;
      link = 2 * key;
      while (buf[i] <= 32 && isBlank(buf[i]) && i < end) i++;
      if (buf[i] !== 58 || i >= end) return this.fail(i, 'a colon is missing after a key');
      i++;
      while (buf[i] <= 32 && isBlank(buf[i]) && i < end) i++;

      const c = buf[i];
      const valueStart = i;
      if (keys.marks[key] !== 0) out.marks |= keys.marks[key];
      if (c === 34) {
        i++;
        // Four bytes at a time: the sum has a high bit set where a byte is a quote, a backslash or below 32.
        while (i + 4 <= end) {
          const w = view.getInt32(i, true);
          const quote = w ^ 0x22222222;
          const slash = w ^ 0x5c5c5c5c;
          if ((((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash) | ((w - 0x20202020) & ~w)) & 0x80808080) break;
          i += 4;
        }
        while (STOP[buf[i]] === 0) i++;
        let kind: 0 | 1 = KIND.plain;
        if (buf[i] !== 34 || i >= end) {
          i = this.string(valueStart + 1);
          if (i < 0) return -1;
          i--;
          kind = this.escaped ? KIND.escaped : KIND.plain;
        }
        const meaning = keys.meaning[key];
        if (meaning < 0) out.other(valueStart + 1, i);
        else if (i > valueStart + 1) out.put(meaning, keys.rank[key], keys.parameter[key], kind, valueStart + 1, i);
        i++;
      } else if (c === 123) {
        const inside = keys.inside[key];
        if (inside < 0) {
          i = this.skip(i, depth);
          if (i >= 0) out.other(valueStart, i);
        } else if (depth >= MAX_DEPTH) return this.fail(i, `objects and lists are nested deeper than ${MAX_DEPTH}`);
        else i = this.object(i + 1, key, inside, depth + 1);
        if (i < 0) return -1;
      } else if (c === 45 || (c >= 48 && c <= 57)) {
        i = this.number(i);
        if (i < 0) return -1;
        const meaning = keys.meaning[key];
        if (meaning >= 0) out.put(meaning, keys.rank[key], keys.parameter[key], KIND.number, valueStart, i);
        else out.other(valueStart, i);
      } else {
        i = this.skip(i, depth);
        if (i < 0) return -1;
        out.other(valueStart, i);
        if (c === 91) {
          if (keys.inside[key] >= 0) this.attributeList(valueStart, i);
          if (keys.meaning[key] >= 0) this.listFor(key, valueStart, i);
        }
      }

      while (buf[i] <= 32 && isBlank(buf[i]) && i < end) i++;
      const next = buf[i];
      if (i >= end) return this.fail(i, '');
      i++;
      if (next === 125) return i;
      if (next !== 44) return this.fail(i - 1, 'a comma or a closing brace is missing');
      while (buf[i] <= 32 && isBlank(buf[i]) && i < end) i++;
    }
  }

  /** i stands behind the opening quote; returns the position behind the closing one and sets `escaped`. */
  private string(i: number): number {
    const { buf, end } = this;
    this.escaped = false;
    for (;;) {
      while (STOP[buf[i]] === 0) i++;
      if (i >= end) return this.fail(end, '');
      const c = buf[i];
      if (c === 34) return i + 1;
      if (c !== 92) return this.fail(i, 'a control character stands in a string');
      this.escaped = true;
      const e = buf[i + 1];
      if (i + 1 >= end) return this.fail(end, '');
      if (e === 117) {
        for (let k = i + 2; k < i + 6; k++) if (k >= end || !isHex(buf[k])) return this.fail(k, '\\u needs four hexadecimal digits');
        i += 6;
      } else if (e === 34 || e === 92 || e === 47 || e === 98 || e === 102 || e === 110 || e === 114 || e === 116) {
        i += 2;
      } else {
        return this.fail(i, 'an unknown escape stands in a string');
      }
    }
  }

  private number(i: number): number {
    const { buf, end } = this;
    if (buf[i] === 45) i++;
    if (i >= end || !isDigit(buf[i])) return this.fail(i, 'a number without digits');
    if (buf[i] === 48) i++;
    else while (i < end && isDigit(buf[i])) i++;
    if (i < end && buf[i] === 46) {
      i++;
      if (i >= end || !isDigit(buf[i])) return this.fail(i, 'a number without digits after its point');
      while (i < end && isDigit(buf[i])) i++;
    }
    if (i < end && (buf[i] | 32) === 101) {
      i++;
      if (i < end && (buf[i] === 43 || buf[i] === 45)) i++;
      if (i >= end || !isDigit(buf[i])) return this.fail(i, 'a number without an exponent');
      while (i < end && isDigit(buf[i])) i++;
    }
    return i;
  }

  /** Behind any value that nobody asks for. */
  private skip(i: number, depth: number): number {
    const { buf, end } = this;
    if (i >= end) return this.fail(end, '');
    const c = buf[i];
    if (c === 34) return this.string(i + 1);
    if (c === 45 || isDigit(c)) return this.number(i);
    if (c === 116) return this.word(i, 'true');
    if (c === 102) return this.word(i, 'false');
    if (c === 110) return this.word(i, 'null');
    if (c !== 123 && c !== 91) return this.fail(i, 'a value is missing');
    if (depth >= MAX_DEPTH) return this.fail(i, `objects and lists are nested deeper than ${MAX_DEPTH}`);
    const close = c + 2;
    i = this.blanks(i + 1);
    if (i < end && buf[i] === close) return i + 1;
    for (;;) {
      if (c === 123) {
        if (i >= end || buf[i] !== 34) return this.fail(i, 'a key in double quotes is missing');
        i = this.string(i + 1);
        if (i < 0) return -1;
        i = this.blanks(i);
        if (i >= end || buf[i] !== 58) return this.fail(i, 'a colon is missing after a key');
        i = this.blanks(i + 1);
      }
      i = this.skip(i, depth + 1);
      if (i < 0) return -1;
      i = this.blanks(i);
      if (i >= end) return this.fail(end, '');
      if (buf[i] === close) return i + 1;
      if (buf[i] !== 44) return this.fail(i, c === 123 ? 'a comma or a closing brace is missing' : 'a comma or a closing bracket is missing');
      i = this.blanks(i + 1);
    }
  }

  private word(i: number, word: string): number {
    for (let k = 0; k < word.length; k++, i++) if (i >= this.end || this.buf[i] !== word.charCodeAt(k)) return this.fail(i, 'a value is missing');
    return i;
  }

  /** The record's end when only blanks stand behind position i, else -1 (see failure). */
  nothingBehind(i: number): number {
    i = this.blanks(i);
    return i < this.end ? this.fail(i, 'something follows the object') : i;
  }

  private blanks(i: number): number {
    while (i < this.end && isBlank(this.buf[i])) i++;
    return i;
  }

  /** A column's value that is a list: the first text of it, or journald's bytes of a message that is no plain text. */
  private listFor(key: number, start: number, end: number): void {
    const { buf, keys, out } = this;
    const meaning = keys.meaning[key];
    const first = this.blanks(start + 1);
    if (buf[first] === 34) {
      const stop = this.string(first + 1) - 1;
      if (stop > first + 1) out.put(meaning, keys.rank[key], keys.parameter[key], this.escaped ? KIND.escaped : KIND.plain, first + 1, stop);
    } else if (meaning === MEANING.message && isDigit(buf[first])) {
      const text = textOfBytes(JSON.parse(decodeUtf8(buf, start, end)));
      if (text !== '') out.putText(meaning, keys.rank[key], keys.parameter[key], text);
    }
  }

  /** OpenTelemetry writes attributes as [{"key":…,"value":{"stringValue":…}}]; anything else means nothing here. */
  private attributeList(start: number, end: number): void {
    const list: unknown = JSON.parse(decodeUtf8(this.buf, start, end));
    for (const [key, value] of otelAttributes(list)) {
      const { spelling } = meaningOf(key, { ...topPlaces.get(0), wrapped: true });
      if (spelling && value !== '') this.out.putText(spelling.meaning, spelling.rank, spelling.parameter, value);
    }
  }
}

/** The text that a list of byte values spells; '' when it is no text. */
function textOfBytes(list: unknown): string {
  if (!Array.isArray(list) || !list.every((item) => Number.isInteger(item) && item >= 0 && item <= 255)) return '';
  const text = decodeUtf8(Uint8Array.from(list as number[]), 0, list.length);
  return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? '' : text;
}

/** Pairs of an OpenTelemetry attribute list; empty for anything else. */
function otelAttributes(list: unknown): [string, string][] {
  if (!Array.isArray(list)) return [];
  const pairs: [string, string][] = [];
  for (const item of list as unknown[]) {
    if (typeof item !== 'object' || item === null || !('key' in item) || !('value' in item) || typeof item.key !== 'string') return [];
    const holder: unknown = item.value;
    const value: unknown = typeof holder === 'object' && holder !== null ? Object.values(holder)[0] : holder;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') pairs.push([item.key, String(value)]);
  }
  return pairs;
}

function isBlank(c: number): boolean {
  return c === 32 || c === 9 || c === 10 || c === 13;
}
function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}
function isHex(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102);
}
