import { Button, Group, Modal, Select, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { SEVERITIES } from '../../shared/event.ts';
import type { Severity } from '../../shared/event.ts';
import type { TypedEventState } from '../../shared/contract/typed.ts';
import { engine } from '../client/client.ts';
import { useAsk } from '../client/ask.ts';
import { messageOf } from '../state/notices.ts';
import { screenStore, useScreen } from '../state/screen.ts';
import type { Typing } from '../state/screen.ts';
import { addTypedEvent, removeTypedEvent, updateTypedEvent } from '../state/typed-acts.ts';
import { useView } from '../state/view.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { SEVERITY_TITLES } from '../ui/severity.tsx';
import { formatStamp, nowMicros } from '../ui/time.ts';
import { fieldsOf, momentOf, NO_FIELDS, readFields, timeText } from './typed-form.ts';
import type { FieldErrors, TypedFields } from './typed-form.ts';
import classes from './typed-dialog.module.css';

const CHANGES = { typed: 'typed in', changed: 'changed', removed: 'deleted', restored: 'restored' } as const;

/** Types an event into the case, or corrects one that was typed in. */
export function TypedDialog() {
  const typing = useScreen((state) => state.typing);
  const close = (): void => screenStore.setState({ typing: null });
  return (
    <Modal opened={typing !== null} onClose={close} title={typing && 'typed' in typing ? 'Change the typed event' : 'Type an event in'} size="lg">
      {typing ? <TypedForm typing={typing} close={close} /> : null}
    </Modal>
  );
}

function TypedForm({ typing, close }: { typing: Typing; close: () => void }) {
  const zone = useView((state) => state.zone);
  const typed = 'typed' in typing ? typing.typed : null;
  const [fields, setFields] = useState<TypedFields>(() => (typed ? fieldsOf(typed.event, zone) : { ...NO_FIELDS, time: 'time' in typing && typing.time !== null ? timeText(typing.time, zone) : '' }));
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (edit: Partial<TypedFields>): void => {
    setFields((now) => ({ ...now, ...edit }));
    setErrors((now) => Object.fromEntries(Object.entries(now).filter(([name]) => !(name in edit))));
  };
  const save = async (): Promise<void> => {
    const read = readFields(fields, zone, nowMicros());
    if (!read.ok) {
      setErrors(read.errors);
      return;
    }
    setBusy(true);
    setFailure('');
    try {
      if (typed) await updateTypedEvent(typed.id, typed.event, read.event);
      else await addTypedEvent(read.event);
      close();
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const text = (name: keyof TypedFields) => ({
    value: fields[name], error: errors[name], onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
  });
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(submitted) => {
        submitted.preventDefault();
        void save();
      }}
      onKeyDown={(key: KeyboardEvent) => {
        if (key.key !== 'Enter' || !(key.ctrlKey || key.metaKey)) return;
        key.preventDefault();
        void save();
      }}
    >
      <Textarea label="What happened" withAsterisk autosize minRows={2} maxRows={10} data-autofocus {...text('message')} />
      <div className={classes.row}>
        <TextInput label="When" withAsterisk classNames={{ input: 'mono' }} placeholder="2026-11-21T14:02, -15m, now" description={<When text={fields.time} zone={zone} />} inputWrapperOrder={['label', 'input', 'description', 'error']} {...text('time')} />
        <Select
          label="Severity" allowDeselect={false} data={SEVERITIES.map((severity) => ({ value: severity, label: SEVERITY_TITLES[severity] }))} value={fields.severity}
          onChange={(severity) => severity && change({ severity: severity as Severity })}
        />
      </div>
      <div className={classes.row}>
        <TextInput label="Service" {...text('service')} />
        <TextInput label="Host" {...text('host')} />
      </div>
      <TextInput label="Known from" placeholder="a ticket, a person, a page" {...text('evidence')} />
      <TextInput label="Tags" placeholder="with commas between them" {...text('tags')} />
      <Textarea label="More names and values" classNames={{ input: 'mono' }} placeholder={'user=meyer\nip=10.0.0.5'} autosize minRows={2} maxRows={8} {...text('attributes')} />
      {typed ? <History typed={typed} zone={zone} /> : null}
      {failure ? <Text role="alert" fz="sm" c="var(--danger)">{failure}</Text> : null}
      <Group justify="flex-end" gap="sm">
        {typed ? <Button variant="default" mr="auto" onClick={() => {
          close();
          void removeTypedEvent(typed.id);
        }}>Delete event</Button> : null}
        <Button variant="default" onClick={close}>Cancel</Button>
        <Button type="submit" loading={busy}>{typed ? 'Save' : 'Add event'}</Button>
      </Group>
    </form>
  );
}

/** What the time that is typed means. */
function When({ text, zone }: { text: string; zone: string }) {
  const moment = momentOf(text, zone, nowMicros());
  if ('time' in moment) return <span className={classes.when}>{formatStamp(moment.time, zone)}</span>;
  return <>Without a zone: {zone}</>;
}

/** Who said what before. */
function History({ typed, zone }: { typed: TypedEventState; zone: string }) {
  const { data } = useAsk(['typed.history', typed.id, typed.updatedAt], (signal) => engine.typed.history({ id: typed.id }, { signal }), { on: ['events'] });
  if (!data) return null;
  return (
    <details className={classes.history} open={data.length > 1}>
      <summary>{data.length === 1 ? `Typed in by ${typed.createdBy || 'somebody'}` : `${data.length} changes`}</summary>
      <ol>
        {data.map(({ at, by, what, before }) => (
          <li key={`${at} ${what}`}>
            <span className="mono">{formatStamp(at, zone)}</span> {CHANGES[what]} by {by || 'somebody'}
            {what === 'changed' && before ? <span className={classes.before}>before: {formatStamp(before.time, zone)}, {SEVERITY_TITLES[before.severity]}, <SafeText text={before.message} inline fold={300} /></span> : null}
          </li>
        ))}
      </ol>
    </details>
  );
}
