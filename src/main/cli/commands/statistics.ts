import type { RelationReply, StatisticsReply, TestResult } from '../../../shared/contract/statistics.ts';
import type { Scope } from '../../../shared/contract/scope.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS, type Command } from '../command.ts';
import { notReadable } from '../event-rows.ts';
import { withProgress } from '../findings.ts';
import { count, table, visible } from '../output.ts';
import { openToRead, scopeOf } from '../scope.ts';

export const statistics: Command = {
  name: 'statistics',
  usage: 'statistics CASE [FIELD] [--by FIELD] [--on FIELDS] [--query Q] [--json]',
  summary: 'Describes the values of a field, tests whether groups differ, and tells what goes together.',
  details:
    'FIELD is a field or attribute of events, or metric:NAME. Without it, what has numbers is listed. --by compares groups (of a metric: a label, or\n' +
    'series); --part-from and --part-to compare a part of the time with the rest; --on gives correlation and regression of FIELD on up to five others.\n' +
    'The test is chosen by the data, and says what has to hold for it to be right. Of words, counts are compared.\n' +
    'JSON: {"field","unit","kind","groups":[{"group","n","mean","sd","median",...}],"test":{"id","statistic","p","effect",...}|null,"also","pairs",\n' +
    '"conclusion","total","looked","present"}; with --on {"y","x","n","correlations","regression","conclusion",...}.',
  options: {
    ...RANGE_OPTIONS, ...JSON_OPTION,
    by: { value: 'FIELD', help: 'compare groups of this field' },
    on: { value: 'FIELDS', help: 'correlation and regression on these: names with commas between them' },
    query: { value: 'Q', help: 'only events that the query finds' },
    'part-from': { value: 'TIME', help: 'compare events from then on with the others' },
    'part-to': { value: 'TIME', help: 'compare events before then with the others' },
  },
  async run(args, context) {
    const [file, field] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    if (args.positionals.length > 2) throw new UsageError('There is one FIELD; a query is given with --query.');
    const { values } = args;
    const scope = scopeOf(values.query ?? '', args, context.now);
    const part = partOf(args, context.now);
    if (values.on !== undefined && (values.by !== undefined || part)) throw new UsageError('--on goes without --by and --part.');
    if (values.by !== undefined && part) throw new UsageError('--by goes without --part.');
    const engine = await openToRead(file, context);
    const { signal } = context;
    const room = engine.handlers.statistics;
    if (field === undefined) {
      const fields = await room.fields({ scope }, { signal });
      if (context.json) for (const one of fields) await context.out.json(one);
      else await context.out.text(table([{ title: 'field' }, { title: 'unit' }, { title: 'events with it', align: 'right' }], fields.map(({ name, unit, share }) => [name, unit, name.startsWith('metric:') ? '' : `${Math.round(share * 100)} %`])));
      return 0;
    }
    if (values.on !== undefined) {
      const x = namesOf(values.on);
      const reply = await withProgress(engine, context, async (run) => await room.relate({ scope, y: field, x, run }, { signal }));
      if (context.json) await context.out.json(relationObject(reply));
      else await context.out.text(relationText(reply));
      remarks(reply, context.note);
      return 0;
    }
    const reply = await withProgress(engine, context, async (run) => await room.compare({ scope, field, by: values.by ?? '', part, run }, { signal }));
    if (context.json) await context.out.json(statisticsObject(reply));
    else await context.out.text(statisticsText(reply));
    if (reply.moreGroups > 0) context.note(`${count(reply.moreGroups)} smaller groups are not listed.`);
    remarks(reply, context.note);
    return 0;
  },
};

