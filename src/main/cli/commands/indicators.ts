import fs from 'node:fs';
import type { IndicatorList } from '../../../shared/contract/indicators.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { UsageError, wholeNumber } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { isoOrNull } from '../event-rows.ts';
import { count, table, visible } from '../output.ts';

export const indicators: Command = {
  name: 'indicators',
  usage: 'indicators CASE [list | hits | add FILE... | remove ID | on ID | off ID] [--name NAME] [--limit N] [--json]',
  summary: 'Compares the events of a case with lists of indicators: STIX 2.1, MISP, CSV or a value a line.',
  details:
    'add reads lists into the case (it is made when it is not there) and looks through the events it has; what is read later is compared while\n' +
    'it is read. hits are indicators that were met; "tidemark search CASE has:threat" gives the events.\n' +
    'JSON: add and list one {"id","name","format","enabled","read","stored","duplicates","rejected","reasons","sha256"} a line;\n' +
    'hits one {"id","list","type","value","events","first","last",...} a line',
  options: {
    name: { value: 'NAME', help: 'what the list is called, default: its file' },
    limit: { value: 'N', help: 'at most so many hits, default 200' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, act = 'list', ...rest] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    const { handlers } = context.engine();
    const { signal } = context;
    const changes = act !== 'list' && act !== 'hits';
    if (act === 'add' && !fs.existsSync(file)) await handlers.cases.create({ path: file }, { signal });
    else await handlers.cases.open({ path: file, readOnly: !changes }, { signal });
    switch (act) {
      case 'list':
        await show(context, (await handlers.indicators.status({}, { signal })).lists);
        return 0;
      case 'hits':
        await hits(context, wholeNumber(args.values, 'limit', 1) ?? 200);
        return 0;
      case 'add': {
        if (rest.length === 0) throw new UsageError('FILE is missing.');
        const added: IndicatorList[] = [];
        for (const path of rest) added.push(await handlers.indicators.add({ path, name: rest.length === 1 ? (args.values.name ?? '') : '' }, { signal }));
        await handlers.indicators.settled({}, { signal });
        await show(context, added);
        return 0;
      }
      case 'remove':
      case 'on':
      case 'off': {
        const id = Number(rest[0]);
        if (rest.length !== 1 || !Number.isInteger(id)) throw new UsageError(`${act} takes the id of a list.`);
        if (act === 'remove') await handlers.indicators.remove({ id }, { signal });
        else await handlers.indicators.enable({ id, enabled: act === 'on' }, { signal });
        await show(context, (await handlers.indicators.status({}, { signal })).lists);
        return 0;
      }
      default:
        throw new UsageError(`'${act}' is none of list, hits, add, remove, on, off.`);
    }
  },
};

async function show({ out, json, note }: CommandContext, lists: readonly IndicatorList[]): Promise<void> {
  if (json) {
    for (const { id, name, format, enabled, read, stored, duplicates, rejected, reasons, sha256 } of lists) await out.json({ id, name, format, enabled, read, stored, duplicates, rejected, reasons, sha256 });
    return;
  }
  if (lists.length === 0) {
    note('The case has no lists of indicators.');
    return;
  }
  const right = { align: 'right' } as const;
  const columns = [{ title: 'id', ...right }, { title: 'read', ...right }, { title: 'stored', ...right }, { title: 'duplicates', ...right }, { title: 'rejected', ...right }, { title: 'format' }, { title: '' }, { title: 'list' }];
  await out.text(`${table(columns, lists.map((list) => [String(list.id), ...[list.read, list.stored, list.duplicates, list.rejected].map(count), list.format, list.enabled ? 'on' : 'off', visible(list.name)]))}\n`);
  for (const { name, reasons } of lists) for (const { reason, count: times, example } of reasons) note(visible(`${name}: ${count(times)} rejected: ${reason}${example === '' ? '' : ` (${example})`}`));
}

async function hits({ engine, out, json, note, signal }: CommandContext, limit: number): Promise<void> {
  if (limit > 5000) throw new TidemarkError('invalid_input', '--limit is at most 5000.');
  const { rows, total } = await engine().handlers.indicators.hits({ text: '', list: null, limit }, { signal });
  if (json) for (const { first, last, validFrom, validUntil, ...hit } of rows) await out.json({ ...hit, validFrom: isoOrNull(validFrom), validUntil: isoOrNull(validUntil), first: isoOrNull(first), last: isoOrNull(last) });
  else if (rows.length > 0) {
    const columns = [{ title: 'events', align: 'right' }, { title: 'type' }, { title: 'first' }, { title: 'last' }, { title: 'list' }, { title: 'indicator' }] as const;
    await out.text(`${table(columns, rows.map((hit) => [count(hit.events), hit.type, isoOrNull(hit.first) ?? '', isoOrNull(hit.last) ?? '', visible(hit.listName), visible([hit.value, hit.note].filter(Boolean).join('  '))]))}\n`);
  }
  if (total > rows.length) note(`${count(total - rows.length)} more were met; raise --limit.`);
  if (total === 0) note('No event has an indicator of these lists.');
}
