/**
 * ResourceLogs in protobuf to lines, byte by byte: the same lines that lines.ts makes of the objects, several times as fast. What is rare (a
 * body of several values, a name that is there twice, text that is no UTF-8, a record that is too long) is left to lines.ts.
 */
import { AttributeNames } from '../traces/attribute-names.ts';
import { exactNumber, type Pairs } from '../traces/span-line.ts';
import { checkResource } from './check.ts';
import { anyValue as anyValueFields, logRecord, resource as resourceFields, scope as scopeFields } from './fields.ts';
import { JsonBytes } from './json-bytes.ts';
import { LEFT, logLine, resourceOf, scopeOf, SEVERITY_NAMES } from './lines.ts';
import { readMessage } from './protobuf.ts';
import { IsoStamp } from './stamp.ts';
import { anyValue } from './values.ts';
import { varint, withLength } from './wire.ts';

/** Lines are handed on in pieces of so many bytes. */
const PIECE_BYTES = 256 << 10;
/** A longer line may have to be cut. */
const LONG_LINE = 300_000;
const MAX_NAMES = 10_000;

/** A name in the lines, and in which record it stood last. */
interface Name {
  last: number;
}
/** How a pair begins: `,"name":` */
interface Key {
  name: Name;
  begin: Uint8Array;
}
/** What came last as the i-th attribute: the next record's is most often the same. */
interface Slot {
  text: Uint8Array;
  shape: number;
  key: Key;
}
/** Pairs that many lines share, ready to be written. */
interface Shared {
  names: readonly Name[];
  bytes: Uint8Array;
}
/** Which of the keys of the line's own are there: attributes are named after that. */
const OWN = ['timestamp', 'level', 'service.name', 'message', 'trace_id', 'span_id'] as const;
const [TIMESTAMP, LEVEL, SERVICE, MESSAGE, TRACE, SPAN] = [1, 2, 4, 8, 16, 32];
const PLAIN = 0;
const BOOLEAN = 64;
const OBJECT = 128;
/** of the value that the name of an attribute may depend on */
const EXAMPLES = new Map<number, unknown>([[PLAIN, ''], [BOOLEAN, true], [OBJECT, {}]]);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export class LogBytes {
  readonly #out = new JsonBytes();
  readonly #stamp = new IsoStamp();
  #names = new Map<string, Name>();
  #keys = new Map<string, Key>();
  #slots: Slot[] = [];
  readonly #spellings = new Map<number, AttributeNames>();
  readonly #level: readonly Uint8Array[] = SEVERITY_NAMES.map((name) => encoder.encode(name));
  /** number of the record */
  #record = 0;
  // What the resource and scope at hand say.
  #service = '';
  #rest: Pairs = [];
  #scope: Pairs = [];
  #serviceBytes: Uint8Array = new Uint8Array(0);
  #scopeBytes: Shared = { names: [], bytes: new Uint8Array(0) };
  #restBytes = new Map<number, Shared | null>();
  // Fields of the record at hand: where they stand.
  #attributes = new Int32Array(256);

  /** The lines of one ResourceLogs, in pieces. Throws an Error when it is damaged, before the first of them. */
  *lines(bytes: Uint8Array): Generator<Uint8Array, void, void> {
    checkResource(bytes, 'logs');
    if (this.#names.size >= MAX_NAMES) this.#forget();
    const outer: Record<string, unknown> = {};
    const groups: [number, number][] = [];
    for (const { number, start, end } of withLength(bytes, 0, bytes.length)) {
      if (number === 1) outer.resource = readMessage(bytes.subarray(start, end), resourceFields);
      else if (number === 2) groups.push([start, end]);
      else if (number === 3) outer.schemaUrl = new TextDecoder().decode(bytes.subarray(start, end));
    }
    ({ service: this.#service, rest: this.#rest } = resourceOf(outer));
    this.#serviceBytes = encoder.encode(`,"service.name":${JSON.stringify(this.#service)}`);
    for (const [from, to] of groups) {
      const group: Record<string, unknown> = {};
      const records: number[] = [];
      for (const { number, start, end } of withLength(bytes, from, to)) {
        if (number === 1) group.scope = readMessage(bytes.subarray(start, end), scopeFields);
        else if (number === 2) records.push(start, end);
        else if (number === 3) group.schemaUrl = new TextDecoder().decode(bytes.subarray(start, end));
      }
      this.#scope = scopeOf(outer, group);
      this.#prepare();
      for (let i = 0; i < records.length; i += 2) {
        this.#line(bytes, records[i], records[i + 1]);
        if (this.#out.length >= PIECE_BYTES) yield this.#taken();
      }
    }
    if (this.#out.length > 0) yield this.#taken();
  }

  /** What all records of the scope at hand share. */
  #prepare(): void {
    this.#scopeBytes = this.#shared([...new Map(this.#scope.filter(([, value]) => value !== '' && value !== null && value !== undefined))]);
    this.#restBytes = new Map();
  }
  /** All at once: a name must not be two objects. */
  #forget(): void {
    this.#keys = new Map();
    this.#names = new Map();
    this.#slots = [];
  }

  #taken(): Uint8Array {
    const piece = this.#out.bytes.slice(0, this.#out.length);
    this.#out.length = 0;
    return piece;
  }

  #line(bytes: Uint8Array, from: number, to: number): void {
    const begin = this.#out.length;
    this.#record++;
    if (this.#fast(bytes, from, to) && this.#out.length - begin <= LONG_LINE) return;
    this.#out.length = begin;
    this.#out.text(logLine(readMessage(bytes.subarray(from, to), logRecord), this.#service, this.#rest, this.#scope));
  }

  /** Writes the line; false when it has to be left to lines.ts. */
  #fast(bytes: Uint8Array, from: number, to: number): boolean {
    const out = this.#out;
    let time = -1;
    let observed = -1;
    let severity = -1;
    let flags = 0;
    let [textAt, textEnd, bodyAt, bodyEnd, traceAt, traceEnd, spanAt, spanEnd, eventAt, eventEnd] = [0, 0, -1, -1, 0, 0, 0, 0, 0, 0];
    let attributes = 0;
    for (let at = from; at < to; ) {
      const tag = bytes[at++];
      if (tag === 0x09 || tag === 0x59) {
        if (tag === 0x09) time = at;
        else observed = at;
        at += 8;
        continue;
      }
      if (tag === 0x10) {
        severity = bytes[at++];
        if (severity > 127) return false;
        continue;
      }
      if (tag === 0x45) {
        flags = (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
        at += 4;
        continue;
      }
      let length = bytes[at++];
      if (length > 127) {
        const long = varint(bytes, at - 1, to);
        if (!long) return false;
        length = long.value;
        ({ at } = long);
      }
      const end = at + length;
      switch (tag) {
        case 0x1a: [textAt, textEnd] = [at, end]; break;
        case 0x2a: [bodyAt, bodyEnd] = [at, end]; break;
        case 0x32:
          if (attributes + 2 > this.#attributes.length) return false;
          this.#attributes[attributes++] = at;
          this.#attributes[attributes++] = end;
          break;
        case 0x4a: [traceAt, traceEnd] = [at, end]; break;
        case 0x52: [spanAt, spanEnd] = [at, end]; break;
        case 0x62: [eventAt, eventEnd] = [at, end]; break;
        default: return false;
      }
      at = end;
    }
    const begin = out.length;
    let own = 0;
    const timed = time >= 0 && this.#stamp.read(bytes, time);
    if (timed || (observed >= 0 && this.#stamp.read(bytes, observed))) {
      this.#key('timestamp');
      out.put(this.#stamp.text);
      own |= TIMESTAMP;
    }
    const level = severity >= 1 && severity <= 24 ? this.#level[(severity - 1) >> 2] : null;
    if (level || textEnd > textAt) {
      this.#key('level');
      if (level) {
        out.string(level, 0, level.length);
      } else if (!out.string(bytes, textAt, textEnd)) return false;
      own |= LEVEL;
    }
    if (this.#service !== '') {
      this.#name('service.name').last = this.#record;
      out.put(this.#serviceBytes);
      own |= SERVICE;
    }
    if (bodyEnd > bodyAt) {
      const before = out.length;
      this.#key('message');
      const shape = this.#value(bytes, bodyAt, bodyEnd);
      if (shape < 0 || shape === OBJECT) return false;
      // An empty text says nothing.
      if (out.length - before === MESSAGE_KEY + 2 && out.bytes[out.length - 1] === 34) {
        out.length = before;
        this.#name('message').last = 0;
      } else {
        own |= MESSAGE;
      }
    }
    if (traceEnd > traceAt) {
      this.#key('trace_id');
      out.hex(bytes, traceAt, traceEnd);
      own |= TRACE;
    }
    if (spanEnd > spanAt) {
      this.#key('span_id');
      out.hex(bytes, spanAt, spanEnd);
      own |= SPAN;
    }
    if (eventEnd > eventAt) {
      this.#key('otel.event_name');
      if (!out.string(bytes, eventAt, eventEnd)) return false;
    }
    if (timed && observed >= 0 && !alike(bytes, time, bytes, observed, 8) && this.#stamp.read(bytes, observed)) {
      this.#key('otel.observed_timestamp');
      out.put(this.#stamp.text);
    }
    if (level && textEnd > textAt && !(textEnd - textAt === level.length && alike(bytes, textAt, level, 0, level.length))) {
      this.#key('otel.severity_text');
      if (!out.string(bytes, textAt, textEnd)) return false;
    }
    if (severity >= 0) {
      this.#key('otel.severity_number');
      out.plain(String(severity));
    }
    if (flags > 0) {
      this.#key('trace_flags');
      out.plain(String(flags));
    }
    if (!this.#put(this.#scopeBytes)) return false;
    for (let i = 0; i < attributes; i += 2) if (!this.#attribute(bytes, this.#attributes[i], this.#attributes[i + 1], own, i >> 1)) return false;
    const rest = this.#restOf(own);
    if (!rest || !this.#put(rest) || out.length === begin) return false;
    // Each pair begins with a comma.
    out.bytes[begin] = 123;
    out.room(2);
    out.bytes[out.length++] = 125;
    out.bytes[out.length++] = 10;
    return true;
  }

  /** One KeyValue. */
  #attribute(bytes: Uint8Array, from: number, to: number, own: number, index: number): boolean {
    const out = this.#out;
    if (bytes[from] !== 0x0a) return false;
    const key = varint(bytes, from + 1, to);
    if (!key) return false;
    const keyEnd = key.at + key.value;
    if (bytes[keyEnd] !== 0x12 || keyEnd >= to) return false;
    const value = varint(bytes, keyEnd + 1, to);
    if (!value || value.at + value.value !== to) return false;
    const tag = bytes[value.at];
    const shape = own | (value.value === 0 ? PLAIN : tag === 0x10 ? BOOLEAN : tag === 0x2a || tag === 0x32 ? OBJECT : PLAIN);
    const slot = this.#slots[index] as Slot | undefined;
    let known: Key | null;
    if (slot?.shape === shape && slot.text.length === key.value && alike(bytes, key.at, slot.text, 0, key.value)) {
      known = slot.key;
    } else {
      known = this.#keyOf(bytes, key.at, keyEnd, shape);
      if (known === null) return false;
      this.#slots[index] = { text: bytes.slice(key.at, keyEnd), shape, key: known };
    }
    if (known.name.last === this.#record) return false;
    known.name.last = this.#record;
    out.put(known.begin);
    return this.#value(bytes, value.at, to) >= 0;
  }

  #keyOf(bytes: Uint8Array, from: number, to: number, shape: number): Key | null {
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(from, to));
    } catch {
      return null;
    }
    const whole = `${shape} ${text}`;
    let key = this.#keys.get(whole);
    if (!key) {
      if (this.#keys.size >= MAX_NAMES) {
        this.#forget();
        this.#prepare();
        return null;
      }
      const name = this.#spelling(shape & (BOOLEAN - 1)).nameOf(text, EXAMPLES.get(shape & (BOOLEAN | OBJECT)), 'attributes');
      key = { name: this.#name(name), begin: encoder.encode(`,${JSON.stringify(name)}:`) };
      this.#keys.set(whole, key);
    }
    return key;
  }

  #spelling(own: number): AttributeNames {
    let names = this.#spellings.get(own);
    if (!names) this.#spellings.set(own, (names = new AttributeNames(new Map(OWN.filter((_, i) => (own & (1 << i)) !== 0).map((key) => [key, ''])), LEFT)));
    return names;
  }

  #name(text: string): Name {
    let name = this.#names.get(text);
    if (!name) this.#names.set(text, (name = { last: 0 }));
    return name;
  }

  /** Begins a pair of the line's own. */
  #key(text: string): void {
    this.#name(text).last = this.#record;
    this.#out.plain(',"');
    this.#out.plain(text);
    this.#out.plain('":');
  }

  /** Writes an AnyValue; returns what kind it is, -1 when it is left to lines.ts. */
  #value(bytes: Uint8Array, from: number, to: number): number {
    const out = this.#out;
    if (from === to) {
      out.plain('null');
      return PLAIN;
    }
    const tag = bytes[from];
    if (tag === 0x0a) {
      const length = varint(bytes, from + 1, to);
      return length && length.at + length.value === to && out.string(bytes, length.at, to) ? PLAIN : -1;
    }
    if (tag === 0x10 && to === from + 2 && bytes[from + 1] < 2) {
      out.plain(bytes[from + 1] === 1 ? 'true' : 'false');
      return BOOLEAN;
    }
    if (tag === 0x18) return this.#integer(bytes, from + 1, to) ? PLAIN : -1;
    if (tag === 0x21 && to === from + 9) {
      const value = new DataView(bytes.buffer, bytes.byteOffset + from + 1, 8).getFloat64(0, true);
      out.plain(Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`);
      return PLAIN;
    }
    if (tag !== 0x2a && tag !== 0x32 && tag !== 0x3a) return -1;
    const value = anyValue(readMessage(bytes.subarray(from, to), anyValueFields));
    const shape = typeof value === 'object' && value !== null ? OBJECT : PLAIN;
    // Several values in one: which of them counts is not decided here.
    if ((shape === OBJECT) === (tag === 0x3a)) return -1;
    out.text(JSON.stringify(value));
    return shape;
  }

  #integer(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from <= 4) {
      let value = 0;
      for (let at = from; at < to; at++) value |= (bytes[at] & 127) << (7 * (at - from));
      if (bytes[to - 1] > 127 || (to - from > 1 && bytes.subarray(from, to - 1).some((byte) => byte < 128))) return false;
      this.#out.plain(String(value));
      return true;
    }
    let value = 0n;
    let at = from;
    for (; at < to; at++) {
      value |= BigInt(bytes[at] & 127) << BigInt(7 * (at - from));
      if (bytes[at] < 128) break;
    }
    if (at !== to - 1) return false;
    const number = exactNumber(BigInt.asIntN(64, value));
    this.#out.plain(JSON.stringify(number));
    return true;
  }

  #put({ names, bytes }: Shared): boolean {
    for (const name of names) {
      if (name.last === this.#record) return false;
      name.last = this.#record;
    }
    this.#out.put(bytes);
    return true;
  }

  /** What the resource says, in lines that say `own` themselves; null when it says something twice. */
  #restOf(own: number): Shared | null {
    let shared = this.#restBytes.get(own);
    if (shared === undefined) {
      const names = this.#spelling(own);
      const pairs = this.#rest.filter(([, value]) => value !== undefined).map(([name, value]): [string, unknown] => [names.nameOf(name, value, 'resource'), value]);
      shared = new Set(pairs.map(([name]) => name)).size === pairs.length ? this.#shared(pairs) : null;
      this.#restBytes.set(own, shared);
    }
    return shared;
  }
  #shared(pairs: readonly (readonly [string, unknown])[]): Shared {
    return { names: pairs.map(([name]) => this.#name(name)), bytes: encoder.encode(pairs.map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`).join('')) };
  }
}
/** `,"message":` */
const MESSAGE_KEY = 11;

function alike(a: Uint8Array, at: number, b: Uint8Array, from: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[at + i] !== b[from + i]) return false;
  return true;
}
