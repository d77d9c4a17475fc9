/** Whether a message of OTLP is whole, and how many records are in it, told without reading them: a receiver has to say so at once. */
import { itemType, MAX_DEPTH, RECORDS, RESOURCES, type Fields, type OtlpKind } from './fields.ts';

/** Why a message is none; in a sentence, with the place. */
export class Malformed extends Error {}

/**
 * Counts the log records, spans or points of an ExportLogsServiceRequest, ExportTraceServiceRequest or ExportMetricsServiceRequest in protobuf.
 * @throws Malformed when it is no message of protobuf, or one whose lengths do not fit
 */
export function countRecords(bytes: Uint8Array, kind: OtlpKind): number {
  const walk = new Walk(bytes);
  walk.message(0, bytes.length, { 1: ['', RESOURCES[kind], true] }, 0);
  return walk.records;
}

class Walk {
  records = 0;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  message(start: number, end: number, fields: Fields, depth: number): void {
    if (depth > MAX_DEPTH) throw new Malformed(`Values are nested deeper than ${MAX_DEPTH}.`);
    if (RECORDS.has(fields)) this.records++;
    this.#at = start;
    while (this.#at < end) {
      const begins = this.#at;
      const tag = this.#varint(end);
      const wire = tag & 7;
      if (tag >= 2 ** 32 || tag < 8) throw new Malformed(`The byte ${begins} begins no field of protobuf.`);
      if (wire === 0) {
        this.#varint(end);
      } else if (wire === 1 || wire === 5) {
        this.#at += wire === 1 ? 8 : 4;
      } else if (wire === 2) {
        const length = this.#varint(end);
        const stop = this.#at + length;
        if (stop > end) throw new Malformed(`The field at byte ${begins} is longer than the message around it.`);
        const type = fields[tag >>> 3]?.[1];
        if (typeof type === 'object') this.message(this.#at, stop, type, depth + 1);
        else if (type !== undefined && itemType(type) >= 0) this.#list(begins, stop, itemType(type));
        this.#at = stop;
      } else {
        throw new Malformed(`The field at byte ${begins} is of a kind that protobuf does not have any more.`);
      }
      if (this.#at > end) throw new Malformed(`The field at byte ${begins} is longer than the message around it.`);
    }
  }

  #list(begins: number, stop: number, item: number): void {
    if (item === 1 && (stop - this.#at) % 8 !== 0) throw new Malformed(`The list of numbers at byte ${begins} ends in the middle of one.`);
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
