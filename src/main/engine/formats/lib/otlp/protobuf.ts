/**
 * OTLP in protobuf, read by its tables of fields into the objects that its JSON encoding has, so that both are told alike: ids in hex, 64-bit
 * numbers as digits, bytes in base64. Loaded on demand: the reader is a library.
 */
import { Reader } from 'protobufjs/minimal.js';
import { itemType, MAX_DEPTH, RESOURCES, wireType, type Fields, type OtlpKind, type Scalar } from './fields.ts';

/** More numbers than any list of OTLP has. */
const MAX_NUMBERS = 100_000;

/** One ResourceSpans, ResourceLogs or ResourceMetrics (without its tag and length) as its JSON encoding has it. Throws an Error when it is damaged. */
export function readResource(bytes: Uint8Array, kind: OtlpKind): unknown {
  return readMessage(bytes, RESOURCES[kind]);
}

/** A message as its table has it. Throws an Error when it is damaged. */
export function readMessage(bytes: Uint8Array, fields: Fields): Record<string, unknown> {
  return message(Reader.create(bytes), bytes.length, fields, 0);
}

function message(reader: Reader, end: number, fields: Fields, depth: number): Record<string, unknown> {
  if (depth > MAX_DEPTH) throw new Error(`Values are nested deeper than ${MAX_DEPTH}.`);
  const found: Record<string, unknown> = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fields[tag >>> 3];
    const wire = tag & 7;
    if (!field || (wire !== wireType(field[1]) && wire !== itemType(field[1]))) {
      reader.skipType(wire);
      continue;
    }
    const [name, type, repeats] = field;
    if (itemType(type) >= 0) {
      numbers((found[name] ??= []) as number[], reader, end, type as Scalar, wire);
      continue;
    }
    const value = typeof type === 'string' ? scalar(reader, type) : inner(reader, end, type, depth);
    if (!repeats) found[name] = value;
    else if (Array.isArray(found[name])) (found[name] as unknown[]).push(value);
    else found[name] = [value];
  }
  if (reader.pos !== end) throw new Error('A field is longer than the message around it.');
  return found;
}
function inner(reader: Reader, end: number, fields: Fields, depth: number): unknown {
  const stop = stopOf(reader, end);
  return message(reader, stop, fields, depth + 1);
}
/** Where the part with a length that begins here ends. */
function stopOf(reader: Reader, end: number): number {
  const length = reader.uint32();
  if (length > end - reader.pos) throw new Error('A field is longer than the message around it.');
  return reader.pos + length;
}

function numbers(into: (number | string)[], reader: Reader, end: number, type: Scalar, wire: number): void {
  const stop = wire === 2 ? stopOf(reader, end) : reader.pos + 1;
  while (reader.pos < stop) {
    if (into.length >= MAX_NUMBERS) throw new Error(`A list has more than ${MAX_NUMBERS} numbers.`);
    into.push(type === 'doubles' ? finite(reader.double()) : type === 'counts' ? number64(reader, false) : Number(reader.uint64()));
  }
  if (wire === 2 && reader.pos !== stop) throw new Error('A list of numbers is longer than it says.');
}

function scalar(reader: Reader, type: Scalar): unknown {
  switch (type) {
    case 'string': return reader.string();
    case 'hex': return hexOf(reader.bytes());
    case 'base64': return base64Of(reader.bytes());
    case 'fixed64': return digits64(reader);
    case 'int64': return reader.int64().toString();
    case 'fixed32': return reader.fixed32();
    case 'double': return finite(reader.double());
    case 'bool': return reader.bool();
    case 'count': return number64(reader, false);
    case 'signed': return number64(reader, true);
    case 'sint32': return reader.sint32();
    default: return reader.uint32();
  }
}

function digits64(reader: Reader): string {
  const low = reader.fixed32();
  return ((BigInt(reader.fixed32()) << 32n) | BigInt(low)).toString();
}
/** As near as a number comes. */
function number64(reader: Reader, signed: boolean): number {
  const low = reader.fixed32();
  const high = reader.fixed32();
  return (signed ? high | 0 : high) * 2 ** 32 + low;
}
/** JSON has no NaN and infinities; OTLP's JSON writes them as text. */
function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
