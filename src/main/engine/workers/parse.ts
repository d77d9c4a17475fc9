/**
 * A parse worker: opens files, recognises formats, cuts and understands records, and packs them into segments. It never touches
 * the store: the manager (pipeline/ingest.ts) commits what it sends, in order, and grants credit for more.
 */
import fs from 'node:fs';
import v8 from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { sniff, SNIFF_BYTES } from '../connectors/files/container.ts';
import { prefixHash } from '../connectors/files/fingerprint.ts';
import { fileSha256, prefixSha256 } from '../connectors/files/hash.ts';
import { members, type Member } from '../connectors/files/members.ts';
import { toUtf8 } from '../connectors/files/decode.ts';
import type { TableParts } from '../enrich/table.ts';
import type { Format, Parser } from '../formats/format.ts';
import { formats as builtIn } from '../formats/registry.ts';
import { BatchBuilder } from '../pipeline/batch.ts';
import { begin, decoded, whole, type Begun } from '../pipeline/decoded.ts';
import { METRIC_PARSERS, type MetricRecognition } from '../metrics/recognise-metrics.ts';
import { Feeder } from '../pipeline/feeder.ts';
import { metricsOfLetters, recordsOfLetters } from '../pipeline/letters.ts';
import { identify } from '../pipeline/identify.ts';
import { SampleBuilder } from '../pipeline/sample-builder.ts';
import { cancelled, ManagerLine } from './manager-line.ts';
import { rehearse } from './rehearsal.ts';
import type { BroughtLines, DeclaredFile, FileTask, FromWorker, LinesTask, RangeTask, RetryTask, Task, ToWorker } from './parse-protocol.ts';

// A user's pattern that backtracks too long is finished by V8's linear engine instead of hanging the worker.
v8.setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

const HEAD_BYTES = 64 << 10;
const READ_BYTES = 256 << 10;
/** Segments of a stream that are sent at once. */
const BATCH_SEGMENTS = 8;
/** Samples that are sent at once. */
const SAMPLES_AT_ONCE = 400_000;
/** Bytes of records that a connection may bring at once: they are committed together. */
const MOST_AT_ONCE = 256 << 20;

if (!parentPort) throw new Error('this file is a worker');
const port = parentPort;
const manager = new ManagerLine(port);
const builder = new BatchBuilder();
let formats: readonly Format[] = builtIn;
/** declared formats that are to be loaded before the next task */
let declared: readonly DeclaredFile[] | null = null;
/** indicators for the next task on; undefined = no others than before */
let indicators: TableParts | null | undefined;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function formatOf(id: string): Format {
  const format = formats.find((candidate) => candidate.id === id);
  if (!format) throw new Error(`there is no format called '${id}'`);
  return format;
}

function sendBatch(task: number, suffix: string, end: number): void {
  const batch = builder.take();
  const transfer: ArrayBuffer[] = [];
  for (const segment of batch.segments) for (const part of [segment.hot, segment.cold, segment.msg, segment.rest]) if (part.byteLength === part.buffer.byteLength) transfer.push(part.buffer as ArrayBuffer);
  manager.send({ type: 'batch', task, suffix, end, batch }, transfer);
}

/** Does something with a signal that follows the task's own: what waits for a disk or a decompressor gives up soon. */
async function abortable<R>(task: Task, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const abort = new AbortController();
  const watch = setInterval(() => cancelled(task) && abort.abort(), 50);
  try {
    return await work(abort.signal);
  } finally {
    clearInterval(watch);
  }
}

