/** Follows a file that grows, through rotation by renaming and by emptying, and over restarts. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { connector, FatalError, type Chunk, type ReadContext } from '../connector.ts';
import { follow, isUtf16, utf16Error } from './follow.ts';
import { inodeOf, placeSchema, since, type Place } from './place.ts';

const config = z.object({
  path: z.string().min(1).meta({ title: 'File', description: 'The log that is written to. It need not be there yet.', format: 'file' }),
  format: z.string().default('').meta({ title: 'Format', description: 'Empty: recognised from its first lines.', format: 'log-format' }),
  from: z.enum(['start', 'end']).default('start').meta({ title: 'Begin at', description: 'start: what is in the file already is read too.' }),
});
type Config = z.output<typeof config>;

const POLL_MS = 500;
/** Where the last line of a file begins is looked for in so many bytes. */
const LAST_LINE = 64 << 10;

/** The file when it is there. @throws FatalError when it is none, or not ours to read */
async function open(file: string): Promise<fs.FileHandle | null> {
  try {
    // Asked first: opening a pipe would wait for its other end.
    if (!(await fs.stat(file)).isFile()) throw new FatalError(`${file} is not a file. Choose a log file.`);
    return await fs.open(file);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return null;
    if (code === 'EACCES' || code === 'EPERM') throw new FatalError(`${file} may not be read. Give this user the right to read it.`);
    throw error;
  }
}

async function openWhenThere(file: string, { signal, note, idle }: ReadContext): Promise<fs.FileHandle | null> {
  while (!signal.aborted) {
    const handle = await open(file);
    if (handle) {
      note('');
      return handle;
    }
    note(`Waits for ${file} to appear.`);
    idle();
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/** Where the last line of the file begins. */
async function lastLine(file: fs.FileHandle): Promise<number> {
  const { size } = await inodeOf(file);
  const from = Math.max(0, size - LAST_LINE);
  const bytes = Buffer.alloc(size - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  return from + bytes.subarray(0, bytesRead).lastIndexOf(10) + 1;
}

async function refuseUtf16(file: fs.FileHandle, name: string): Promise<void> {
  const mark = Buffer.alloc(2);
  await file.read(mark, 0, 2, 0);
  if (isUtf16(mark)) throw utf16Error(name);
}

function placeOf(cursor: string): Place | null {
  if (cursor === '') return null;
  const parsed = placeSchema.safeParse(JSON.parse(cursor));
  if (!parsed.success) throw new FatalError('Where this connection goes on is not understood; a newer version wrote it. Add it again.');
  return parsed.data;
}

async function* read(given: Config, context: ReadContext): AsyncGenerator<Chunk, void, void> {
  const target = path.resolve(given.path);
  const { signal, idle } = context;
  let place = placeOf(context.cursor);
  let queue = place ? await since(target, place) : [];
  while (!signal.aborted) {
    const next = queue.shift() ?? { path: target, offset: 0 };
    const isTarget = next.path === target;
    const file = isTarget ? await openWhenThere(target, context) : await open(next.path);
    // A rotated file that was removed in the meantime cannot be read any more.
    if (!file) continue;
    try {
      idle();
      await refuseUtf16(file, target);
      if (place === null && given.from === 'end') next.offset = await lastLine(file);
      const followed = yield* follow({ file, name: target, offset: next.offset, target: isTarget ? target : '', context });
      place = followed.place;
      if (followed.why === 'stopped') return;
      if (queue.length > 0) continue;
      // What it was rotated to, when it was read to its end under another name, is through; a copy of what was emptied has the rest.
      queue = await since(target, place);
      if (queue.length === 1 && queue[0].offset === 0 && followed.rest.length > 0) {
        place = { ...place, offset: place.offset + followed.rest.length };
        yield { lines: Buffer.concat([followed.rest, Buffer.from('\n')]), cursor: JSON.stringify(place) };
      }
    } finally {
      await file.close();
    }
  }
}

export const tailConnector = connector({
  id: 'tail',
  title: 'File that grows',
  description: 'Follows a log file as it is written, also when it is rotated. It goes on where it was when it is started again.',
  signal: 'logs',
  format: ({ format }) => format,
  mode: 'live',
  config,
  target: ({ path: given }) => path.resolve(given),
  async test({ path: given }) {
    const file = await open(path.resolve(given));
    if (!file) return `${path.resolve(given)} is not there yet; it will be read when it is.`;
    try {
      await refuseUtf16(file, given);
      return `${path.resolve(given)} can be read: ${(await inodeOf(file)).size} bytes so far.`;
    } finally {
      await file.close();
    }
  },
  read,
});
