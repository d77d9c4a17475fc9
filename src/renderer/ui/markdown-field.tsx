import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Markdown } from './markdown.tsx';
import classes from './markdown-field.module.css';

interface MarkdownFieldProps {
  label: string;
  value: string;
  /** what is shown, as a button, while there is nothing */
  empty: string;
  readOnly: boolean;
  save(value: string): void;
}
/** Text that is read as Markdown and edited in place: click or Enter to edit, Ctrl+Enter to save, Esc to leave it. */
export function MarkdownField({ label, value, empty, readOnly, save }: MarkdownFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null) {
    return (
      <div className={classes.field}>
        {value ? <Markdown text={value} /> : null}
        {readOnly ? null : <button type="button" className={classes.edit} aria-label={value ? `Edit ${label}` : empty} onClick={() => setDraft(value)}>{value ? 'Edit' : empty}</button>}
      </div>
    );
  }
  const done = (): void => {
    if (draft !== value) save(draft);
    setDraft(null);
  };
  return (
    <div>
      <Textarea
        aria-label={label}
        autosize
        autoFocus
        minRows={3}
        maxRows={20}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(null);
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) done();
        }}
      />
      <div className={classes.buttons}>
        <span>Markdown. Ctrl+Enter saves.</span>
        <Button size="compact-xs" variant="default" onClick={() => setDraft(null)}>Cancel</Button>
        <Button size="compact-xs" onClick={done}>Save</Button>
      </div>
    </div>
  );
}
