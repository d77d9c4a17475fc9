import { retentionPolicy, type Archive, type RetentionPolicy, type RetentionPreview } from '../../../shared/contract/retention.ts';
import { UsageError } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { isoOrNull, isoTime } from '../event-rows.ts';
import { bytes, count, table } from '../output.ts';
import { openToRead } from '../scope.ts';

const WHY: Readonly<Record<RetentionPreview['kept'][number]['reason'], string>> = {
  pin: 'pinned events, with their neighbours', note: 'events with notes', mark: 'events that people judged', typed: 'events that people typed in', live: 'the newest of sources that are not read to their end', undated: 'events without a time that can be believed',
};

export const retention: Command = {
  name: 'retention',
  usage: 'retention CASE [--preview | --apply [--even-open] [--compact] | --restore FILE | --archives] [--hot DAYS] [--warm DAYS] [--cold DAYS] [--folder F] [--json]',
  summary: 'Moves old events into archive files and back: says first what would go.',
  details:
    'Age is counted back from the newest event. Older than --hot days (1): counts by second go. Older than --warm days (7): events go into an archive\n' +
    'file beside the case, counts from the minute on and metrics stay. Older than --cold days (30): counts by hour and day stay. Pinned events and their\n' +
    'neighbours stay, and so does whatever notes and marks are about. While an investigation is open nothing goes unless --even-open says so.\n' +
    'The archive is on the disk and read back before its events leave the case. --restore puts them back with the same ids. --compact gives the room\n' +
    'back to the disk; else it is used for what comes.\n' +
    'JSON of the preview: {"newest","tiers":[{"tier","from","to","events","bytes","goes","counts"}],"goes","kept","hits","alerts","open","folder"}; of --apply\n' +
    '{"events","counts","archive":{"id","path","sha256","bytes",...}|null}; of --restore {"events","archive"}; --archives one archive a line.',
  options: {
    preview: { help: 'what would go; this is what happens without an option' }, apply: { help: 'do it' }, 'even-open': { help: 'although an investigation is open' }, compact: { help: 'make the case file smaller' },
    restore: { value: 'FILE', help: 'an archive of this case, or its number' }, archives: { help: 'the archives of the case' },
    hot: { value: 'DAYS', help: 'older is warm, default 1' }, warm: { value: 'DAYS', help: 'older is cold, default 7' }, cold: { value: 'DAYS', help: 'older is archive, default 30' }, folder: { value: 'F', help: 'where archives are put, default NAME.archive' }, ...JSON_OPTION,
  },
  async run(args, context) {
    const [file] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    if ([args.switches.has('preview'), args.switches.has('apply'), args.switches.has('archives'), args.values.restore !== undefined].filter(Boolean).length > 1) throw new UsageError('--preview, --apply, --restore and --archives are one at a time.');
    const writes = args.switches.has('apply') || args.values.restore !== undefined;
    const engine = writes ? context.engine() : await openToRead(file, context);
    const { signal } = context;
    if (writes) await engine.handlers.cases.open({ path: file, readOnly: false }, { signal });
    const stop = engine.onPush((name, value) => {
      if (name === 'retention.progress' && value) context.progress(`${(value as { what: string }).what}: ${Math.round((value as { share: number }).share * 100)} %`);
    });
    try {
      await act(args, engine.handlers, context);
      return 0;
    } finally {
      stop();
      context.progress('');
    }
  },
};

async function act(args: Arguments, { retention: room }: ReturnType<CommandContext['engine']>['handlers'], context: CommandContext): Promise<void> {
  const { out, json, signal } = context;
  const { restore } = args.values;
  if (args.switches.has('archives')) {
    const list = await room.archives({}, { signal });
    if (json) for (const archive of list) await out.json(archiveObject(archive));
    else await out.text(list.length === 0 ? 'No events of this case were archived.\n' : table(ARCHIVE_COLUMNS, list.map(archiveCells)));
    return;
  }
  if (restore !== undefined) {
    const id = /^\d+$/.test(restore) ? Number(restore) : null;
    const { events, archive } = await room.restore({ id, path: id === null ? restore : '' }, { signal });
    if (json) await out.json({ events, archive: archiveObject(archive) });
    else await out.text(`Restored ${count(events)} events of ${archive.path}. The archive is still there.\n`);
    return;
  }
  const policy = policyOf(args, await room.policy({}, { signal }));
  if (!args.switches.has('apply')) {
    const preview = await room.preview({ policy }, { signal });
    if (json) await out.json(previewObject(preview));
    else await out.text(previewText(preview));
    return;
  }
  const { archive, events, counts } = await room.apply({ policy, evenOpen: args.switches.has('even-open'), compact: args.switches.has('compact') }, { signal });
  if (json) await out.json({ events, counts, archive: archive && archiveObject(archive) });
  else await out.text(archive ? `Archived ${count(events)} events in ${archive.path} (${bytes(archive.bytes)}, SHA-256 ${archive.sha256}); ${count(counts)} rows of counts went.\n` : `No event is old enough to go; ${count(counts)} rows of counts went.\n`);
}

