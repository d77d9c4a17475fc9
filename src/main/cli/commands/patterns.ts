import fs from 'node:fs';
import { patternsOfFile, type FilePatterns } from '../../engine/analysis/templates/file-patterns.ts';
import { UsageError } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { isCaseFile } from '../case-file.ts';
import { JSON_OPTION, RANGE_OPTIONS } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import type { PatternList, PatternRow } from '../../../shared/contract/patterns.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { isoTime } from '../event-rows.ts';
import { findingObject, findingText, withProgress } from '../findings.ts';
import { count, table } from '../output.ts';
import { caseAndQuery, openToRead, scopeOf } from '../scope.ts';

export const patterns: Command = {
  name: 'patterns',
  usage: 'patterns FILE|CASE [QUERY] [--from T] [--to T] [--json]',
  summary: 'Says of which pattern each line of a file is, or which patterns a case has: how often, since when, new, gone and rare.',
  details:
    'A pattern is what messages have in common: "Failed password for <text> from <ip> port <num>". In a FILE every line is a message as it\n' +
    'stands, whatever its format; the setting is the same for all logs.\n' +
    'JSON: {"line","template_id","template"}, one for each line; lines and patterns count from 1.\n' +
    'Of a CASE, with --from what was before is compared: new patterns were not met then, gone ones are not met since.\n' +
    'JSON: {"pattern","template","count","before","first","last","new","gone","rare","severities","services","templates"}, one for each pattern.',
  options: { ...RANGE_OPTIONS, ...JSON_OPTION },
  async run(args, context) {
    const [file] = args.positionals;
    if (file === undefined) throw new UsageError('FILE or CASE is missing.');
    if (!fs.existsSync(file) || !fs.statSync(file).isFile()) throw new UsageError(`${file} is not a file.`);
    if (isCaseFile(file)) await ofCase(args, context);
    else await ofFile(file, context);
    return 0;
  },
};

async function ofFile(file: string, context: CommandContext): Promise<void> {
  const found = patternsOfFile(file, (share) => {
    context.signal.throwIfAborted();
    context.progress(`${Math.floor(share * 100)} %`);
  });
  context.progress('');
  if (context.json) await writeLines(found, context);
  else await context.out.text(fileText(found));
}

/** One JSON object a line; what is the same for all lines of a pattern is written once. */
async function writeLines({ ofLine, patterns: all }: FilePatterns, { out, signal }: CommandContext): Promise<void> {
  const tails = all.map(({ text }, id) => `,"template_id":${id + 1},"template":${JSON.stringify(text)}}\n`);
  for (let line = 0; line < ofLine.length; ) {
    signal.throwIfAborted();
    let chunk = '';
    for (const end = Math.min(ofLine.length, line + 1000); line < end; line++) chunk += `{"line":${line + 1}${tails[ofLine[line]]}`;
    await out.text(chunk);
  }
}

function fileText({ ofLine, patterns: all }: FilePatterns): string {
  if (all.length === 0) return 'The file is empty.\n';
  const columns = [{ title: 'id', align: 'right' }, { title: 'lines', align: 'right' }, { title: 'share', align: 'right' }, { title: 'first line', align: 'right' }, { title: 'pattern' }] as const;
  const rows = all
    .map((pattern, id) => ({ ...pattern, id: id + 1 }))
    .sort((a, b) => b.count - a.count || a.id - b.id)
    .map(({ id, count: lines, first, text }) => [String(id), count(lines), `${((lines / ofLine.length) * 100).toFixed(1)} %`, count(first + 1), text]);
  return `${table(columns, rows)}\n${count(ofLine.length)} lines, ${count(all.length)} patterns\n`;
}

async function ofCase(args: Arguments, context: CommandContext): Promise<void> {
  const { file, query } = caseAndQuery(args);
  const scope = scopeOf(query, args, context.now);
  const engine = await openToRead(file, context);
  const list = await withProgress(engine, context, async (run) => await engine.handlers.patterns.list({ scope, other: scope.from === null ? null : 'before', buckets: 1, run }, { signal: context.signal }));
  if (context.json) for (const row of list.patterns) await context.out.json(rowObject(row, list));
  else await context.out.text(caseText(list));
  if (list.more > 0) context.note(`${count(list.more)} more patterns are not listed.`);
  if (!list.grouped) context.note('Templates came in that are not grouped into patterns yet; opening the case in the window groups them.');
  if (list.unreadable > 0) context.note(`${count(list.unreadable)} events could not be read: the case file is damaged there.`);
}

function rowObject({ id, text, count: events, other, first, last, isNew, isGone, isRare, severities, services, templates }: PatternRow, { other: compared, findings }: PatternList): object {
  return {
    pattern: id, template: text, count: events, before: compared ? other : null, first: isoTime(first), last: isoTime(last), new: isNew, gone: isGone, rare: isRare,
    severities: Object.fromEntries(SEVERITIES.map((severity, i) => [severity, severities[i]])), services: Object.fromEntries(services.map((each) => [each.service, each.count])), templates,
    findings: findings.filter(({ key }) => (JSON.parse(key) as unknown[])[1] === id).map(findingObject),
  };
}

const SHOWN_FINDINGS = 10;
function caseText({ patterns: rows, total, other, findings }: PatternList): string {
  if (rows.length === 0) return 'No event of the case has a pattern in this range.\n';
  const columns = [{ title: 'id', align: 'right' }, { title: 'events', align: 'right' }, { title: 'share', align: 'right' }, ...(other ? [{ title: 'before', align: 'right' } as const] : []), { title: 'first' }, { title: 'last' }, { title: '' }, { title: 'pattern' }] as const;
  const lines = rows.map((row) => [
    String(row.id), count(row.count), `${((row.count / Math.max(1, total)) * 100).toFixed(1)} %`, ...(other ? [count(row.other)] : []), isoTime(row.first), isoTime(row.last), row.isNew ? 'new' : row.isGone ? 'gone' : row.isRare ? 'rare' : '', row.text,
  ]);
  const shown = findings.filter(({ quieted }) => !quieted);
  const told = shown.slice(0, SHOWN_FINDINGS).map((finding) => `\n${findingText(finding)}`).join('');
  const more = shown.length > SHOWN_FINDINGS ? `\n${count(shown.length - SHOWN_FINDINGS)} more findings\n` : '';
  return `${table(columns, lines)}\n${count(total)} events, ${count(rows.length)} patterns\n${told}${more}`;
}
