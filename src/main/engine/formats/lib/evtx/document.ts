/**
 * A small event log made of bytes, which proves the decoder without a binary file at hand: one chunk, one template, its definition inside the
 * first record and used again by the second.
 */
import { crc32 } from './crc32.ts';
import { TOKEN } from './compile.ts';
import { TYPE } from './values.ts';

const HEADER_BYTES = 4096;
const CHUNK_BYTES = 65536;

interface SampleEvent {
  id: number;
  recordId: number;
  level: number;
  /** milliseconds since 1970 */
  time: number;
  computer: string;
  user: string;
  address: string;
}

/** Bytes in little-endian order; offsets are those of the chunk. */
export class ByteWriter {
  readonly bytes = new Uint8Array(CHUNK_BYTES);
  readonly view = new DataView(this.bytes.buffer);
  at: number;

  constructor(at: number) {
    this.at = at;
  }
  u8(...values: number[]): this {
    for (const value of values) this.bytes[this.at++] = value;
    return this;
  }
  u16(value: number): this {
    this.view.setUint16(this.at, value, true);
    this.at += 2;
    return this;
  }
  u32(value: number): this {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
    return this;
  }
  u64(value: bigint): this {
    this.view.setBigUint64(this.at, value, true);
    this.at += 8;
    return this;
  }
  utf16(text: string): this {
    for (let i = 0; i < text.length; i++) this.u16(text.charCodeAt(i));
    return this;
  }
  /** A name, defined where it is used. */
  name(text: string): this {
    return this.u32(this.at + 4).u32(0).u16(0).u16(text.length).utf16(text).u16(0);
  }
  open(name: string, attributes = false): this {
    this.u8(TOKEN.open | (attributes ? 0x40 : 0)).u16(0xffff).u32(0).name(name);
    return attributes ? this.u32(0) : this;
  }
  attribute(name: string): this {
    return this.u8(TOKEN.attribute).name(name);
  }
  text(value: string): this {
    return this.u8(TOKEN.value, TYPE.string).u16(value.length).utf16(value);
  }
  hole(index: number, type: number, optional = false): this {
    return this.u8(optional ? TOKEN.optional : TOKEN.hole).u16(index).u8(type);
  }
  /** <name>%index</name> */
  leaf(name: string, index: number, type: number): this {
    return this.open(name).u8(TOKEN.closeStart).hole(index, type).u8(TOKEN.closeElement);
  }
}

/** Milliseconds since 1970 as a FILETIME. */
function filetime(ms: number): bigint {
  return BigInt(ms) * 10_000n + 116_444_736_000_000_000n;
}

/** A file of one chunk around what `write` puts behind the chunk's header; returns the offset of the last record. */
export function eventLog(records: number, write: (writer: ByteWriter) => number): Uint8Array {
  const chunk = new ByteWriter(512);
  const lastRecord = write(chunk);
  const free = chunk.at;
  chunk.bytes.set(new TextEncoder().encode('ElfChnk\0'));
  chunk.at = 8;
  chunk.u64(1n).u64(BigInt(records)).u64(1n).u64(BigInt(records)).u32(128).u32(lastRecord).u32(free).u32(crc32(chunk.bytes, 512, free));
  chunk.view.setUint32(124, crc32(chunk.bytes, 128, 512, crc32(chunk.bytes, 0, 120)), true);
  const file = new Uint8Array(HEADER_BYTES + CHUNK_BYTES);
  file.set(new TextEncoder().encode('ElfFile\0'));
  const view = new DataView(file.buffer);
  view.setBigUint64(24, BigInt(records + 1), true);
  view.setUint32(32, 128, true);
  view.setUint16(36, 1, true);
  view.setUint16(38, 3, true);
  view.setUint16(40, HEADER_BYTES, true);
  view.setUint16(42, 1, true);
  view.setUint32(124, crc32(file, 0, 120), true);
  file.set(chunk.bytes, HEADER_BYTES);
  return file;
}

/** Writes a record around the BinXML that `body` writes. */
export function writeRecord(chunk: ByteWriter, recordId: number, time: bigint, body: () => void): void {
  const start = chunk.at;
  chunk.u32(0x2a2a).u32(0).u64(BigInt(recordId)).u64(time).u8(TOKEN.header, 1, 1, 0);
  body();
  const size = chunk.at + 4 - start;
  chunk.u32(size);
  chunk.view.setUint32(start + 4, size, true);
}

/** Failed logons and the like: System with its usual members, EventData with three. */
export function sampleLog(events: readonly SampleEvent[]): Uint8Array {
  return eventLog(events.length, (chunk) => {
    let definition = 0;
    let last = 0;
    for (const event of events) {
      last = chunk.at;
      writeRecord(chunk, event.recordId, filetime(event.time), () => {
        chunk.u8(TOKEN.instance, 1).u32(1);
        const first = definition === 0;
        if (first) definition = chunk.at + 4;
        chunk.u32(definition);
        if (first) writeDefinition(chunk);
        const sizes = [2, 1, 8, 8, 2 * event.computer.length, 2 * event.user.length, 2 * event.address.length];
        const types = [TYPE.uint16, TYPE.uint8, TYPE.filetime, TYPE.uint64, TYPE.string, TYPE.string, TYPE.string];
        chunk.u32(sizes.length);
        sizes.forEach((size, index) => chunk.u16(size).u8(types[index], 0));
        chunk.u16(event.id).u8(event.level).u64(filetime(event.time)).u64(BigInt(event.recordId)).utf16(event.computer).utf16(event.user).utf16(event.address);
      });
    }
    return last;
  });
}

function writeDefinition(chunk: ByteWriter): void {
  chunk.u32(0).u32(1).u32(0).u64(0n);
  const sizeAt = chunk.at;
  chunk.u32(0).u8(TOKEN.header, 1, 1, 0);
  chunk.open('Event', true).attribute('xmlns').text('http://schemas.microsoft.com/win/2004/08/events/event').u8(TOKEN.closeStart);
  chunk.open('System').u8(TOKEN.closeStart);
  chunk.open('Provider', true).attribute('Name').text('Microsoft-Windows-Security-Auditing').u8(TOKEN.closeEmpty);
  chunk.leaf('EventID', 0, TYPE.uint16).leaf('Level', 1, TYPE.uint8);
  chunk.open('TimeCreated', true).attribute('SystemTime').hole(2, TYPE.filetime).u8(TOKEN.closeEmpty);
  chunk.leaf('EventRecordID', 3, TYPE.uint64);
  chunk.open('Channel').u8(TOKEN.closeStart).text('Security').u8(TOKEN.closeElement);
  chunk.leaf('Computer', 4, TYPE.string).u8(TOKEN.closeElement);
  chunk.open('EventData').u8(TOKEN.closeStart);
  for (const [name, index] of [['TargetUserName', 5], ['IpAddress', 6]] as const) {
    chunk.open('Data', true).attribute('Name').text(name).u8(TOKEN.closeStart).hole(index, TYPE.string, true).u8(TOKEN.closeElement);
  }
  chunk.u8(TOKEN.closeElement, TOKEN.closeElement, TOKEN.end);
  chunk.view.setUint32(sizeAt, chunk.at - sizeAt - 4, true);
}
