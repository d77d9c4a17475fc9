/**
 * BinXML values as JSON: [MS-EVEN6] 2.2.12 and 3.1.4.7. Whatever has not the size its type asks for is written as its bytes in hexadecimal:
 * nothing a record says is dropped.
 */
import type { JsonOutput } from './json-output.ts';
import { writeFiletime, writeSystemtime } from './times.ts';

export const TYPE = {
  null: 0, string: 1, ansi: 2, int8: 3, uint8: 4, int16: 5, uint16: 6, int32: 7, uint32: 8, int64: 9, uint64: 10, float: 11, double: 12,
  bool: 13, binary: 14, guid: 15, size: 16, filetime: 17, systemtime: 18, sid: 19, hex32: 20, hex64: 21, binxml: 33,
} as const;
export const ARRAY = 0x80;

/** sizes by type; 0 = any */
const SIZES = new Uint8Array(256);
for (const [type, size] of [
  [TYPE.int8, 1], [TYPE.uint8, 1], [TYPE.int16, 2], [TYPE.uint16, 2], [TYPE.int32, 4], [TYPE.uint32, 4], [TYPE.int64, 8], [TYPE.uint64, 8],
  [TYPE.float, 4], [TYPE.double, 8], [TYPE.bool, 4], [TYPE.guid, 16], [TYPE.filetime, 8], [TYPE.systemtime, 16], [TYPE.hex32, 4], [TYPE.hex64, 8],
] as const) SIZES[type] = size;
const TRUE = new TextEncoder().encode('true');
const FALSE = new TextEncoder().encode('false');
const NULL = new TextEncoder().encode('null');
const GUID_ORDER = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];

/** The chunk that values are read from. */
export interface Source {
  bytes: Uint8Array;
  view: DataView;
}

/** Whether a value says nothing at all (an empty string says that it is empty). */
export function isNull(type: number, start: number, end: number): boolean {
  return type === TYPE.null || (start === end && type !== TYPE.string && type !== TYPE.ansi && (type & ARRAY) === 0);
}

/** Writes the value as JSON; `inside` a string, without quotes. */
export function writeValue(out: JsonOutput, source: Source, type: number, start: number, end: number, inside: boolean): void {
  if ((type & ARRAY) !== 0) {
    if (!inside) out.byte(91);
    writeItems(out, source, type, start, end, inside);
    if (!inside) out.byte(93);
    return;
  }
  const { bytes, view } = source;
  const size = end - start;
  const quote = !inside;
  if (isNull(type, start, end)) {
    if (quote) out.literal(NULL);
    return;
  }
  const expected = SIZES[type];
  if (expected !== 0 && size !== expected) return writeHex(out, bytes, start, end, quote);
  switch (type) {
    case TYPE.string:
      if (quote) out.byte(34);
      out.utf16(bytes, start, withoutNul(bytes, start, end));
      break;
    case TYPE.ansi: {
      if (quote) out.byte(34);
      let last = end;
      while (last > start && bytes[last - 1] === 0) last--;
      out.latin1(bytes, start, last);
      break;
    }
    case TYPE.int8: return writeSigned(out, view.getInt8(start));
    case TYPE.uint8: return out.number(bytes[start]);
    case TYPE.int16: return writeSigned(out, view.getInt16(start, true));
    case TYPE.uint16: return out.number(view.getUint16(start, true));
    case TYPE.int32: return writeSigned(out, view.getInt32(start, true));
    case TYPE.uint32: return out.number(view.getUint32(start, true));
    case TYPE.int64: return out.ascii(view.getBigInt64(start, true).toString());
    case TYPE.uint64: return writeUint64(out, view, start);
    case TYPE.float: return writeDouble(out, shortest(view.getFloat32(start, true)), quote);
    case TYPE.double: return writeDouble(out, view.getFloat64(start, true), quote);
    case TYPE.bool: return out.literal(view.getUint32(start, true) === 0 ? FALSE : TRUE);
    case TYPE.guid:
      if (quote) out.byte(34);
      out.reserve(40);
      for (const index of GUID_ORDER) {
        if (index < 0) out.bytes[out.at++] = 45;
        else out.hexByte(bytes[start + index]);
      }
      break;
    case TYPE.size:
      if (size !== 4 && size !== 8) return writeHex(out, bytes, start, end, quote);
      if (quote) out.byte(34);
      out.hexNumber(size === 8 ? view.getUint32(start + 4, true) : 0, view.getUint32(start, true));
      break;
    case TYPE.filetime:
      if (quote) out.byte(34);
      writeFiletime(out, view.getUint32(start + 4, true), view.getUint32(start, true));
      break;
    case TYPE.systemtime:
      if (quote) out.byte(34);
      writeSystemtime(out, view, start);
      break;
    case TYPE.sid:
      if (sidLength(bytes, start, end) !== size) return writeHex(out, bytes, start, end, quote);
      if (quote) out.byte(34);
      writeSid(out, view, start);
      break;
    case TYPE.hex32:
      if (quote) out.byte(34);
      out.hexNumber(0, view.getUint32(start, true));
      break;
    case TYPE.hex64:
      if (quote) out.byte(34);
      out.hexNumber(view.getUint32(start + 4, true), view.getUint32(start, true));
      break;
    default:
      return writeHex(out, bytes, start, end, quote);
  }
  if (quote) out.byte(34);
  return undefined;
}

