import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { RuleProblem, SigmaTried } from '../../../shared/contract/sigma.ts';
import { engine } from '../../client/client.ts';
import { useRun } from '../../state/analysis.ts';
import { messageOf } from '../../state/notices.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { formatStamp } from '../../ui/time.ts';
import { LEVEL_SEVERITY } from './levels.ts';
import { newRule } from './new-rule.ts';
import { RuleEditor, type RuleEditorHandle } from './rule-editor.tsx';
import { tellAdded } from './tell-added.ts';
import classes from './detections.module.css';

/** How long a person has to pause before what was typed is checked. */
const PAUSE_MS = 350;
/** Problems that are listed below the text; all of them are marked in it. */
const MOST_PROBLEMS = 8;

/** Writes or changes rules: checked while they are typed, tried on the range before they are saved. */
export function RuleDialog({ file, readOnly, close }: { file: number | null; readOnly: boolean; close: () => void }) {
  const scope = useScope();
  const zone = useView((view) => view.zone);
  const { run, progress } = useRun();
  const editor = useRef<RuleEditorHandle>(null);
  const [source, setSource] = useState<{ name: string; text: string } | null>(() => (file === null ? { name: 'new-rule.yml', text: newRule() } : null));
  const [name, setName] = useState(source?.name ?? '');
  const [problems, setProblems] = useState<readonly RuleProblem[]>([]);
  const [failure, setFailure] = useState('');
  const [tried, setTried] = useState<SigmaTried | null>(null);
  const [busy, setBusy] = useState<'' | 'try' | 'save'>('');
  const stop = useRef<AbortController | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (file === null) return;
    engine.sigma.source({ file }).then((found) => {
      setSource(found);
      setName(found.name);
    }, (error: unknown) => setFailure(messageOf(error)));
  }, [file]);
  useEffect(() => () => {
    clearTimeout(timer.current);
    stop.current?.abort();
  }, []);

  const check = (text: string): void => {
    setTried(null);
    setFailure('');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      engine.sigma.check({ text, replaces: file }).then(({ problems: found }) => setProblems(found), (error: unknown) => setFailure(messageOf(error)));
    }, PAUSE_MS);
  };
  const work = async (what: 'try' | 'save', act: (text: string, signal: AbortSignal) => Promise<void>): Promise<void> => {
    const text = editor.current?.text() ?? '';
    stop.current = new AbortController();
    setBusy(what);
    setFailure('');
    try {
      await act(text, stop.current.signal);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy('');
    }
  };
  const attempt = (): Promise<void> => work('try', async (text, signal) => {
    const found = await engine.sigma.tryRules({ text, replaces: file, scope, run }, { signal });
    setProblems(found.problems);
    setTried(found);
  });
  const save = (): Promise<void> => work('save', async (text) => {
    tellAdded(await engine.sigma.save({ text, name: name.trim(), replaces: file }));
    close();
  });
  return (
    <Modal opened onClose={close} size={940} title={file === null ? 'Write a rule' : readOnly ? 'Rule' : 'Change the rule'}>
      <form
        noValidate className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!readOnly) void save();
        }}
      >
        <TextInput label="File" value={name} readOnly={readOnly} onChange={(event) => setName(event.currentTarget.value)} />
        {source ? <RuleEditor ref={editor} initial={source.text} readOnly={readOnly} problems={problems} onChange={check} onRun={() => void attempt()} /> : <div className={classes.editor} aria-busy="true" />}
        {problems.length > 0 ? (
          <div role="status">
            <ul className={classes.typed} aria-label="What is wrong">
              {problems.slice(0, MOST_PROBLEMS).map((problem, i) => (
                <li key={i}><button type="button" className={classes.link} onClick={() => editor.current?.goTo(problem.line, problem.column)}>Line {problem.line}</button> <SafeText inline text={problem.message} /> <span className={classes.dim}>{problem.code}</span></li>
              ))}
            </ul>
            {problems.length > MOST_PROBLEMS ? <span className={classes.dim}>{formatCount(problems.length - MOST_PROBLEMS)} more</span> : null}
          </div>
        ) : null}
        {failure ? <Text role="alert" fz="sm" c="var(--danger)">{failure}</Text> : null}
        {tried ? <Tried tried={tried} zone={zone} /> : null}
        <Group gap="sm">
          <Button variant="default" loading={busy === 'try'} onClick={() => void attempt()}>Try it</Button>
          {busy === 'try' ? <Button variant="default" onClick={() => stop.current?.abort()}>Stop</Button> : null}
          <span className={classes.dim} role="status">{busy === 'try' && progress ? `${Math.floor(progress.share * 100)} % ${progress.what}` : scope.from === null && scope.query === '' ? 'on all events' : 'on the events shown'}</span>
          <span className={classes.grow} />
          <Button variant="default" onClick={close}>{readOnly ? 'Close' : 'Cancel'}</Button>
          {readOnly ? null : <Button type="submit" disabled={problems.length > 0 || name.trim() === ''} loading={busy === 'save'}>Save</Button>}
        </Group>
      </form>
    </Modal>
  );
}

/** What rules would find, with examples, before they are kept. */
function Tried({ tried, zone }: { tried: SigmaTried; zone: string }) {
  return (
    <div className={classes.tried} role="region" aria-label="What it finds" tabIndex={0}>
      {tried.rules.map((rule, i) => (
        <section key={i}>
          <p className={classes.note}><SeverityMark severity={LEVEL_SEVERITY[rule.level]} /> <SafeText inline text={rule.title} />: {rule.events === 0 ? 'no event matches' : `${formatCount(rule.events)} ${rule.events === 1 ? 'event matches' : 'events match'}`}, of {formatCount(tried.looked)} that were looked at.{rule.note === '' ? '' : ` ${rule.note}`}</p>
          {rule.examples.map(({ event, time, message }) => (
            <div key={event} className={classes.example}><span className={classes.stamp}>{formatStamp(time, zone)}</span><span className={classes.message}><SafeText inline text={message} fold={300} /></span></div>
          ))}
          {rule.events > rule.examples.length && rule.examples.length > 0 ? <p className={classes.note}>The first {formatCount(rule.examples.length)} of {formatCount(rule.events)}.</p> : null}
        </section>
      ))}
    </div>
  );
}
