/** Writes a whole result to a file, a page at a time: memory does not grow with the result. */
import fs from 'node:fs';
import path from 'node:path';
import type { EngineHandlers } from '../../../../shared/contract/index.ts';
import { LISTED_MESSAGE, LISTED_VALUE, type PageReply } from '../../../../shared/contract/events.ts';
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Order, Scope } from '../../../../shared/contract/scope.ts';
import { FLAG, type EventDetail, type Source } from '../../../../shared/event.ts';
import { resolveField } from '../../../../shared/query/names.ts';
import { furtherColumns, rowWriter, type ExportFormat } from './cells.ts';

const PAGE = 1000;
/** Long messages are asked for one by one; this many at a time. */
const AT_ONCE = 8;

export type ExportSources = Pick<EngineHandlers, 'events' | 'cases'>;
export interface ExportInput {
  scope: Scope;
  order: Order;
  format: ExportFormat;
  path: string;
  zone: string;
  /** fields or attributes besides the fixed columns */
  columns?: string[] | undefined;
}
/** total is 0 while the search has not been through everything; unreadable: events that are missing or lack their message, because the case file is damaged */
export type ExportCount = Record<'rows' | 'total' | 'bytes' | 'unreadable', number>;

/**
 * Streams the events of a scope to `input.path`: written to `<path>.part`, renamed when whole. On any error and when `signal`
 * aborts the part is removed and what was at the path before is untouched.
 */
export async function exportEvents(from: ExportSources, input: ExportInput, signal: AbortSignal, progress: (count: ExportCount) => void): Promise<ExportCount> {
  const part = `${input.path}.part`;
  await refuseEvidence(from, input.path, signal);
  let file: fs.promises.FileHandle | null = null;
  try {
    file = await fs.promises.open(part, 'w');
    const count = await writeRows(from, input, file, signal, progress);
    await file.sync();
    await file.close();
    file = null;
    if (signal.aborted) throw cancelled();
    await fs.promises.rename(part, input.path);
    return count;
  } catch (error) {
    await file?.close();
    await fs.promises.rm(part, { force: true }).catch(() => {
      // The first error is the one to tell; a part that cannot be removed is overwritten by the next export.
    });
    throw signal.aborted ? cancelled() : exportError(error, input.path);
  }
}

async function writeRows(from: ExportSources, input: ExportInput, file: fs.promises.FileHandle, signal: AbortSignal, progress: (count: ExportCount) => void): Promise<ExportCount> {
  const { scope, order, format, zone } = input;
  let sources = await sourcesById(from, signal);
  const clocks = clocksOf(sources);
  const clocked = clocks !== '';
  const columns = furtherColumns(input.columns ?? [], clocked);
  const writer = rowWriter(format, zone, columns, clocked);
  const count: ExportCount = { rows: 0, total: 0, bytes: 0, unreadable: 0 };
  let blank = 0;
  const opened = (await from.cases.info({}, { signal }))?.path;

  const write = async (text: string): Promise<void> => {
    if (text !== '') count.bytes += (await file.write(text)).bytesWritten;
  };
  /** A page of the whole result: while the search is still under way more may come before what it found so far. */
  async function page(at: { rank: number } | { after: number }, limit = PAGE): Promise<PageReply> {
    for (;;) {
      if (signal.aborted) throw cancelled();
      const reply = await from.events.page({ scope, order, at, limit, columns }, { signal });
      if ((await from.cases.info({}, { signal }))?.path !== opened) throw new TidemarkError('no_case', 'The case was closed before the export was through.');
      if (reply.complete) return reply;
      progress({ ...count, total: 0 });
    }
  }
  async function known(reply: PageReply): Promise<void> {
    if (reply.rows.source.some((source) => !sources.has(source))) sources = await sourcesById(from, signal);
  }

  await write(writer.head);
  // The smallest page makes the search go on until it is through, without reading texts again and again.
  await page({ rank: 0 }, 1);
  let coming: Promise<PageReply> | null = page({ rank: 0 });
  while (coming) {
    const reply: PageReply = await coming;
    const { rows, total } = reply;
    const n = rows.id.length;
    // The next page is made in a worker while this one is written.
    coming = n === PAGE ? page({ after: rows.id[n - 1] }) : null;
    // Awaited later; when writing fails first, its own failure must not end the process.
    coming?.catch(() => undefined);
    count.total = total;
    blank += rows.flags.reduce((n, flags) => n + (flags & FLAG.UNREADABLE ? 1 : 0), 0);
    count.unreadable = reply.unreadable + blank;
    await known(reply);
    const { messages, extra } = await wholeTexts(from, reply, columns, signal);
    let text = '';
    for (let i = 0; i < n; i++) {
      const source = sources.get(rows.source[i]);
      const clock = source?.clock && rows.original && { original: rows.original[i], uncertainty: source.clock.uncertainty };
      text += (count.rows + i > 0 ? writer.between : '') + writer.row(rows, i, messages[i], source?.path ?? '', extra.map((values) => values[i]), clock);
    }
    await write(text);
    count.rows += n;
    progress(count);
  }
  await write(count.rows === 0 ? writer.tail.trimStart() : writer.tail);
  // Half of the rows would be of one order of time, half of another.
  if (clocksOf(await sourcesById(from, signal)) !== clocks) throw new TidemarkError('busy', 'The clock of a source was set while the export was written. Export again.');
  // Events may have come in meanwhile; what was written is what counts.
  count.total = count.rows;
  return count;
}