/** The items of an array, with commas between them, without its brackets. */
export function writeItems(out: JsonOutput, source: Source, array: number, start: number, end: number, inside: boolean): void {
  const type = array & ~ARRAY;
  const { bytes } = source;
  for (let at = start; at < end; ) {
    let next: number;
    let last: number;
    if (type === TYPE.string || type === TYPE.ansi) {
      last = at;
      const wide = type === TYPE.string ? 2 : 1;
      while (last + wide <= end && (bytes[last] !== 0 || (wide === 2 && bytes[last + 1] !== 0))) last += wide;
      next = last + wide;
    } else {
      const size = type === TYPE.sid ? sidLength(bytes, at, end) : type === TYPE.size ? 8 : SIZES[type];
      next = size === 0 || at + size > end ? end : at + size;
      last = next;
    }
    if (at > start) {
      out.byte(44);
      if (inside) out.byte(32);
    }
    writeValue(out, source, type, at, Math.min(last, end), inside);
    at = next;
    out.checkLimit();
  }
}

function writeHex(out: JsonOutput, bytes: Uint8Array, start: number, end: number, quote: boolean): void {
  if (quote) out.byte(34);
  out.hexBytes(bytes, start, end);
  if (quote) out.byte(34);
}
function writeSigned(out: JsonOutput, value: number): void {
  if (value < 0) out.byte(45);
  out.number(Math.abs(value));
}
function writeUint64(out: JsonOutput, view: DataView, at: number): void {
  const high = view.getUint32(at + 4, true);
  if (high < 1 << 20) out.number(high * 4294967296 + view.getUint32(at, true));
  else out.ascii(view.getBigUint64(at, true).toString());
}
/** JSON has no infinities; their names are those of XML Schema. */
function writeDouble(out: JsonOutput, value: number, quote: boolean): void {
  if (Number.isFinite(value)) return out.ascii(String(value));
  const name = Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
  return out.ascii(quote ? `"${name}"` : name);
}
/** The number with the fewest digits that is the same float: 0.1, not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
/** Strings may be stored with the NUL that ends them. */
function withoutNul(bytes: Uint8Array, start: number, end: number): number {
  while (end - 2 >= start && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2;
  return end;
}

/** How long the SID is that begins here; 0 when it does not end before `end`. */
function sidLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return 0;
  const length = 8 + 4 * bytes[start + 1];
  return start + length <= end ? length : 0;
}
function writeSid(out: JsonOutput, view: DataView, start: number): void {
  out.byte(83);
  out.byte(45);
  out.number(view.getUint8(start));
  out.byte(45);
  out.number(view.getUint16(start + 2) * 4294967296 + view.getUint32(start + 4));
  const count = view.getUint8(start + 1);
  for (let i = 0; i < count; i++) {
    out.byte(45);
    out.number(view.getUint32(start + 8 + 4 * i, true));
  }
}
