import fs from 'node:fs';
import { ANOMALY_KINDS, type AnomalyFinding } from '../../../shared/contract/anomalies.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { NoveltyStream } from '../../engine/analysis/anomalies/novelty-stream.ts';
import type { NoveltyReason } from '../../engine/analysis/anomalies/novelty-stream.ts';
import { UsageError } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { isCaseFile } from '../case-file.ts';
import { JSON_OPTION, RANGE_OPTIONS } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { isoTime } from '../event-rows.ts';
import { findingObject, findingText, withProgress } from '../findings.ts';
import { count, table } from '../output.ts';
import { caseAndQuery, openToRead, scopeOf } from '../scope.ts';
import { readSeries } from '../series-file.ts';

/** Findings that are told of those that came in; more are not kept. */
const MOST_LIVE = 2000;
/** Lines named of those without a number. */
const NAMED = 5;

export const anomalies: Command = {
  name: 'anomalies',
  usage: 'anomalies SERIES.csv [--json]   or   anomalies CASE [QUERY] [--from T] [--to T] [--json]   or   anomalies CASE --live [--json]',
  summary: 'Finds what is out of the ordinary: in a series of numbers, each row judged by those before it alone; or in a case.',
  details:
    'SERIES.csv has a time and a value a row; a header names them (timestamp or time, value) in any order, without one they are the first and\n' +
    'the second column. A row without a number comes out with value null and score 0, and is counted on standard error. Nothing is flagged\n' +
    'before about 50 rows.\n' +
    'JSON: one {"timestamp","value","score","anomaly"} a row, in the order of the file, times as they stand there; score 0 to 1, flagged from\n' +
    '0.5 on. A flag stands where something begins; what follows of it is not flagged again. The table shows flagged rows, and why.\n' +
    'CASE: what is odd in its series (services, patterns, metrics; what most of seven detectors call odd), and what services, users and\n' +
    'addresses do for the first time, rarely, or at an hour at which they never do anything.\n' +
    'JSON: {"findings":[{"kind","title","why","evidence","severity","score","from","to","query","events","quieted","votes":[{"detector","score","voted","why"}]}],\n' +
    '"more","looked":{KIND: text}}.\n' +
    'CASE --live: what was found as events and metrics came in, the latest first: each minute of services and metrics judged once, by those before it\n' +
    'alone. JSON: {"findings":[... with "found_at"],"total","judged":{"from","to"},"late"}; late: what came for minutes that had been judged.',
  options: { live: { help: 'CASE: what was found as it came in' }, ...RANGE_OPTIONS, ...JSON_OPTION },
  async run(args, context) {
    const [file, ...more] = args.positionals;
    if (file === undefined) throw new UsageError('SERIES.csv or CASE is missing.');
    if (fs.existsSync(file) && fs.statSync(file).isFile() && isCaseFile(file)) {
      if (!args.switches.has('live')) return await inCase(args, context);
      if (more.length > 0 || Object.keys(args.values).length > 0) throw new UsageError('--live tells all that was found: it takes no query and no range.');
      return await asItCameIn(file, context);
    }
    if (args.switches.has('live')) throw new UsageError('--live is for a case.');
    if (more.length > 0 || Object.keys(args.values).length > 0) throw new UsageError(`${file} is no case: of a series all rows are read, and no query can be put.`);
    return await inSeries(file, context);
  },
};

async function inCase(args: Arguments, context: CommandContext): Promise<number> {
  const { file, query } = caseAndQuery(args);
  const scope = scopeOf(query, args, context.now);
  const engine = await openToRead(file, context);
  const { findings, more, looked } = await withProgress(engine, context, async (run) => await engine.handlers.anomalies.find({ scope, run }, { signal: context.signal }));
  if (context.json) {
    await context.out.json({
      findings: findings.map((finding) => ({ kind: finding.kind, ...findingObject(finding), votes: votesOf(finding) })),
      more, looked,
    });
    return 0;
  }
  for (const kind of ANOMALY_KINDS) await context.out.text(`${kind}: ${looked[kind]}\n`);
  for (const finding of findings) await context.out.text(`\n${findingText(finding)}`);
  if (more > 0) await context.out.text(`\n${count(more)} weaker ones are not listed.\n`);
  return 0;
}

function votesOf({ votes }: AnomalyFinding): object[] {
  return votes.map(({ detector, score, voted, why }) => ({ detector, score, voted, why }));
}

async function asItCameIn(file: string, context: CommandContext): Promise<number> {
  const { out, signal } = context;
  const engine = await openToRead(file, context);
  const { findings, total, judged, late } = await engine.handlers.anomalies.live({ limit: MOST_LIVE }, { signal });
  if (context.json) {
    await out.json({
      findings: findings.map((finding) => ({ kind: finding.kind, ...findingObject(finding), found_at: isoTime(finding.foundAt), votes: votesOf(finding) })),
      total, judged: judged && { from: isoTime(judged.from), to: isoTime(judged.to) }, late,
    });
    return 0;
  }
  await out.text(judged ? `${count(total)} found in minutes from ${isoTime(judged.from)} to ${isoTime(judged.to)}${late > 0 ? `; ${count(late)} events and samples came late` : ''}.\n` : 'Nothing was judged yet.\n');
  for (const finding of findings) await out.text(`\n${findingText(finding)}  found ${isoTime(finding.foundAt)}\n`);
  return 0;
}

async function inSeries(file: string, context: CommandContext): Promise<number> {
  const { out, json } = context;
  const stream = new NoveltyStream();
  const flagged: string[][] = [];
  const unread: number[] = [];
  let rows = 0;
  let withoutNumber = 0;
  for await (const { timestamp, value, line } of readSeries(file, context.signal)) {
    rows++;
    if (Number.isNaN(value)) {
      withoutNumber++;
      if (unread.length < NAMED) unread.push(line);
      if (json) await out.json({ timestamp, value: null, score: 0, anomaly: false });
      continue;
    }
    const { score, anomaly } = stream.push(value);
    if (json) await out.json({ timestamp, value, score: Number(score.toFixed(6)), anomaly });
    else if (anomaly) flagged.push([String(line), timestamp, String(value), score.toFixed(3), reasonText(stream.reasons())]);
  }
  if (withoutNumber > 0) context.note(`${count(withoutNumber)} of ${count(rows)} rows have no number as their value: line ${unread.join(', ')}${withoutNumber > NAMED ? ', ...' : ''}.`);
  if (withoutNumber === rows) throw new TidemarkError('invalid_input', `No row of ${file} has a number as its value.`);
  if (!json) {
    if (flagged.length > 0) await out.text(table([{ title: 'line', align: 'right' }, { title: 'time' }, { title: 'value', align: 'right' }, { title: 'score', align: 'right' }, { title: 'why' }], flagged));
    await out.text(`${count(flagged.length)} of ${count(rows)} rows flagged.\n`);
  }
  return 0;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** The strongest width in a sentence, and how many others agree. */
function reasonText(reasons: readonly NoveltyReason[]): string {
  const [strongest, ...others] = reasons;
  if (strongest === undefined) return '';
  const agreeing = others.filter(({ spreads }) => spreads >= 2).length;
  const also = agreeing === 0 ? '' : `; windows of ${agreeing} other ${agreeing === 1 ? 'length' : 'lengths'} agree`;
  return `the last ${strongest.span} values are ${short(strongest.distance)} away from anything before, where ${short(strongest.usual)} is usual${also}`;
}