async function sourcesById(from: ExportSources, signal: AbortSignal): Promise<Map<number, Source>> {
  return new Map((await from.events.sources({}, { signal })).map((source) => [source.id, source]));
}
/** What clocks are set to; '' = all are taken as they are. */
function clocksOf(sources: ReadonlyMap<number, Source>): string {
  return [...sources.values()].flatMap(({ id, clock }) => (clock ? [`${id} ${clock.setAt}`] : [])).join(',');
}

/** A page cuts long messages and values; an export must not. */
async function wholeTexts(from: ExportSources, { rows, extra: listed }: PageReply, columns: readonly string[], signal: AbortSignal): Promise<{ messages: string[]; extra: string[][] }> {
  const cut = [...rows.message.keys()].filter((i) => rows.message[i].length >= LISTED_MESSAGE || listed.some((values) => values[i].length >= LISTED_VALUE));
  const messages = [...rows.message];
  const extra = listed.map((values) => [...values]);
  for (let at = 0; at < cut.length; at += AT_ONCE) {
    if (signal.aborted) throw cancelled();
    await Promise.all(cut.slice(at, at + AT_ONCE).map(async (i) => {
      const event = await from.events.get({ id: rows.id[i] }, { signal });
      messages[i] = event.message;
      columns.forEach((column, c) => {
        if (listed[c][i].length >= LISTED_VALUE) extra[c][i] = wholeValue(event, column) ?? listed[c][i];
      });
    }));
  }
  return { messages, extra };
}
function wholeValue(event: EventDetail, column: string): string | undefined {
  const field = resolveField(column);
  if (field === 'template') return event.template;
  if (field === 'raw') return event.raw;
  const value = event.fields.find(({ name }) => name === field)?.value ?? event.attributes.find(({ name }) => name.toLowerCase() === column.toLowerCase())?.value;
  return value === null || value === undefined ? undefined : String(value);
}

/** An export must not overwrite the case or a file that was read as evidence. */
async function refuseEvidence(from: ExportSources, target: string, signal: AbortSignal): Promise<void> {
  const info = await from.cases.info({}, { signal });
  if (!info) throw new TidemarkError('no_case', 'No case is open. Create one, or open one.');
  for (const evidence of [info.path, ...(await from.events.sources({}, { signal })).map((source) => source.path)]) {
    // Of an archive's member the archive itself is the file.
    const file = evidence.split('!')[0];
    for (const written of [target, `${target}.part`]) {
      if (path.resolve(file) === path.resolve(written) || sameFile(file, written)) throw new TidemarkError('invalid_input', `${written} is part of this case. Export to another name.`);
    }
  }
}
function sameFile(a: string, b: string): boolean {
  try {
    const [first, second] = [fs.statSync(a, { throwIfNoEntry: false, bigint: true }), fs.statSync(b, { throwIfNoEntry: false, bigint: true })];
    return first !== undefined && second !== undefined && first.ino !== 0n && first.ino === second.ino && first.dev === second.dev;
  } catch {
    // A path that cannot even be looked at (pasted text has a name, not a path) is not a file that could be overwritten.
    return false;
  }
}

function cancelled(): TidemarkError {
  return new TidemarkError('cancelled', 'The export was cancelled; nothing was written.');
}

/** What a file system says, as something to do. */
export function exportError(error: unknown, file: string): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const folder = path.dirname(file);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new TidemarkError('disk_full', `There is no room left on the disk of ${folder}. The unfinished file was removed; free some space or choose another disk.`);
  if (code === 'EFBIG') return new TidemarkError('disk_full', `The disk of ${folder} cannot hold a file this large. The unfinished file was removed; choose another disk.`);
  if (code === 'EACCES' || code === 'EPERM') return new TidemarkError('permission', `${file} cannot be written: permission is missing. Choose another folder.`);
  if (code === 'EROFS') return new TidemarkError('permission', `${folder} is read-only. Choose another folder.`);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new TidemarkError('not_found', `The folder ${folder} does not exist.`);
  if (code === 'EISDIR') return new TidemarkError('invalid_input', `${file} is a folder. Choose the name of a file.`);
  return new TidemarkError('internal', `Writing ${file} failed: ${error instanceof Error ? error.message : String(error)}. The unfinished file was removed.`);
}
