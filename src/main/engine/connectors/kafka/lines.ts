/**
 * Writes messages as lines. A value that is a JSON object gets the place of its message as kafka.topic, kafka.partition, kafka.offset,
 * kafka.key and kafka.timestamp at its end, and the line breaks between its names become spaces. In any other value a line break is followed by a
 * tab (as the syslog connector does), so that no producer can begin a record of its own and the value can be had back; its place is not kept.
 */
import { undecodable } from '../../formats/lib/undecodable.ts';
import { MAX_CHUNK } from '../connector.ts';

const LF = 10;
const CR = 13;
const TAB = 9;
const END = Buffer.from('\n');
/** of a key, in characters */
const MAX_KEY = 1000;
/** A line must fit into a chunk; from one mebibyte on the store keeps it as a dead letter. */
const MAX_VALUE = MAX_CHUNK - (64 << 10);

export interface Message {
  key: Buffer | null;
  value: Buffer | null;
  offset: string;
  /** milliseconds UTC, as text */
  timestamp: string;
}

/** The line with its ending; null when the message says nothing (a tombstone of a compacted topic, an empty value). */
export function lineOf(topic: string, partition: number, message: Message): Buffer | null {
  const { value } = message;
  if (value === null || value.length === 0) return null;
  const end = value.length > MAX_VALUE ? -1 : objectEnd(value);
  if (end < 0) {
    const line = value.length > MAX_VALUE ? value : folded(value);
    if (line.length <= MAX_VALUE) return line;
    return Buffer.from(undecodable(`The message at offset ${message.offset} of ${topic}/${partition} is ${value.length} bytes long; the longest that is read has ${MAX_VALUE}.`, NaN, value));
  }
  const place = JSON.stringify(placeOf(topic, partition, message));
  return Buffer.concat([oneLine(value.subarray(0, end)), Buffer.from(`${isEmpty(value, end) ? '' : ','}${place.slice(1)}\n`)]);
}

function placeOf(topic: string, partition: number, { key, offset, timestamp }: Message): Record<string, unknown> {
  const at = new Date(Number(timestamp));
  return {
    'kafka.topic': topic, 'kafka.partition': partition, 'kafka.offset': Number(offset),
    ...(key === null ? {} : { 'kafka.key': key.toString('utf8').slice(0, MAX_KEY) }),
    // -1: from producers of before 2016
    ...(Number(timestamp) >= 0 && !Number.isNaN(at.getTime()) ? { 'kafka.timestamp': at.toISOString() } : {}),
  };
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
function oneLine(bytes: Buffer): Buffer {
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
