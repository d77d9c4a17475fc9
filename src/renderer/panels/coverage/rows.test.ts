import { describe, expect, it } from 'vitest';
import type { SourceCoverage } from '../../../shared/contract/coverage.ts';
import { noOverlap, remarkOf, shownRows } from './rows.ts';

const source = (edit: Partial<SourceCoverage>): SourceCoverage => ({ id: 1, path: '/var/log/api.log', signal: 'logs', format: 'jsonl', events: 10, first: 0, last: 100e6, counts: new Uint32Array(4), usualPause: 1e6, gaps: [], gapCount: 0, stoppedEarly: null, ...edit });
const api = source({});
const db = source({ id: 2, path: '/srv/db10.log', gaps: [{ from: 0, to: 7200e6 }], gapCount: 1 });
const web = source({ id: 3, path: '/srv/db9.log', stoppedEarly: 3 * 3600e6 });

describe('rows of the coverage', () => {
  it('are those with all words, in the order asked for', () => {
    const ids = (text: string, order: Parameters<typeof shownRows>[2]): number[] => shownRows([api, db, web], text, order).map(({ id }) => id);
    expect(ids('', 'first')).toEqual([1, 2, 3]);
    expect(ids('', 'silent')).toEqual([3, 1, 2]);
    expect(ids('', 'gaps')).toEqual([2, 1, 3]);
    expect(ids('', 'name')).toEqual([3, 2, 1]);
    expect(ids('SRV db1', 'first')).toEqual([2]);
  });
  it('say what is worth knowing', () => {
    expect(remarkOf(api)).toBe('');
    expect(remarkOf(db)).toBe('1 gap, longest 2 h');
    expect(remarkOf(web)).toBe('stopped 3 h before the rest');
    expect(remarkOf(source({ first: null, last: null }))).toBe('no times');
  });
  it('say which sources have no time in common', () => {
    const reply = { from: 0, to: 1, buckets: 1, sources: [api, db], more: 0, complete: true, overlap: null, bounds: { beginsLast: 2, endsFirst: 1 } };
    expect(noOverlap(reply)).toBe('No time in common: api.log ends before db10.log begins');
    expect(noOverlap({ ...reply, overlap: { from: 0, to: 1 } })).toBe('');
  });
});
