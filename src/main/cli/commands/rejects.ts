import { UsageError } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { isZone } from '../../../shared/time.ts';
import { count, table } from '../output.ts';
import { openToRead } from '../scope.ts';

const PAGE = 1000;

function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--id is the number of a record, not "${text}".`);
  return Number(text);
}

export const rejects: Command = {
  name: 'rejects',
  usage: 'rejects CASE [--replay] [--id N] [--format ID] [--tz ZONE] [--json]',
  summary: 'Lists the records that could not be stored, or tries them again with other settings.',
  details: 'JSON, one a line: {"id","path","offset","length","reason","attempts","preview"}; offset null: it stands in no file. With --replay {"stored","rejected","notes"}.',
  options: {
    replay: { help: 'read them again; what parses becomes events' },
    id: { value: 'N', help: 'with --replay: this record only' },
    format: { value: 'ID', help: 'with --replay: as this format' },
    tz: { value: 'ZONE', help: 'with --replay: zone of times that name none' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, ...more] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many.`);
    const { format = '', tz: zone = '', id } = args.values;
    const { signal, json, out } = context;
    if (args.switches.has('replay')) {
      if (zone !== '' && !isZone(zone)) throw new UsageError(`--tz is a zone such as UTC or Europe/Berlin, not "${zone}".`);
      const { handlers } = context.engine();
      await handlers.cases.open({ path: file, readOnly: false }, { signal });
      const { stored, rejected, notes } = await handlers.rejects.replay({ format, zone, ...(id === undefined ? {} : { ids: [idOf(id)] }) }, { signal });
      if (json) await out.json({ stored, rejected, notes });
      else await out.text([`stored ${count(stored)}, still rejected ${count(rejected)}`, ...notes, ''].join('\n'));
      return 0;
    }
    if (format !== '' || zone !== '' || id !== undefined) throw new UsageError('--id, --format and --tz go with --replay.');
    const { handlers } = await openToRead(file, context);
    for (let after = 0; ; ) {
      const { rows, total, reasons } = await handlers.rejects.list({ after, limit: PAGE }, { signal });
      if (json) {
        for (const { id: one, path, offset, length, reason, attempts, preview } of rows) await out.json({ id: one, path, offset, length, reason, attempts, preview });
      } else {
        if (after === 0) await out.text(`${count(total)} rejected${reasons.map(({ reason, count: n }) => `\n  ${count(n)} x ${reason}`).join('')}\n\n`);
        if (rows.length > 0) {
          const cells = rows.map(({ id: one, offset, attempts, reason, path, preview }) => [String(one), offset === null ? '' : count(offset), String(attempts), reason, path, preview.slice(0, 200)]);
          await out.text(table([{ title: 'id', align: 'right' }, { title: 'offset', align: 'right' }, { title: 'tried', align: 'right' }, { title: 'reason' }, { title: 'source' }, { title: 'record' }], cells));
        }
      }
      if (rows.length < PAGE) return 0;
      after = rows[rows.length - 1].id;
      signal.throwIfAborted();
    }
  },
};
