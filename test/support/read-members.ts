import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { members, type MembersOptions } from '../../src/main/engine/connectors/files/members.ts';

export interface ReadMember {
  suffix: string;
  size: number | null;
  modified: number | null;
  bytes: Buffer;
  error: unknown;
}

/** Reads every member of a file to its end; errors are collected, a member's beside what it gave before. */
export async function readMembers(path: string, options: MembersOptions = {}): Promise<{ members: ReadMember[]; error: unknown }> {
  const read: ReadMember[] = [];
  try {
    for await (const member of members(path, options)) {
      const chunks: Uint8Array[] = [];
      const { suffix, size, modified } = member;
      let error: unknown;
      try {
        for await (const chunk of member.chunks) {
          if (chunk.length > 1 << 20) throw new Error(`a chunk of ${chunk.length} bytes`);
          chunks.push(chunk);
        }
      } catch (thrown) {
        error = thrown;
      }
      read.push({ suffix, size, modified, bytes: Buffer.concat(chunks), error });
    }
  } catch (error) {
    return { members: read, error };
  }
  return { members: read, error: undefined };
}

/** A folder that goes away with `remove`. */
export function temporaryFolder(): { folder: string; write(name: string, data: Uint8Array | string): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-test-'));
  return {
    folder,
    write(name, data) {
      const path = join(folder, name);
      writeFileSync(path, data);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
