/**
 * One chunk (64 KiB) of an event log: its header, its records and what is damaged in it. Layout: libyal's "Windows XML Event Log (EVTX)
 * format". A chunk stands alone: names, templates and records refer to it by offset.
 */
import { undecodable } from '../undecodable.ts';
import { crc32 } from './crc32.ts';
import { Damage } from './damage.ts';
import type { JsonOutput } from './json-output.ts';
import { Renderer, type Shared } from './render.ts';
import { writeFiletime } from './times.ts';
import type { Source } from './values.ts';

export const CHUNK_BYTES = 1 << 16;
const HEADER_BYTES = 512;
const RECORD_HEADER = 24;
const SIGNATURE = 0x00002a2a;
/** No line is longer: the store takes records up to 1 MiB. */
const MAX_LINE = 1_000_000;
/** What all records of a chunk may come to: real ones stay below 1 MiB. */
const MAX_CHUNK_LINES = 4 << 20;

const encoder = new TextEncoder();
const text = (value: string): Uint8Array => encoder.encode(value);
const BEHIND = text(',"evtx":{"record":');
const WRITTEN = text(',"written":"');
const OFFSET = text('","offset":');
const CHECKSUM = text(',"damage":"the checksum of the chunk is wrong"');

/** Whether a chunk begins at `at`. */
export function isChunk(bytes: Uint8Array, at: number): boolean {
  return isText(bytes, at, 'ElfChnk\0');
}
export function isText(bytes: Uint8Array, at: number, expected: string): boolean {
  if (at + expected.length > bytes.length) return false;
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected.charCodeAt(i)) return false;
  return true;
}

export class Chunk {
  private readonly source: Source;
  private readonly out: JsonOutput;
  private readonly offset: number;
  private readonly length: number;
  private readonly renderer: Renderer;
  private readonly begun: number;
  private sound = true;
  private lastId = -1;

  /**
   * @param bytes a whole chunk, filled up with zeros where the file ended before
   * @param length how much of it was there
   * @param offset where it stands in the file
   * @param shared what was learned from other chunks of the log
   */
  constructor(bytes: Uint8Array, length: number, offset: number, out: JsonOutput, shared: Shared) {
    this.source = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
    this.length = length;
    this.offset = offset;
    this.out = out;
    this.begun = out.at;
    this.renderer = new Renderer(this.source, out, shared);
  }

  /** Writes a line for each record and each damaged place. */
  decode(): void {
    const { view, bytes } = this.source;
    const free = view.getUint32(48, true);
    const plausible = free >= HEADER_BYTES && free <= CHUNK_BYTES;
    this.sound = plausible && crc32(bytes, HEADER_BYTES, free) === view.getUint32(52, true) && crc32(bytes, 128, HEADER_BYTES, crc32(bytes, 0, 120)) === view.getUint32(124, true);
    const limit = Math.min(plausible ? free : CHUNK_BYTES, this.length);
    let at = HEADER_BYTES;
    let cut = false;
    while (at < limit) {
      const size = this.recordSize(at);
      if (size > 0) {
        this.record(at, size);
        at += size;
        continue;
      }
      const next = this.nextRecord(at + 1, limit);
      if (!plausible && next === limit && isEmpty(bytes, at, limit)) break;
      cut = next === this.length && this.length < CHUNK_BYTES;
      this.damaged(cut ? 'The file ends in the middle of a record' : 'No record begins where one should', at, next);
      at = next;
    }
    // Records that were written after the chunk's header: their numbers go on where the others end. What else stands there is left from before.
    while (at < this.length && this.lastId >= 0) {
      const size = this.recordSize(at);
      if (size === 0 || view.getUint32(at + 8, true) !== ((this.lastId + 1) >>> 0)) break;
      this.record(at, size);
      at += size;
    }
    if (this.length < free && plausible && !cut) this.damaged('The file ends before the last records of this chunk', Math.min(at, this.length), this.length);
  }

  /** The size of the record at `at`; 0 when none is there. The size stands at both ends of it. */
  private recordSize(at: number): number {
    const { view } = this.source;
    if (at + RECORD_HEADER + 4 > this.length || view.getUint32(at, true) !== SIGNATURE) return 0;
    const size = view.getUint32(at + 4, true);
    if (size < RECORD_HEADER + 4 || at + size > this.length) return 0;
    return view.getUint32(at + size - 4, true) === size ? size : 0;
  }
  private nextRecord(from: number, limit: number): number {
    const { bytes } = this.source;
    for (let at = bytes.indexOf(0x2a, from); at >= 0 && at < limit; at = bytes.indexOf(0x2a, at + 1)) if (this.recordSize(at) > 0) return at;
    return limit;
  }

  private record(at: number, size: number): void {
    const { out, renderer } = this;
    const { view } = this.source;
    const start = out.at;
    const id = view.getUint32(at + 12, true) * 4294967296 + view.getUint32(at + 8, true);
    this.lastId = view.getUint32(at + 8, true);
    out.limit = Math.min(start + MAX_LINE, this.begun + MAX_CHUNK_LINES);
    try {
      out.byte(123);
      if (renderer.record(at + RECORD_HEADER, at + size - 4) === 0) throw new Damage('The record holds no event', at);
      out.literal(BEHIND);
      out.ascii(Number.isSafeInteger(id) ? String(id) : `"${view.getBigUint64(at + 8, true)}"`);
      out.literal(WRITTEN);
      writeFiletime(out, view.getUint32(at + 20, true), view.getUint32(at + 16, true));
      out.literal(OFFSET);
      out.number(this.offset + at);
      if (!this.sound) out.literal(CHECKSUM);
      out.byte(125);
      out.byte(125);
      out.byte(10);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      out.at = start;
      this.damaged(`Record ${id} cannot be decoded: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`, at, at + size);
    }
  }

  private damaged(reason: string, start: number, end: number): void {
    this.out.limit = Number.MAX_SAFE_INTEGER;
    this.out.literal(text(undecodable(`${reason}.`, this.offset + start, this.source.bytes.subarray(start, end))));
  }
}

function isEmpty(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}
