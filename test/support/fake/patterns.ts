import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { PatternChange, PatternList, PatternRow } from '../../../src/shared/contract/patterns.ts';
import type { FakeState } from '../fake-engine.ts';

/** Five patterns: a common one, a new one, one that is gone, a rare one, and one whose rate jumped; none of an empty case. */
export function patternRoom(state: FakeState): EngineHandlers['patterns'] {
  const changes: PatternChange[] = [];
  const from = state.events.at(0)?.time ?? 0;
  const to = (state.events.at(-1)?.time ?? 0) + 1;
  const row = (id: number, text: string, count: number, other: number, buckets: number): PatternRow => ({
    id, text, templates: id === 1 ? 3 : 1, count, other, first: from, last: to - 1, severities: Uint32Array.of(count, 0, 0, id === 2 ? count : 0, 0),
    line: Uint32Array.from({ length: buckets }, (_, i) => (id === 2 && i < buckets / 2 ? 0 : Math.ceil(count / buckets))), services: count > 0 ? [{ service: 'checkout', count }] : [], serviceCount: count > 0 ? 1 : 0,
    isNew: false, isGone: false, isRare: false, ratio: Number.NaN,
  });
  const rows = (compared: boolean, buckets: number): PatternRow[] => [
    { ...row(1, 'GET <path> took <qty>', 9000, compared ? 8000 : 0, buckets), ratio: compared ? 1.1 : Number.NaN },
    { ...row(5, 'retrying <text> in <num> s', 1200, compared ? 100 : 0, buckets), ratio: compared ? 12 : Number.NaN },
    { ...row(2, 'could not charge card of <id>: <text>', 420, 0, buckets), isNew: compared },
    { ...row(3, 'licence expires in <num> days', 2, compared ? 2 : 0, buckets), isRare: true, ratio: compared ? 1 : Number.NaN },
    ...(compared ? [{ ...row(4, 'cache warmed with <num> entries', 0, 60, buckets), isGone: true }] : []),
  ];
  const change = (kind: PatternChange['kind'], text: string, templates: number): { id: number; pattern: number; text: string } => {
    changes.unshift({ id: changes.length + 1, kind, text, templates, madeAt: to, madeBy: 'me' });
    state.emit('cases.changed', { tables: ['patterns'], version: ++state.version, from: null, to: null });
    return { id: changes[0].id, pattern: 1, text };
  };
  return {
    list: ({ scope, other, buckets }): PatternList => {
      const compared = other !== null && state.events.length > 0;
      const patterns = state.events.length === 0 ? [] : rows(compared, buckets);
      const range = { from: scope.from ?? from, to: scope.to ?? to };
      return {
        ...range, other: compared ? { from, to: range.from } : null, total: patterns.reduce((sum, { count }) => sum + count, 0), otherTotal: patterns.reduce((sum, each) => sum + each.other, 0), patterns, more: 0, grouped: true, unreadable: 0,
        findings: compared
          ? [{ key: 'new', like: '["pattern-new","could not charge"]', detector: 'pattern-new', title: 'New: could not charge card of <id>: <text>', why: '420 times in this range, not once in the 2 h it is compared with.', evidence: [{ label: 'events', value: '420' }], severity: 'high', score: 0.8, ...range, scope: { query: 'template:"could not charge card of <id>: <text>"', ...range }, events: [], quieted: false }]
          : [],
      };
    },
    detail: ({ id }) => {
      const found = rows(true, 1).find((each) => each.id === id);
      if (!found) throw new TidemarkError('not_found', `There is no pattern ${id} any more: it was merged, or its templates were grouped anew.`);
      return {
        id, text: found.text, templates: Array.from({ length: found.templates }, (_, i) => ({ id: id * 10 + i, text: `${found.text} (${i + 1})`, count: found.count - i })), moreTemplates: 0,
        variables: [{ name: 'took', type: 'qty', distinct: 310, values: [{ value: '12 ms', count: 600 }, { value: '13 ms', count: 500 }] }], count: found.count, sampled: found.count, aligned: found.count, examples: [4096],
      };
    },
    merge: ({ patterns, text }) => change('merge', text ?? 'merged', patterns.length),
    split: ({ templates, text }) => change('split', text ?? 'split', templates.length),
    changes: () => [...changes],
    undo: ({ id }) => {
      const at = changes.findIndex((each) => each.id === id);
      if (at < 0) throw new TidemarkError('not_found', 'This was taken back already.');
      changes.splice(at, 1);
      state.emit('cases.changed', { tables: ['patterns'], version: ++state.version, from: null, to: null });
    },
    group: () => undefined,
  };
}
