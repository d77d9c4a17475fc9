import { Button, Checkbox, PasswordInput, Select, TextInput, Textarea } from '@mantine/core';
import type { FocusEvent, ReactNode } from 'react';
import { shell } from '../client/client.ts';
import { reportError } from '../state/notices.ts';
import type { ConfigField, FormValues } from '../ui/config-schema.ts';
import { formatCount } from '../ui/numbers.ts';
import classes from './connections.module.css';

interface SchemaFormProps {
  fields: readonly ConfigField[];
  values: FormValues;
  /** by the key of the field */
  errors: ReadonlyMap<string, string>;
  change: (key: string, value: string | boolean) => void;
  /** the person is done with the field for now */
  left: (key: string) => void;
}

/** One control for each field of a configuration. The first has the focus when the form comes. */
export function SchemaForm({ fields, values, errors, change, left }: SchemaFormProps) {
  return fields.filter(({ kind }) => kind !== 'fixed').map((field, index) => (
    <Field key={field.key} field={field} first={index === 0} value={values[field.key] ?? ''} error={errors.get(field.key)} change={(value) => change(field.key, value)} left={() => left(field.key)} />
  ));
}

interface FieldProps {
  field: ConfigField;
  first: boolean;
  value: string | boolean;
  error: string | undefined;
  change: (value: string | boolean) => void;
  left: () => void;
}
function Field({ field, first, value, error, change, left }: FieldProps) {
  const typed = typeof value === 'string' ? value : '';
  // What is empty is not wrong yet. A button checks by itself; a message that comes before it is released would move it away.
  const leave = (event: FocusEvent): void => {
    if (typed !== '' && !(event.relatedTarget instanceof HTMLButtonElement)) left();
  };
  const shared = {
    name: field.key, label: field.label, description: helpOf(field) || undefined, error, required: field.required && field.fallback === undefined,
    onBlur: leave, 'data-autofocus': first || undefined, 'data-key': field.key,
  };
  const plain = { ...shared, autoComplete: 'off', spellCheck: false, value: typed, onChange: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value) };
  switch (field.kind) {
    case 'switch':
      return <Checkbox name={field.key} label={field.label} description={helpOf(field) || undefined} error={error} data-autofocus={first || undefined} data-key={field.key} checked={value === true} onChange={(event) => change(event.currentTarget.checked)} />;
    case 'choice':
      return <Select {...shared} data={field.choices.map((choice) => choice.text)} value={typed || null} allowDeselect={!field.required} clearable={!field.required && field.fallback === undefined} onChange={(chosen) => change(chosen ?? '')} />;
    case 'secret':
      return <PasswordInput {...plain} autoComplete="new-password" />;
    case 'number':
      return <TextInput {...plain} classNames={{ wrapper: classes.short }} inputMode={field.whole ? 'numeric' : 'decimal'} />;
    case 'list':
      return <Textarea {...plain} autosize minRows={2} maxRows={8} {...withPicker(field, (paths) => change([typed.trim(), ...paths].filter(Boolean).join('\n')))} />;
    case 'json':
      return <Textarea {...plain} autosize minRows={2} maxRows={12} styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12 } }} />;
    default:
      return <TextInput {...plain} {...withPicker(field, ([path]) => change(path))} />;
  }
}

/** What the schema says, and the limits that it does not say in words. */
function helpOf({ help, kind, min, max }: ConfigField): string {
  const parts = help ? [help] : [];
  if (kind === 'list') parts.push('One a line.');
  if (kind === 'json') parts.push('As JSON.');
  if (kind === 'number' && min !== null && max !== null) parts.push(`From ${formatCount(min)} to ${formatCount(max)}.`);
  else if (kind === 'number' && min !== null) parts.push(`At least ${formatCount(min)}.`);
  return parts.join(' ');
}

/** The input with a button for the system's own dialog beside it, when it is a file or folder. */
function withPicker(field: ConfigField, pick: (paths: string[]) => void): { inputContainer?: (input: ReactNode) => ReactNode } {
  if (!field.picks) return {};
  const several = field.kind === 'list';
  const thing = `${field.picks}${several ? 's' : ''}`;
  const ask = (): void => {
    shell.shell.pickFiles({ title: `Choose ${several ? '' : 'a '}${thing}`, folders: field.picks === 'folder', multiple: several }).then(
      (paths) => paths && paths.length > 0 && pick(paths),
      (error: unknown) => reportError(error, `Choosing ${thing}`),
    );
  };
  return { inputContainer: (input) => <div className={classes.picked}>{input}<Button variant="default" aria-label={`Choose ${thing}: ${field.label}`} onClick={ask}>Choose</Button></div> };
}
