import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRule, Silence } from '../../../../shared/alert.ts';
import { parseQuery } from '../../../../shared/query/grammar.ts';
import type { AlertRow } from '../../store/alerts.ts';
import { alertOf } from './alert-finding.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { statisticsOf } from './statistics.ts';

const HOUR = 3600e6;
const RULE: AlertRule = { ...DEFAULT_RULES[0], id: 1, version: 1, updatedAt: 0, updatedBy: 'ana' };
const ROW: AlertRow = { id: 1, rule: 1, version: 1, group: '', started: 100e6, fired: 100e6, ended: 129e6, over: 189e6, peak: 37.5, peakAt: 110e6, raisedAt: 0, acknowledgedAt: null, acknowledgedBy: '', resolvedAt: 5, resolvedBy: '', withdrawnAt: null };
const NONE = new Set<string>();

describe('alertOf', () => {
  it('says why, and leads to the events from a window before on', () => {
    const { finding } = alertOf(ROW, { ...RULE, query: 'service:a OR service:b', groupBy: 'host' }, [], NONE);
    expect(finding).toMatchObject({ why: 'Error rate of events without a host was over 5 % in windows of 1 min, for 30 s; the most was 37.5 %.', like: 'alerts:1:', from: 100e6, to: 130e6, severity: 'medium' });
    expect(finding.scope).toEqual({ query: '(service:a OR service:b) -has:host (severity:>=high OR status:>=500)', from: 40e6, to: 130e6 });
    expect(alertOf(ROW, { ...RULE, metric: 'latency_p99', operator: '>', threshold: 500 }, [], NONE).finding.scope.query).toBe('latency_ms:>500');
    expect(alertOf({ ...ROW, peak: 3 }, { ...RULE, metric: 'total_requests', operator: '<', threshold: 10 }, [], NONE).finding).toMatchObject({ why: 'Requests were under 10 in windows of 1 min, for 30 s; the least was 3.', scope: { query: '' } });
  });
  it('makes a query that can be read of every group', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (group) => {
      const { query } = alertOf({ ...ROW, group }, { ...RULE, groupBy: 'service', query: 'status>=500' }, [], NONE).finding.scope;
      expect(parseQuery(query).ok).toBe(true);
    }));
  });
  it('is quiet where a silence holds for its rule, group and start', () => {
    const silence = (edit: Partial<Silence>): Silence[] => [{ id: 7, rule: null, group: null, from: null, until: null, reason: 'x', createdAt: 0, createdBy: '', ...edit }];
    const of = (edit: Partial<Silence>): number | null => alertOf({ ...ROW, group: 'shop' }, RULE, silence(edit), NONE).silence;
    expect([of({}), of({ rule: 1, group: 'shop', from: 100e6, until: 100e6 + 1 }), of({ rule: 2 }), of({ group: '' }), of({ from: 100e6 + 1 }), of({ until: 100e6 })]).toEqual([7, 7, null, null, null, null]);
    expect(alertOf({ ...ROW, group: 'shop' }, RULE, [], new Set(['alerts:1:shop'])).finding.quieted).toBe(true);
  });
});

describe('statisticsOf', () => {
  const at = (started: number, edit: Partial<AlertRow> = {}): ReturnType<typeof alertOf> => alertOf({ ...ROW, id: started, started, fired: started, ended: started + 60e6, over: started + 120e6, ...edit }, RULE, [], NONE);
  it('counts what fired, how soon it was seen to, and what comes back', () => {
    const all = [at(0), at(0.9 * HOUR), at(1.8 * HOUR, { acknowledgedAt: 40e6, acknowledgedBy: 'ana' }), at(9 * HOUR, { over: null, resolvedAt: null }), at(10 * HOUR, { fired: null, resolvedAt: null })];
    expect(statisticsOf(all, [RULE])).toMatchObject({
      total: 4, open: 1, byLevel: { WARNING: 4, CRITICAL: 0, INFO: 0 }, meanToAcknowledge: 40e6, acknowledged: 1, meanToResolve: 120e6, resolved: 3,
      byRule: [{ rule: 1, alerts: 4, open: 1, duration: 4 * 61e6 }], noisiest: [{ rule: 1, alerts: 4 }], flapping: [{ times: 3, from: 0, to: 1.8 * HOUR + 60e6 }],
    });
  });
  it('has nothing to say of nothing', () => {
    expect(statisticsOf([], [RULE])).toMatchObject({ total: 0, byRule: [], noisiest: [], flapping: [], meanToAcknowledge: null, meanToResolve: null });
    expect(statisticsOf([at(0), at(5 * HOUR), at(10 * HOUR)], [RULE]).flapping).toEqual([]);
  });
});
