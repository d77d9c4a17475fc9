import type { Alert, AlertRule } from '../../../shared/alert.ts';
import { ruleText, valueText } from '../../../shared/alert-text.ts';
import type { Backtest } from '../../../shared/contract/alerts.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Engine } from '../../engine/engine.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { isoOrNull, isoTime } from '../event-rows.ts';
import { withProgress } from '../findings.ts';
import { count, table, timeSpan } from '../output.ts';
import { openToRead, scopeOf } from '../scope.ts';

const SECOND = 1e6;

export const alerts: Command = {
  name: 'alerts',
  usage: 'alerts CASE [--rules | --backtest RULE [--from T] [--to T] | --ack ID | --resolve ID] [--note TEXT] [--json]',
  summary: 'Runs the alert rules of a case and lists what fired, shows the rules, or says what one would have done.',
  details:
    'Rules are run over all events, in the time of the events; running them again adds nothing. RULE is the number or the name of a rule, ID the number\n' +
    'of an alert, or several with commas. What a request and an error is: tidemark services --help. While the window has the case open, what is kept is listed.\n' +
    'JSON, one alert a line: {"id","rule","rule_id","level","severity","group","state","started","fired","ended","over","peak","why","query","silenced",\n' +
    '"acknowledged_by","resolved_by"}; with --rules one {"id","name","metric","operator","threshold","window_s","for_s","level","query","group_by",\n' +
    '"no_data","enabled",...} a line; with --backtest {"rule","total","seconds","alerts":[{"group","started","fired","ended","peak","open"}],\n' +
    '"groups":[{"group","alerts","seconds","peak"}],"idle"}.',
  options: {
    rules: { help: 'the rules, those that are off too' },
    backtest: { value: 'RULE', help: 'when a rule would have fired; nothing is kept' },
    ack: { value: 'ID', help: 'say that you look after it' },
    resolve: { value: 'ID', help: 'say that it is over' },
    note: { value: 'TEXT', help: 'with --ack or --resolve: what there is to say of it' },
    ...RANGE_OPTIONS,
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, ...more] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many.`);
    const { values, switches } = args;
    const asks = [switches.has('rules'), values.backtest !== undefined, values.ack !== undefined, values.resolve !== undefined].filter(Boolean).length;
    if (asks > 1) throw new UsageError('One of --rules, --backtest, --ack and --resolve.');
    if (values.note !== undefined && values.ack === undefined && values.resolve === undefined) throw new UsageError('--note goes with --ack or --resolve.');
    const { signal } = context;
    if (switches.has('rules')) {
      const { handlers } = await openToRead(file, context);
      await listRules(await handlers.alerts.rules({}, { signal }), context);
      return 0;
    }
    if (values.backtest !== undefined) {
      await test(await openToRead(file, context), values.backtest, args, context);
      return 0;
    }
    if (values.ack !== undefined || values.resolve !== undefined) {
      const ids = idsOf(values.ack ?? values.resolve, values.ack === undefined ? 'resolve' : 'ack');
      const engine = context.engine();
      await engine.handlers.cases.open({ path: file, readOnly: false }, { signal });
      await engine.handlers.alerts[values.ack === undefined ? 'resolve' : 'acknowledge']({ ids, note: values.note ?? '' }, { signal });
      await listAlerts((await engine.handlers.alerts.list({ state: null, rule: null, limit: 5000 }, { signal })).alerts.filter(({ id }) => ids.includes(id)), context);
      return 0;
    }
    return await run(file, context);
  },
};

/** Runs the rules where the case can be written, and lists. */
async function run(file: string, context: CommandContext): Promise<number> {
  const { signal } = context;
  const engine = context.engine();
  try {
    await engine.handlers.cases.open({ path: file, readOnly: false }, { signal });
    await withProgress(engine, context, async (name) => await engine.handlers.alerts.evaluate({ run: name }, { signal }));
  } catch (error) {
    if (!(error instanceof TidemarkError) || !['locked', 'permission', 'read_only', 'newer'].includes(error.code)) throw error;
    await engine.handlers.cases.open({ path: file, readOnly: true }, { signal });
    context.note('The case cannot be written now: these are the alerts that it holds.');
  }
  const { alerts: found, total, failed } = await engine.handlers.alerts.list({ state: null, rule: null, limit: 5000 }, { signal });
  await listAlerts(found, context);
  if (total > found.length) context.note(`${count(total - found.length)} more are not listed.`);
  for (const { rule, message } of failed) context.note(`Rule ${rule} could not be run: ${message}`);
  return failed.length > 0 ? 1 : 0;
}

async function listAlerts(found: readonly Alert[], context: CommandContext): Promise<void> {
  if (context.json) for (const alert of found) await context.out.json(alertObject(alert));
  else if (found.length > 0) await context.out.text(table(ALERT_COLUMNS, found.map(alertCells)));
  else context.note('Nothing has fired.');
}
const ALERT_COLUMNS = [{ title: 'id', align: 'right' }, { title: 'level' }, { title: 'state' }, { title: 'since' }, { title: 'for' }, { title: 'worst', align: 'right' }, { title: 'rule' }, { title: 'group' }] as const;
function alertCells({ id, level, state, silence, finding, started, ended, peak, metric, ruleName, group }: Alert): string[] {
  return [String(id), level, `${state}${silence === null ? '' : ', silenced'}${finding.quieted ? ', marked wrong' : ''}`, isoTime(started), timeSpan(ended - started + SECOND), peak === null ? 'no data' : valueText(peak, metric), ruleName, group];
}
function alertObject({ id, rule, ruleName, level, severity, group, state, started, fired, ended, over, peak, finding, silence, acknowledgedBy, resolvedBy }: Alert): object {
  return {
    id, rule: ruleName, rule_id: rule, level, severity, group, state, started: isoTime(started), fired: isoOrNull(fired), ended: isoTime(ended), over: isoOrNull(over), peak, why: finding.why, query: finding.scope.query,
    silenced: silence !== null, marked_wrong: finding.quieted, acknowledged_by: acknowledgedBy, resolved_by: resolvedBy,
  };
}

async function listRules(rules: readonly AlertRule[], context: CommandContext): Promise<void> {
  if (context.json) {
    for (const { id, name, metric, series, operator, threshold, window, windows, hold, level, query, groupBy, noData, channels, enabled, version } of rules) {
      await context.out.json({ id, name, metric, series, operator, threshold, window_s: window, windows, for_s: hold, level, query, group_by: groupBy, no_data: noData, channels, enabled, version });
    }
  } else if (rules.length > 0) await context.out.text(table(RULE_COLUMNS, rules.map((rule) => [String(rule.id), rule.enabled ? 'on' : 'off', rule.level, rule.name, ruleText(rule)])));
  else context.note('The case has no alert rules.');
}
const RULE_COLUMNS = [{ title: 'id', align: 'right' }, { title: 'is' }, { title: 'level' }, { title: 'name' }, { title: 'fires when' }] as const;

async function test(engine: Engine, wanted: string, args: Arguments, context: CommandContext): Promise<void> {
  const { signal } = context;
  const { from, to } = scopeOf('', args, context.now);
  const rules = await engine.handlers.alerts.rules({}, { signal });
  const rule = rules.find(({ id }) => String(id) === wanted) ?? rules.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (!rule) throw new TidemarkError('not_found', `There is no alert rule "${wanted}". There are: ${rules.map(({ name }) => name).join(', ')}.`);
  const reply = await withProgress(engine, context, async (run) => await engine.handlers.alerts.backtest({ rule, from, to, buckets: 10, run }, { signal }));
  if (context.json) await context.out.json(backtestObject(rule, reply));
  else await context.out.text(backtestText(rule, reply));
  if (reply.left > 0) context.note(`${count(reply.left)} ${rule.metric === 'series' ? 'more series' : 'events of further groups'} were not judged.`);
  if (reply.unreadable > 0) context.note(`${count(reply.unreadable)} events could not be read: the case file is damaged there.`);
}
function backtestObject({ name }: AlertRule, { total, duration, alerts: found, groups, idle, basis }: Backtest): object {
  return {
    rule: name, total, seconds: duration / SECOND, basis, idle,
    alerts: found.map(({ group, started, fired, ended, peak, open }) => ({ group, started: isoTime(started), fired: isoTime(fired), ended: isoTime(ended), peak, open })),
    groups: groups.map(({ group, alerts: n, duration: length, peak }) => ({ group, alerts: n, seconds: length / SECOND, peak })),
  };
}
function backtestText(rule: AlertRule, { total, duration, alerts: found, idle, looked }: Backtest): string {
  const head = `${rule.name}: ${ruleText(rule)}\n`;
  if (idle !== '') return `${head}It cannot fire. ${idle}\n`;
  if (total === 0) return `${head}It would not have fired${looked > 1 ? ` in any of ${count(looked)} groups` : ''}.\n`;
  const rows = found.map(({ group, started, ended, peak, open }) => [isoTime(started), `${timeSpan(ended - started + SECOND)}${open ? ', to the end' : ''}`, peak === null ? 'no data' : valueText(peak, rule.metric), group]);
  return `${head}It would have fired ${count(total)} ${total === 1 ? 'time' : 'times'}, ${timeSpan(duration)} in all.\n\n${table([{ title: 'since' }, { title: 'for' }, { title: 'worst', align: 'right' }, { title: 'group' }], rows)}`;
}

function idsOf(text: string, option: string): number[] {
  const ids = text.split(',').map((part) => Number(part.trim()));
  if (ids.length === 0 || ids.length > 1000 || ids.some((id) => !Number.isSafeInteger(id) || id < 1)) throw new UsageError(`--${option} is the number of an alert, or several with commas, not "${text}".`);
  return ids;
}
