import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../../shared/event.ts';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { onlySeverity, shownSeverities, slices, spotAt, toggleSeverity } from './severities.ts';

const shown = (query: string): string[] => SEVERITIES.filter((severity) => shownSeverities(query).has(severity));

describe('the legend as filters', () => {
  it('reads what a query lets through', () => {
    expect(shown('timeout')).toEqual([...SEVERITIES]);
    expect(shown('-severity:info timeout')).toEqual(['low', 'medium', 'high', 'critical']);
    expect(shown('severity:high')).toEqual(['high']);
  });
  it('switches one off and on again without touching the rest of the query', () => {
    for (const severity of SEVERITIES) {
      const off = toggleSeverity('service:api timeout', severity);
      expect(shown(off)).toEqual(SEVERITIES.filter((one) => one !== severity));
      expect(toggleSeverity(off, severity)).toBe('service:api timeout');
    }
  });
  it('switches several off one by one', () => {
    const query = toggleSeverity(toggleSeverity('', 'info'), 'low');
    expect(shown(query)).toEqual(['medium', 'high', 'critical']);
    expect(shown(toggleSeverity(query, 'info'))).toEqual(['info', 'medium', 'high', 'critical']);
  });
  it('adds to and takes from a list of wanted ones', () => {
    const two = toggleSeverity('severity:high', 'critical');
    expect(shown(two)).toEqual(['high', 'critical']);
    expect(shown(toggleSeverity(two, 'high'))).toEqual(['critical']);
  });
  it('shows one alone, then all again', () => {
    const alone = onlySeverity('-severity:info api', 'critical');
    expect(shown(alone)).toEqual(['critical']);
    expect(shown(onlySeverity(alone, 'critical'))).toEqual([...SEVERITIES]);
    expect(alone).toContain('api');
  });
});

const reply: WindowReply = {
  from: 1000, to: 1100, step: 10, buckets: 10, more: 0, severities: [6, 0, 0, 0, 1], version: 1, total: 7, complete: true, scanned: 1, unreadable: 0,
  lanes: [
    { key: 'a', label: 'a', total: 5, counts: Uint32Array.from({ length: 50 }, (_, at) => (at === 0 ? 4 : at === 49 ? 1 : 0)), gaps: [{ from: 1010, to: 1090 }] },
    { key: 'b', label: 'b', total: 2, counts: Uint32Array.from({ length: 50 }, (_, at) => (at === 5 ? 2 : 0)), gaps: [] },
  ],
};
describe('summaries of a window', () => {
  it('adds up by slice, losing nothing', () => {
    const rows = slices(reply, 4);
    expect(rows.length).toBe(4);
    expect(rows.map((row) => row.total)).toEqual([6, 0, 0, 1]);
    expect(rows[0]).toMatchObject({ from: 1000, to: 1030 });
    expect(rows[3]).toMatchObject({ from: 1090, to: 1100, counts: [0, 0, 0, 0, 1] });
  });
  it('finds the bucket and the gap under a moment', () => {
    expect(spotAt(reply, 0, 1005)).toMatchObject({ bucket: 0, from: 1000, to: 1010, total: 4, gap: null });
    expect(spotAt(reply, 0, 1050)).toMatchObject({ total: 0, gap: { from: 1010, to: 1090 } });
    expect(spotAt(reply, 0, 2000)?.total).toBe(0);
    expect(spotAt(reply, 7, 1005)).toBeNull();
  });
});
