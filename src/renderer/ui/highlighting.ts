/** Colours of a language for CodeMirror, from the spans of its own tokens; query-bar.css says what a `q-…` looks like. */
import { RangeSetBuilder } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, ViewPlugin } from '@codemirror/view';
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view';

interface Token {
  kind: string;
  from: number;
  to: number;
}

/** @param tokensOf in order, without overlaps, none of them empty; what it leaves out stays plain */
export function highlighting(tokensOf: (text: string) => readonly Token[]): Extension {
  const decorate = (text: string): DecorationSet => {
    const builder = new RangeSetBuilder<Decoration>();
    for (const { kind, from, to } of tokensOf(text)) builder.add(from, to, Decoration.mark({ class: `q-${kind}` }));
    return builder.finish();
  };
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorate(view.state.doc.toString());
      }
      update(update: ViewUpdate): void {
        if (update.docChanged) this.decorations = decorate(update.state.doc.toString());
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
