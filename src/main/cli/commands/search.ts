import type { EventDetail, EventPage } from '../../../shared/event.ts';
import type { Engine } from '../../engine/engine.ts';
import { wholeNumber } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS } from '../command.ts';
import type { Command } from '../command.ts';
import { eventCells, eventObject, notReadable, pagesOf } from '../event-rows.ts';
import { visible } from '../output.ts';
import { caseAndQuery, openToRead, scopeOf, zoneOf } from '../scope.ts';

/** Details asked for at the same time: enough to keep the worker busy. */
const AT_ONCE = 64;

export const search: Command = {
  name: 'search',
  usage: 'search CASE [QUERY] [--from T] [--to T] [--tz ZONE] [--limit N] [--json]',
  summary: 'Prints the events that match, the newest last. Without a query: all of them.',
  details:
    'A query is words, "a phrase", field:value, severity>=high, latency_ms>500, wild*cards, /regex/, AND OR NOT ( ), -excluded.\n' +
    'JSON, one a line: {"id","time","severity","service","host","level","message","source","offset"} and the fields the event has\n' +
    '(status, latency_ms, user, ip, url, request_id, trace_id, span_id, ...). Times are UTC with microseconds.',
  options: { ...RANGE_OPTIONS, limit: { value: 'N', help: 'only the newest N' }, ...JSON_OPTION },
  async run(args, context) {
    const { file, query } = caseAndQuery(args);
    const limit = wholeNumber(args.values, 'limit', 0);
    const zone = zoneOf(args);
    const scope = scopeOf(query, args, context.now);
    const engine = await openToRead(file, context);
    for await (const page of pagesOf(engine, scope, limit, context.signal, (unreadable) => context.note(notReadable(unreadable)))) {
      if (context.json) {
        for await (const event of detailsOf(engine, page, context.signal)) await context.out.json(eventObject(event));
        continue;
      }
      for (let i = 0; i < page.id.length; i++) {
        const { time, severity, service, message } = eventCells(page, i, zone);
        await context.out.text(`${time}  ${severity.padEnd(8)}  ${visible(service).padEnd(16)}  ${visible(message)}\n`);
      }
    }
    return 0;
  },
};

async function* detailsOf(engine: Engine, page: EventPage, signal: AbortSignal): AsyncGenerator<EventDetail> {
  const ids = [...page.id];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    signal.throwIfAborted();
    yield* await Promise.all(ids.slice(at, at + AT_ONCE).map(async (id) => await engine.handlers.events.get({ id }, { signal })));
  }
}
