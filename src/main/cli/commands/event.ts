import fs from 'node:fs';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { typedEvent } from '../../../shared/contract/typed.ts';
import { readTime } from '../../../shared/query/time-text.ts';
import { UsageError } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { eventObject, isoTime } from '../event-rows.ts';
import { zoneOf } from '../scope.ts';

export const event: Command = {
  name: 'event',
  usage: 'event CASE [MESSAGE...] [--message TEXT] --time T [--severity S] [--service NAME] [--host NAME] [--tags A,B] [--evidence TEXT] [--set NAME=VALUE,...] [--tz ZONE] [--json]',
  summary: 'Types an event into a case: what happened when, known from a person and not from a file.',
  details: 'It becomes an event of the source "Typed in by NAME", found as signal:manual. In the window it can be corrected and deleted.\nJSON: the event as "search --json" prints it.',
  options: {
    time: { value: 'T', help: 'when: 2026-10-01T12:30, 2026-10-01T12:30:05Z, -15m, now' },
    message: { value: 'TEXT', help: 'what happened, in place of the words behind CASE' },
    severity: { value: 'S', help: 'info, low, medium, high or critical; default info' },
    service: { value: 'NAME', help: 'the service it is about' },
    host: { value: 'NAME', help: 'the host it is about' },
    tags: { value: 'A,B', help: 'tags' },
    evidence: { value: 'TEXT', help: 'where it is known from: a ticket, a person, a page' },
    set: { value: 'A=X,B=Y', help: 'further names and values; user, ip, trace_id and other columns among them' },
    tz: { value: 'ZONE', help: 'zone of --time, default UTC' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    const typed = typedOf(args, context.now);
    if (!fs.existsSync(file)) throw new TidemarkError('not_found', `${file} does not exist.`);
    const { handlers } = context.engine();
    const { signal } = context;
    await handlers.cases.open({ path: file, readOnly: false }, { signal });
    const { id } = await handlers.typed.add(typed, { signal });
    if (context.json) await context.out.json(eventObject(await handlers.events.get({ id }, { signal })));
    else await context.out.text(`event ${id} at ${isoTime(typed.time)}\n`);
    return 0;
  },
};

/** What was typed. Throws UsageError naming the option that is wrong. */
export function typedOf(args: Arguments, now: number): ReturnType<typeof typedEvent.parse> {
  const { time, message, severity, service, host, tags, evidence, set } = args.values;
  if (time === undefined) throw new UsageError('--time is missing: when did it happen?');
  const when = readTime(time, { zone: zoneOf(args), now });
  if (!when.ok) throw new UsageError(`--time: ${when.message}`);
  const parsed = typedEvent.safeParse({
    time: when.span.from, severity, service, host, evidence, message: message ?? args.positionals.slice(1).join(' '),
    tags: tags?.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''),
    attributes: set?.split(',').map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new UsageError(`--set is NAME=VALUE, with commas between several, not "${pair}".`);
      return { name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() };
    }),
  });
  if (parsed.success) return parsed.data;
  const [{ path, message: wrong }] = parsed.error.issues;
  throw new UsageError(`${path.length > 0 ? `${path.join('.')}: ` : ''}${wrong}`);
}
