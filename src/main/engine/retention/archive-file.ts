/**
 * The file that events are archived in: 8 bytes of a mark, then a gzip stream of frames. A frame is a letter, the length of what follows as
 * 32 bits (little endian), the length of a JSON text as 32 bits, that text, and the bytes that it refers to by place and length.
 *
 *   H  what it is: case, who, when
 *   N  names and sources that the segments refer to, so that the file can be understood without the case
 *   S  one segment: its rows, exactly as the tables have them
 *   E  how many segments and events there are: without it the file is cut short
 */
import fs from 'node:fs';
import zlib from 'node:zlib';
import { once } from 'node:events';
import type { SegmentRow } from '../store/archives.ts';

const MARK = Buffer.from('TDMKARC1', 'latin1');
/** No frame is longer: a segment holds 32 MiB of text at most. */
const MOST_BYTES = 256 << 20;
const HEAD = 9;

export interface ArchiveHead {
  case: string;
  createdAt: number;
  by: string;
  toolVersion: string;
  schema: number;
}
export interface ArchiveNames {
  sources: Record<string, unknown>[];
  names: { field: number; id: number; name: string }[];
  templates: { id: number; pattern: string }[];
}
export interface ArchiveEnd {
  segments: number;
  events: number;
}
export type Frame = { kind: 'H'; head: ArchiveHead } | { kind: 'N'; names: ArchiveNames } | { kind: 'S'; id: number; rows: Map<string, SegmentRow>; sum: number } | { kind: 'E'; end: ArchiveEnd };

type Packed = number | string | null | { at: number; length: number };

export class ArchiveWriter {
  readonly #out: fs.WriteStream;
  readonly #zip = zlib.createGzip({ level: 6 });
  readonly #done: Promise<unknown>;
  #failed: Error | null = null;

  constructor(file: string) {
    this.#out = fs.createWriteStream(file, { flags: 'wx' });
    this.#out.write(MARK);
    this.#done = new Promise<void>((resolve) => {
      const fail = (error: Error): void => {
        this.#failed ??= error;
        resolve();
      };
      this.#out.once('error', fail).once('close', resolve);
      this.#zip.once('error', fail);
    });
    this.#zip.pipe(this.#out);
  }

  async head(head: ArchiveHead): Promise<void> {
    await this.#frame('H', head, []);
  }
  async names(names: ArchiveNames): Promise<void> {
    await this.#frame('N', names, []);
  }
  /** Returns the CRC-32 of what was written of it. */
  async segment(id: number, rows: ReadonlyMap<string, SegmentRow>): Promise<number> {
    const bytes: Uint8Array[] = [];
    let at = 0;
    const packed = Object.fromEntries(
      [...rows].map(([table, row]) => [
        table,
        Object.fromEntries(
          Object.entries(row).map(([column, value]): [string, Packed] => {
            if (!(value instanceof Uint8Array)) return [column, value];
            bytes.push(value);
            at += value.length;
            return [column, { at: at - value.length, length: value.length }];
          }),
        ),
      ]),
    );
    return await this.#frame('S', { id, rows: packed }, bytes);
  }
  /** Resolves when everything is with the system; throws what went wrong on the way. */
  async end(end: ArchiveEnd): Promise<void> {
    await this.#frame('E', end, []);
    this.#zip.end();
    await this.#done;
    if (this.#failed) throw this.#failed;
  }
  async abandon(): Promise<void> {
    this.#zip.destroy();
    this.#out.destroy();
    await this.#done;
  }

  async #frame(kind: string, json: object, bytes: readonly Uint8Array[]): Promise<number> {
    if (this.#failed) throw this.#failed;
    const text = Buffer.from(JSON.stringify(json));
    const head = Buffer.alloc(HEAD);
    head.write(kind, 0, 'latin1');
    head.writeUInt32LE(4 + text.length + bytes.reduce((sum, { length }) => sum + length, 0), 1);
    head.writeUInt32LE(text.length, 5);
    const frame = Buffer.concat([head, text, ...bytes]);
    if (!this.#zip.write(frame)) await Promise.race([once(this.#zip, 'drain'), this.#done]);
    return zlib.crc32(frame);
  }
}

/** Frames of an archive, one by one. Throws when the file is not one, is cut short or does not unpack. `tell`: bytes of the file that were read. */
export async function* readArchive(file: string, tell: (bytes: number) => void = () => undefined): AsyncGenerator<Frame, void, void> {
  const source = fs.createReadStream(file, { start: MARK.length, highWaterMark: 1 << 18 });
  const fd = fs.openSync(file, 'r');
  try {
    const mark = Buffer.alloc(MARK.length);
    fs.readSync(fd, mark, 0, mark.length, 0);
    if (!mark.equals(MARK)) throw new Error('it is not an archive of events');
  } finally {
    fs.closeSync(fd);
  }
  const unzip = source.on('error', (error) => unzip.destroy(error)).pipe(zlib.createGunzip());
  let held: Buffer[] = [];
  let have = 0;
  let ended = false;
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      held.push(chunk);
      have += chunk.length;
      tell(source.bytesRead);
      for (;;) {
        if (have < HEAD) break;
        if (held[0].length < HEAD) held = [Buffer.concat(held)];
        const length = held[0].readUInt32LE(1);
        if (ended || length < 4 || length > MOST_BYTES) throw new Error('a part of it has an impossible length');
        if (have < HEAD - 4 + length) break;
        const all = held.length === 1 ? held[0] : Buffer.concat(held);
        const frame = all.subarray(0, HEAD - 4 + length);
        held = [all.subarray(frame.length)];
        have = held[0].length;
        const read = frameOf(frame);
        ended = read.kind === 'E';
        yield read;
      }
    }
  } finally {
    source.destroy();
    unzip.destroy();
  }
  if (!ended || have > 0) throw new Error('it is cut short');
}

function frameOf(frame: Buffer): Frame {
  const kind = frame.toString('latin1', 0, 1);
  const text = frame.readUInt32LE(5);
  if (HEAD + text > frame.length) throw new Error('a part of it has an impossible length');
  const json = JSON.parse(frame.toString('utf8', HEAD, HEAD + text)) as unknown;
  if (kind === 'H') return { kind, head: json as ArchiveHead };
  if (kind === 'N') return { kind, names: json as ArchiveNames };
  if (kind === 'E') return { kind, end: json as ArchiveEnd };
  if (kind !== 'S') throw new Error(`a part of it is of an unknown kind`);
  const bytes = frame.subarray(HEAD + text);
  const { id, rows } = json as { id: number; rows: Record<string, Record<string, Packed>> };
  const value = (packed: Packed): SegmentRow[string] => {
    if (packed === null || typeof packed !== 'object') return packed;
    if (packed.at < 0 || packed.length < 0 || packed.at + packed.length > bytes.length) throw new Error('a part of it has an impossible length');
    return Buffer.from(bytes.subarray(packed.at, packed.at + packed.length));
  };
  return { kind, id, rows: new Map(Object.entries(rows).map(([table, row]) => [table, Object.fromEntries(Object.entries(row).map(([column, packed]) => [column, value(packed)]))])), sum: zlib.crc32(frame) };
}
