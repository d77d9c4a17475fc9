/**
 * Which format a source is written in: every format says how much of the head it explains, the best wins.
 * Text is the floor: anything that is not binary can be read as lines.
 */
import type { Format, Head } from './format.ts';

const HEAD_BYTES = 64 << 10;
const HEAD_LINES = 400;
/** Confidences closer than this are a tie, which the file's name or the registry's order (special before general) decides. */
const TIE = 0.001;
/** Control characters that text does not have: above this share the source is binary. Compressed data has 11 %, text none. */
const BINARY_SHARE = 0.05;
/** A run of NULs this long is a hole that a crash left in a log, and counts as one byte. */
const HOLE = 64;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

interface Alternative {
  format: Format;
  confidence: number;
  reason: string;
}
export interface Recognised {
  /** null: the source cannot be read as records at all */
  format: Format | null;
  confidence: number;
  reason: string;
  /** what else it could be, best first */
  alternatives: Alternative[];
}

/** The head of a stream; `bytes` is its beginning, of which at most 64 KiB count. */
export function makeHead(path: string, bytes: Uint8Array): Head {
  const whole = bytes.length <= HEAD_BYTES;
  const part = whole ? bytes : bytes.subarray(0, HEAD_BYTES);
  const text = decoder.decode(part);
  const lines = text.split('\n');
  // The last piece is a complete line only when the stream ends there, which a head shorter than the limit shows.
  const last = lines.pop() ?? '';
  if (bytes.length < HEAD_BYTES && last !== '') lines.push(last);
  const complete: string[] = [];
  for (const line of lines) {
    if (line.trim() === '') continue;
    complete.push(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (complete.length === HEAD_LINES) break;
  }
  return { path, bytes: part, text, lines: complete };
}

/** Asks every format. `formats` is in order of preference: where two are equally sure, the earlier one is more special. */
export function recognise(head: Head, formats: readonly Format[]): Recognised {
  const binary = binaryReason(head.bytes);
  const found: Alternative[] = [];
  for (const format of formats) {
    if (binary !== '' && !format.decode) continue;
    const recognition = format.recognise(head);
    if (recognition) found.push({ format, confidence: Math.min(1, recognition.confidence), reason: recognition.reason });
  }
  const name = head.path.split(/[\\/!]/).pop()?.toLowerCase() ?? '';
  const named = (alternative: Alternative): number => (name.includes(alternative.format.id) ? 1 : 0);
  found.sort((a, b) => (Math.abs(a.confidence - b.confidence) > TIE ? b.confidence - a.confidence : named(b) - named(a)));
  const [best, ...alternatives] = found;
  if (!best && binary !== '') return { format: null, confidence: 0, reason: binary, alternatives };
  if (!best) return { format: null, confidence: 0, reason: 'No format can read this, not even as lines of text.', alternatives };
  return { ...best, alternatives };
}

/** Why these bytes are no text; '' when they are. */
function binaryReason(bytes: Uint8Array): string {
  let control = 0;
  let counted = 0;
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i];
    counted++;
    if (c === 0) {
      let run = i;
      while (run < bytes.length && bytes[run] === 0) run++;
      if (run - i >= HOLE) {
        i = run - 1;
        counted--;
        continue;
      }
      control++;
    } else if ((c < 32 && (c < 7 || c > 13) && c !== 27) || c === 127) {
      control++;
    }
  }
  if (bytes.length > 0 && counted === 0) return 'The file holds nothing but NUL bytes.';
  if (control <= counted * BINARY_SHARE) return '';
  return `This is binary data, not a log: ${Math.round((control / counted) * 100)} % of its first bytes are control characters.`;
}
