import path from 'node:path';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Investigation } from '../../../shared/event.ts';
import type { Engine } from '../../engine/engine.ts';
import { UsageError, wholeNumber } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { notReadable, pagesOf } from '../event-rows.ts';
import { bytes as readable, visible } from '../output.ts';
import { printToPdf } from '../print-pdf.ts';
import { openToRead, zoneOf } from '../scope.ts';
import { writeWhole } from '../write-whole.ts';

/** As many events as one call may pin. */
const MAX_PINS = 10_000;

export const report: Command = {
  name: 'report',
  usage: 'report CASE --kind incident --out FILE [--investigation ID] [--tz ZONE] [--create TITLE [--pin QUERY]] [--json]',
  summary: 'Writes the report of an investigation; the end of FILE says how: .html, .json or .pdf.',
  details:
    'A case with one investigation needs no --investigation. --create starts one first, --pin puts the events that match on its record\n' +
    `(the newest ${MAX_PINS} at most). A PDF is printed by the Electron runtime, which needs a display or xvfb-run.\n` +
    'JSON: {"path","bytes","investigation","title"}',
  options: {
    kind: { value: 'KIND', help: 'incident' },
    out: { value: 'FILE', help: 'where to write it' },
    investigation: { value: 'ID', help: 'which one, when there are several' },
    create: { value: 'TITLE', help: 'start an investigation for it' },
    pin: { value: 'QUERY', help: 'with --create: pin the events that match' },
    tz: { value: 'ZONE', help: 'zone of the times in it, default UTC' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, ...more] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many.`);
    const { kind, out, create, pin } = args.values;
    if (kind !== 'incident') throw new UsageError(kind === undefined ? '--kind is missing. There is: incident.' : `There is no report "${kind}". There is: incident.`);
    if (out === undefined) throw new UsageError('--out is missing.');
    if (pin !== undefined && create === undefined) throw new UsageError('--pin goes with --create.');
    const id = wholeNumber(args.values, 'investigation', 1);
    if (id !== undefined && create !== undefined) throw new UsageError('Either --investigation or --create.');
    const extension = path.extname(out).toLowerCase();
    if (!['.html', '.json', '.pdf'].includes(extension)) throw new UsageError('--out ends in .html, .json or .pdf.');
    const zone = zoneOf(args);
    const target = path.resolve(out);
    const { signal } = context;

    const engine = create === undefined ? await openToRead(file, context) : context.engine();
    const { handlers } = engine;
    if (create !== undefined) await handlers.cases.open({ path: file, readOnly: false }, { signal });
    const investigation = create === undefined ? await choose(engine, id, context) : await start(engine, create, pin, context);

    let size: number;
    if (extension === '.json') {
      size = writeWhole(target, `${JSON.stringify(await handlers.reports.incidentJson({ investigationId: investigation.id }, { signal }), null, 2)}\n`);
    } else {
      const { html, title } = await handlers.reports.incidentHtml({ investigationId: investigation.id, zone }, { signal });
      size = extension === '.html' ? writeWhole(target, html) : (await printToPdf(html, target, title, signal)).bytes;
    }
    if (context.json) await context.out.json({ path: target, bytes: size, investigation: investigation.id, title: investigation.title });
    else await context.out.text(`${visible(target)} (${readable(size)})\n`);
    return 0;
  },
};

async function choose(engine: Engine, id: number | undefined, { signal }: CommandContext): Promise<Investigation> {
  const all = await engine.handlers.investigations.list({ text: '', status: 'all' }, { signal });
  const found = id === undefined && all.length === 1 ? all[0] : all.find((candidate) => candidate.id === id);
  if (found) return found;
  if (all.length === 0) throw new TidemarkError('not_found', 'The case has no investigation to report on. Start one in the window, or here with --create TITLE --pin QUERY.');
  const list = all.map((candidate) => `\n  ${candidate.id}  ${visible(candidate.title)}`).join('');
  throw new TidemarkError('not_found', `${id === undefined ? 'Say which investigation' : `There is no investigation ${id}. There are`}:${list}`);
}

async function start(engine: Engine, title: string, query: string | undefined, { signal, note }: CommandContext): Promise<Investigation> {
  const { investigations, events } = engine.handlers;
  if (title.trim() === '' || title.length > 300) throw new UsageError('--create is a title of at most 300 characters.');
  if (query !== undefined) {
    // A query that is wrong must not leave an empty investigation behind.
    const check = await events.check({ query }, { signal });
    if (!check.ok) throw new TidemarkError('query', check.message, { from: check.from, to: check.to });
  }
  const made = await investigations.create({ title: title.trim() }, { signal });
  if (query === undefined) return made;
  const eventIds: number[] = [];
  for await (const page of pagesOf(engine, { query, from: null, to: null }, MAX_PINS, signal, (unreadable) => note(notReadable(unreadable)))) eventIds.push(...page.id);
  if (eventIds.length > 0) await investigations.pin({ id: made.id, eventIds, note: '' }, { signal });
  return made;
}
