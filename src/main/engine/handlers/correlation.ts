import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { SequenceRule } from '../../../shared/contract/correlation.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { parseQuery } from '../../../shared/query/grammar.ts';
import { nowMicros } from '../../../shared/time.ts';
import type { EngineState } from '../engine-state.ts';
import type { OpenCase } from '../open-case.ts';
import { removeSequenceRule, saveSequenceRule, sequenceRules, switchSequenceRule } from '../analysis/correlation/sequence-rules.ts';

/** Throws query, with the step that cannot be read. */
function check({ steps }: SequenceRule): void {
  for (const [i, { query }] of steps.entries()) {
    const parsed = parseQuery(query, { now: nowMicros() });
    if (!parsed.ok) throw new TidemarkError('query', `Step ${i + 1}: ${parsed.error.message}`, { from: parsed.error.from, to: parsed.error.to });
  }
  if (steps.every(({ absent }) => absent)) throw new TidemarkError('invalid_input', 'A sequence needs at least one step that must be there.');
  if (steps[steps.length - 1].absent) throw new TidemarkError('invalid_input', 'The last step must be there: what is absent is looked for in the time before a step that is.');
}

export function correlationHandlers(state: EngineState): EngineHandlers['correlation'] {
  const writable = (): OpenCase => {
    const open = state.current();
    open.requireWritable();
    return open;
  };
  const found = (there: boolean, open: OpenCase): void => {
    if (!there) throw new TidemarkError('not_found', 'There is no such rule any more.');
    open.changed(['rules']);
  };
  return {
    find: async (input, { signal }) => await state.current().analyse('correlation.find', input, signal),
    tryRule: async (input, { signal }) => {
      check(input.rule);
      return await state.current().analyse('correlation.try', input, signal);
    },
    rules: () => sequenceRules(state.current().opened.db),
    saveRule({ id, rule }) {
      check(rule);
      const open = writable();
      const saved = saveSequenceRule(open.opened.db, id, rule, state.options.user, nowMicros());
      if (!saved) throw new TidemarkError('not_found', 'There is no such rule any more.');
      open.changed(['rules']);
      return saved;
    },
    switchRule({ id, enabled }) {
      const open = writable();
      found(switchSequenceRule(open.opened.db, id, enabled, state.options.user, nowMicros()), open);
    },
    removeRule({ id, removed }) {
      const open = writable();
      found(removeSequenceRule(open.opened.db, id, removed, nowMicros()), open);
    },
  };
}