/** Reads a file and everything inside it, one member after the other. */
async function readFile(task: FileTask, signal: AbortSignal): Promise<void> {
  manager.pace(task.task);
  const { sha256: packed, start } = await containerHash(task, signal);
  for await (const member of members(task.path, { signal })) {
    if (cancelled(task)) break;
    const modified = member.modified ?? task.modified;
    const source = toUtf8(member.chunks)[Symbol.asyncIterator]();
    let decoder: AsyncIterator<Uint8Array> | undefined;
    let error = '';
    let bytes = 0;
    try {
      const raw = await begin(source, HEAD_BYTES);
      const rawHead = raw.begin.subarray(0, HEAD_BYTES);
      const found = identify(task.path + member.suffix, rawHead, formats, task.options.format);
      if (found.metrics) {
        ({ error, bytes } = await readMetrics(task, member, raw, { ...found, parser: found.metrics }, modified, packed !== '' ? packed : await fileSha256(task.path, signal)));
        if (error === LATER) return;
        manager.send({ type: 'member-end', task: task.task, suffix: member.suffix, error, bytes });
        continue;
      }
      const stream = found.format ? await decoded(found.format, raw, { path: task.path + member.suffix, modified }, HEAD_BYTES) : raw;
      if (stream !== raw) decoder = stream.rest;
      const head = stream.begin.subarray(0, HEAD_BYTES);
      // Transcoded text (UTF-16) and decoded records are not on the disk as they are parsed: they cannot be read in ranges, and are known by the hash of the file like what is packed.
      const plain = member.suffix === '' && packed === '' && stream === raw && Buffer.compare(start.subarray(0, 64), raw.begin.subarray(0, 64)) === 0;
      const container = plain || packed !== '' ? packed : await fileSha256(task.path, signal);
      const message: FromWorker & { type: 'member' } = {
        type: 'member',
        task: task.task,
        suffix: member.suffix,
        size: member.size,
        modified,
        plain,
        head: new Uint8Array(head),
        fileSha256: container,
        format: raw.begin.length === 0 ? '' : (found.format?.id ?? ''),
        formatTitle: found.format?.title ?? '',
        signal: found.format?.signal ?? 'logs',
        parallel: (found.format?.parallel ?? false) && stream === raw && task.options.dedupWindow === 0,
        confidence: found.confidence,
        reason: raw.begin.length === 0 ? 'the file is empty' : found.reason,
        verified: '',
        refused: [],
      };
      let answer = await manager.ask(message);
      while (answer.action === 'verify') {
        if ((await prefixHash(task.path, answer.length, signal)) === answer.sha256) message.verified = answer.sha256;
        else message.refused.push(answer.sha256);
        answer = await manager.ask(message);
      }
      if (answer.action === 'read' && found.format) {
        const parser = found.format.open({ path: task.path + member.suffix, modified, zone: task.options.zone, head, tail: plain ? endOf(task) : undefined });
        builder.source({ modified, now: Date.now() * 1000, service: task.options.service, dedupWindow: task.options.dedupWindow, named: found.format.named ?? false });
        const feeder = new Feeder(parser, builder, answer.from);
        let skip = answer.from;
        const feed = async (chunk: Uint8Array): Promise<void> => {
          bytes += chunk.length;
          if (skip >= chunk.length) {
            skip -= chunk.length;
            return;
          }
          // Small steps: a chunk may hold many segments, and credit must be able to stop us in between.
          for (let at = skip; at < chunk.length; at += 1 << 20) {
            feeder.push(chunk.subarray(at, Math.min(chunk.length, at + (1 << 20))), false);
            if (builder.segments >= BATCH_SEGMENTS || (bytes <= 1 << 20 && builder.events > 0)) {
              await manager.takeCredit(task.task);
              sendBatch(task.task, member.suffix, feeder.consumed);
            }
          }
          skip = 0;
        };
        try {
          if (stream.begin.length > 0) await feed(stream.begin);
          while (!stream.ended && !cancelled(task)) {
            const step = await stream.rest.next();
            if (step.done) stream.ended = true;
            else await feed(step.value);
          }
        } catch (failure) {
          // What could be decoded before the damage is good; the member ends here with the reason.
          error = reasonOf(failure);
        }
        if (!cancelled(task)) feeder.push(new Uint8Array(0), true);
        await manager.takeCredit(task.task);
        sendBatch(task.task, member.suffix, feeder.consumed);
      }
      if (answer.action === 'ranges' || answer.action === 'later') return;
    } catch (failure) {
      error = reasonOf(failure);
    } finally {
      await decoder?.return?.(undefined);
      await source.return?.(undefined);
    }
    manager.send({ type: 'member-end', task: task.task, suffix: member.suffix, error, bytes });
  }
}

/** No error: the file is to be left alone for now. */
const LATER = '(later)';

