/** Whether a message of OTLP is whole, and how many records are in it, told without reading them: a receiver has to say so at once. */
import { itemType, MAX_DEPTH, RECORDS, RESOURCES, type Fields, type OtlpKind } from './fields.ts';

/** Why a message is none; in a sentence, with the place. */
export class Malformed extends Error {}

/**
 * Checks an ExportLogsServiceRequest, ExportTraceServiceRequest or ExportMetricsServiceRequest in protobuf.
 * @returns how many log records, spans or points it has, and its resources: the request without what it does not define
 * @throws Malformed when it is no message of protobuf, or one whose lengths do not fit
 */
export function checkRequest(bytes: Uint8Array, kind: OtlpKind): { records: number; resources: Uint8Array } {
  const walk = new Walk(bytes);
  const resources: Uint8Array[] = [];
  let at = 0;
  let plain = true;
  while (at < bytes.length) {
    const { tag, start, end } = walk.field(at, bytes.length);
    if (tag === RESOURCE) {
      walk.message(start, end, RESOURCES[kind], 1);
      resources.push(bytes.subarray(start, end));
    }
    plain &&= tag === RESOURCE && bytes[at] === RESOURCE && start - at <= 6;
    at = end;
  }
  return { records: walk.records, resources: plain ? bytes : joined(resources) };
}
/** The tag of field 1 with a length. */
const RESOURCE = 0x0a;

function joined(resources: readonly Uint8Array[]): Uint8Array {
  const parts = resources.flatMap((resource) => {
    const head = [RESOURCE];
    let { length } = resource;
    for (; length > 127; length = Math.floor(length / 128)) head.push((length % 128) + 128);
    return [Uint8Array.of(...head, length), resource];
  });
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Checks one ResourceSpans, ResourceLogs or ResourceMetrics, without its tag and length. @throws Malformed */
export function checkResource(bytes: Uint8Array, kind: OtlpKind): void {
  new Walk(bytes).message(0, bytes.length, RESOURCES[kind], 1);
}

class Walk {
  records = 0;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The field that begins at `begins`: its tag, and where its value begins and ends. */
  field(begins: number, limit: number): { tag: number; start: number; end: number } {
    this.#at = begins;
    const tag = this.#varint(limit);
    const wire = tag & 7;
    if (tag >= 2 ** 32 || tag < 8) throw new Malformed(`No field of protobuf begins at byte ${begins}.`);
    let start = this.#at;
    if (wire === 0) {
      this.#varint(limit);
    } else if (wire === 1 || wire === 5) {
      this.#at += wire === 1 ? 8 : 4;
    } else if (wire === 2) {
      const length = this.#varint(limit);
      start = this.#at;
      this.#at += length;
    } else {
      throw new Malformed(`The field at byte ${begins} is of a kind that protobuf does not have any more.`);
    }
    if (this.#at > limit) throw new Malformed(`The field at byte ${begins} is longer than the message around it.`);
    return { tag, start, end: this.#at };
  }

  /** Checks [start, end), which is to be a message with these fields. */
  message(start: number, end: number, fields: Fields, depth: number): void {
    if (depth > MAX_DEPTH) throw new Malformed(`Values are nested deeper than ${MAX_DEPTH}.`);
    if (RECORDS.has(fields)) this.records++;
    const bytes = this.#bytes;
    let at = start;
    while (at < end) {
      // Most fields have tags and lengths of one byte.
      const short = (bytes[at] & 0x87) === 2 && bytes[at] > 7 && at + 1 < end && bytes[at + 1] < 128;
      const found = short ? null : this.field(at, end);
      const tag = found ? found.tag : bytes[at];
      const from = found ? found.start : at + 2;
      const to = found ? found.end : from + bytes[at + 1];
      if (to > end) throw new Malformed(`The field at byte ${at} is longer than the message around it.`);
      if ((tag & 7) === 2) {
        const type = fields[tag >>> 3]?.[1];
        if (typeof type === 'object') this.message(from, to, type, depth + 1);
        else if (type !== undefined && itemType(type) >= 0) this.#list(at, from, to, itemType(type));
      }
      at = to;
    }
  }

  #list(begins: number, start: number, stop: number, item: number): void {
    this.#at = start;
    if (item === 1 && (stop - start) % 8 !== 0) throw new Malformed(`The list of numbers at byte ${begins} ends in the middle of one.`);
    if (item === 0) while (this.#at < stop) this.#varint(stop);
  }

  /** Its value as far as 53 bits hold it; larger ones are only passed over. */
  #varint(end: number): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (this.#at >= end) break;
      const byte = this.#bytes[this.#at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new Malformed(`A number is cut off or too long at byte ${this.#at}.`);
  }
}
