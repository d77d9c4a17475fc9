import fs from 'node:fs';
import path from 'node:path';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { IngestSummary, JobStatus } from '../../../shared/contract/ingest.ts';
import { UsageError, wholeNumber } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { isoOrNull } from '../event-rows.ts';
import { bytes, count, table, visible } from '../output.ts';
import { zoneOf } from '../scope.ts';

export const ingest: Command = {
  name: 'ingest',
  usage: 'ingest CASE PATH... [--format ID] [--tz ZONE] [--service NAME] [--dedup N] [--notes] [--json]',
  summary: 'Reads files and folders into a case; the case is made when it is not there.',
  details:
    'Files that were read before go on where they ended: nothing is stored twice. Ctrl+C stops cleanly; what was committed stays,\n' +
    'and the same command goes on from there.\n' +
    'JSON: {"read","stored","duplicates","rejected","bytes","seconds","sources":[{"path","format","read","stored","duplicates","rejected","from","to","error"}]}',
  options: {
    format: { value: 'ID', help: 'read everything as this format ("tidemark formats" lists them)' },
    tz: { value: 'ZONE', help: 'zone of times that name none, default UTC' },
    service: { value: 'NAME', help: 'service of records that name none' },
    dedup: { value: 'N', help: 'drop a line that is among the last N lines of its source, default 0: keep repeats' },
    notes: { help: 'these are notes of people: their events are of signal manual' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, ...paths] = args.positionals;
    if (file === undefined || paths.length === 0) throw new UsageError(file === undefined ? 'CASE is missing.' : 'PATH is missing.');
    const options = { format: args.values.format ?? '', zone: zoneOf(args), service: args.values.service ?? '', dedupWindow: wholeNumber(args.values, 'dedup', 0) ?? 0, notes: args.switches.has('notes') };
    const missing = paths.find((given) => !fs.existsSync(given));
    if (missing !== undefined) throw new TidemarkError('not_found', `${missing} does not exist.`);

    const engine = context.engine();
    const { handlers } = engine;
    const { signal } = context;
    if (fs.existsSync(file)) await handlers.cases.open({ path: file, readOnly: false }, { signal });
    else await handlers.cases.create({ path: file }, { signal });
    const stop = engine.onPush((push, value) => push === 'ingest.progress' && context.progress(progressLine(value as JobStatus)));
    // Until the end of the job the signal only cancels it: the summary of what was kept is wanted all the same.
    const patient = { signal: new AbortController().signal };
    const { job } = await handlers.ingest.start({ paths: paths.map((given) => path.resolve(given)), options }, patient);
    const cancel = (): void => void Promise.resolve(handlers.ingest.cancel({ job }, patient)).catch((error: unknown) => context.note(String(error)));
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    const summary = await handlers.ingest.finished({ job }, patient);
    signal.removeEventListener('abort', cancel);
    stop();
    // Which templates are of one pattern is told best when all of them are there.
    if (summary.stored > 0 && !signal.aborted) await handlers.patterns.group({}, patient);
    // Rules of the case are run on what was read; the window does so by itself.
    if (!signal.aborted && (await handlers.sigma.status({}, patient)).rules > 0) await handlers.sigma.settled({}, { signal });
    // And its minutes are judged, each by those before it.
    if (!signal.aborted && summary.read > 0) await judged(handlers, context);
    context.progress('');

    if (context.json) await context.out.json(summaryObject(summary));
    else await context.out.text(summaryText(summary));
    for (const source of summary.sources.filter(({ error }) => error !== '')) context.note(`${visible(source.path)}: ${source.error}`);
    const status = (await handlers.ingest.jobs({}, patient)).find((candidate) => candidate.job === job);
    if (status?.state === 'failed') {
      context.note(status.error);
      return 1;
    }
    // One file of a folder that cannot be read does not spoil the rest; nothing read at all is an error.
    return summary.read === 0 && summary.sources.some(({ error }) => error !== '') ? 1 : 0;
  },
};

/** What was read is kept whether or not it can be judged: the next time goes on where this one ended. */
async function judged({ anomalies }: ReturnType<CommandContext['engine']>['handlers'], context: CommandContext): Promise<void> {
  try {
    await anomalies.settled({}, { signal: context.signal });
  } catch (error) {
    context.note(error instanceof Error ? error.message : String(error));
  }
}

export function summaryObject(summary: IngestSummary): object {
  const { read, stored, duplicates, rejected, bytes: size, seconds, sources } = summary;
  return {
    read, stored, duplicates, rejected, bytes: size, seconds,
    sources: sources.map((source) => ({
      path: source.path, format: source.format, read: source.read, stored: source.stored, duplicates: source.duplicates, rejected: source.rejected,
      from: isoOrNull(source.from), to: isoOrNull(source.to), error: source.error,
    })),
  };
}

function summaryText({ read, stored, duplicates, rejected, bytes: size, seconds, sources }: IngestSummary): string {
  const rate = seconds > 0 ? `, ${count(Math.round(read / seconds))} events/s` : '';
  const rows = sources.map((source) => [
    source.format, count(source.read), count(source.stored), count(source.rejected), isoOrNull(source.from) ?? '', isoOrNull(source.to) ?? '', source.path,
  ]);
  const columns = [
    { title: 'format' }, { title: 'read', align: 'right' }, { title: 'stored', align: 'right' }, { title: 'rejected', align: 'right' }, { title: 'from' }, { title: 'to' }, { title: 'source' },
  ] as const;
  return (
    (rows.length > 0 ? `${table(columns, rows)}\n` : '') +
    `read ${count(read)} = stored ${count(stored)} + duplicates ${count(duplicates)} + rejected ${count(rejected)} (${bytes(size)} in ${seconds.toFixed(1)} s${rate})\n`
  );
}

export function progressLine(status: JobStatus): string {
  const share = status.totalBytes > 0 ? `${Math.min(100, Math.floor((status.bytes / status.totalBytes) * 100))} %  ` : '';
  const left = status.secondsLeft === null ? '' : `  ${Math.ceil(status.secondsLeft)} s left`;
  return `${share}${count(status.ledger.read)} events  ${count(Math.round(status.eventsPerSecond))}/s${left}  ${visible(path.basename(status.current))}`;
}
