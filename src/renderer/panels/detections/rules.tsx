import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RuleProblem, SigmaRule } from '../../../shared/contract/sigma.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { reportError } from '../../state/notices.ts';
import { perform } from '../../state/undo.ts';
import { useViewStore } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { LEVEL_SEVERITY } from './levels.ts';
import { RuleDialog } from './rule-dialog.tsx';
import classes from './detections.module.css';

/** Rows that are drawn; a filter finds the rest. */
const SHOWN = 300;

/** The rules of the case: what each is about and whose it is, on and off, and those that do not run. */
export function Rules({ readOnly }: { readOnly: boolean }) {
  const store = useViewStore();
  const { data, error, retry } = useAsk(['sigma.rules'], (signal) => engine.sigma.rules({}, { signal }), { on: ['rules', 'findings'] });
  const problems = useAsk(['sigma.problems'], (signal) => engine.sigma.problems({}, { signal }), { on: ['rules'] });
  const [text, setText] = useState('');
  const [edited, setEdited] = useState<number | null>(null);
  if (error && !data) return <ErrorState error={error} doing="Reading the rules" retry={retry} />;
  if (!data) return <div aria-busy="true" />;
  const wanted = text.trim().toLowerCase();
  const matching = data.filter((rule) => wanted === '' || [rule.title, rule.ruleId, rule.author, rule.logsource, rule.fileName, ...rule.tags].some((value) => value.toLowerCase().includes(wanted)));
  const act = (title: string, redo: () => Promise<void>, undo: () => Promise<void>): void => void perform({ title, redo, undo }).catch((reason: unknown) => reportError(reason, title));
  const turn = ({ id, enabled }: SigmaRule): void => act(enabled ? 'Switch a rule off' : 'Switch a rule on', () => engine.sigma.enable({ rules: [id], enabled: !enabled }), () => engine.sigma.enable({ rules: [id], enabled }));
  const remove = ({ file }: SigmaRule): void => act('Remove rules', () => engine.sigma.remove({ file }), () => engine.sigma.remove({ file, removed: false }));
  return (
    <>
      <div className={classes.head}>
        <TextInput size="xs" className={classes.filter} aria-label="Filter the rules" placeholder="Title, id, author, tag, log source" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <span className={classes.dim}>{formatCount(matching.length)} of {formatCount(data.length)}</span>
      </div>
      <div className={classes.list} tabIndex={0} role="region" aria-label="Rules">
        <Problems problems={problems.data ?? []} />
        <table className={classes.table}>
          <thead>
            <tr><th scope="col">On</th><th scope="col">Level</th><th scope="col">Rule</th><th scope="col" className={classes.number}>Events</th><th scope="col">Technique</th><th scope="col">Log source</th><th scope="col">Author</th><th scope="col">Licence</th><th scope="col"><span hidden>Acts</span></th></tr>
          </thead>
          <tbody>
            {matching.slice(0, SHOWN).map((rule) => (
              <tr key={rule.id} data-off={!rule.enabled || undefined}>
                <td>{rule.kind === 'filter' ? null : <input type="checkbox" aria-label={`Run: ${rule.title}`} checked={rule.enabled} disabled={readOnly} onChange={() => turn(rule)} />}</td>
                <td><SeverityMark severity={LEVEL_SEVERITY[rule.level]} label={false} /> {rule.level === '' ? <span className={classes.dim}>{rule.kind === 'filter' ? 'filter' : 'none'}</span> : rule.level}</td>
                <td className={classes.title} title={[rule.description, rule.note].filter(Boolean).join('\n\n')}><button type="button" className={classes.link} onClick={() => setEdited(rule.file)}><SafeText inline text={rule.title} fold={120} /></button></td>
                <td className={classes.number}>{rule.silent ? <span className={classes.dim} title="It runs for a correlation and reports nothing itself">silent</span> : rule.events > 0 && rule.enabled ? <button type="button" className={classes.link} title="Show its events" onClick={() => store.getState().setQuery(rule.ruleId === '' ? `rule.name:"${rule.title.replaceAll(/["\\]/g, '\\$&')}"` : `rule.id:"${rule.ruleId}"`)}>{formatCount(rule.events)}</button> : formatCount(rule.events)}</td>
                <td className={classes.cell} title={rule.techniques.map(({ id, name }) => `${id} ${name}`).join('\n')}>{rule.techniques.map(({ id }) => id).join(', ')}</td>
                <td className={classes.cell} title={rule.note}><SafeText inline text={rule.logsource} fold={60} /></td>
                <td className={classes.author} title={rule.author}>{rule.author === '' ? <span className={classes.dim}>not given</span> : <SafeText inline text={rule.author} fold={80} />}</td>
                <td className={classes.cell}>{rule.license === '' ? <span className={classes.dim}>not given</span> : <SafeText inline text={rule.license} fold={40} />}</td>
                <td>{readOnly ? null : <button type="button" className={classes.action} title={`Takes ${rule.fileName} and all of its rules away`} onClick={() => remove(rule)}>Remove</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {matching.length > SHOWN ? <p className={classes.note}>{formatCount(matching.length - SHOWN)} more rules are not drawn; filter to see them.</p> : null}
      </div>
      {edited === null ? null : <RuleDialog file={edited} readOnly={readOnly} close={() => setEdited(null)} />}
    </>
  );
}

/** Rules that do not run, each with its place and what is wrong. */
function Problems({ problems }: { problems: readonly RuleProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <details className={classes.problems}>
      <summary>{problems.length === 1 ? 'One rule does not run' : `${formatCount(problems.length)} rules do not run`}</summary>
      <ul>
        {problems.slice(0, SHOWN).map((problem, i) => (
          <li key={i}><SafeText inline text={problem.rule === '' ? problem.file : problem.rule} fold={120} /> <span className={classes.dim}><SafeText inline text={`${problem.file}:${problem.line}:${problem.column}`} /> {problem.code}</span> <SafeText inline text={problem.message} /></li>
        ))}
      </ul>
    </details>
  );
}
