import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, Prec, type Text } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef } from 'react';
import type { Ref } from 'react';
import type { RuleProblem } from '../../../shared/contract/sigma.ts';
import { highlighting } from '../../ui/highlighting.ts';
import { yamlTokens } from './yaml-tokens.ts';
import classes from './detections.module.css';

export interface RuleEditorHandle {
  text(): string;
  /** both from 1 */
  goTo(line: number, column: number): void;
}

/** A position of a text that may be shorter than when it was checked. */
function positionOf(doc: Text, line: number, column: number): { from: number; to: number } {
  const found = doc.line(Math.min(Math.max(1, line), doc.lines));
  return { from: Math.min(found.from + Math.max(0, column - 1), found.to), to: found.to };
}

interface RuleEditorProps {
  ref: Ref<RuleEditorHandle>;
  initial: string;
  readOnly: boolean;
  problems: readonly RuleProblem[];
  onChange(text: string): void;
  onRun(): void;
}

/** A small YAML editor: colours, line numbers, problems underlined where they are; Ctrl+Enter tries the rule. */
export function RuleEditor({ ref, initial, readOnly, problems, onChange, onRun }: RuleEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, onRun });
  useEffect(() => {
    latest.current = { onChange, onRun };
  });
  useEffect(() => {
    if (!host.current) return undefined;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => {
            latest.current.onRun();
            return true;
          } }])),
          keymap.of([indentWithTab, ...historyKeymap, ...defaultKeymap]),
          history(),
          lineNumbers(),
          highlighting(yamlTokens),
          EditorState.tabSize.of(4),
          EditorState.readOnly.of(readOnly),
          EditorView.updateListener.of((update) => update.docChanged && latest.current.onChange(update.state.doc.toString())),
          EditorView.contentAttributes.of({ 'aria-label': 'Sigma rule, Escape then Tab leaves the editor', spellcheck: 'false', tabindex: '0' }),
        ],
      }),
    });
    editor.current = made;
    return () => made.destroy();
  }, [initial, readOnly]);
  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    const diagnostics = problems.map((problem): Diagnostic => ({ ...positionOf(view.state.doc, problem.line, problem.column), severity: 'error', message: problem.message }));
    view.dispatch(setDiagnostics(view.state, diagnostics.sort((a, b) => a.from - b.from)));
  }, [problems]);
  useImperativeHandle(ref, () => ({
    text: () => editor.current?.state.doc.toString() ?? '',
    goTo: (line, column) => {
      const view = editor.current;
      if (!view) return;
      const { from } = positionOf(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
  }), []);
  return <div ref={host} className={classes.editor} />;
}