function partOf(args: Arguments, now: number): { from: number; to: number } | null {
  const { 'part-from': from, 'part-to': to } = args.values;
  if (from === undefined && to === undefined) return null;
  const values: Record<string, string> = { ...(args.values.tz !== undefined && { tz: args.values.tz }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const scope: Scope = scopeOf('', { ...args, values }, now);
  return { from: scope.from ?? -8.64e21, to: scope.to ?? 8.64e21 };
}

function namesOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  if (names.length === 0 || names.length > 5) throw new UsageError('--on is one to five fields with commas between them.');
  return names;
}

function remarks({ looked, total, unreadable }: { looked: number; total: number; unreadable: number }, note: (text: string) => void): void {
  if (looked < total) note(`${count(looked)} of ${count(total)} were looked at, an even share.`);
  if (unreadable > 0) note(notReadable(unreadable));
}

function testObject({ id, title, statistic, p, exact, effect, assumptions }: TestResult): object {
  return { id, title, statistic, p, exact, effect, assumptions };
}

function statisticsObject(reply: StatisticsReply): object {
  return {
    field: reply.field, unit: reply.unit, kind: reply.kind, total: reply.total, looked: reply.looked, present: reply.present, conclusion: reply.conclusion, test: reply.test && testObject(reply.test), chosen: reply.chosen,
    also: reply.also.map(testObject), pairs: reply.pairs, groups: reply.groups.map(({ name, described, outliers }) => ({ group: name, ...described, outliers })), counts: reply.contingency, more_groups: reply.moreGroups,
  };
}
function relationObject({ y, x, unit, step, n, correlations, regression, noRegression, paired, cautions, conclusion, total, looked }: RelationReply): object {
  return { y, x, unit, step_s: step / 1e6, n, correlations, regression, no_regression: noRegression, paired: paired && testObject(paired), cautions, conclusion, total, looked };
}

const figure = (value: number | null): string => (value === null || !Number.isFinite(value) ? '' : count(Number(value.toPrecision(5))));
const probability = (p: number): string => (Number.isNaN(p) ? '' : p < 1e-4 ? '<0.0001' : p.toPrecision(3));
const NUMBERS = ['n', 'mean', 'sd', 'median', 'MAD', 'p95', 'p99', 'min', 'max', 'skewness'].map((title) => ({ title, align: 'right' as const }));

function testLines({ title, statistic, p, exact, effect }: TestResult): string {
  return `${title}: ${statistic}, p ${p < 1e-4 ? '' : '= '}${probability(p)}${exact ? ' (exact)' : ''}${effect ? `; ${effect.name} ${figure(effect.value)} (${effect.size})` : ''}`;
}

function statisticsText(reply: StatisticsReply): string {
  const { groups, contingency, test, also, pairs, chosen, conclusion, unit } = reply;
  const lines: string[] = [];
  if (contingency) {
    const titles = [...contingency.values, ...(contingency.more > 0 ? [`${count(contingency.more)} others`] : [])];
    lines.push(table([...titles.map((title) => ({ title: visible(title).slice(0, 40), align: 'right' as const })), { title: 'group' }], contingency.counts.map((row, g) => [...row.map(count), contingency.groups[g]])));
  } else if (groups.length > 0) {
    const rows = groups.map(({ described: d, name }) => [...[d.n, d.mean, d.sd, d.median, d.mad, d.p95, d.p99, d.min, d.max, d.skewness].map(figure), name]);
    lines.push(table([...NUMBERS, { title: unit === '' ? 'group' : `group (values in ${unit})` }], rows));
  }
  lines.push(`${visible(conclusion)}\n`);
  if (test) lines.push(`${chosen}\n${[test, ...also].map(testLines).join('\n')}\n`, `${test.assumptions.map((text) => `- ${text}`).join('\n')}\n`);
  if (pairs.length > 0) {
    const columns = [{ title: 'difference', align: 'right' as const }, { title: 'p', align: 'right' as const }, { title: 'corrected', align: 'right' as const }, { title: 'pair' }];
    lines.push(table(columns, pairs.slice(0, 20).map(({ a, b, difference, p, adjusted }) => [figure(difference), probability(p), probability(adjusted), `${a} - ${b}`])));
  }
  return lines.join('\n');
}

function relationText({ correlations, regression, noRegression, paired, cautions, conclusion, y }: RelationReply): string {
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  const lines = [`${visible(conclusion)}\n`];
  lines.push(table([right('Pearson'), right('p'), right('Spearman'), right('p'), right('Kendall'), right('p'), { title: `with ${y}` }], correlations.map(({ x, pearson, spearman, kendall }) => [
    figure(pearson.r), probability(pearson.p), figure(spearman.r), probability(spearman.p), figure(kendall?.r ?? null), probability(kendall?.p ?? Number.NaN), x,
  ])));
  if (regression) {
    const of = regression.outcome ? `Logistic regression: log odds of ${regression.outcome.of} against ${regression.outcome.against}` : 'Linear regression';
    lines.push(`${of}; ${regression.statistic}, p ${probability(regression.p)}, ${regression.kind === 'linear' ? 'R squared' : "McFadden's R squared"} ${figure(regression.rSquared)}\n`);
    lines.push(table([right('value'), right('error'), right(regression.kind === 'linear' ? 't' : 'z'), right('p'), right('95 % from'), right('to'), { title: 'predictor' }], regression.coefficients.map((one) => [
      figure(one.value), figure(one.error), figure(one.statistic), probability(one.p), figure(one.lower), figure(one.upper), one.name === '' ? '(intercept)' : one.name,
    ])));
  } else lines.push(`${visible(noRegression)}\n`);
  if (paired) lines.push(`${testLines(paired)}\n`);
  lines.push(`${cautions.map((text) => `- ${text}`).join('\n')}\n`);
  return lines.join('\n');
}
