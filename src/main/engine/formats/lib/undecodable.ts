/**
 * How a decoder hands on what it could not decode: as a line of its own, which the format's parser rejects with the reason, so that it is
 * counted, kept and shown like any other dead letter.
 */
import type { Sink } from '../format.ts';

const MARK = '{"undecodable":';
const markBytes = new TextEncoder().encode(MARK);
/** How much of what is damaged is kept. */
const KEPT_BYTES = 64 << 10;

/**
 * The line, with its ending.
 * @param offset of the damaged bytes in the stream that was given to the decoder; NaN = there is no such place
 */
export function undecodable(reason: string, offset: number, bytes: Uint8Array): string {
  const kept = bytes.subarray(0, KEPT_BYTES);
  let hex = '';
  for (const byte of kept) hex += byte.toString(16).padStart(2, '0');
  return `${MARK}${JSON.stringify(reason)}${Number.isNaN(offset) ? '' : `,"offset":${offset}`},"length":${bytes.length},"hex":"${hex}"}\n`;
}

/** Rejects the line [start, end) when it is one of these; false when it is not. */
export function rejectUndecodable(buf: Uint8Array, start: number, end: number, sink: Sink): boolean {
  if (end - start <= markBytes.length) return false;
  for (let i = 0; i < markBytes.length; i++) if (buf[start + i] !== markBytes[i]) return false;
  sink.reject(start, end, reasonOf(buf, start, end));
  return true;
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
