/** Takes a posted body apart: one JSON object, one a line, or an array of them. The bytes of each stay as they were sent. */
import { MAX_CHUNK } from '../connector.ts';
import { brokenAt } from './broken-at.ts';

/** One record as bytes without line breaks (JSON has none outside its strings' escapes), and its value. */
export interface PostedRecord {
  bytes: Buffer;
  value: Record<string, unknown>;
}

/** A body that is no JSON objects: `message` says what is wrong where. */
export class BodyError extends Error {}

/** A record must fit into a chunk; from one mebibyte on the store keeps it as a dead letter. */
const MAX_RECORD = MAX_CHUNK - 1;
const LF = 10;

/** @throws BodyError naming the place; then nothing of the body is taken */
export function recordsOf(body: Buffer): PostedRecord[] {
  const start = skipBlank(body, body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0, body.length);
  if (start === body.length) throw new BodyError('The body is empty.');
  if (body[start] === 91) return elements(body, start);
  // One object, which may be spread over lines; when it is not, the first line is where it breaks.
  const newline = body.indexOf(LF, start);
  if (newline < 0 || skipBlank(body, newline, body.length) === body.length) return [record(body, start, body.length, 'the body')];
  const whole = parsed(body.toString('utf8', start));
  if (whole.ok) return [checked(body, start, body.length, whole.value, 'the body')];
  return lines(body, start);
}

function lines(body: Buffer, start: number): PostedRecord[] {
  const records: PostedRecord[] = [];
  let number = 1 + body.subarray(0, start).filter((byte) => byte === LF).length;
  for (let at = start; at < body.length; number++) {
    const newline = body.indexOf(LF, at);
    const end = newline < 0 ? body.length : newline;
    const from = skipBlank(body, at, end);
    if (from < end) records.push(record(body, from, end, `line ${number}`));
    at = end + 1;
  }
  return records;
}

/** The elements of a list. What lies between them has no brackets or quotes that count, so depth and strings are all there is to know. */
function elements(body: Buffer, start: number): PostedRecord[] {
  const text = body.toString('utf8', start);
  const whole = parsed(text);
  if (!whole.ok) throw broken('The list', text);
  const values = whole.value as unknown[];
  const records: PostedRecord[] = [];
  let depth = 0;
  let from = start + 1;
  let quoted = false;
  for (let p = start; p < body.length; p++) {
    const c = body[p];
    if (quoted) {
      if (c === 92) p++;
      else if (c === 34) quoted = false;
    } else if (c === 34) {
      quoted = true;
    } else if (c === 123 || c === 91) {
      depth++;
    } else if (c === 125 || c === 93 || (c === 44 && depth === 1)) {
      if (c !== 44) depth--;
      if (depth > (c === 44 ? 1 : 0)) continue;
      if (records.length < values.length) records.push(checked(body, skipBlank(body, from, p), p, values[records.length], `element ${records.length}`));
      from = p + 1;
    }
  }
  return records;
}

function record(body: Buffer, start: number, end: number, where: string): PostedRecord {
  const text = body.toString('utf8', start, end);
  const found = parsed(text);
  if (!found.ok) throw broken(capital(where), text);
  return checked(body, start, end, found.value, where);
}

function checked(body: Buffer, start: number, end: number, value: unknown, where: string): PostedRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    throw new BodyError(`${capital(where)} is ${kind}, not an object.`);
  }
  if (end - start > MAX_RECORD) throw new BodyError(`${capital(where)} is ${end - start} bytes long; the longest record is ${MAX_RECORD}.`);
  return { bytes: oneLine(body.subarray(start, end)), value: value as Record<string, unknown> };
}

function oneLine(bytes: Buffer): Buffer {
  if (!bytes.includes(LF) && !bytes.includes(13)) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === LF || byte === 13 ? 32 : byte)));
}

function parsed(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false };
  }
}

function broken(where: string, text: string): BodyError {
  const at = brokenAt(text);
  return new BodyError(at >= text.length ? `${where} ends before its JSON is complete (after ${text.length} characters).` : `${where} is not valid JSON: ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))} at character ${at + 1} does not belong there.`);
}

function skipBlank(body: Buffer, from: number, to: number): number {
  let p = from;
  while (p < to && (body[p] === 32 || (body[p] >= 9 && body[p] <= 13))) p++;
  return p;
}
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
