import { checkSummary, salvageLosses, salvageSummary } from '../../../shared/damage-text.ts';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { isoOrNull, isoTime } from '../event-rows.ts';
import { bytes, count, visible } from '../output.ts';
import { openToRead } from '../scope.ts';

export const cases: Command = {
  name: 'cases',
  usage: 'cases info CASE | check CASE | salvage CASE INTO  [--json]',
  summary: 'Says what is in a case, whether it is whole, or copies what can be read of a damaged one.',
  details:
    'check reads all of a case and compares it with its checksums; the exit code is 1 when something is wrong.\n' +
    'salvage makes the case INTO of what can be read; the damaged file stays as it is.\n' +
    'JSON of check: {"ok","problems":[...],"segments":{"total","checked","damaged"},"eventsDamaged","bytes","seconds"}; of salvage: its account:\n' +
    '{"from","events":{"kept","lost"},"segments","sources":[{"path","kept","lost","ranges":[{"from","to"}],"readable"}],"tables","stranded",...}\n' +
    'JSON of info: {"path","name","read_only_reason","schema_version","created","bytes","events","sources","from","to","ledger":{"read","stored","duplicates","rejected"}}, "salvage" if it was salvaged',
  options: JSON_OPTION,
  async run(args, context) {
    const [action, file, ...more] = args.positionals;
    if (action !== 'info' && action !== 'check' && action !== 'salvage') throw new UsageError('Type: tidemark cases info CASE, cases check CASE, or cases salvage CASE INTO');
    if (file === undefined) throw new UsageError('CASE is missing.');
    const [into] = action === 'salvage' ? more.splice(0, 1) : [];
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many.`);
    if (action === 'check') return await check(file, context);
    if (action === 'salvage') {
      if (into === undefined) throw new UsageError('INTO, the name of the new case, is missing.');
      return await salvage(file, into, context);
    }
    const { handlers } = await openToRead(file, context);
    const { signal } = context;
    const info = await handlers.cases.info({}, { signal });
    if (!info) throw new Error('the case was opened and is not open');
    const account = await handlers.cases.salvaged({}, { signal });
    const { ledger } = await handlers.health.get({}, { signal });
    const from = isoOrNull(info.from);
    const to = isoOrNull(info.to);
    const created = isoTime(info.createdAt);
    if (context.json) {
      await context.out.json({
        path: info.path, name: info.name, read_only_reason: info.readOnlyReason, schema_version: info.schemaVersion, created, bytes: info.bytes,
        events: info.events, sources: info.sources, from, to, ledger, ...(account ? { salvage: account } : {}),
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
      ...(account ? [['salvaged', `from ${visible(account.from)} on ${isoTime(account.at)}: ${salvageSummary(account)}`] satisfies [string, string]] : []),
      ['ledger', `read ${count(ledger.read)} = stored ${count(ledger.stored)}${ledger.archived ? ` (${count(ledger.archived)} of them in archives)` : ''} + duplicates ${count(ledger.duplicates)} + rejected ${count(ledger.rejected)}`],
    ];
    await context.out.text(lines.map(([name, value]) => `${name.padEnd(9)}${value}\n`).join(''));
    return 0;
  },
};

async function check(file: string, context: CommandContext): Promise<number> {
  const { handlers } = await openToRead(file, context);
  const report = await handlers.cases.check({}, { signal: context.signal });
  if (context.json) await context.out.json(report);
  else {
    await context.out.text(`${checkSummary(report)}\n`);
    for (const problem of report.problems) await context.out.text(`  ${visible(problem)}\n`);
    await context.out.text(`${bytes(report.bytes)} and ${count(report.segments.total)} groups of events read\n`);
  }
  return report.ok ? 0 : 1;
}

async function salvage(file: string, into: string, context: CommandContext): Promise<number> {
  const { account } = await context.engine().handlers.cases.salvage({ path: file, into }, { signal: context.signal });
  if (context.json) await context.out.json(account);
  else {
    await context.out.text(`${salvageSummary(account)}\n`);
    for (const loss of salvageLosses(account)) await context.out.text(`  ${visible(loss)}\n`);
  }
  return 0;
}
