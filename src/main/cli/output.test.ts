import { Writable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowObjects } from './commands/sql.ts';
import { countObject } from './commands/count.ts';
import { progressLine, summaryObject } from './commands/ingest.ts';
import { eventObject, isoTime } from './event-rows.ts';
import { bytes, createOutput, PipeClosed, table, visible } from './output.ts';
import { findLaunch, onDisplay } from './print-pdf.ts';
import type { EventDetail } from '../../shared/event.ts';

describe('visible', () => {
  it('lets nothing in a log act on the terminal', () => {
    const hostile = 'a\u001b[31mred\u001b]0;title\u0007\r\nb\u202eevil\u009b2J\u0000';
    expect(visible(hostile)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(visible('plain ä 漢')).toBe('plain ä 漢');
  });

  it('holds for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(visible(text))));
  });
});

describe('table', () => {
  it('aligns, and makes cells safe', () => {
    expect(table([{ title: 'n', align: 'right' }, { title: 'name' }, { title: 'rest' }], [['1', 'a', 'x'], ['1,000', 'long\nname', '']])).toBe('    n  name       rest\n    1  a          x\n1,000  long⏎name\n');
  });
  it('cuts wide cells but not the last', () => {
    const wide = 'x'.repeat(500);
    const [, row] = table([{ title: 'a' }, { title: 'b' }], [[wide, wide]]).split('\n');
    expect(row).toBe(`${'x'.repeat(119)}…  ${wide}`);
  });
});

describe('output', () => {
  it('writes in order and everything', async () => {
    let got = '';
    const out = createOutput(new Writable({ write: (chunk: Buffer, _encoding, done) => { got += chunk.toString('utf8'); setTimeout(done, 1); } }));
    for (let i = 0; i < 5000; i++) await out.json({ i, pad: 'x'.repeat(40) });
    await out.end();
    const lines = got.trimEnd().split('\n');
    expect(lines).toHaveLength(5000);
    expect(lines.map((line) => (JSON.parse(line) as { i: number }).i)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  });

  it('says that nobody reads any more', async () => {
    const gone = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
    const out = createOutput(gone);
    const writing = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) await out.text('x'.repeat(70_000));
    };
    await expect(writing()).rejects.toBeInstanceOf(PipeClosed);
  });
});

describe('shapes', () => {
  const event: EventDetail = {
    id: 4096, time: Date.UTC(2026, 10, 20, 10) * 1000 + 7, timeText: '', flags: 0, severity: 'high', signal: 'logs', service: 'api', host: 'h', level: 'error', message: 'm', template: 't', templateId: 1,
    fields: [{ name: 'status', value: 500 }, { name: 'service', value: 'other' }, { name: 'user', value: '' }, { name: 'trace_id', value: 'abc' }], attributes: [{ name: 'x', value: 1 }], raw: 'r',
    provenance: { sourceId: 1, path: '/p', format: 'jsonl', offset: 12, length: 3, sha256: '', size: 0, modified: 0, ingestedAt: 0, ingestedBy: '', toolVersion: '' },
  };

  it('of an event: the documented names, then the fields it has', () => {
    expect(Object.entries(eventObject(event))).toEqual([
      ['id', 4096], ['time', '2026-11-20T10:00:00.000007Z'], ['severity', 'high'], ['service', 'api'], ['host', 'h'], ['level', 'error'], ['message', 'm'], ['source', '/p'], ['offset', 12],
      ['status', 500], ['trace_id', 'abc'],
    ]);
  });

  it('of a count: groups and series only where they were asked for', () => {
    const reply = { total: 3, complete: true, scanned: 1, unreadable: 0, groups: [{ value: 'a', count: 3 }], series: [{ time: 0, value: 'a', count: 3 }] };
    expect(countObject(reply, false, false)).toEqual({ total: 3 });
    expect(countObject(reply, true, true)).toEqual({ total: 3, groups: [{ value: 'a', count: 3 }], series: [{ time: '1970-01-01T00:00:00.000000Z', value: 'a', count: 3 }] });
  });

  it('of rows: no column is lost when names repeat', () => {
    expect(rowObjects({ columns: ['a', 'a', 'a_2'], rows: [[1, 2, 3]], truncated: false, milliseconds: 0 })).toEqual([{ a: 1, a_2: 2, a_2_2: 3 }]);
  });

  it('of an ingest: times as ISO, null where a source had none', () => {
    const source = { path: '/p', format: 'text', read: 1, stored: 1, duplicates: 0, rejected: 0, from: null, to: 0, error: '' };
    expect(summaryObject({ read: 1, stored: 1, duplicates: 0, rejected: 0, bytes: 5, seconds: 0.5, sources: [source] })).toEqual({
      read: 1, stored: 1, duplicates: 0, rejected: 0, bytes: 5, seconds: 0.5, sources: [{ ...source, from: null, to: '1970-01-01T00:00:00.000000Z' }],
    });
  });

  it('of times far away', () => {
    expect(isoTime(Date.UTC(1754, 0, 1) * 1000)).toBe('1754-01-01T00:00:00.000000Z');
    expect(isoTime(Date.UTC(9999, 11, 31) * 1000)).toBe('9999-12-31T00:00:00.000000Z');
  });

  it('of progress: no share before the total is known, names made safe', () => {
    const status = { job: 1, state: 'running' as const, error: '', startedAt: 0, seconds: 1, files: 1, filesDone: 0, current: '/x/a\u001b[2J.log', bytes: 50, totalBytes: 0, ledger: { read: 1200, stored: 1200, duplicates: 0, rejected: 0 }, eventsPerSecond: 600.4, bytesPerSecond: 1, secondsLeft: null };
    expect(progressLine(status)).toBe(`1,200 events  600/s  a‹ESC[2J›.log`);
    expect(progressLine({ ...status, totalBytes: 200, secondsLeft: 2.2 })).toMatch(/^25 % {2}1,200 events {2}600\/s {2}3 s left/);
  });

  it('of sizes', () => {
    expect([bytes(0), bytes(999), bytes(1500), bytes(84_881_076)]).toEqual(['0 bytes', '999 bytes', '1.5 kB', '85 MB']);
  });
});

describe('the runtime that prints', () => {
  it('is the one the clone names, else the application itself, else none', () => {
    expect(findLaunch({ TIDEMARK_ELECTRON: '{"command":"e","args":["a"]}' }, undefined, '/node')).toEqual({ command: 'e', args: ['a'] });
    expect(findLaunch({}, '45.0.0', '/opt/tidemark')).toEqual({ command: '/opt/tidemark', args: [] });
    expect(findLaunch({}, undefined, '/node')).toBeNull();
  });

  it('gets a virtual display where there is none, or says what to do', () => {
    const launch = { command: 'e', args: ['a'] };
    expect(onDisplay(launch, { DISPLAY: ':0' }, 'linux', () => true)).toBe(launch);
    expect(onDisplay(launch, {}, 'darwin', () => false)).toBe(launch);
    expect(onDisplay(launch, { PATH: '/a:/b' }, 'linux', (file) => file === '/b/xvfb-run')).toEqual({ command: '/b/xvfb-run', args: ['-a', 'e', 'a'] });
    expect(() => onDisplay(launch, { PATH: '/a' }, 'linux', () => false)).toThrow(/xvfb/);
  });
});
