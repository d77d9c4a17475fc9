import type { Snapshot, SnapshotComparison } from '../../../shared/contract/snapshots.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { UsageError } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { isoTime } from '../event-rows.ts';
import { bytes, count, table } from '../output.ts';
import { openToRead } from '../scope.ts';

export const snapshot: Command = {
  name: 'snapshot',
  usage: 'snapshot CASE [--name N] [--note TEXT] | [--list | --compare ID | --restore ID | --delete ID] [--json]',
  summary: 'Keeps a case as it is now, lists what was kept, says what was added since, and goes back.',
  details:
    'Without an option a snapshot is taken, also while the window reads into the case. Snapshots lie in NAME.snapshots beside the case, each with a\n' +
    'manifest that has its SHA-256; one is checked against it before it is restored, and the present is kept first. ID is the id of the list, or what\n' +
    'it begins with. JSON: {"id","name","taken_at","taken_by","reason","bytes","sha256","events","sources","pins","notes","state"}, one a line with\n' +
    '--list; --compare {"before","after","changes":[{"kind","change","title","what","event"}]}; --restore {"restored","before"}; --delete {"deleted"}.',
  options: {
    name: { value: 'N', help: 'what the snapshot is called' }, note: { value: 'TEXT', help: 'why it is taken' }, list: { help: 'the snapshots of the case, newest first' }, compare: { value: 'ID', help: 'what the case has now that it had not' },
    restore: { value: 'ID', help: 'make the case what it was' }, delete: { value: 'ID', help: 'take a snapshot away, for good' }, ...JSON_OPTION,
  },
  async run(args, context) {
    const [file] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    const acts = [args.switches.has('list'), args.values.compare !== undefined, args.values.restore !== undefined, args.values.delete !== undefined].filter(Boolean).length;
    if (acts > 1) throw new UsageError('--list, --compare, --restore and --delete are one at a time.');
    if (acts > 0 && (args.values.name !== undefined || args.values.note !== undefined)) throw new UsageError('--name and --note are of a snapshot that is taken.');
    return await act(args, file, context);
  },
};

async function act(args: Arguments, file: string, context: CommandContext): Promise<number> {
  const { restore } = args.values;
  const engine = restore === undefined ? await openToRead(file, context) : context.engine();
  const { handlers } = engine;
  const signal = { signal: context.signal };
  const told = engine.onPush((name, value) => {
    if (name === 'snapshots.progress' && value) context.progress(`${(value as { what: string }).what}: ${Math.round((value as { share: number }).share * 100)} %`);
  });
  const idOf = async (text: string): Promise<string> => {
    const found = (await handlers.snapshots.list({}, signal)).filter(({ id }) => id.startsWith(text));
    if (found.length === 1) return found[0].id;
    throw new TidemarkError('not_found', found.length === 0 ? `There is no snapshot ${text} of this case. --list says which there are.` : `${found.length} snapshots begin with ${text}. Give more of the id.`);
  };
  try {
    if (args.switches.has('list')) {
      const list = await handlers.snapshots.list({}, signal);
      if (context.json) for (const one of list) await context.out.json(snapshotObject(one));
      else await context.out.text(list.length === 0 ? 'No snapshot of this case was taken yet.\n' : table(COLUMNS, list.map(cells)));
    } else if (args.values.compare !== undefined) {
      const reply = await handlers.snapshots.compare({ id: await idOf(args.values.compare), against: null }, signal);
      if (context.json) await context.out.json(comparisonObject(reply));
      else await context.out.text(comparisonText(reply));
    } else if (restore !== undefined) {
      await handlers.cases.open({ path: file, readOnly: false }, signal);
      const { info, before } = await handlers.snapshots.restore({ id: await idOf(restore) }, signal);
      if (context.json) await context.out.json({ restored: info.path, events: info.events, before: before.id });
      else await context.out.text(`Restored: ${count(info.events)} events. What was there before is the snapshot ${before.id}.\n`);
    } else if (args.values.delete !== undefined) {
      const id = await idOf(args.values.delete);
      await handlers.snapshots.remove({ id }, signal);
      if (context.json) await context.out.json({ deleted: id });
      else await context.out.text(`Deleted ${id}.\n`);
    } else {
      const taken = await handlers.snapshots.take({ name: args.values.name ?? '', description: args.values.note ?? '' }, signal);
      if (context.json) await context.out.json(snapshotObject(taken));
      else await context.out.text(`Kept as ${taken.id}: ${count(taken.events)} events, ${bytes(taken.bytes)}, SHA-256 ${taken.sha256}\n`);
    }
    return 0;
  } finally {
    told();
    context.progress('');
  }
}

function snapshotObject(one: Snapshot): object {
  return { id: one.id, name: one.name, description: one.description, taken_at: isoTime(one.takenAt), taken_by: one.takenBy, reason: one.reason, bytes: one.bytes, sha256: one.sha256, events: one.events, sources: one.sources, investigations: one.investigations, pins: one.pins, notes: one.notes, reading: one.reading, state: one.state };
}
const COLUMNS = [{ title: 'id' }, { title: 'by' }, { title: 'events', align: 'right' }, { title: 'pins', align: 'right' }, { title: 'notes', align: 'right' }, { title: 'size', align: 'right' }, { title: 'state' }, { title: 'name' }] as const;
function cells(one: Snapshot): string[] {
  return [one.id, one.takenBy, count(one.events), count(one.pins), count(one.notes), bytes(one.bytes), one.state, one.name];
}

function comparisonObject({ before, after, changes, more }: SnapshotComparison): object {
  return { before: { ...before, takenAt: isoTime(before.takenAt) }, after: { ...after, takenAt: isoTime(after.takenAt) }, changes, more };
}
function comparisonText({ before, after, changes, more }: SnapshotComparison): string {
  const events = after.events - before.events;
  const head = `Since ${before.name} (${isoTime(before.takenAt)}): ${count(Math.abs(events))} events ${events < 0 ? 'fewer' : 'more'}.\n`;
  if (changes.length === 0) return `${head}Nothing else is other than it was.\n`;
  return `${head}\n${table([{ title: 'what' }, { title: 'change' }, { title: 'name' }, { title: 'how' }], changes.map(({ kind, change, title, what }) => [kind, change, title.split('\n', 1)[0].slice(0, 80), what]))}${more > 0 ? `and ${count(more)} more\n` : ''}`;
}
