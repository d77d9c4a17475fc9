/**
 * Writes messages as lines. A value that is a JSON object gets the place of its message as kafka.topic, kafka.partition, kafka.offset,
 * kafka.key and kafka.timestamp at its end, and the line breaks between its names become spaces. In any other value a line break is followed by a
 * tab (as the syslog connector does), so that no producer can begin a record of its own and the value can be had back; its place is not kept.
 */
import { undecodable } from '../../formats/lib/undecodable.ts';
import { MAX_CHUNK } from '../connector.ts';
import { mismatch, type Check } from '../lib/json-schema.ts';

const LF = 10;
const CR = 13;
const TAB = 9;
const COMMA = 44;
const END = Buffer.from('\n');
/** of a key, in characters */
const MAX_KEY = 1000;
/** A line must fit into a chunk. */
const MAX_VALUE = MAX_CHUNK - (64 << 10);
/** What is brought of a message that does not: a record over a mebibyte is kept as a dead letter. */
const MAX_BEGINNING = 3 << 19;

export interface Message {
  key: Buffer | null;
  value: Buffer | null;
  offset: string;
  /** milliseconds UTC, as text */
  timestamp: string;
}

/** Collects the lines of a partition's messages in one buffer: a message costs two copies, and no buffer of its own. */
export class Lines {
  readonly #topic: string;
  readonly #partition: number;
  /** `"kafka.topic":…,"kafka.partition":…,"kafka.offset":` */
  readonly #place: string;
  readonly #room: number;
  readonly #check: Check | null;
  #buffer = Buffer.alloc(0);
  #timestamp = '';
  /** `,"kafka.timestamp":…}` and the line's ending, of the message before: many are of the same millisecond */
  #behind = '';
  size = 0;
  /** lines held */
  count = 0;

  /**
   * @param room bytes that will do most of the time
   * @param check what every message must match: JSON objects only then, and what is none, or does not match, becomes a dead letter
   */
  constructor(topic: string, partition: number, room: number, check: Check | null = null) {
    this.#check = check;
    this.#topic = topic;
    this.#partition = partition;
    this.#place = `"kafka.topic":${JSON.stringify(topic)},"kafka.partition":${partition},"kafka.offset":`;
    this.#room = room;
  }

  /** Adds the line with its ending; false when the message says nothing (a tombstone of a compacted topic, an empty value). */
  add(message: Message): boolean {
    const { value } = message;
    if (value === null || value.length === 0) return false;
    const end = value.length > MAX_VALUE ? -1 : objectEnd(value);
    this.count++;
    const refused = this.#refused(message, value, end);
    if (refused) {
      this.#copy(refused, 0);
      return true;
    }
    if (end < 0) {
      const line = value.length > MAX_VALUE ? value : folded(value);
      this.#copy(line.length <= MAX_VALUE ? line : folded(value.subarray(0, MAX_BEGINNING)), 0);
      return true;
    }
    const place = this.#placeOf(message);
    const object = oneLine(value, end);
    this.#copy(object, 2 + 3 * place.length);
    if (!isEmpty(value, end)) this.#buffer[this.size++] = COMMA;
    this.size += this.#buffer.write(place, this.size);
    return true;
  }

  /** The line of a dead letter for what is to be checked and is not as it must be. */
  #refused({ offset }: Message, value: Buffer, end: number): Buffer | null {
    if (!this.#check) return null;
    if (end < 0) return Buffer.from(undecodable(`The message at offset ${offset} of ${this.#topic}/${this.#partition} is ${value.length > MAX_VALUE ? `${value.length} bytes long; the longest that is checked has ${MAX_VALUE}` : 'no JSON object'}.`, NaN, value));
    return mismatch(this.#check, value, JSON.parse(value.toString('utf8', 0, end + 1)));
  }

  /** What is held; nothing is held then. */
  take(): Buffer {
    let taken = this.#buffer.subarray(0, this.size);
    // A few lines must not hold the room for many while they wait.
    if (this.size * 2 < this.#buffer.length) taken = Buffer.from(taken);
    else this.#buffer = Buffer.alloc(0);
    this.size = 0;
    this.count = 0;
    return taken;
  }

  #copy(bytes: Buffer, more: number): void {
    const need = this.size + bytes.length + more;
    if (need > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(need, this.#room, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.size);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.size);
    this.size += bytes.length;
  }

  #placeOf({ key, offset, timestamp }: Message): string {
    if (timestamp !== this.#timestamp) {
      const at = new Date(Number(timestamp));
      // -1: from producers of before 2016
      this.#behind = Number(timestamp) >= 0 && !Number.isNaN(at.getTime()) ? `,"kafka.timestamp":"${at.toISOString()}"}\n` : '}\n';
      this.#timestamp = timestamp;
    }
    return `${this.#place}${offset}${key === null ? '' : `,"kafka.key":${JSON.stringify(key.toString('utf8').slice(0, MAX_KEY))}`}${this.#behind}`;
  }
}

/** Where the last bracket of a JSON object stands; -1 when the value is none. */
function objectEnd(value: Buffer): number {
  let first = 0;
  while (first < value.length && isBlank(value[first])) first++;
  let last = value.length - 1;
  while (last > first && isBlank(value[last])) last--;
  if (value[first] !== 123 || value[last] !== 125) return -1;
  try {
    JSON.parse(value.toString('utf8', first, last + 1));
    return last;
  } catch {
    // Not JSON, whatever it begins with: it stays as it is.
    return -1;
  }
}
function isEmpty(value: Buffer, end: number): boolean {
  let last = end - 1;
  while (isBlank(value[last])) last--;
  return value[last] === 123;
}
function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}
/** The first `end` bytes, in one line. */
function oneLine(value: Buffer, end: number): Buffer {
  const bytes = value.subarray(0, end);
  if (!bytes.includes(LF) && !bytes.includes(CR)) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === LF || byte === CR ? 32 : byte)));
}

/** With its ending. */
function folded(value: Buffer): Buffer {
  let breaks = 0;
  for (let newline = value.indexOf(LF); newline >= 0; newline = value.indexOf(LF, newline + 1)) breaks++;
  if (breaks === 0) return Buffer.concat([value, END]);
  const line = Buffer.allocUnsafe(value.length + breaks + 1);
  let to = 0;
  for (const byte of value) {
    line[to++] = byte;
    if (byte === LF) line[to++] = TAB;
  }
  line[to] = LF;
  return line;
}
