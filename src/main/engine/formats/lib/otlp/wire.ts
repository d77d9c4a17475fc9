/**
 * How OTLP stands in binary files, without decoding it: what kind it is, where its messages are. Three framings: one TracesData (or
 * ExportTraceServiceRequest: the same bytes), messages each behind its length as a varint (protobuf's delimited streams), and behind its length as
 * four bytes, high byte first (the Collector's file exporter).
 */
import type { OtlpKind } from './fields.ts';

type Framing = 'plain' | 'varint' | 'fixed';
export interface Wire {
  framing: Framing;
  kind: OtlpKind;
}

/** A varint below 2^32 at `at`: value and the position behind it; null when it is none or the bytes end. */
export function varint(bytes: Uint8Array, at: number, end: number): { value: number; at: number } | null {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= end) return null;
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value < 2 ** 32 ? { value, at } : null;
  }
  return null;
}

/** The fields of [from, to) that have a length. The bytes were checked before. */
export function* withLength(bytes: Uint8Array, from: number, to: number): Generator<{ number: number; start: number; end: number }, void, void> {
  for (let at = from; at < to; ) {
    const tag = varint(bytes, at, to);
    if (!tag) return;
    const wire = tag.value & 7;
    ({ at } = tag);
    if (wire === 2) {
      const length = varint(bytes, at, to);
      if (!length) return;
      const end = length.at + length.value;
      yield { number: tag.value >>> 3, start: length.at, end };
      at = end;
    } else if (wire === 0) {
      while (bytes[at] > 127) at++;
      at++;
    } else {
      at += wire === 1 ? 8 : 4;
    }
  }
}

/**
 * An empty ResourceSpans, ResourceLogs or ResourceMetrics. In front of a message it changes nothing of what the message says, and no text begins so:
 * receivers put it there, so that what follows need not be guessed.
 */
export const EMPTY_RESOURCE: Uint8Array = Uint8Array.of(0x0a, 0);

/** What the head of a binary file says; null when it is no OTLP. `whole`: the file ends with the head; `chosen`: its kind, where that is known. */
export function wireOf(head: Uint8Array, whole: boolean, chosen?: OtlpKind): Wire | null {
  if (chosen && head[0] === EMPTY_RESOURCE[0] && head[1] === EMPTY_RESOURCE[1]) return { framing: 'plain', kind: chosen };
  const plain = kindOf(head, 0, whole ? head.length : Infinity);
  if (plain) return { framing: 'plain', kind: plain };
  const length = varint(head, 0, head.length);
  if (length && length.value > 0) {
    const kind = kindOf(head, length.at, length.at + length.value);
    if (kind) return { framing: 'varint', kind };
  }
  if (head.length > 4) {
    const kind = kindOf(head, 4, 4 + new DataView(head.buffer, head.byteOffset).getUint32(0));
    if (kind) return { framing: 'fixed', kind };
  }
  return null;
}

/** What the message [at, end) of `bytes` carries, as far as the bytes reach: its first field must be a resource with a scope with a record. */
export function kindOf(bytes: Uint8Array, at: number, end: number): OtlpKind | null {
  const first = field(bytes, at, end);
  if (!first || first.number !== 1) return null;
  const scope = find(bytes, first.start, first.end, 2, [1, 3]);
  const record = scope && find(bytes, scope.start, scope.end, 2, [1, 3]);
  return record ? recordKind(bytes, record.start, record.end) : null;
}

interface Field {
  number: number;
  start: number;
  end: number;
}
/** The length-delimited field at `at`; null for any other, or one that reaches beyond `end`. */
function field(bytes: Uint8Array, at: number, end: number): Field | null {
  const tag = varint(bytes, at, bytes.length);
  if (!tag || (tag.value & 7) !== 2) return null;
  const length = varint(bytes, tag.at, bytes.length);
  if (!length || length.at + length.value > end) return null;
  return { number: tag.value >>> 3, start: length.at, end: length.at + length.value };
}
/** The first field `number`, only those in `before` in front of it. */
function find(bytes: Uint8Array, at: number, end: number, number: number, before: readonly number[]): Field | null {
  while (at < end && at < bytes.length) {
    const found = field(bytes, at, end);
    if (!found) return null;
    if (found.number === number) return found;
    if (!before.includes(found.number)) return null;
    at = found.end;
  }
  return null;
}
function recordKind(bytes: Uint8Array, at: number, end: number): OtlpKind | null {
  // A span begins with its ids of 16 and 8 bytes, a log record with a time (fields 1 or 11, 64 bits) or its severity, a metric with its name.
  if (bytes[at] === 0x0a && bytes[at + 1] === 16 && bytes[at + 18] === 0x12 && bytes[at + 19] === 8) return 'spans';
  if ((bytes[at] === 0x09 || bytes[at] === 0x59) && at + 9 <= end) return 'logs';
  const name = field(bytes, at, end);
  if (!name || name.number !== 1 || name.end > bytes.length) return null;
  for (let i = name.start; i < name.end; i++) if (bytes[i] < 32 || bytes[i] > 126) return null;
  return name.end > name.start ? 'metrics' : null;
}
