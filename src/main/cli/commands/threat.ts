import { ENTITY_TYPES } from '../../../shared/contract/threat.ts';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS } from '../command.ts';
import type { Command } from '../command.ts';
import { isoTime } from '../event-rows.ts';
import { findingObject, withProgress } from '../findings.ts';
import { count, table, visible } from '../output.ts';
import { caseAndQuery, openToRead, scopeOf } from '../scope.ts';

const SHOWN = 30;
const COLUMNS = [{ title: 'threat', align: 'right' }, { title: 'type' }, { title: 'value' }, { title: 'events', align: 'right' }, { title: 'why' }] as const;

export const threat: Command = {
  name: 'threat',
  usage: 'threat CASE [QUERY] [--entity TYPE:VALUE] [--from T] [--to T] [--json]',
  summary: 'Ranks users, hosts and addresses by one score from 0 to 1, and says what it is made of; or tells all about one of them.',
  details:
    'The score is made of indicators, Sigma rules, sequences of events and behaviour: each part has a weight and a value, and together they are\n' +
    '1 - product of (1 - weight * value). TYPE is user, host or ip.\n' +
    'JSON: {"entities":[{"type","value","score","severity","count","parts":[{"part","value","weight","why","query"}],"from","to","events",...}],"looked":{...},"notes":[...]};\n' +
    'with --entity {"type","value","count","first","last","severities","related":[...],"patterns":[...],"rules":[...],"indicators":[...]}.',
  options: { ...RANGE_OPTIONS, entity: { value: 'TYPE:VALUE', help: 'tell all about one user, host or address' }, ...JSON_OPTION },
  async run(args, context) {
    const { file, query } = caseAndQuery(args);
    const scope = scopeOf(query, args, context.now);
    const wanted = args.values.entity;
    const type = ENTITY_TYPES.find((each) => wanted?.startsWith(`${each}:`));
    if (wanted !== undefined && (!type || wanted.length === type.length + 1)) throw new UsageError(`--entity is like user:root, with one of ${ENTITY_TYPES.join(', ')}.`);
    const engine = await openToRead(file, context);
    if (wanted !== undefined && type) {
      const page = await withProgress(engine, context, async (run) => await engine.handlers.threat.entity({ scope, type, value: wanted.slice(type.length + 1), run }, { signal: context.signal }));
      const { from: _from, step: _step, buckets: _buckets, hours, ...rest } = page;
      const told = {
        ...rest, first: isoTime(page.first), last: isoTime(page.last), hours: [...hours],
        related: page.related.map((each) => ({ ...each, first: isoTime(each.first) })), patterns: page.patterns.map((each) => ({ ...each, first: isoTime(each.first) })),
      };
      if (context.json) await context.out.json(told);
      else {
        await context.out.text(`${type} ${visible(page.value)}: ${count(page.count)} events, ${told.first} to ${told.last}\n\n`);
        await context.out.text(`${table([{ title: 'with' }, { title: 'value' }, { title: 'events', align: 'right' }, { title: 'since' }], told.related.map((each) => [each.type, each.value, count(each.count), each.first]))}\n`);
        await context.out.text(`${table([{ title: 'events', align: 'right' }, { title: 'severity' }, { title: 'pattern' }], told.patterns.map((each) => [count(each.count), each.severity, each.pattern]))}\n`);
        if (page.rules.length > 0) await context.out.text(`${table([{ title: 'events', align: 'right' }, { title: 'level' }, { title: 'rule' }, { title: 'author' }], page.rules.map((each) => [count(each.count), each.level, each.title, each.author]))}\n`);
        if (page.indicators.length > 0) await context.out.text(table([{ title: 'events', align: 'right' }, { title: 'indicator' }, { title: 'list' }, { title: 'says' }], page.indicators.map((each) => [count(each.count), each.value, each.list, each.note])));
      }
      return 0;
    }
    const { rows, looked, more, notes } = await withProgress(engine, context, async (run) => await engine.handlers.threat.overview({ scope, limit: context.json ? 1000 : SHOWN, run }, { signal: context.signal }));
    if (context.json) await context.out.json({ entities: rows.map((row) => ({ type: row.type, value: row.value, count: row.count, parts: row.parts, ...findingObject(row) })), looked, more, notes });
    else {
      await context.out.text(rows.length === 0 ? 'Nothing that is known speaks against a user, host or address.\n' : table(COLUMNS, rows.map((row) => [row.score.toFixed(2), row.type, row.value, count(row.count), row.parts.map(({ why }) => why).join('; ')])));
      if (more > 0) context.note(`${count(more)} more have a score.`);
      for (const note of notes) context.note(note);
    }
    return 0;
  },
};
