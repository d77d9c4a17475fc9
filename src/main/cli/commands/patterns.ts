import fs from 'node:fs';
import { patternsOfFile, type FilePatterns } from '../../engine/analysis/templates/file-patterns.ts';
import { UsageError } from '../arguments.ts';
import { isCaseFile } from '../case-file.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { count, table } from '../output.ts';

export const patterns: Command = {
  name: 'patterns',
  usage: 'patterns FILE|CASE [--json]',
  summary: 'Says of which pattern each line of a file is.',
  details:
    'A pattern is what messages have in common: "Failed password for <text> from <ip> port <num>". In a FILE every line is a message as it\n' +
    'stands, whatever its format; the setting is the same for all logs.\n' +
    'JSON: {"line","template_id","template"}, one for each line; lines and patterns count from 1.',
  options: JSON_OPTION,
  async run(args, context) {
    const [file] = args.positionals;
    if (file === undefined) throw new UsageError('FILE or CASE is missing.');
    if (!fs.existsSync(file) || !fs.statSync(file).isFile()) throw new UsageError(`${file} is not a file.`);
    if (isCaseFile(file)) throw new UsageError(`${file} is a case.`);
    await ofFile(file, context);
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