async function readMetrics(task: FileTask, member: Member, raw: Begun, { parser, confidence, reason }: MetricRecognition, modified: number, sha256: string): Promise<{ error: string; bytes: number }> {
  const answer = await manager.ask({
    type: 'member', task: task.task, suffix: member.suffix, size: member.size, modified, plain: false, head: new Uint8Array(raw.begin.subarray(0, HEAD_BYTES)), fileSha256: sha256,
    format: parser.id, formatTitle: parser.title, signal: 'metrics', parallel: false, confidence, reason, verified: '', refused: [],
  });
  if (answer.action === 'later') return { error: LATER, bytes: 0 };
  if (answer.action !== 'read') return { error: '', bytes: 0 };
  const samples = new SampleBuilder(modified);
  const flush = async (): Promise<void> => {
    await manager.takeCredit(task.task);
    sendSamples(task.task, member.suffix, samples);
  };
  let bytes = 0;
  // Between two chunks the parser waits, and so can this: what is gathered stays bounded.
  async function* paced(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of whole(raw)) {
      if (cancelled(task)) return;
      bytes += chunk.length;
      yield chunk;
      if (samples.pending >= SAMPLES_AT_ONCE) await flush();
    }
  }
  let error = '';
  try {
    await parser.read(paced(), samples, { path: task.path + member.suffix, modified, zone: task.options.zone });
  } catch (failure) {
    error = reasonOf(failure);
  }
  await flush();
  return { error, bytes };
}

function sendSamples(task: number, suffix: string, samples: SampleBuilder): void {
  const batch = samples.take();
  const transfer = batch.series.flatMap(({ chunks }) => chunks.map(({ data }) => data.buffer as ArrayBuffer));
  manager.send({ type: 'samples', task, suffix, batch }, transfer);
}

/** The first bytes of a file, and its SHA-256 unless it is plain (a plain one is hashed when it has been read). */
async function containerHash(task: FileTask, signal: AbortSignal): Promise<{ sha256: string; start: Buffer }> {
  const fd = fs.openSync(task.path, 'r');
  try {
    const buffer = Buffer.alloc(SNIFF_BYTES);
    const start = buffer.subarray(0, fs.readSync(fd, buffer, 0, buffer.length, 0));
    return { sha256: sniff(start) === 'plain' ? '' : await fileSha256(task.path, signal), start };
  } finally {
    fs.closeSync(fd);
  }
}

/** The last bytes of a plain file. */
function endOf({ path, size }: { path: string; size: number }): Uint8Array {
  const fd = fs.openSync(path, 'r');
  try {
    const bytes = new Uint8Array(Math.min(size, HEAD_BYTES));
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    fs.closeSync(fd);
  }
}

/** Parses the records of a plain file that start inside a range. */
function readRange(task: RangeTask): void {
  const format = formatOf(task.options.format);
  const parser = format.open({ path: task.shownPath, modified: task.modified, zone: task.options.zone, head: task.head, tail: endOf(task) });
  builder.source({ modified: task.modified, now: Date.now() * 1000, service: task.options.service, dedupWindow: 0, named: format.named ?? false });
  const fd = fs.openSync(task.path, 'r');
  try {
    const start = task.start === 0 ? 0 : syncPoint(fd, task, parser);
    if (start < 0 || start >= task.stopAt) {
      sendBatch(task.task, '', Math.min(task.stopAt, task.size));
      return;
    }
    const feeder = new Feeder(parser, builder, start, task.stopAt);
    let at = start;
    // Steps that stay in the processor's cache while they are parsed.
    while (!feeder.done) {
      if (cancelled(task)) return;
      const room = feeder.reserve(Math.min(READ_BYTES, Math.max(0, task.size - at)));
      let got = 0;
      while (got < room.length) {
        const n = fs.readSync(fd, room, got, room.length - got, at + got);
        if (n === 0) break;
        got += n;
      }
      at += got;
      const final = at >= task.size || got < room.length;
      feeder.advance(got, final);
      if (final) break;
    }
    sendBatch(task.task, '', feeder.consumed);
  } finally {
    fs.closeSync(fd);
  }
}

/** The first record start at or after the range's start; -1 when the range holds none. */
function syncPoint(fd: number, task: RangeTask, parser: Parser): number {
  const sync = parser.sync;
  if (!sync) throw new Error('this format cannot be read from the middle');
  for (let size = 256 << 10; ; size *= 4) {
    const from = task.start - 1;
    const bytes = new Uint8Array(Math.min(size, task.size - from));
    const n = fs.readSync(fd, bytes, 0, bytes.length, from);
    const found = sync(bytes, 1, n);
    if (found >= 0) return from + found;
    if (from + n >= task.size || from + n >= task.stopAt + (64 << 10)) return -1;
  }
}

