import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { objective, serviceSettings, type HealthState, type Outage, type RiskFinding, type ServiceRow, type ServiceSettings } from '../../../src/shared/contract/services.ts';
import type { FakeState } from '../fake-engine.ts';

const MINUTE = 60e6;

/** Four services of which one failed for ten minutes; none of an empty case. */
export function serviceRoom(state: FakeState): EngineHandlers['services'] {
  let settings: ServiceSettings = serviceSettings.parse({});
  const from = state.events.at(0)?.time ?? 0;
  const to = (state.events.at(-1)?.time ?? 0) + 1;
  const row = (service: string, health: HealthState, failed: number, p95: number, why: string, buckets: number): ServiceRow => {
    const total = new Uint32Array(buckets).fill(100);
    const errors = Uint32Array.from(total, (_, i) => (i === 10 ? failed : 0));
    const requests = buckets * 100;
    const promised = settings.services[service] ?? settings.objective;
    const allowed = requests * (1 - promised.availability);
    return {
      service, events: requests + 50, errors: failed, requests, failed, basis: 'requests', errorRate: failed / requests, latency: p95 === 0 ? null : { count: requests, p50: p95 / 3, p95, p99: p95 * 2, max: p95 * 5 }, perSecond: 12.5,
      first: from, last: to, health, why, outages: health === 'unhealthy' ? 1 : 0, outageTime: health === 'unhealthy' ? 10 * MINUTE : 0, line: { total, errors },
      objective: { ...promised, reached: 1 - failed / requests, allowed, failed, left: 1 - failed / allowed, burn: failed / allowed, worst: failed > 0 ? { from, to: from + 60 * MINUTE, burn: (failed / allowed) * 3 } : null, uptime: failed > 0 ? 0.97 : 1, minutes: 600, fast: p95 === 0 ? null : 0.96, met: failed <= allowed },
      slowest: p95 === 0 ? [] : [{ event: 4096, time: from, ms: p95 * 5 }],
    };
  };
  const outage: Outage = {
    key: 'outage', like: '["service-health","payment","unhealthy"]', detector: 'service-health', title: 'payment was unhealthy for 10 min', why: 'error rate 62 % (62 of 100 requests) is over 20 %.',
    evidence: [{ label: 'lasted', value: '10 min' }, { label: 'errors', value: '620' }], severity: 'critical', score: 0.88, from, to: from + 10 * MINUTE,
    scope: { query: 'service:payment (severity>=high OR status>=500)', from, to: from + 10 * MINUTE }, events: [], quieted: false, service: 'payment', state: 'unhealthy',
  };
  const risk: RiskFinding = {
    key: 'risk', like: '["risk","payment","Could not charge <*>"]', detector: 'event-risk', title: 'Could not charge <*>', why: 'Risk 0.66 of 2 events: severity critical; only 2 of its kind.',
    evidence: [{ label: 'severity 1.00', value: 'severity critical' }], severity: 'critical', score: 0.66, from, to: from + MINUTE, scope: { query: 'service:payment severity:critical', from, to: from + MINUTE }, events: [4096], quieted: false,
    service: 'payment', count: 2, parts: [{ part: 'severity', value: 1, why: 'severity critical' }, { part: 'rare', value: 0.5, why: 'only 2 of its kind' }],
  };
  return {
    get: ({ buckets }) => {
      const some = state.events.length > 0;
      return {
        from, to, step: MINUTE, buckets, settings, more: 0, outagesMore: 0, unreadable: 0,
        services: some ? [
          row('payment', 'unhealthy', 1900, 420, 'error rate 32 % (1,900 of 6,000 requests) is over 20 %', buckets), row('checkout', 'silent', 12, 120, 'no event for 21 min, 40 times its usual pause of 31 s, while other services went on', buckets),
          row('cart', 'degraded', 2, 640, 'p99 latency 820 ms is over 500 ms', buckets), row('frontend', 'healthy', 0, 0, 'error rate 0 % (0 of 6,000 requests)', buckets),
        ] : [],
        outages: some ? [outage] : [], risks: some ? [risk] : [],
        recovery: { outages: some ? 1 : 0, outageMean: some ? 10 * MINUTE : Number.NaN, noticed: some ? 1 : 0, noticedMean: some ? MINUTE : Number.NaN, acknowledged: 0, acknowledgedMean: Number.NaN, investigations: 0, investigated: Number.NaN },
      };
    },
    settings: () => settings,
    setSettings: (input) => {
      settings = { ...input.settings, objective: objective.parse(input.settings.objective) };
      state.emit('cases.changed', { tables: ['services'], version: ++state.version, from: null, to: null });
      return settings;
    },
  };
}
