/** Cuts a stream into complete lines, many at a time: decoding text line by line costs more than parsing it. */

import { inPieces, PIECE_BYTES } from './pieces.ts';

/** No line of a metrics file is longer. */
export const MAX_LINE_BYTES = 1 << 20;
const LF = 10;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export interface LineBlock {
  /** without their endings (LF or CRLF) */
  lines: string[];
  /** Where lines[i] stands in the stream, and its bytes without the line ending. For rejects. */
  locate(i: number): { offset: number; length: number; bytes: Uint8Array };
  /** the line is longer than MAX_LINE_BYTES: `lines` is empty and locate(0) gives its beginning */
  overlong: boolean;
  /** no lines follow */
  last: boolean;
}

/** Blocks of about a mebibyte, the same however the stream is cut. Always ends with a block whose `last` is true, which may be empty. */
export async function* lineBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LineBlock> {
  let rest = new Uint8Array(0);
  /** of rest[0] in the stream */
  let offset = 0;
  /** length so far of an overlong line that is being skipped; its beginning is in `rest` */
  let skipped = 0;
  const take = (bytes: Uint8Array, last: boolean): LineBlock => {
    const block = blockOf(bytes, offset, last);
    offset += bytes.length;
    return block;
  };
  for await (let piece of inPieces(chunks)) {
    if (skipped > 0) {
      const end = piece.indexOf(LF);
      skipped += end < 0 ? piece.length : end;
      if (end < 0) continue;
      yield overlongBlock(rest, offset, skipped, false);
      offset += skipped + 1;
      skipped = 0;
      rest = new Uint8Array(0);
      piece = piece.subarray(end + 1);
    }
    const end = piece.lastIndexOf(LF) + 1;
    if (end > 0) yield take(joined(rest, piece.subarray(0, end)), false);
    rest = end > 0 ? piece.slice(end) : joined(rest, piece);
    if (rest.length > MAX_LINE_BYTES) {
      skipped = rest.length;
      rest = rest.slice(0, PIECE_BYTES);
    }
  }
  yield skipped > 0 ? overlongBlock(rest, offset, skipped, true) : take(rest, true);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

function overlongBlock(bytes: Uint8Array, offset: number, length: number, last: boolean): LineBlock {
  return { lines: [], overlong: true, last, locate: () => ({ offset, length, bytes }) };
}

function blockOf(bytes: Uint8Array, offset: number, last: boolean): LineBlock {
  const mark = offset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const lines = decoder.decode(bytes.subarray(mark)).split('\n');
  // Behind the last line ending stands nothing, but in the last block perhaps a line without one.
  if (lines[lines.length - 1] === '') lines.pop();
  for (let i = 0; i < lines.length; i++) if (lines[i].endsWith('\r')) lines[i] = lines[i].slice(0, -1);
  let starts: number[] | undefined;
  return {
    lines,
    last,
    overlong: false,
    locate: (i) => {
      starts ??= startsOf(bytes, mark, lines.length);
      const start = starts[i];
      let end = starts[i + 1];
      if (bytes[end - 1] === LF) end--;
      if (end > start && bytes[end - 1] === 13) end--;
      return { offset: offset + start, length: end - start, bytes: bytes.subarray(start, end) };
    },
  };
}

/** Where each line begins, and the end of the last one. */
function startsOf(bytes: Uint8Array, first: number, lines: number): number[] {
  const starts = [first];
  for (let i = 0; i < lines; i++) {
    const end = bytes.indexOf(LF, starts[i]);
    starts.push(end < 0 ? bytes.length : end + 1);
  }
  return starts;
}
