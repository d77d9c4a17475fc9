import { CORRELATION_KINDS, type CorrelationFinding, type CorrelationReply, type StoredSequenceRule } from '../../../src/shared/contract/correlation.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

const BUCKETS = 60;
const STEP = 60e6;

function pairFinding(): CorrelationFinding {
  const a = Float64Array.from({ length: BUCKETS }, (_, i) => (i === 20 ? 40 : 2 + (i % 3)));
  const b = Float64Array.from({ length: BUCKETS }, (_, i) => (i === 22 ? 90 : 5 + (i % 4)));
  const to = START + BUCKETS * STEP;
  return {
    key: 'k1', like: 'correlation:performance:a ~ b', kind: 'performance', detector: 'lagged correlation', title: 'Latency of api goes together with cpu of db', why: 'Latency of api follows cpu of db 2 min later: rank correlation 0.81 over 60 buckets.',
    evidence: [{ label: 'r', value: '0.81' }], severity: 'medium', score: 0.81, from: START, to, scope: { query: 'service:api has:latency_ms', from: START, to }, events: [], quieted: false,
    pair: { start: START, step: STEP, a: { title: 'cpu of db', values: a }, b: { title: 'latency of api', values: b }, lag: 2 * STEP },
  };
}
const sequence = (): CorrelationFinding => ({
  key: 'k2', like: 'sequence:-1:10.0.0.9', kind: 'security', detector: 'sequence', title: 'Failed logins, then a login from the same address (ip 10.0.0.9)', why: 'Once, over 42 s, 6 events.',
  evidence: [{ label: 'ip', value: '10.0.0.9' }], severity: 'critical', score: 0.6, from: START, to: START + STEP, scope: { query: 'ip:10.0.0.9', from: START, to: START + STEP }, events: [1, 2], quieted: false, pair: null,
});

/** Two findings, and rules that are kept. */
export function correlationRoom(state: FakeState): EngineHandlers['correlation'] {
  let rules: StoredSequenceRule[] = [
    { id: -1, title: 'Failed logins, then a login from the same address', kind: 'security', severity: 'critical', by: 'ip', within: 600, steps: [{ query: '"failed password"', least: 5, absent: false }, { query: '"accepted password"', least: 1, absent: false }], enabled: true, createdBy: '' },
  ];
  let next = 1;
  const changed = (): void => state.emit('cases.changed', { tables: ['rules'], version: ++state.version, from: null, to: null });
  return {
    find: ({ kinds }) => ({
      findings: state.events.length === 0 ? [] : [pairFinding(), sequence()].filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)),
      looked: Object.fromEntries(CORRELATION_KINDS.map((kind) => [kind, '12 series in buckets of 1 min, 66 pairs compared.'])) as CorrelationReply['looked'],
      more: Object.fromEntries(CORRELATION_KINDS.map((kind) => [kind, 0])) as CorrelationReply['more'],
    }),
    rules: () => rules,
    saveRule: ({ id, rule }) => {
      const saved = { ...rule, id: next++, enabled: true, createdBy: 'ana' };
      rules = [...rules.filter((each) => each.id !== id), saved];
      changed();
      return saved;
    },
    switchRule: ({ id, enabled }) => {
      rules = rules.map((rule) => (rule.id === id ? { ...rule, enabled } : rule));
      changed();
    },
    removeRule: ({ id, removed }) => {
      if (removed) rules = rules.filter((rule) => rule.id !== id);
      changed();
    },
    tryRule: () => [sequence()],
  };
}
