import { describe, expect, it } from 'vitest';
import { basisOf, countMark, ERROR, errorRate, noRequests, REQUEST, requestMarks, type RequestColumns } from './requests.ts';

const NONE = Number.NaN;
function columns(rows: { severity?: number; status?: number; latency?: number; span?: number; service?: number }[], more: Partial<RequestColumns> = {}): RequestColumns {
  return {
    n: rows.length, severity: Uint8Array.from(rows, (row) => row.severity ?? 0), status: Uint16Array.from(rows, (row) => row.status ?? 0), service: Uint16Array.from(rows, (row) => row.service ?? 0),
    services: 3, latency: Float32Array.from(rows, (row) => row.latency ?? NONE), spanIds: Uint16Array.from(rows, (row) => row.span ?? 0), traces: false, ...more,
  };
}

describe('requestMarks', () => {
  it('takes a status for a request, and 500 or a high severity for an error', () => {
    expect([...requestMarks(columns([{ status: 200 }, { status: 499, severity: 2 }, { status: 500 }, { severity: 3 }, { severity: 2 }, { status: 200, severity: 4 }]))]).toEqual([REQUEST, REQUEST, REQUEST | ERROR, ERROR, 0, REQUEST | ERROR]);
  });
  it('takes a latency for a request where half of the events of the service have one', () => {
    const mentions = [{ latency: 12 }, {}, {}, { latency: 0 }, {}];
    expect([...requestMarks(columns(mentions))]).toEqual([0, 0, 0, 0, 0]);
    // Of two services in one segment each is looked at alone.
    expect([...requestMarks(columns([...mentions, { latency: 3, service: 1 }, { latency: 0, service: 1 }, { service: 1 }]))]).toEqual([0, 0, 0, 0, 0, REQUEST, REQUEST, 0]);
  });
  it('takes every timed event of traces, and every one that names its span', () => {
    const rows = [{ latency: 12, span: 1 }, {}, {}, { latency: 1 }];
    expect([...requestMarks(columns([...rows, {}]))]).toEqual([REQUEST, 0, 0, 0, 0]);
    expect([...requestMarks(columns([...rows, {}], { traces: true }))]).toEqual([REQUEST, 0, 0, REQUEST, 0]);
  });
  it('needs neither latency nor spans', () => {
    expect([...requestMarks(columns([{ status: 404 }, { severity: 4 }], { latency: null, spanIds: null }))]).toEqual([REQUEST, ERROR]);
  });
});

describe('errorRate', () => {
  const counted = (marks: number[]): ReturnType<typeof noRequests> => {
    const counts = noRequests();
    for (const mark of marks) countMark(counts, mark);
    return counts;
  };
  it('is the share of requests, and errors of other events do not change it', () => {
    const counts = counted([REQUEST, REQUEST, REQUEST, REQUEST | ERROR, ERROR, ERROR, 0]);
    expect(counts).toEqual({ events: 7, errors: 3, requests: 4, failed: 1 });
    expect(basisOf(counts)).toBe('requests');
    expect(errorRate(counts)).toBe(0.25);
  });
  it('is the share of events where there are no requests, and nothing where there is nothing', () => {
    expect(errorRate(counted([ERROR, 0, 0, 0]))).toBe(0.25);
    expect(errorRate(noRequests())).toBeNaN();
  });
});