function policyOf({ values }: Arguments, kept: RetentionPolicy): RetentionPolicy {
  const days = (name: 'hot' | 'warm' | 'cold', known: number): number => {
    const text = values[name];
    if (text === undefined) return known;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new UsageError(`--${name} is a number of days, not "${text}".`);
    return value;
  };
  const read = retentionPolicy.safeParse({ ...kept, hotDays: days('hot', kept.hotDays), warmDays: days('warm', kept.warmDays), coldDays: days('cold', kept.coldDays), folder: values.folder ?? kept.folder });
  if (!read.success) throw new UsageError(`${read.error.issues[0]?.message ?? 'These days cannot be meant'}.`);
  return read.data;
}

function previewObject({ newest, tiers, goes, kept, hits, about, open, folder, policy }: RetentionPreview): object {
  return {
    newest: isoOrNull(newest), days: { hot: policy.hotDays, warm: policy.warmDays, cold: policy.coldDays }, tiers: tiers.map((tier) => ({ ...tier, from: isoOrNull(tier.from), to: newest === null ? null : isoTime(tier.to) })),
    goes: { ...goes, from: isoOrNull(goes.from), to: isoOrNull(goes.to) }, kept, hits, alerts: about.alerts, open, folder,
  };
}

function previewText({ newest, tiers, goes, kept, hits, about, open, folder }: RetentionPreview): string {
  if (newest === null) return 'No event of the case has a time that can be believed.\n';
  const lines = [
    table(
      [{ title: 'tier' }, { title: 'from' }, { title: 'to' }, { title: 'events', align: 'right' }, { title: 'size', align: 'right' }, { title: 'events go', align: 'right' }, { title: 'counts go', align: 'right' }],
      tiers.map(({ tier, from, to, events, bytes: size, goes: go, counts }) => [tier, isoOrNull(from) ?? '', isoTime(to), count(events), bytes(size), count(go.events), count(counts)]),
    ),
    goes.events === 0 ? '\nNo event is old enough to go.\n' : `\n${count(goes.events)} events (${bytes(goes.bytes)}) of ${isoOrNull(goes.from)} to ${isoOrNull(goes.to)} would go into an archive in ${folder}\n`,
    ...goes.sources.slice(0, 10).map(({ path, events }) => `  ${count(events).padStart(12)}  ${path}\n`),
    ...(goes.sources.length + goes.more > 10 ? [`  and ${count(goes.sources.length + goes.more - 10)} more sources\n`] : []),
    ...kept.map(({ reason, events, things }) => `${count(events)} old events stay: ${WHY[reason]}${things > 0 ? ` (${count(things)})` : ''}\n`),
    ...(hits.indicators + hits.rules > 0 ? [`${count(hits.indicators)} hits of indicators and ${count(hits.rules)} of rules are in events that would go.\n`] : []),
    ...(about.alerts > 0 ? [`${count(about.alerts)} alerts are about that time.\n`] : []),
    ...(open.length > 0 ? [`Open: ${open.slice(0, 5).map(({ title }) => title).join(', ')}. --apply does nothing without --even-open.\n`] : []),
  ];
  return lines.join('');
}

function archiveObject(archive: Archive): object {
  const { id, path, sha256, bytes: size, from, to, events, archived, createdAt, createdBy, restoredAt, state } = archive;
  return { id, path, sha256, bytes: size, from: isoOrNull(from), to: isoOrNull(to), events, archived, created_at: isoTime(createdAt), created_by: createdBy, restored_at: isoOrNull(restoredAt), state };
}
const ARCHIVE_COLUMNS = [{ title: 'id', align: 'right' }, { title: 'from' }, { title: 'to' }, { title: 'events', align: 'right' }, { title: 'not in the case', align: 'right' }, { title: 'size', align: 'right' }, { title: 'file' }, { title: 'path' }] as const;
function archiveCells({ id, path, bytes: size, from, to, events, archived, state }: Archive): string[] {
  return [String(id), isoOrNull(from) ?? '', isoOrNull(to) ?? '', count(events), count(archived), bytes(size), state, path];
}
