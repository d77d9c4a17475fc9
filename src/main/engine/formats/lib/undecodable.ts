/**
 * How a decoder hands on what it could not decode: as a line of its own, which the format's parser rejects with the reason, so that it is
 * counted, kept and shown like any other dead letter.
 */
import type { Format, Sink } from '../format.ts';

const MARK = '{"undecodable":';
const markBytes = new TextEncoder().encode(MARK);
/** How much of what is damaged is kept. */
const KEPT_BYTES = 64 << 10;

/**
 * The line, with its ending.
 * @param offset of the damaged bytes in the stream that was given to the decoder; NaN = there is no such place
 */
export function undecodable(reason: string, offset: number, bytes: Uint8Array): string {
  return `${line(reason, { offset: Number.isNaN(offset) ? null : offset, length: bytes.length, bytes: bytes.subarray(0, KEPT_BYTES) })}\n`;
}
function line(reason: string, { bytes, offset, length }: Original): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return `${MARK}${JSON.stringify(reason)}${offset === null ? '' : `,"offset":${offset}`},"length":${length},"hex":"${hex}"}`;
}

/** The same original with another reason: its line, and the reason as a parser tells it. */
export function refused(reason: string, original: Original): { bytes: Uint8Array; reason: string } {
  const bytes = new TextEncoder().encode(line(reason, original));
  return { bytes, reason: reasonOf(bytes, 0, bytes.length) };
}

/** Whether a stream of this format is lines that a decoder or a connector wrote. */
export function isWritten(format: Pick<Format, 'decode' | 'fromConnector'> | undefined): boolean {
  return format?.decode !== undefined || format?.fromConnector === true;
}

/** Rejects the line [start, end) when it is one of these; false when it is not. */
export function rejectUndecodable(buf: Uint8Array, start: number, end: number, sink: Sink): boolean {
  if (end - start <= markBytes.length) return false;
  for (let i = 0; i < markBytes.length; i++) if (buf[start + i] !== markBytes[i]) return false;
  sink.reject(start, end, reasonOf(buf, start, end));
  return true;
}

/** What could not be decoded, as it stands in the original. */
export interface Original {
  bytes: Uint8Array;
  /** where they begin in the stream that was decoded; null = there is no such place (a posted body, a message) */
  offset: number | null;
  /** how many there were; more than `bytes` where only the first are kept */
  length: number;
}

const WHOLE = /^\{"undecodable":"(?:[^"\\]|\\.)*"(?:,"offset":(\d{1,16}))?,"length":(\d{1,16}),"hex":"([0-9a-f]*)"\}\n?$/;

/**
 * The original of a line that was rejected with `reason`; null when the line is none of these. Only for lines that a decoder or a connector
 * wrote: in a file, a line that looks like one is what it is.
 */
export function originalOf(line: Uint8Array, reason: string): Original | null {
  for (let i = 0; i < markBytes.length; i++) if (line[i] !== markBytes[i]) return null;
  const found = WHOLE.exec(new TextDecoder().decode(line));
  if (!found || reasonOf(line, 0, line.length) !== reason) return null;
  const [, offset, length, hex] = found;
  const bytes = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return { bytes, offset: (offset as string | undefined) === undefined ? null : Number(offset), length: Number(length) };
}

function reasonOf(buf: Uint8Array, start: number, end: number): string {
  // The reason stands in front and is short; what follows may be long.
  const text = new TextDecoder().decode(buf.subarray(start + markBytes.length, Math.min(end, start + 4096)));
  const reason = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  const offset = /^,"offset":(\d{1,16})/.exec(text.slice(reason?.length ?? 0))?.[1];
  if (reason === undefined) return 'This could not be decoded.';
  let said: string;
  try {
    said = String(JSON.parse(reason));
  } catch {
    said = 'This could not be decoded.';
  }
  return offset === undefined ? said : `${said} (at byte ${offset} of the file)`;
}
