/**
 * A Windows event log of the wanted size, made of real chunks: Windows fills chunk after chunk of 64 KiB, each of which stands alone. Chunks of
 * the security samples that are at least a quarter full are repeated in a seeded order, with numbers of records and checksums of their own.
 */
import fs from 'node:fs';
import path from 'node:path';
import { CHUNK_BYTES, isChunk } from '../../../src/main/engine/formats/lib/evtx/chunk.ts';
import { crc32 } from '../../../src/main/engine/formats/lib/evtx/crc32.ts';
import type { Input } from './inputs.ts';
import { Random } from './random.ts';

/** Part of the file's name: raise it when what is generated changes. */
const GENERATION = 1;
const HEADER = 4096;
const CHUNK_HEADER = 512;

/** null when `samples` (a folder with evtx/) has no chunk that will do. `bytes`: of the file, about. */
export function eventLog(samples: string, folder: string, seed: number, bytes: number): Input | null {
  const chunks = fs.existsSync(path.join(samples, 'evtx')) ? chunksOf(path.join(samples, 'evtx')) : [];
  if (chunks.length === 0) return null;
  const file = path.join(folder, `events-g${GENERATION}-s${seed}-n${bytes}.evtx`);
  const random = new Random(seed);
  const count = Math.min(0xffff, Math.floor((bytes - HEADER) / CHUNK_BYTES));
  const order = Array.from({ length: count }, () => random.of(chunks));
  const events = order.reduce((sum, chunk) => sum + recordsOf(chunk).length, 0);
  if (!fs.existsSync(file)) {
    const out = fs.openSync(`${file}.part`, 'w');
    fs.writeSync(out, header(count, events));
    let id = 1;
    for (const chunk of order) {
      const copy = Buffer.from(chunk);
      for (const at of recordsOf(copy)) copy.writeBigUInt64LE(BigInt(id++), at + 8);
      fs.writeSync(out, sealed(copy, id));
    }
    fs.closeSync(out);
    fs.renameSync(`${file}.part`, file);
  }
  return { paths: [file], events, bytes: fs.statSync(file).size };
}

function chunksOf(folder: string): Buffer[] {
  return fs.readdirSync(folder).filter((name) => name.endsWith('.evtx')).toSorted().flatMap((name) => {
    const file = fs.readFileSync(path.join(folder, name));
    const found: Buffer[] = [];
    for (let at = HEADER; at + CHUNK_BYTES <= file.length; at += CHUNK_BYTES) {
      if (isChunk(file, at) && file.readUInt32LE(at + 48) >= CHUNK_BYTES / 4) found.push(file.subarray(at, at + CHUNK_BYTES));
    }
    return found;
  });
}
/** Where its records begin. */
function recordsOf(chunk: Buffer): number[] {
  const found: number[] = [];
  for (let at = CHUNK_HEADER; at < chunk.readUInt32LE(48); at += chunk.readUInt32LE(at + 4)) found.push(at);
  return found;
}

/** `next`: the number behind that of its last record. */
function sealed(chunk: Buffer, next: number): Buffer {
  const count = recordsOf(chunk).length;
  for (const [at, id] of [[8, next - count], [16, next - 1], [24, next - count], [32, next - 1]]) chunk.writeBigUInt64LE(BigInt(id), at);
  chunk.writeUInt32LE(crc32(chunk, CHUNK_HEADER, chunk.readUInt32LE(48)), 52);
  chunk.writeUInt32LE(crc32(chunk, 128, CHUNK_HEADER, crc32(chunk, 0, 120)), 124);
  return chunk;
}
function header(chunks: number, events: number): Buffer {
  const bytes = Buffer.alloc(HEADER);
  bytes.write('ElfFile\0', 'latin1');
  bytes.writeBigUInt64LE(BigInt(chunks - 1), 16);
  bytes.writeBigUInt64LE(BigInt(events + 1), 24);
  for (const [at, value] of [[32, 128], [36, 1], [38, 3], [40, HEADER], [42, chunks]]) bytes.writeUInt16LE(value, at);
  bytes.writeUInt32LE(crc32(bytes, 0, 120), 124);
  return bytes;
}
