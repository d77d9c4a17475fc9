/** Builds archives in memory for tests: whole, odd and hostile ones. */
import { spawnSync } from 'node:child_process';
import { crc32, deflateRawSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';

export interface ZipInput {
  name: string | Buffer;
  data: Buffer;
  /** 0 stored, 8 deflated (default); others need `packed` */
  method?: number;
  packed?: Buffer;
  /** writes the sizes after the data, as a streaming writer does */
  descriptor?: boolean;
  flags?: number;
  /** what the local header says instead */
  localName?: string;
  localSignature?: number;
  /** lies told in the directory */
  declaredSize?: number;
  declaredCrc?: number;
  offset?: number;
  mode?: number;
  unixSeconds?: number;
}

/** A zip with a central directory, written entry by entry. */
export function zip(inputs: ZipInput[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const input of inputs) {
    const method = input.method ?? 8;
    const packed = input.packed ?? (method === 8 ? deflateRawSync(input.data) : input.data);
    const name = Buffer.isBuffer(input.name) ? input.name : Buffer.from(input.name);
    const localName = input.localName === undefined ? name : Buffer.from(input.localName);
    const flags = (input.flags ?? 0x800) | (input.descriptor === true ? 8 : 0);
    const crc = crc32(input.data);
    const extra = Buffer.alloc(input.unixSeconds === undefined ? 0 : 9);
    if (input.unixSeconds !== undefined) {
      extra.writeUInt16LE(0x5455, 0);
      extra.writeUInt16LE(5, 2);
      extra[4] = 1;
      extra.writeInt32LE(input.unixSeconds, 5);
    }
    const local = Buffer.alloc(30);
    local.writeUInt32LE(input.localSignature ?? 0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(0x21, 12);
    if (input.descriptor !== true) {
      local.writeUInt32LE(crc, 14);
      local.writeUInt32LE(packed.length, 18);
      local.writeUInt32LE(input.data.length, 22);
    }
    local.writeUInt16LE(localName.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const tail = Buffer.alloc(input.descriptor === true ? 16 : 0);
    if (input.descriptor === true) {
      tail.writeUInt32LE(0x08074b50, 0);
      tail.writeUInt32LE(crc, 4);
      tail.writeUInt32LE(packed.length, 8);
      tail.writeUInt32LE(input.data.length, 12);
    }
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(0x031e, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt16LE(0x21, 14);
    entry.writeUInt32LE(input.declaredCrc ?? crc, 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(input.declaredSize ?? input.data.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(((input.mode ?? 0o100644) << 16) >>> 0, 38);
    entry.writeUInt32LE(input.offset ?? at, 42);
    central.push(Buffer.concat([entry, name, extra]));
    const whole = Buffer.concat([local, localName, extra, packed, tail]);
    parts.push(whole);
    at += whole.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(inputs.length, 8);
  end.writeUInt16LE(inputs.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, directory, end, Buffer.from(comment)]);
}

/** A tar as tar-stream writes it. */
export async function tar(entries: { header: Partial<Header> & { name: string }; data?: Buffer }[]): Promise<Buffer> {
  const packer = pack();
  for (const { header, data } of entries) packer.entry(header, data ?? Buffer.alloc(0));
  packer.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Runs a compressor of the system over bytes; null where it is not installed. */
export function packWith(command: string, args: string[], input: Buffer): Buffer | null {
  const { status, stdout, error } = spawnSync(command, args, { input, maxBuffer: 1 << 30 });
  return error === undefined && status === 0 ? stdout : null;
}

/** Log-like text that is the same in every run; `bytes` long. */
export function logText(bytes: number, seed = 1): Buffer {
  const lines: string[] = [];
  let length = 0;
  for (let state = seed, i = 0; length < bytes; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const line = `2026-03-0${1 + (i % 9)}T10:${10 + (i % 50)}:00Z host${state % 7} app[${state % 3000}]: request ${state.toString(16)} took ${state % 977} ms\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join('').slice(0, bytes));
}
