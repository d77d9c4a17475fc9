import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clfTime, createClock, isoTime, readTime, syslogTime } from './time.ts';

const encoder = new TextEncoder();
const MODIFIED = Date.UTC(2026, 5, 15, 12) * 1000;
const utc = createClock({ zone: 'UTC', modified: MODIFIED });
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** Reads `text` put inside other bytes, and says what was read, in ISO with microseconds, and what followed. */
function read(text: string, clock = utc): { iso: string | null; rest: string; zoned: boolean } {
  const buf = encoder.encode(`xx${text}`);
  const us = readTime(buf, 2, buf.length, clock);
  if (Number.isNaN(us)) return { iso: null, rest: text, zoned: false };
  const ms = Math.floor(us / 1000);
  return {
    iso: `${new Date(ms).toISOString().slice(0, -1)}${pad(us - ms * 1000, 3)}Z`,
    rest: text.slice(clock.end - 2),
    zoned: clock.zoned,
  };
}

describe('readTime', () => {
  it.each([
    ['2026-10-01T12:00:00.123456789Z', '2026-10-01T12:00:00.123456Z', '', true],
    ['2026-10-01T12:00Z x', '2026-10-01T12:00:00.000000Z', ' x', true],
    ['2026-10-01 12:00:00,123 INFO', '2026-10-01T12:00:00.123000Z', ' INFO', false],
    ['2026-10-01 12:00:00 +0230 x', '2026-10-01T09:30:00.000000Z', ' x', true],
    ['2026-10-01T12:00:00-07:00 x', '2026-10-01T19:00:00.000000Z', ' x', true],
    ['2026-10-01T12:00:00+02 x', '2026-10-01T10:00:00.000000Z', ' x', true],
    ['2026-10-01 12:00:00 UTC [7]', '2026-10-01T12:00:00.000000Z', ' [7]', true],
    ['2026-10-01 12:00:00.5 PDT [7]', '2026-10-01T19:00:00.500000Z', ' [7]', true],
    ['2026-10-01 12:00:00 - name', '2026-10-01T12:00:00.000000Z', ' - name', false],
    ['2026-10-01 12:00:00 -5 items', '2026-10-01T12:00:00.000000Z', ' -5 items', false],
    ['2026-10-01T12:00:00.25FOO x', '2026-10-01T12:00:00.250000Z', 'FOO x', false],
    ['2026-10-01 12:00:00 ESTABLISHED', '2026-10-01T12:00:00.000000Z', ' ESTABLISHED', false],
    ['2026/10/01 12:00:00 msg', '2026-10-01T12:00:00.000000Z', ' msg', false],
    ['20261001 120000 x', '2026-10-01T12:00:00.000000Z', ' x', false],
    ['20261001.120000,672:DEBUG', '2026-10-01T12:00:00.672000Z', ':DEBUG', false],
    ['20261001T120000Z', '2026-10-01T12:00:00.000000Z', '', true],
    ['081109 203615 148 INFO', '2008-11-09T20:36:15.000000Z', ' 148 INFO', false],
    ['160102  3:04:05 x', '2016-01-02T03:04:05.000000Z', ' x', false],
    ['17/06/09 20:10:40 INFO', '2017-06-09T20:10:40.000000Z', ' INFO', false],
    ['10/31/2025 3:04:05 PM x', '2025-10-31T15:04:05.000000Z', ' x', false],
    ['31/10/2025 03:04:05 x', '2025-10-31T03:04:05.000000Z', ' x', false],
    ['05.10.2025 03:04:05 x', '2025-10-05T03:04:05.000000Z', ' x', false],
    ['2005-06-03-15.42.50.675872 x', '2005-06-03T15:42:50.675872Z', ' x', false],
    ['Oct 11 22:14:15 host', '2025-10-11T22:14:15.000000Z', ' host', false],
    ['Jun  1 02:04:05 host', '2026-06-01T02:04:05.000000Z', ' host', false],
    ['Jun 16 11:59:59 host', '2026-06-16T11:59:59.000000Z', ' host', false],
    ['Jun 16 12:00:01 host', '2025-06-16T12:00:01.000000Z', ' host', false],
    ['Feb 29 01:00:00 host', '2024-02-29T01:00:00.000000Z', ' host', false],
    ['Oct 11 22:14:15.123 host', '2025-10-11T22:14:15.123000Z', ' host', false],
    ['Oct 11 2003 22:14:15 host', '2003-10-11T22:14:15.000000Z', ' host', false],
    ['Oct 11 22:14:15 2003 host', '2003-10-11T22:14:15.000000Z', ' host', false],
    ['Aug 24 05:34:00 CST 1987 host', '1987-08-24T11:34:00.000000Z', ' host', true],
    ['Mar  1 18:46:11.123 UTC: %SYS-5', '2026-03-01T18:46:11.123000Z', ': %SYS-5', true],
    ['Oct 11 22:14:15 EST2 x', '2025-10-11T22:14:15.000000Z', ' EST2 x', false],
    ['Sun Dec 04 04:47:44 2005] [x', '2005-12-04T04:47:44.000000Z', '] [x', false],
    ['Wed May 19 08:00:01 EST 2021 x', '2021-05-19T13:00:01.000000Z', ' x', true],
    ['Wed Oct 11 14:32:52.123456 2023]', '2023-10-11T14:32:52.123456Z', ']', false],
    ['12/Dec/2025:10:11:12 +0330] x', '2025-12-12T06:41:12.000000Z', '] x', true],
    ['Mon, 02 Jan 2006 15:04:05 GMT x', '2006-01-02T15:04:05.000000Z', ' x', true],
    ['Mon Jan 02 2006 15:04:05 GMT+0100 x', '2006-01-02T14:04:05.000000Z', ' x', true],
    ['02-Jan-2006 15:04:05.123 x', '2006-01-02T15:04:05.123000Z', ' x', false],
    ['25 Apr 2024 05:32:35.018 *', '2024-04-25T05:32:35.018000Z', ' *', false],
    ['Oct 01, 2025 1:02:03 AM org', '2025-10-01T01:02:03.000000Z', ' org', false],
    ['Oct 01, 2025 12:02:03 AM org', '2025-10-01T00:02:03.000000Z', ' org', false],
    ['E0101 12:00:00.123456 7 f.go:1] m', '2026-01-01T12:00:00.123456Z', ' 7 f.go:1] m', false],
    ['03-17 16:13:38.811  1702', '2026-03-17T16:13:38.811000Z', '  1702', false],
    ['10.30 16:49:06] x', '2025-10-30T16:49:06.000000Z', '] x', false],
    ['1428634687 x', '2015-04-10T02:58:07.000000Z', ' x', true],
    ['1490995752.404:20', '2017-03-31T21:29:12.404000Z', ':20', true],
    ['1428634687123 x', '2015-04-10T02:58:07.123000Z', ' x', true],
    ['1428634687123456 x', '2015-04-10T02:58:07.123456Z', ' x', true],
    ['1428634687123456789 x', '2015-04-10T02:58:07.123456Z', ' x', true],
    ['08:09:33.814936 x', '2026-06-15T08:09:33.814936Z', ' x', false],
    ['14:09:33 x', '2026-06-14T14:09:33.000000Z', ' x', false],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000000Z', '', true],
  ])('reads %j', (text, iso, rest, zoned) => {
    expect(read(text)).toEqual({ iso, rest, zoned });
  });

  it.each([
    'hello world, this is text', '2026-02-30 01:00:00', '2026-13-01 01:00:00', '2026-10-01 25:00:00', '2026-10-01 12:60:00',
    'Foo 11 22:14:15 host', 'Oct 32 22:14:15 host', '99999999999 x', '9999999999999999999', '12345678901234 x', '12:00', '1:2',
    '1234567890abc', 'E1301 12:00:00.1', '10.0.0.1 x y', '192.168.10.20 - -', '', '1/2',
  ])('is not fooled by %j', (text) => {
    expect(read(text).iso).toBeNull();
  });

  it('never throws and never reads past the end', () => {
    const alphabet = '0123456789-/.:, TZ+OctSunAMPE'.split('');
    fc.assert(fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 40 }), (chars) => {
      const buf = encoder.encode(`${chars.join('')}0123456789`);
      const end = chars.length;
      const us = readTime(buf, 0, end, utc);
      if (!Number.isNaN(us)) expect(utc.end).toBeLessThanOrEqual(end);
    }), { numRuns: 2000 });
  });
});

