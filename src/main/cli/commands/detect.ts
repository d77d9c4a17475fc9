import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SigmaDetected } from '../../../shared/contract/sigma.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS, type Command, type CommandContext } from '../command.ts';
import { count, table, visible } from '../output.ts';
import { scopeOf, zoneOf } from '../scope.ts';
import { isCaseFile } from '../case-file.ts';
import { changeRules } from './detect-rules.ts';
import { byCode, tellProblems } from './tell-problems.ts';

export const detect: Command = {
  name: 'detect',
  usage: 'detect CASE|FILE --rules DIR|FILE [--from T] [--to T] [--json]\n       tidemark detect CASE [--add DIR|FILE] [--remove ID] [--list] [--json]',
  summary: 'Runs Sigma rules over a case, or over a log file as it is; adds rules to a case, takes them away and lists them.',
  details:
    'Rules are read as they are: Sigma 1 and 2, correlations, filters and processing pipelines, in files or folders; --rules may name several with commas between them.\n' +
    'Without --rules the rules of the case are run. Neither stores anything. A rule with something in it that is not understood is not run: it is told on standard\n' +
    'error with its file, line and what is wrong; when no rule could be loaded, the exit code is 1.\n' +
    'JSON: one {"rule_id","event_id","record","title","level","author"} a hit. event_id is the event in the case (of a FILE: in the case that it is read into for\n' +
    'this); record is the EventRecordID of a Windows event, else the number of the record in its source, from 1. A correlation is a hit on the event that completes it.\n' +
    '--add reads rules into the case (it is made when it is not there) and runs them over its events and over what comes later; --remove takes the file of a rule\n' +
    'away, by the id of the rule or the number of the file; several with commas. These and --list tell the rules that the case has then. JSON: one\n' +
    '{"file","file_name","rule_id","title","level","author","kind","logsource","enabled","events","tactics":[...],"techniques":[...]} a rule.',
  options: {
    rules: { value: 'DIR|FILE', help: 'Sigma rules' }, ...RANGE_OPTIONS, add: { value: 'DIR|FILE', help: 'adds rules to the case' }, remove: { value: 'ID', help: 'takes rules away from the case' }, list: { help: 'lists the rules of the case' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [given] = args.positionals;
    if (given === undefined) throw new UsageError('CASE or FILE is missing.');
    const paths = (value: string | undefined): string[] => value?.split(',').filter(Boolean).map((one) => path.resolve(one)) ?? [];
    const rules = paths(args.values.rules);
    const add = paths(args.values.add);
    const remove = args.values.remove?.split(',').filter(Boolean) ?? [];
    const changes = args.values.add !== undefined || args.values.remove !== undefined || args.switches.has('list');
    if (changes && (rules.length > 0 || args.values.from !== undefined || args.values.to !== undefined)) throw new UsageError('--add, --remove and --list are about the rules of the case: they do not go together with --rules, --from and --to.');
    const missing = [...(add.length > 0 ? [] : [given]), ...rules, ...add].find((one) => !fs.existsSync(one));
    if (missing !== undefined) throw new TidemarkError('not_found', `${missing} does not exist.`);
    if (changes) return await changeRules(given, { add, remove }, context);
    zoneOf(args);
    const scope = scopeOf('', args, context.now);
    if (isCaseFile(given)) {
      await context.engine().handlers.cases.open({ path: given, readOnly: true }, { signal: context.signal });
      return await tell(await context.engine().handlers.sigma.detect({ paths: rules, scope, run: '' }, { signal: context.signal }), context);
    }
    if (rules.length === 0) throw new UsageError('--rules is missing: a file has none of its own.');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-detect-'));
    try {
      const { handlers } = context.engine();
      const { signal } = context;
      await handlers.cases.create({ path: path.join(folder, 'detect.tidemark') }, { signal });
      const { job } = await handlers.ingest.start({ paths: [path.resolve(given)], options: { format: '', zone: zoneOf(args), service: '', dedupWindow: 0, notes: false } }, { signal });
      const summary = await handlers.ingest.finished({ job }, { signal });
      for (const source of summary.sources.filter(({ error }) => error !== '')) context.note(`${visible(source.path)}: ${source.error}`);
      if (summary.stored === 0) throw new TidemarkError('invalid_input', `${given} holds no record that could be read.`);
      const code = await tell(await handlers.sigma.detect({ paths: rules, scope, run: '' }, { signal }), context);
      await handlers.cases.close({}, { signal });
      return code;
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function tell({ problems, rules, ignored, rule, event, record, looked }: SigmaDetected, { out, json, note }: CommandContext): Promise<number> {
  tellProblems(problems, note);
  if (problems.length > 0) note(`${count(problems.length)} ${problems.length === 1 ? 'problem' : 'problems'} in rules (${byCode(problems)}); ${count(rules.length)} ${rules.length === 1 ? 'rule runs' : 'rules run'}.`);
  if (ignored > 0) note(`${count(ignored)} YAML ${ignored === 1 ? 'file holds' : 'files hold'} no rule.`);
  for (const { title, note: remark } of rules) if (remark !== '') note(visible(`${title}: ${remark}`));
  if (rules.length === 0) {
    note('No rule could be loaded.');
    return 1;
  }
  if (json) {
    for (let i = 0; i < event.length; i++) {
      const { ruleId, title, level, author } = rules[rule[i]];
      await out.json({ rule_id: ruleId, event_id: event[i], record: record[i], title, level, author });
    }
    return 0;
  }
  const rows = Array.from(event, (id, i) => [rules[rule[i]].level, String(record[i]), String(id), visible(rules[rule[i]].title), visible(rules[rule[i]].author)]);
  if (rows.length > 0) await out.text(`${table([{ title: 'level' }, { title: 'record', align: 'right' }, { title: 'event', align: 'right' }, { title: 'rule' }, { title: 'author' }], rows)}\n`);
  note(`${count(rows.length)} ${rows.length === 1 ? 'hit' : 'hits'} of ${count(rules.length)} rules in ${count(looked)} events.`);
  return 0;
}
