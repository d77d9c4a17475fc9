import type { CountReply } from '../../../shared/contract/events.ts';
import { duration, wholeNumber } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS } from '../command.ts';
import type { Command } from '../command.ts';
import { isoTime, notReadable } from '../event-rows.ts';
import { count as grouped, table } from '../output.ts';
import { caseAndQuery, openToRead, scopeOf, zoneOf } from '../scope.ts';
import { formatTime } from '../../../shared/time.ts';

export const count: Command = {
  name: 'count',
  usage: 'count CASE [QUERY] [--by FIELD] [--every 1m] [--from T] [--to T] [--tz ZONE] [--limit N] [--json]',
  summary: 'Counts the events that match, by a field, over time, or both.',
  details: 'JSON: {"total","groups":[{"value","count"}],"series":[{"time","value","count"}]}; groups with --by (most frequent first), series with --every; "unreadable": events that could not be looked at, if the case is damaged.',
  options: {
    by: { value: 'FIELD', help: 'service, host, severity, status, template, user, ip, ... or any name in the records' },
    every: { value: 'LENGTH', help: 'a count for every 30s, 1m, 1h, 1d' },
    ...RANGE_OPTIONS,
    limit: { value: 'N', help: 'at most N values of the field, default 100' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const { file, query } = caseAndQuery(args);
    const { by } = args.values;
    const every = args.values.every === undefined ? undefined : duration(args.values.every, 'every');
    const limit = Math.min(10_000, wholeNumber(args.values, 'limit', 1) ?? 100);
    const zone = zoneOf(args);
    const scope = scopeOf(query, args, context.now);
    const engine = await openToRead(file, context);
    let reply: CountReply;
    do {
      context.signal.throwIfAborted();
      reply = await engine.handlers.events.count({ scope, by, every, limit }, { signal: context.signal });
    } while (!reply.complete);
    if (reply.unreadable > 0) context.note(notReadable(reply.unreadable));
    if (context.json) await context.out.json(countObject(reply, by !== undefined, every !== undefined));
    else await context.out.text(countText(reply, by, every, zone));
    return 0;
  },
};

export function countObject(reply: CountReply, grouping: boolean, overTime: boolean): object {
  return {
    total: reply.total,
    ...(reply.unreadable > 0 ? { unreadable: reply.unreadable } : {}),
    ...(grouping ? { groups: reply.groups.map(({ value, count: n }) => ({ value, count: n })) } : {}),
    ...(overTime ? { series: reply.series.map(({ time, value, count: n }) => ({ time: isoTime(time), value, count: n })) } : {}),
  };
}

function countText(reply: CountReply, by: string | undefined, every: number | undefined, zone: string): string {
  if (every !== undefined) {
    const rows = reply.series.map(({ time, value, count: n }) => [formatTime(time, zone, every < 1e6 ? 'ms' : 'second'), grouped(n), ...(by ? [value] : [])]);
    return table([{ title: 'time' }, { title: 'count', align: 'right' }, ...(by ? [{ title: by }] : [])], rows);
  }
  if (by !== undefined) return table([{ title: 'count', align: 'right' }, { title: by }], reply.groups.map(({ value, count: n }) => [grouped(n), value || '(none)']));
  return `${grouped(reply.total)}\n`;
}
