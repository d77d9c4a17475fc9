import { UsageError } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { isoOrNull, isoTime } from '../event-rows.ts';
import { bytes, count, visible } from '../output.ts';
import { openToRead } from '../scope.ts';

export const cases: Command = {
  name: 'cases',
  usage: 'cases info CASE [--json]',
  summary: 'Says what is in a case.',
  details:
    'JSON: {"path","name","read_only_reason","schema_version","created","bytes","events","sources","from","to","ledger":{"read","stored","duplicates","rejected"}}',
  options: JSON_OPTION,
  async run(args, context) {
    const [action, file, ...more] = args.positionals;
    if (action !== 'info') throw new UsageError('Type: tidemark cases info CASE');
    if (file === undefined) throw new UsageError('CASE is missing.');
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many.`);
    const { handlers } = await openToRead(file, context);
    const { signal } = context;
    const info = await handlers.cases.info({}, { signal });
    if (!info) throw new Error('the case was opened and is not open');
    const { ledger } = await handlers.health.get({}, { signal });
    const from = isoOrNull(info.from);
    const to = isoOrNull(info.to);
    const created = isoTime(info.createdAt);
    if (context.json) {
      await context.out.json({
        path: info.path, name: info.name, read_only_reason: info.readOnlyReason, schema_version: info.schemaVersion, created, bytes: info.bytes,
        events: info.events, sources: info.sources, from, to, ledger,
      });
      return 0;
    }
    const lines: [string, string][] = [
      ['case', visible(info.path)],
      ['created', created],
      ['size', bytes(info.bytes)],
      ['events', count(info.events)],
      ['sources', count(info.sources)],
      ['from', from ?? '(no events)'],
      ['to', to ?? '(no events)'],
      ['ledger', `read ${count(ledger.read)} = stored ${count(ledger.stored)} + duplicates ${count(ledger.duplicates)} + rejected ${count(ledger.rejected)}`],
    ];
    await context.out.text(lines.map(([name, value]) => `${name.padEnd(9)}${value}\n`).join(''));
    return 0;
  },
};
