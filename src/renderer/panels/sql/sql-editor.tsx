import { autocompletion, completeFromList, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef } from 'react';
import type { Ref } from 'react';
import { highlighting } from '../../ui/highlighting.ts';
import { KEYWORDS, sqlTokens } from './sql-tokens.ts';
import classes from './sql.module.css';

export interface SqlEditorHandle {
  text(): string;
  insert(text: string): void;
}
interface Table {
  name: string;
  columns: readonly { name: string; type: string }[];
}

function completion(tables: readonly Table[]): Extension {
  const options = [
    ...tables.map((table) => ({ label: table.name, type: 'table', boost: 2 })),
    ...[...new Set(tables.flatMap((table) => table.columns.map((column) => column.name)))].map((label) => ({ label, type: 'column', boost: 1 })),
    ...[...KEYWORDS].map((label) => ({ label, type: 'keyword' })),
  ];
  return autocompletion({ icons: false, override: [completeFromList(options)] });
}

/** A small SQL editor: colours, completion of tables and columns, Ctrl+Enter to run. */
export function SqlEditor({ ref, initial, tables, run }: { ref: Ref<SqlEditorHandle>; initial: string; tables: readonly Table[]; run: (text: string) => void }) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef(run);
  const words = useRef(new Compartment());
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!host.current) return undefined;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run: (view) => {
            latest.current(view.state.doc.toString());
            return true;
          } }])),
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          history(),
          highlighting(sqlTokens),
          words.current.of([]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL statement', spellcheck: 'false', 'data-autofocus-panel': '' }),
        ],
      }),
    });
    editor.current = made;
    return () => made.destroy();
  }, [initial]);
  useEffect(() => {
    editor.current?.dispatch({ effects: words.current.reconfigure(completion(tables)) });
  }, [tables]);
  useImperativeHandle(ref, () => ({
    text: () => editor.current?.state.doc.toString() ?? '',
    insert: (text) => {
      const view = editor.current;
      if (!view) return;
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
  }), []);
  return <div ref={host} className={classes.editor} />;
}
