import { ActionIcon, Button, Textarea } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Note } from '../../../shared/event.ts';
import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import { addNote, removeNote, updateNote } from '../../state/acts.ts';
import { useCase } from '../../state/case.ts';
import { useView } from '../../state/view.ts';
import { MarkdownField } from '../../ui/markdown-field.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import classes from './notes.module.css';

/** The notes of the current investigation, the latest first, and a box to write the next one. */
export function NotesPanel() {
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const chosen = useView((state) => state.investigationId);
  const list = useAsk(['investigations.list', '', 'all'], (signal) => engine.investigations.list({}, { signal }), { on: ['investigations', 'pins', 'notes'] });
  const current = list.data?.find((one) => one.id === chosen) ?? list.data?.[0];
  const id = current?.id ?? 0;
  const notes = useAsk(['investigations.notes', id], (signal) => engine.investigations.notes({ id }, { signal }), { enabled: id > 0, on: ['notes'], keep: false });
  const rows = [...(notes.data ?? [])].sort((a, b) => b.createdAt - a.createdAt);
  return (
    <div className={classes.panel}>
      {current ? <p className={classes.of}>{current.title}</p> : null}
      {readOnly ? null : <Writer />}
      {list.error ?? notes.error ? <ErrorState error={list.error ?? notes.error} doing="Reading the notes" retry={notes.error ? notes.retry : list.retry} /> : null}
      {rows.length === 0 && !notes.loading && !list.loading ? <p className={classes.none}>{readOnly ? 'No notes.' : 'No notes yet. Press n with an event selected to write about it.'}</p> : null}
      <ul className={classes.list}>{rows.map((note) => <One key={note.id} note={note} readOnly={readOnly} />)}</ul>
    </div>
  );
}

function Writer() {
  const [body, setBody] = useState('');
  const add = (): void => {
    if (body.trim() === '') return;
    void addNote(body.trim());
    setBody('');
  };
  return (
    <div className={classes.writer}>
      <Textarea
        aria-label="New note"
        placeholder="New note (Markdown, Ctrl+Enter saves)"
        autosize
        minRows={1}
        maxRows={10}
        value={body}
        data-autofocus-panel
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) add();
        }}
      />
      {body.trim() ? <Button size="compact-xs" onClick={add}>Add note</Button> : null}
    </div>
  );
}

function One({ note, readOnly }: { note: Note; readOnly: boolean }) {
  const zone = useView((state) => state.zone);
  const select = useView((state) => state.select);
  const eventId = note.eventId;
  return (
    <li className={classes.note}>
      <div className={classes.head}>
        <span>{note.author}</span>
        <time title={formatStamp(note.createdAt, zone)}>{formatTime(note.createdAt, zone, 'minute')}</time>
        {eventId === null ? null : <button type="button" className={classes.about} onClick={() => select(eventId)} title={note.time === null ? undefined : formatStamp(note.time, zone)}>about the event{note.time === null ? '' : ` at ${formatTime(note.time, zone, 'ms').slice(11)}`}</button>}
        <span className={classes.space} />
        {readOnly ? null : <ActionIcon size="xs" aria-label="Delete note" title="Delete; can be undone" onClick={() => void removeNote(note.id)}><IconTrash size={12} /></ActionIcon>}
      </div>
      <MarkdownField label="Note" value={note.body} empty="Write" readOnly={readOnly} save={(body) => void updateNote(note.id, note.body, body)} />
    </li>
  );
}
