import { Button, Loader, TextInput } from '@mantine/core';
import { IconArrowLeft, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { ConnectorKind } from '../../shared/contract/connectors.ts';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { ADVICE, codeOf, messageOf } from '../state/notices.ts';
import { connectionTold } from '../state/connections.ts';
import { openIngest, showHealth } from '../state/screen.ts';
import { configOf, fieldError, fieldsOf, firstValues } from '../ui/config-schema.ts';
import type { FormValues } from '../ui/config-schema.ts';
import { SignalIcon, signalsText } from '../ui/signal-mark.tsx';
import { ErrorState } from '../ui/states.tsx';
import { useFirstFocus } from './first-focus.ts';
import { SchemaForm } from './schema-form.tsx';
import classes from './connections.module.css';

interface Like {
  name: string;
  config: unknown;
}

/** The configuration of one connector: typed (or begun like that of another connection), tried, added. */
export function ConnectStep({ connector, like, close }: { connector: string; like?: Like; close: () => void }) {
  const kinds = useAsk(['connectors.kinds'], (signal) => engine.connectors.kinds({}, { signal }), { on: [] });
  const kind = kinds.data?.find((one) => one.id === connector);
  if (kinds.error) return <ErrorState error={kinds.error} doing="Reading what the connector needs" retry={kinds.retry} />;
  return kind ? <ConnectForm kind={kind} like={like} close={close} /> : null;
}

type Trial = { state: 'none' } | { state: 'running' } | { state: 'cancelled' } | { state: 'done'; ok: boolean; message: string };

function ConnectForm({ kind, like, close }: { kind: ConnectorKind; like: Like | undefined; close: () => void }) {
  const fields = useMemo(() => fieldsOf(kind.schema), [kind]);
  const [values, setValues] = useState<FormValues>(() => firstValues(fields, like?.config));
  const [name, setName] = useState(like?.name ?? '');
  /** fields whose errors are shown: those that were left, or all once it was tried */
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  /** what the engine said about fields, until they change */
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  const [trial, setTrial] = useState<Trial>({ state: 'none' });
  const [adding, setAdding] = useState(false);
  const [failure, setFailure] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const running = useRef<AbortController | null>(null);
  useFirstFocus(form);
  useEffect(() => () => running.current?.abort(), []);

  const { config, errors } = configOf(fields, values);
  const shown = new Map([...[...errors].filter(([key]) => touched.has(key)), ...refused]);
  const change = (key: string, value: string | boolean): void => {
    setValues({ ...values, [key]: value });
    setRefused(new Map([...refused].filter(([other]) => other !== key)));
    setFailure('');
    // What was tried is not what is typed now.
    running.current?.abort();
    setTrial({ state: 'none' });
  };
  /** Whether the form can be sent; else shows what is wrong and goes to the first of it. */
  const sound = (): boolean => {
    setTouched(new Set(fields.map((field) => field.key)));
    const [wrong] = fields.filter((field) => errors.has(field.key));
    if (wrong) goToField(wrong.key);
    return wrong === undefined;
  };
  const goToField = (key: string): void => {
    const control = form.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    control?.focus();
  };
  const refuse = (message: string): boolean => {
    const found = fieldError(fields, message);
    if (!found) return false;
    setRefused(new Map([found]));
    goToField(found[0]);
    return true;
  };
  const test = (): void => {
    if (!sound()) return;
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setTrial({ state: 'running' });
    const tell = (next: Trial): void => {
      if (running.current === abort && !abort.signal.aborted) setTrial(next);
    };
    engine.connectors.test({ connector: kind.id, config }, { signal: abort.signal }).then(
      ({ ok, message }) => {
        tell({ state: 'done', ok, message });
        if (!ok && !abort.signal.aborted) refuse(message);
      },
      (error: unknown) => tell({ state: 'done', ok: false, message: `${messageOf(error)} ${ADVICE[codeOf(error)]}`.trim() }),
    );
  };
  const cancel = (): void => {
    running.current?.abort();
    setTrial({ state: 'cancelled' });
    form.current?.querySelector<HTMLElement>('[data-test]')?.focus();
  };
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (adding || !sound()) return;
    running.current?.abort();
    setTrial({ state: 'none' });
    setAdding(true);
    setFailure('');
    engine.connectors.add({ connector: kind.id, name: name.trim(), config }).then(
      (status) => {
        connectionTold(status);
        close();
        showHealth('connections');
      },
      (error: unknown) => {
        setAdding(false);
        const message = messageOf(error);
        if (!refuse(message)) setFailure(`${message} ${ADVICE[codeOf(error)]}`.trim());
      },
    );
  };

  return (
    <form className={classes.step} ref={form} noValidate onSubmit={add} aria-label={kind.title}>
      <div className={classes.about}>
        <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconArrowLeft size={14} />} onClick={() => openIngest({ kind: 'source' })}>All sources</Button>
        <h3 className={classes.title}><SignalIcon signal={kind.signal} />{kind.title}<span className={classes.hint}>{signalsText(kind.signals)}</span></h3>
        <p className="dim">{kind.description}</p>
      </div>
      <SchemaForm fields={fields} values={values} errors={shown} change={change} left={(key) => setTouched(new Set([...touched, key]))} />
      <TextInput label="Name" description="How it is called in lists; empty for what it reads." value={name} maxLength={200} autoComplete="off" onChange={(event) => setName(event.currentTarget.value)} />
      <TrialResult trial={trial} cancel={cancel} />
      {failure ? <p role="alert" className={classes.bad}>{failure}</p> : null}
      <div className={classes.foot}>
        <Button variant="default" data-test onClick={test} aria-disabled={trial.state === 'running' || undefined} disabled={adding}>Test</Button>
        <Button type="submit" loading={adding}>Add</Button>
      </div>
    </form>
  );
}

/** What trying the settings gave, in the connector's own sentence. */
function TrialResult({ trial, cancel }: { trial: Trial; cancel: () => void }) {
  return (
    <div className={classes.trialPlace}>
      <div role="status" className={classes.trial} data-result={trial.state === 'done' ? (trial.ok ? 'good' : 'bad') : undefined}>
        {trial.state === 'running' ? <><Loader size={14} /><span>Trying it. Nothing is stored.</span></> : null}
        {trial.state === 'cancelled' ? <span className="dim">The test was cancelled.</span> : null}
        {trial.state === 'done' ? (
          <>
            {trial.ok ? <IconCircleCheck size={16} aria-hidden="true" /> : <IconCircleX size={16} aria-hidden="true" />}
            <span><strong>{trial.ok ? 'It works.' : 'It does not work.'}</strong> {trial.message}</span>
          </>
        ) : null}
      </div>
      {trial.state === 'running' ? <Button size="compact-sm" variant="default" onClick={cancel}>Cancel the test</Button> : null}
    </div>
  );
}
