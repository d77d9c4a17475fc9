/** The query language for CodeMirror: colours, completion and the mark under an error. All of it comes from shared/query. */
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { autocompletion } from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import { linter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { complete } from '../../shared/query/complete.ts';
import type { KnownField } from '../../shared/query/complete.ts';
import { parseQuery } from '../../shared/query/grammar.ts';
import { printValue } from '../../shared/query/print.ts';
import { tokens } from '../../shared/query/tokens.ts';
import { codeOf } from '../state/notices.ts';
import { highlighting } from '../ui/highlighting.ts';
import { formatCount } from '../ui/numbers.ts';

interface ValueCount {
  value: string;
  count: number;
}
/** What completion asks the case. */
export interface CaseWords {
  fields(): readonly KnownField[];
  values(field: string, prefix: string, signal: AbortSignal): Promise<ValueCount[]>;
}

const colours = highlighting((text) => tokens(text).filter(({ kind, from, to }) => kind !== 'space' && to > from));

/** The first error of a text, as CodeMirror marks it. */
export function diagnosticsOf(text: string): Diagnostic[] {
  if (text.trim() === '') return [];
  const parsed = parseQuery(text);
  if (parsed.ok) return [];
  const to = Math.min(text.length, Math.max(parsed.error.to, parsed.error.from + 1));
  return [{ from: Math.max(0, Math.min(parsed.error.from, to - 1)), to, severity: 'error', message: parsed.error.message }];
}

/** Completion at a position: names and keywords from the grammar, values from the case, most frequent first. */
export async function completionsAt(text: string, position: number, words: CaseWords, signal: AbortSignal): Promise<CompletionResult | null> {
  const found = complete(text, position, { fields: words.fields() });
  if (!found) return null;
  const options: CompletionResult['options'][number][] = found.options.map((option) => ({ label: option.label, detail: option.detail, apply: option.apply, type: found.kind }));
  if (found.kind === 'value' && found.field !== undefined) {
    const field = found.field;
    const values = await words.values(field, found.prefix, signal);
    const known = new Set(options.map((option) => option.label));
    for (const { value, count } of values) {
      const shown = value.length > 80 ? `${value.slice(0, 80)}…` : value;
      if (!known.has(shown)) options.push({ label: shown, detail: formatCount(count), apply: printValue(field, value), type: 'value', boost: -known.size });
    }
  }
  return options.length === 0 ? null : { from: found.from, to: found.to, options, filter: false };
}

function completion(words: CaseWords): Extension {
  return autocompletion({
    icons: false,
    activateOnTyping: true,
    // Nothing is chosen until an arrow or Tab chooses it: Enter runs what was typed.
    selectOnOpen: false,
    closeOnBlur: true,
    override: [
      async (context: CompletionContext) => {
        const abort = new AbortController();
        context.addEventListener('abort', () => abort.abort());
        try {
          return await completionsAt(context.state.doc.toString(), context.pos, words, abort.signal);
        } catch (error) {
          // Without values from the engine there is still the grammar; a cancelled question has no answer by design.
          if (codeOf(error) === 'cancelled' || abort.signal.aborted) return null;
          throw error;
        }
      },
    ],
  });
}

/** Everything the query bar's editor knows about the language. */
export function queryLanguage(words: CaseWords): Extension {
  return [colours, completion(words), linter((view) => {
    const text = view.state.doc.toString();
    const found = diagnosticsOf(text);
    // What is being typed at the end is not finished, rather than wrong; Enter says what is missing.
    return view.hasFocus && found.some((error) => error.to >= text.trimEnd().length) ? [] : found;
  }, { delay: 300 })];
}