describe('agreement with Date', () => {
  const instants = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2099, 0, 1) });

  it('ISO with every fraction and offset', () => {
    fc.assert(fc.property(instants, fc.integer({ min: -14 * 60, max: 14 * 60 }), fc.integer({ min: 0, max: 9 }), fc.boolean(), (ms, offset, digits, colon) => {
      const sign = offset < 0 ? '-' : '+';
      const minutes = Math.abs(offset);
      const local = new Date(ms + offset * 60_000).toISOString();
      const frac = digits === 0 ? '' : `.${`${local.slice(20, 23)}456789`.slice(0, digits)}`;
      const text = `${local.slice(0, 19)}${frac}${sign}${pad(Math.floor(minutes / 60))}${colon ? ':' : ''}${pad(minutes % 60)}`;
      const buf = encoder.encode(text);
      const expected = Date.parse(`${local.slice(0, 19)}Z`) * 1000 - offset * 60e6 + Number(frac.slice(1, 7).padEnd(6, '0'));
      expect(isoTime(buf, 0, buf.length, utc)).toBe(expected);
      expect(readTime(buf, 0, buf.length, utc)).toBe(expected);
      expect(utc.end).toBe(buf.length);
    }));
  });

  it('CLF and ctime', () => {
    fc.assert(fc.property(instants, (ms) => {
      const d = new Date(Math.floor(ms / 1000) * 1000);
      const time = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`;
      const clf = encoder.encode(`${pad(d.getUTCDate())}/${MONTHS[d.getUTCMonth()]}/${d.getUTCFullYear()}:${time} +0000`);
      expect(clfTime(clf, 0, clf.length, utc)).toBe(d.getTime() * 1000);
      const ctime = encoder.encode(`${DAYS[d.getUTCDay()]} ${MONTHS[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${time} ${d.getUTCFullYear()}`);
      expect(readTime(ctime, 0, ctime.length, utc)).toBe(d.getTime() * 1000);
    }));
  });

  it('syslog: the latest year that is not later than the last change + 1 day', () => {
    fc.assert(fc.property(instants, fc.integer({ min: 0, max: 360 * 86400 }), (modified, age) => {
      const clock = createClock({ zone: 'UTC', modified: modified * 1000 });
      const d = new Date(Math.floor(modified / 1000 + 86_400 - age) * 1000);
      const buf = encoder.encode(`${MONTHS[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${d.toISOString().slice(11, 19)} host`);
      expect(syslogTime(buf, 0, buf.length, clock)).toBe(d.getTime() * 1000);
      expect(syslogTime(buf, 0, buf.length, clock)).toBe(d.getTime() * 1000);
    }));
  });

  it('a zone: what Intl prints for an instant reads back as that instant', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia']) {
      const clock = createClock({ zone, modified: MODIFIED });
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      fc.assert(fc.property(instants, (ms) => {
        const second = Math.floor(ms / 1000) * 1000;
        const text = format.format(second);
        const buf = encoder.encode(text);
        const us = isoTime(buf, 0, buf.length, clock);
        // A time that the clocks show twice is read as the first of the two.
        if (us !== second * 1000) {
          expect(format.format(us / 1000)).toBe(text);
          expect(us).toBeLessThan(second * 1000);
        }
        expect(clock.zoned).toBe(false);
      }), { numRuns: 60 });
    }
  });

  it('a time that does not exist is read with the offset before the gap, one that is twice as the first', () => {
    const berlin = createClock({ zone: 'Europe/Berlin', modified: MODIFIED });
    expect(read('2026-03-29 02:30:00', berlin).iso).toBe('2026-03-29T01:30:00.000000Z');
    expect(read('2026-10-25 02:30:00', berlin).iso).toBe('2026-10-25T00:30:00.000000Z');
    expect(read('2026-10-25 03:00:00', berlin).iso).toBe('2026-10-25T02:00:00.000000Z');
  });

  it('refuses a zone that does not exist', () => {
    expect(() => createClock({ zone: 'Europe/Atlantis', modified: 0 })).toThrow(RangeError);
  });
});
