import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generic } from '../generic.ts';
import { rfc3164 } from '../rfc3164.ts';
import type { Format, SourceContext } from '../format.ts';
import { CollectingSink } from './collect.ts';

const HEAD_BYTES = 65536;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const us = (iso: string): number => Date.parse(iso) * 1000;

function syslog(time: number): string {
  const at = new Date(time / 1000);
  return `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)} box app[1]: something happened\n`;
}
/** Times of the records of `text`, read from byte `from` on. */
function timesOf(format: Format, text: string, modified: string, { from = 0, zone = 'UTC', tail = false } = {}): number[] {
  const buf = Buffer.from(text);
  const context: SourceContext = { path: 'x.log', modified: us(modified), zone, head: buf.subarray(0, HEAD_BYTES), ...(tail && { tail: buf.subarray(Math.max(0, buf.length - HEAD_BYTES)) }) };
  const parser = format.open(context);
  const sink = new CollectingSink(buf, false);
  const start = from === 0 ? 0 : (parser.sync?.(buf, from, buf.length) ?? 0);
  if (start >= 0) parser.parse(buf, start, buf.length, buf.length, true, sink);
  return sink.records.map(({ time }) => time ?? NaN);
}
const shown = (times: readonly number[]): string[] => times.map((time) => new Date(time / 1000).toISOString().slice(0, 19));

describe('times without a year', () => {
  it('go on from 31 December to 1 January of the next year', () => {
    const text = 'Dec 31 23:59:58 box a: x\nJan  1 00:00:01 box a: y\nJan  2 12:00:00 box a: z\n';
    expect(shown(timesOf(rfc3164, text, '2026-01-02T12:00:05Z'))).toEqual(['2025-12-31T23:59:58', '2026-01-01T00:00:01', '2026-01-02T12:00:00']);
  });

  it('stay in order in a copy that was made months later', () => {
    const text = 'Jun 14 15:16:01 box a: x\nDec  1 00:00:00 box a: y\nFeb 25 01:00:00 box a: z\n';
    expect(shown(timesOf(rfc3164, text, '2026-11-21T09:00:00Z'))).toEqual(['2025-06-14T15:16:01', '2025-12-01T00:00:00', '2026-02-25T01:00:00']);
  });

  it('take a year back at every fall, in a file that can be seen whole', () => {
    const text = 'Nov  3 09:00:00 box a: x\nFeb  3 09:00:00 box a: y\nNov  3 09:00:00 box a: x\nFeb  3 09:00:00 box a: y\n';
    expect(shown(timesOf(rfc3164, text, '2026-03-01T00:00:00Z'))).toEqual(['2024-11-03T09:00:00', '2025-02-03T09:00:00', '2025-11-03T09:00:00', '2026-02-03T09:00:00']);
  });

  it('do not take a step back of seconds for a year', () => {
    const text = 'Mar  3 09:00:05 box a: x\nMar  3 09:00:01 box b: y\nMar  3 09:00:06 box a: z\n';
    expect(shown(timesOf(rfc3164, text, '2026-03-04T00:00:00Z'))).toEqual(['2026-03-03T09:00:05', '2026-03-03T09:00:01', '2026-03-03T09:00:06']);
  });

  it('do not take a clock that was not set at boot for a year', () => {
    const text = 'Nov 19 10:00:00 box a: x\nJan  1 00:00:05 box kernel: boot\nNov 19 10:01:00 box ntpd: set\nNov 20 10:00:00 box a: y\n';
    expect(shown(timesOf(rfc3164, text, '2026-11-20T10:00:01Z'))).toEqual(['2026-11-19T10:00:00', '2026-01-01T00:00:05', '2026-11-19T10:01:00', '2026-11-20T10:00:00']);
  });

  it('follow records that write their year', () => {
    const text = '2019-12-31T23:00:00Z box a: x\nDec 31 23:30:00 box a: y\nJan  1 00:10:00 box a: z\n';
    expect(shown(timesOf(rfc3164, text, '2026-11-20T10:00:01Z'))).toEqual(['2019-12-31T23:00:00', '2019-12-31T23:30:00', '2020-01-01T00:10:00']);
  });

  it('are the same in the zone of the source', () => {
    const text = 'Dec 31 23:59:58 box a: x\nJan  1 00:00:01 box a: y\n';
    expect(shown(timesOf(rfc3164, text, '2025-12-31T23:00:10Z', { zone: 'Europe/Berlin' }))).toEqual(['2025-12-31T22:59:58', '2025-12-31T23:00:01']);
  });

  it('are in order in any file of less than a year, wherever reading starts, once its end is known', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('2001-01-01'), max: new Date('2024-01-01'), noInvalidDate: true }), fc.integer({ min: 1, max: 363 }), fc.integer({ min: 0, max: 360 }), fc.nat(), (first, days, later, from) => {
        const count = 1500;
        const start = Math.floor(first.getTime() / 1000) * 1e6;
        const written = Array.from({ length: count }, (_, i) => start + Math.floor((days * 86400 * i) / (count - 1)) * 1e6);
        const text = written.map(syslog).join('');
        const modified = written[count - 1] + later * 86400e6;
        const yearsLater = new Date(modified / 1000).toISOString();
        expect(text.length).toBeGreaterThan(HEAD_BYTES);
        const all = timesOf(rfc3164, text, yearsLater, { tail: true });
        expect(all).toEqual(written);
        const part = timesOf(rfc3164, text, yearsLater, { tail: true, from: 1 + (from % (text.length - 1)) });
        expect(part).toEqual(all.slice(all.length - part.length));
      }),
      { numRuns: 15 },
    );
  });
});

describe('times without a date', () => {
  const line = (time: string): string => `${time}.000 foo DEBUG  something happened\n`;

  it('go on from midnight to the next day', () => {
    const text = ['00:00:00', '01:00:00', '03:00:00', '00:00:00', '00:01:00'].map(line).join('');
    expect(shown(timesOf(generic, text, '2026-11-21T09:00:00Z'))).toEqual(['2026-11-20T00:00:00', '2026-11-20T01:00:00', '2026-11-20T03:00:00', '2026-11-21T00:00:00', '2026-11-21T00:01:00']);
  });

  it('go on over several midnights', () => {
    const text = ['22:00:00', '23:59:59', '00:00:00', '22:00:00', '04:00:00'].map(line).join('');
    expect(shown(timesOf(generic, text, '2026-11-21T09:00:00Z'))).toEqual(['2026-11-19T22:00:00', '2026-11-19T23:59:59', '2026-11-20T00:00:00', '2026-11-20T22:00:00', '2026-11-21T04:00:00']);
  });

  it('end on the day of the last one in a file too large to be seen whole', () => {
    const count = 3000;
    const start = us('2026-11-20T12:00:00Z');
    const written = Array.from({ length: count }, (_, i) => start + i * 20e6);
    const text = written.map((time) => line(new Date(time / 1000).toISOString().slice(11, 19))).join('');
    expect(text.length).toBeGreaterThan(HEAD_BYTES);
    expect(timesOf(generic, text, '2026-11-21T11:00:00Z', { tail: true })).toEqual(written);
  });
});
