/** The one-line editor of the query bar. */
import { acceptCompletion, closeCompletion, completionKeymap, completionStatus, moveCompletionSelection, selectedCompletionIndex, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, Prec } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { queryLanguage } from './language.ts';
import type { CaseWords } from './language.ts';

export interface QueryEditorEvents {
  /** Enter */
  run(text: string): void;
  /** Escape with nothing open: put back what was run */
  cancel(): void;
  /** Arrow up / down with no list open: the query before (-1) or after (1); null when there is none */
  recall(direction: -1 | 1, text: string): string | null;
  changed(text: string): void;
}

/** Pasted or typed line breaks become spaces: a query is one line. */
const oneLine: Extension = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  const text = transaction.newDoc.toString().replace(/\s*\n\s*/g, ' ');
  return { changes: { from: 0, to: transaction.startState.doc.length, insert: text }, selection: { anchor: Math.min(text.length, transaction.newSelection.main.head) }, scrollIntoView: true };
});

/** Replaces the text, with the cursor at its end. */
export function setText(view: EditorView, text: string): void {
  if (view.state.doc.toString() === text) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: text.length } });
}

export function createQueryEditor(parent: HTMLElement, initial: string, words: CaseWords, events: QueryEditorEvents): EditorView {
  const recall = (direction: -1 | 1) => (view: EditorView): boolean => {
    if (completionStatus(view.state) === 'active') return false;
    const text = events.recall(direction, view.state.doc.toString());
    if (text !== null) setText(view, text);
    return true;
  };
  const keys = keymap.of([
    { key: 'ArrowUp', run: recall(-1) },
    { key: 'ArrowDown', run: recall(1) },
    { key: 'Mod-Enter', run: (view) => {
      closeCompletion(view);
      events.run(view.state.doc.toString());
      return true;
    } },
    { key: 'Escape', run: (view) => {
      if (completionStatus(view.state) !== null && closeCompletion(view)) return true;
      events.cancel();
      return true;
    } },
    { key: 'Alt-ArrowDown', run: startCompletion },
    { key: 'Tab', run: (view) => {
      if (completionStatus(view.state) !== 'active') return false;
      if (selectedCompletionIndex(view.state) === null) moveCompletionSelection(true)(view);
      return acceptCompletion(view);
    } },
  ]);
  // Below the completion list's own Enter, which takes the chosen option first.
  const enter = keymap.of([{ key: 'Enter', run: (view) => {
    closeCompletion(view);
    events.run(view.state.doc.toString());
    return true;
  } }]);
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: initial,
      extensions: [
        Prec.high(keys),
        Prec.highest(keymap.of(completionKeymap.filter((binding) => binding.key !== 'Escape'))),
        enter,
        history(),
        keymap.of([...historyKeymap, ...defaultKeymap.filter((binding) => binding.key !== 'Enter' && binding.key !== 'Mod-Enter')]),
        oneLine,
        placeholder('Search: words, "a phrase", service:api, severity>=high, -host:web-3'),
        queryLanguage(words),
        EditorView.contentAttributes.of({ 'aria-label': 'Query', spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) events.changed(update.state.doc.toString());
        }),
      ],
    }),
  });
}