async function retry(task: RetryTask): Promise<void> {
  const { options: { format }, modified } = task;
  const metrics = METRIC_PARSERS.find(({ id }) => id === format);
  if (metrics) {
    const samples = new SampleBuilder(modified);
    await metricsOfLetters(task, metrics, samples);
    sendSamples(task.task, '', samples);
    return;
  }
  await recordsOfLetters(task, formatOf(format), builder);
  sendBatch(task.task, '', 0);
}

/** What a connection brought: whole lines, or a whole document, so nothing is left over. */
async function readLines(task: LinesTask): Promise<void> {
  const metrics = METRIC_PARSERS.find(({ id }) => id === task.options.format);
  if (metrics) {
    const samples = new SampleBuilder(task.modified);
    await metrics.read(one(task.bytes), samples, { path: task.shownPath, modified: task.modified, zone: task.options.zone });
    sendSamples(task.task, '', samples);
    return;
  }
  const format = formatOf(task.options.format);
  for (const part of task.carried.parts) await feedLines(task, format, part);
  // The same bytes give the same events; should they not, the segment stays as it is.
  if (builder.carry() !== task.carried.events) builder.discard();
  sendBatch(task.task, '', await feedLines(task, format, task));
}

/** Gives the stream offset behind it. Each thing brought is a stream of its own: it is read the same whatever comes after. */
async function feedLines(task: LinesTask, format: Format, { start, bytes, modified }: BroughtLines): Promise<number> {
  const parser = format.open({ path: task.shownPath, modified, zone: task.options.zone, head: task.head });
  builder.source({ modified, now: modified, service: task.options.service, dedupWindow: task.options.dedupWindow, named: format.named ?? false });
  const feeder = new Feeder(parser, builder, start);
  let size = 0;
  // Only a connection that brings documents is given a format that decodes; what is made for connectors comes as lines.
  for await (const lines of format.decode && !format.fromConnector ? format.decode(one(bytes), { path: task.shownPath, modified }) : one(bytes)) {
    size += lines.length;
    if (size > MOST_AT_ONCE) throw new Error(`What the connection brought at once is more than ${MOST_AT_ONCE >> 20} MiB of records.`);
    feeder.push(lines, false);
  }
  feeder.push(new Uint8Array(0), true);
  return start + size;
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield await Promise.resolve(bytes);
}

async function run(task: Task): Promise<void> {
  let error = '';
  try {
    if (declared) await loadFormats(declared);
    if (indicators !== undefined) builder.indicators(indicators);
    indicators = undefined;
    if (task.kind === 'file') await abortable(task, async (signal) => await readFile(task, signal));
    else if (task.kind === 'range') readRange(task);
    else if (task.kind === 'retry') await retry(task);
    else if (task.kind === 'lines') await readLines(task);
    else manager.send({ type: 'hash', task: task.task, sha256: prefixSha256(task.path, task.size, () => cancelled(task)) });
  } catch (failure) {
    error = cancelled(task) ? '' : reasonOf(failure);
  }
  // Whatever an interrupted task left in the builder must not run into the next one.
  builder.discard();
  manager.ended(task.task);
  manager.send({ type: 'end', task: task.task, error });
}

/** What checks declarations is large and rarely needed, so it is loaded only where there are some. Throws when one is wrong, again for each task. */
async function loadFormats(files: readonly DeclaredFile[]): Promise<void> {
  const { loadDeclared } = await import('../formats/declared.ts');
  formats = [...builtIn, ...files.map(({ json, file }) => loadDeclared(json, file, builtIn))];
  declared = null;
}

// One task after the other: the builder holds one source at a time.
const queue: Task[] = [];
let running = false;
async function next(): Promise<void> {
  if (running) return;
  running = true;
  for (let task = queue.shift(); task; task = queue.shift()) await run(task);
  running = false;
}

/** Until the first task comes. */
function prepare(): void {
  const steps = rehearse(builtIn);
  const step = (): void => {
    if (!running && !steps.next().done) setImmediate(step);
  };
  step();
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'prepare') prepare();
  else if (message.type === 'formats') declared = message.declared;
  else if (message.type === 'indicators') indicators = message.table;
  else if (message.type === 'task') {
    queue.push(message.task);
    void next();
  } else if (message.type === 'answer') manager.answered(message.task, message.answer);
  else manager.credited(message.task);
});
