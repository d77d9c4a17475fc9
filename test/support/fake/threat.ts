import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { EntityPage, EntityType, ThreatEntity } from '../../../src/shared/contract/threat.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

const HOUR = 3600e6;
function entity(type: EntityType, value: string, score: number): ThreatEntity {
  const like = `threat:${type}:${value}`;
  const query = `${type}:${value}`;
  return {
    key: like, like, detector: 'threat', type, value, count: 1204, title: `${type} ${value}`, why: `${score} of 1: 520 failed logins.`, evidence: [{ label: 'failed logins 0.36', value: '520 failed logins' }],
    parts: [{ part: 'failed logins', value: 0.9, weight: 0.4, why: '520 failed logins', query: `${query} "failed password"` }, { part: 'spread', value: 0.5, weight: 0.35, why: 'is seen with 14 users, usually 1 of all', query }],
    severity: score > 0.6 ? 'high' : 'medium', score, from: START, to: START + HOUR, scope: { query, from: START, to: START + HOUR }, events: [1, 2], quieted: false,
  };
}
function page(type: EntityType, value: string): EntityPage {
  return {
    type, value, count: 1204, first: START, last: START + HOUR, severities: [1000, 100, 50, 50, 4], from: START, step: HOUR / 120, buckets: Uint32Array.from({ length: 120 }, (_, i) => i % 17), hours: Uint32Array.from({ length: 24 }, (_, i) => (i === 2 ? 900 : 10)),
    related: [{ type: 'user', value: 'root', count: 800, first: START }, { type: 'host', value: 'web-1', count: 400, first: START + 60e6 }], patterns: [{ pattern: 'Failed password for <*> from <*>', count: 520, severity: 'high', first: START }],
    rules: [{ title: 'Brute force', level: 'high', author: 'Ana', count: 12, tactics: ['Credential Access'], techniques: ['T1110 Brute Force'] }], indicators: [{ value: '10.0.0.9', list: 'bad.csv', note: 'scanner', count: 12 }],
  };
}

export function threatRoom(state: FakeState): EngineHandlers['threat'] {
  return {
    overview: () => ({ rows: state.events.length === 0 ? [] : [entity('ip', '10.0.0.9', 0.91), entity('user', 'root', 0.4)], looked: { user: 12, host: 3, ip: 40 }, more: 0, notes: ['No Sigma rule has matched: import rules to have them looked for.'] }),
    entity: ({ type, value }) => page(type, value),
  };
}
