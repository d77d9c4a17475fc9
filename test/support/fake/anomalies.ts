import type { AnomalyFinding, AnomalyVote, LiveAnomaly } from '../../../src/shared/contract/anomalies.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

const BUCKETS = 60;
const STEP = 60e6;
const DETECTORS = [
  { id: 'robust-z', title: 'Far from the usual', explain: 'Values far from the median.', pastOnly: false },
  { id: 'seasonal', title: 'Unusual for that time', explain: 'Values far from what is usual at that time.', pastOnly: false },
  { id: 'novelty', title: 'Never seen before', explain: 'Stretches unlike all before them.', pastOnly: true },
];

function errors(): AnomalyFinding {
  const values = Float64Array.from({ length: BUCKETS }, (_, i) => (i >= 20 && i < 25 ? 40 : 2 + (i % 3)));
  const votes: AnomalyVote[] = [
    { detector: 'robust-z', title: 'Far from the usual', score: 0.9, voted: true, why: '40 is 25.6 robust standard deviations above the median of 3' },
    { detector: 'seasonal', title: 'Unusual for that time', score: null, voted: false, why: 'does not judge this series: the series shows no period' },
    { detector: 'novelty', title: 'Never seen before', score: 0.2, voted: false, why: 'nothing unusual' },
  ];
  const from = START + 20 * STEP;
  const to = START + 25 * STEP;
  return {
    key: 'a1', like: 'anomalies:series:errors:api:high', kind: 'series', detector: 'ensemble', title: 'Errors of api: 40 in 1 min, usually 3', why: '2 of 2 detectors agree. Far from the usual: 40 is 25.6 robust standard deviations above the median of 3.',
    evidence: [{ label: 'Highest', value: '40 in 1 min' }, { label: 'Usually', value: '3' }, { label: 'Lasts', value: '5 min' }], severity: 'high', score: 0.9, from, to,
    scope: { query: 'service:api severity>=high', from, to }, events: [], quieted: false, votes, chart: { start: START, step: STEP, values, first: 20, last: 24 },
  };
}
const behaviour = (): AnomalyFinding => ({
  key: 'a2', like: 'anomalies:behaviour:user>host:first seen:bob', kind: 'behaviour', detector: 'behaviour', title: 'User bob on host db-7 for the first time', why: 'In 1,204 events before, bob had 2 hosts in all, and never this one.',
  evidence: [{ label: 'Surprise', value: 'one in 402' }], severity: 'medium', score: 0.6, from: START, to: START + 1, scope: { query: 'user:bob host:db-7', from: START, to: START + 1 }, events: [1], quieted: false, votes: [], chart: null,
});

function cameIn(): LiveAnomaly {
  const { votes, ...finding } = errors();
  return { ...finding, key: 'l1', detector: 'novelty', title: 'Errors of api: 40 in 1 min, usually 3, as they came', votes: votes.filter(({ detector }) => detector !== 'seasonal'), foundAt: Date.now() * 1000 - 200e6 };
}

/** One finding of each kind, and one that came in. */
export function anomaliesRoom(state: FakeState): EngineHandlers['anomalies'] {
  let notice = false;
  let late = 7;
  const changed = (): void => state.emit('cases.changed', { tables: ['anomalies'], version: ++state.version, from: null, to: null });
  return {
    live({ limit }) {
      const findings = state.events.length === 0 ? [] : [cameIn()];
      const judged = state.events.length === 0 ? null : { from: START, to: START + BUCKETS * STEP };
      return { findings: findings.slice(0, limit), open: findings.length, total: findings.length, judged, late: findings.length === 0 ? 0 : late, passedOver: 0, running: false, error: '', notice, detectors: DETECTORS };
    },
    settled: () => undefined,
    anew() {
      late = 0;
      changed();
    },
    setNotice({ notice: wanted }) {
      notice = wanted;
      changed();
    },
    find: () => ({
      findings: state.events.length === 0 ? [] : [errors(), behaviour()], more: 0, detectors: DETECTORS,
      looked: { series: '12 series of services, patterns and metrics in buckets of 1 min, by 3 detectors.', behaviour: '1,204 acts of 14 services, users and addresses.' },
    }),
  };
}
