import { ActionIcon, Popover } from '@mantine/core';
import { IconHelp, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { EditorView } from '@codemirror/view';
import type { KnownField } from '../../shared/query/complete.ts';
import { FIELDS } from '../../shared/event.ts';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { useCommand } from '../state/commands.ts';
import { view, useView } from '../state/view.ts';
import { diagnosticsOf } from './language.ts';
import { createQueryEditor, setText } from './query-editor.ts';
import { QueryHelp } from './query-help.tsx';
import { createRecent } from './recent.ts';
import classes from './query-bar.module.css';
import './query-bar.css';

const recent = createRecent();

/** The query that all linked panels answer. Enter runs it; an error is marked where it is and said in words below. */
export function QueryBar() {
  const applied = useView((state) => state.query);
  const [text, setDraft] = useState(applied);
  const [trouble, setTrouble] = useState('');
  const [help, setHelp] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const fields = useRef<readonly KnownField[]>(FIELDS);
  const known = useAsk(['events.fields'], (signal) => engine.events.fields({}, { signal }));
  useEffect(() => {
    if (known.data && known.data.length > 0) fields.current = known.data;
  }, [known.data]);

  useEffect(() => {
    if (!host.current) return undefined;
    const made = createQueryEditor(host.current, view.getState().query, {
      fields: () => fields.current,
      values: (field, prefix, signal) => engine.events.values({ field, prefix, limit: 20 }, { signal }),
    }, {
      run(next) {
        const [error] = diagnosticsOf(next);
        setTrouble(error?.message ?? '');
        if (error) {
          made.dispatch({ selection: { anchor: error.from, head: error.to } });
          return;
        }
        recent.add(next);
        view.getState().setQuery(next.trim());
      },
      cancel() {
        setTrouble('');
        setText(made, view.getState().query);
        // Back to the page, so that single keys are commands again.
        document.querySelector<HTMLElement>('main')?.focus();
      },
      recall: (direction, current) => recent.move(direction, current),
      changed(next) {
        setDraft(next);
        setTrouble('');
      },
    });
    editor.current = made;
    return () => made.destroy();
  }, []);

  // A query set elsewhere (a facet, undo) is shown here.
  useEffect(() => {
    if (editor.current) setText(editor.current, applied);
  }, [applied]);

  useCommand('query.focus', () => {
    editor.current?.focus();
    editor.current?.dispatch({ selection: { anchor: 0, head: editor.current.state.doc.length } });
  });
  const changed = text.trim() !== applied;
  // A query that came from elsewhere (an older case, undo) may be wrong too.
  const said = trouble || (changed ? '' : (diagnosticsOf(applied)[0]?.message ?? ''));
  return (
    <div className={classes.bar} data-changed={changed || undefined} data-trouble={said !== '' || undefined}>
      <IconSearch size={14} className={classes.icon} aria-hidden />
      <div ref={host} className={classes.editor} />
      {changed ? <span className={classes.hint}>Enter to run</span> : null}
      {text === '' ? null : (
        <ActionIcon aria-label="Clear the query" title="Clear the query" onClick={() => {
          view.getState().setQuery('');
          if (editor.current) setText(editor.current, '');
          editor.current?.focus();
        }}><IconX size={14} /></ActionIcon>
      )}
      <Popover opened={help} onChange={setHelp} position="bottom-end" width={640} returnFocus trapFocus>
        <Popover.Target>
          <ActionIcon aria-label="How to write a query" title="How to write a query" aria-expanded={help} onClick={() => setHelp(!help)}><IconHelp size={16} /></ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p="md">
          <QueryHelp use={(example) => {
            setHelp(false);
            if (editor.current) setText(editor.current, example);
            setTimeout(() => editor.current?.focus());
          }} />
        </Popover.Dropdown>
      </Popover>
      {said ? <div className={classes.trouble} role="alert">{said}</div> : null}
    </div>
  );
}
