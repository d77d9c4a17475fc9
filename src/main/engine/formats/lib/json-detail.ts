/**
 * Everything a JSON object says, as attributes with dotted names. Only for records read back one by one (and to render a message for
 * records that have none), so strings are fine here. The bytes must have passed JsonRecord.
 *
 * Lists: up to LIST_ITEMS items become name.0, name.1, …; longer ones are kept as JSON text, cut at TEXT_LENGTH characters.
 */
import type { Sink } from '../format.ts';
import { decodeJsonString, decodeUtf8 } from './json-text.ts';
import { sentenceOf } from './sentences.ts';
import { MARK, MEANING } from './spellings.ts';
import type { Structured } from './structured.ts';

const LIST_ITEMS = 16;
const TEXT_LENGTH = 4096;
const MAX_ATTRIBUTES = 2000;

type Scalar = string | number | boolean | null;
/** `at` is the position of the value (behind the quote of a string). False stops the walk. */
type Visit = (name: string, value: Scalar, at: number) => boolean;

/** Visits every scalar of the object whose '{' is at `start`. */
export function walkObject(buf: Uint8Array, start: number, visit: Visit): void {
  let left = MAX_ATTRIBUTES;
  // Behind a stop nothing is looked at any more: positions that come back then mean nothing.
  let stopped = false;
  const tell = (name: string, scalar: Scalar, at: number): void => {
    stopped = left-- === 0 || !visit(name, scalar, at);
  };
  object(start, '');

  function object(i: number, name: string): number {
    i = blanks(i + 1);
    while (buf[i] === 34 && !stopped) {
      const end = stringEnd(i);
      const key = decodeJsonString(buf, i + 1, end - 1);
      i = value(blanks(blanks(end) + 1), name === '' ? key : `${name}.${key}`);
      i = blanks(i);
      if (buf[i] === 44) i = blanks(i + 1);
    }
    return i + 1;
  }
  function value(i: number, name: string): number {
    const c = buf[i];
    if (c === 123) return object(i, name);
    const end = c === 91 ? listEnd(i) : c === 34 ? stringEnd(i) : scalarEnd(i);
    if (c === 91) list(i, end, name);
    else if (c === 34) tell(name, decodeJsonString(buf, i + 1, end - 1), i + 1);
    else tell(name, scalar(i, end), i);
    return end;
  }
  function list(i: number, end: number, name: string): void {
    const items: number[] = [];
    let at = blanks(i + 1);
    while (buf[at] !== 93) {
      items.push(at);
      at = buf[at] === 123 || buf[at] === 91 ? listEnd(at) : buf[at] === 34 ? stringEnd(at) : scalarEnd(at);
      at = blanks(at);
      if (buf[at] === 44) at = blanks(at + 1);
    }
    if (items.length > LIST_ITEMS) tell(name, decodeUtf8(buf, i, end).slice(0, TEXT_LENGTH), i);
    else for (let index = 0; index < items.length && !stopped; index++) value(items[index], `${name}.${index}`);
  }
  function scalar(i: number, end: number): Scalar {
    const text = decodeUtf8(buf, i, end);
    const parsed = JSON.parse(text) as Scalar;
    // A number that a double cannot hold keeps its digits.
    return typeof parsed === 'number' && /^-?\d{16,}$/.test(text) && !Number.isSafeInteger(parsed) ? text : parsed;
  }
  function blanks(i: number): number {
    while (buf[i] === 32 || buf[i] === 9 || buf[i] === 10 || buf[i] === 13) i++;
    return i;
  }
  function stringEnd(i: number): number {
    for (i++; buf[i] !== 34; i++) if (buf[i] === 92) i++;
    return i + 1;
  }
  function scalarEnd(i: number): number {
    while (i < buf.length && buf[i] !== 44 && buf[i] !== 125 && buf[i] !== 93 && buf[i] > 32) i++;
    return i;
  }
  function listEnd(i: number): number {
    let depth = 0;
    for (;;) {
      const c = buf[i];
      if (c === 34) {
        i = stringEnd(i);
        continue;
      }
      i++;
      if (c === 123 || c === 91) depth++;
      else if ((c === 125 || c === 93) && --depth === 0) return i;
    }
  }
}

const SUMMARY_PAIRS = 16;
const SUMMARY_LENGTH = 400;
/** A message for a record that has none: its values as key=value, those that stand in columns already (`isShown`) left out. */
export function summarise(buf: Uint8Array, start: number, isShown: (at: number) => boolean): string {
  const pairs: string[] = [];
  let length = 0;
  walkObject(buf, start, (name, value, at) => {
    if (value === null || value === '' || isShown(at)) return true;
    const pair = `${name}=${pairValue(String(value))}`;
    pairs.push(pair);
    length += pair.length + 1;
    return pairs.length < SUMMARY_PAIRS && length < SUMMARY_LENGTH;
  });
  return pairs.join(' ');
}
/** The sentence for a record of a kind that writes no message; '' when none is known. */
function sayRecord(buf: Uint8Array, start: number): string {
  const values = new Map<string, string>();
  walkObject(buf, start, (name, value) => {
    if (value !== null) values.set(name, String(value));
    return true;
  });
  return sentenceOf((name) => values.get(name) ?? '');
}
/** A value as logfmt writes it, cut where it is long. */
export function pairValue(value: string): string {
  const short = value.length > 120 ? `${value.slice(0, 120)}…` : value;
  return /[\s"=]/.test(short) ? JSON.stringify(short) : short;
}

/** Unpacks messages that are objects themselves; see json-inner.ts. */
export interface Unpacker {
  emit(outer: Structured, buf: Uint8Array, sink: Sink): boolean;
  attributes(name: string, sink: Sink): void;
  covers(outer: Structured, position: number): boolean;
}

/** Tells what a scanned object says: columns, message (rendered when it has none) and, in detail, all the rest. */
export function emitJson(out: Structured, buf: Uint8Array, at: number, sink: Sink, inner?: Unpacker): void {
  let unpacked = false;
  if (out.emit(buf, sink)) {
    unpacked = inner?.emit(out, buf, sink) ?? false;
  } else {
    const sentence = (out.marks & MARK.sentence) === 0 ? '' : sayRecord(buf, at);
    const summary = sentence || summarise(buf, at, (position) => out.isShown(position));
    if (summary !== '') sink.messageText(summary);
  }
  if (!sink.detail) return;
  walkObject(buf, at, (name, value, position) => {
    if (unpacked && position === out.start[MEANING.message]) inner?.attributes(name, sink);
    else if (!out.isShown(position) || (unpacked && inner?.covers(out, position))) sink.attribute(name, value);
    return true;
  });
}
