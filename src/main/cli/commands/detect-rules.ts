/** The rules of a case on the command line: added, taken away, listed. */
import fs from 'node:fs';
import type { SigmaRule } from '../../../shared/contract/sigma.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { CommandContext } from '../command.ts';
import { count, table, visible } from '../output.ts';
import { tellProblems } from './tell-problems.ts';

export interface RulesAsked {
  /** files and folders */
  add: readonly string[];
  /** ids of rules, or numbers of files */
  remove: readonly string[];
}

/** Changes the rules of a case as asked, runs them over what it holds, and tells all that it has then. Throws invalid_input when nothing that was given is a rule that runs. */
export async function changeRules(file: string, { add, remove }: RulesAsked, context: CommandContext): Promise<number> {
  const { engine, note, signal } = context;
  const { handlers } = engine();
  if (add.length > 0 && !fs.existsSync(file)) await handlers.cases.create({ path: file }, { signal });
  else await handlers.cases.open({ path: file, readOnly: add.length + remove.length === 0 }, { signal });
  for (const wanted of remove) await handlers.sigma.remove({ file: fileOf(wanted, await handlers.sigma.rules({}, { signal })), removed: true }, { signal });
  if (add.length > 0) {
    const { files, rules, unchanged, ignored, problems } = await handlers.sigma.add({ paths: [...add] }, { signal });
    tellProblems(problems, note);
    note([`${count(rules)} ${rules === 1 ? 'rule' : 'rules'} added from ${count(files)} ${files === 1 ? 'file' : 'files'}`, ...(unchanged > 0 ? [`${count(unchanged)} there already`] : []), ...(ignored > 0 ? [`${count(ignored)} without a rule`] : [])].join(', ') + '.');
  }
  if (add.length + remove.length > 0) await handlers.sigma.settled({}, { signal });
  else tellProblems(await handlers.sigma.problems({}, { signal }), note);
  await list(await handlers.sigma.rules({}, { signal }), context);
  return 0;
}

/** The file that is meant: rules come and go with the file that they stand in. */
function fileOf(wanted: string, rules: readonly SigmaRule[]): number {
  const found = rules.filter(({ ruleId, file }) => ruleId === wanted || String(file) === wanted);
  const files = [...new Set(found.map(({ file }) => file))];
  if (files.length === 0) throw new TidemarkError('not_found', `The case has no rule with the id ${wanted}, and no file of rules with this number.`);
  if (files.length > 1) throw new TidemarkError('invalid_input', `The rule ${wanted} is in the case ${files.length} times: name one of the files ${files.join(', ')}.`);
  const beside = rules.filter(({ file }) => file === files[0]).length - found.length;
  if (beside > 0) throw new TidemarkError('invalid_input', `The file of this rule (${found[0].fileName}) has ${beside} more: --remove ${files[0]} takes all of it.`);
  return files[0];
}

async function list(rules: readonly SigmaRule[], { out, json, note }: CommandContext): Promise<void> {
  if (json) {
    for (const { file, fileName, ruleId, title, level, author, kind, logsource, enabled, events, tactics, techniques } of rules) {
      await out.json({ file, file_name: fileName, rule_id: ruleId, title, level, author, kind, logsource, enabled, events, tactics: tactics.map(({ name }) => name), techniques: techniques.map(({ id }) => id) });
    }
    return;
  }
  if (rules.length === 0) {
    note('The case has no rules.');
    return;
  }
  const right = { align: 'right' } as const;
  const rows = rules.map(({ file, ruleId, title, level, author, enabled, events }) => [String(file), ruleId === '' ? '-' : visible(ruleId), level, count(events), enabled ? '' : 'off', visible(title), visible(author)]);
  await out.text(`${table([{ title: 'file', ...right }, { title: 'id' }, { title: 'level' }, { title: 'events', ...right }, { title: '' }, { title: 'rule' }, { title: 'author' }], rows)}\n`);
}
