import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { RootCauseReply, Suspect } from '../../../src/shared/contract/root-cause.ts';
import type { FakeState } from '../fake-engine.ts';

function suspect(service: string, rank: number, score: number, at: number, event: number): Suspect {
  const scope = { query: `service:${service}`, from: at, to: at + 120e6 };
  return {
    key: `root-cause:${service}@${at}`, like: `root-cause:${service}`, detector: 'root-cause', title: service, why: `"Cart#34" is in 0 of 19 visits (GET /cart), and was in 5 of 5 before.`, evidence: [], severity: rank === 1 ? 'high' : 'low', score,
    from: at, to: at + 120e6, scope, events: [event], quieted: false, service, rank, parts: { logs: score * 0.7, traces: score * 0.2, metrics: score * 0.1, change: 0 }, explains: rank === 1 ? ['gateway'] : [],
    reasons: [
      { part: 'logs', kind: 'step', text: `"Cart#34" is in 0 of 19 visits (GET /cart), and was in 5 of 5 before.`, score: score * 0.7, at: at - 39e6, scope, events: [event], series: [] },
      { part: 'metrics', kind: 'metric', text: 'CpuUsage rose from 4.7 to 499 % (275 times its usual spread).', score: score * 0.1, at: null, scope: null, events: [], series: [1] },
    ],
  };
}

/** What the analysis would answer, for the window's own tests. */
export function rootCauseRoom(state: FakeState): EngineHandlers['rootCause'] {
  return {
    rank({ at }): RootCauseReply {
      const first = state.events[0];
      const silent = ['Nothing in the case tells.'];
      if (!first) return { at: null, atFrom: 'none', atWhy: '', periods: { traces: null, logs: null, metrics: null }, suspects: [], more: 0, edges: [], impact: { performance: silent, cost: silent, security: silent, business: silent }, changes: [], notes: ['Nothing in the case rises so clearly that it tells when something started. Name a time.'] };
      // What is named so late is not when it started.
      const found = at === null || at > first.time + 600e6;
      const onset = found ? first.time + 60e6 : at;
      const periods = { normal: { from: onset - 60e6, to: onset }, incident: { from: onset, to: onset + 120e6 } };
      return {
        at: onset, atFrom: found ? 'detected' : 'given', atWhy: found ? 'in cart the step "Cart#34" is missing from then on' : 'somebody said so', periods: { traces: periods, logs: periods, metrics: null },
        suspects: [suspect('cart', 1, 0.85, onset, first.id), suspect('payment', 2, 0.34, onset, first.id)], more: 3,
        edges: [{ caller: 'gateway', callee: 'cart', calls: 19, delay: 3000 }, { caller: 'gateway', callee: 'payment', calls: 7, delay: 2000 }],
        impact: { performance: ['Requests take 302 ms at the 95th percentile, before it was 120 ms (121 and 48 requests).'], cost: silent, security: silent, business: ['20 of 121 requests (17 %) go through cart; a failure is written for 19 of them.'] },
        changes: [{ event: first.id, time: onset - 600e6, what: 'git', text: 'cart: ask the new address book', services: ['cart'] }],
        notes: ['There are no metrics on both sides of the time: a lack of processor or memory would only show in latencies.'],
      };
    },
  };
}
