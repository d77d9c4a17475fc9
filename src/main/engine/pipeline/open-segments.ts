/**
 * What comes a few events at a time must not become a segment each time: the last segment of a live source goes on until it is worth being
 * one. For that its bytes are kept here and read again with what comes next, each thing brought as the stream of its own that it was, so the
 * same events come of it, in the same order, and their ids stay. In memory only: after a restart a new segment begins.
 */
import type { SourceRow } from '../store/case-store.ts';
import type { BroughtLines } from '../workers/parse-protocol.ts';

/** A segment of more events or bytes than this ends. */
const WORTH_EVENTS = 1024;
const WORTH_BYTES = 256 << 10;
/** A segment is written again at most so often: senders in a hurry bring enough at once, or have to pay with segments. */
const PAUSE_MS = 500;

export interface OpenSegment {
  segment: number;
  events: number;
  parts: readonly BroughtLines[];
}
export const NONE: OpenSegment = { segment: 0, events: 0, parts: [] };

export class OpenSegments {
  readonly #open = new Map<number, OpenSegment & { at: number; how: string }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The segment of a source that may go on with `bytes` more. */
  of(source: SourceRow, bytes: number): OpenSegment {
    const open = this.#open.get(source.id);
    if (!open || open.how !== howRead(source) || bytes + sizeOf(open.parts) > WORTH_BYTES || this.#now() - open.at < PAUSE_MS) return NONE;
    return open;
  }

  /** What was committed last of a source; `segment` 0 = not one segment alone. */
  committed(source: SourceRow, { segment, events, parts }: OpenSegment): void {
    if (segment === 0 || events >= WORTH_EVENTS || sizeOf(parts) > WORTH_BYTES) this.#open.delete(source.id);
    else this.#open.set(source.id, { segment, events, parts: parts.map(own), at: this.#now(), how: howRead(source) });
  }
}

function howRead({ format, zone, service, dedupWindow }: SourceRow): string {
  return JSON.stringify([format, zone, service, dedupWindow]);
}
function sizeOf(parts: readonly BroughtLines[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
/** Without the large buffer that a connector may have cut it from. */
function own(part: BroughtLines): BroughtLines {
  return part.bytes.byteLength === part.bytes.buffer.byteLength ? part : { ...part, bytes: part.bytes.slice() };
}
