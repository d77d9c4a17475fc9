/** The log of the Target Communication Framework's protocol logger: minutes and seconds only. */
import { lineFormat } from './lib/line-format.ts';
import { HOUR_US } from './lib/clock.ts';
import { fraction, two } from './lib/time-parts.ts';

export const tcf = lineFormat({
  id: 'tcf',
  title: 'TCF protocol log',
  description: 'Target Communication Framework: "TCF mm:ss.mmm: text". The hour is the last one before the file was changed.',
  what: '"TCF mm:ss.mmm: text"',
  weight: 0.95,
  starts: 'line',
  patterns: [/^TCF (?<time>\d\d:\d\d\.\d{3}): (?:(?<channel>\d+): )?(?<message>.*)/],
  readTime(buf, start, end, clock, context) {
    const us = two(buf, start) * 60e6 + two(buf, start + 3) * 1e6 + fraction(buf, start + 5, end, clock);
    const hour = Math.floor(context.modified / HOUR_US) * HOUR_US;
    clock.zoned = false;
    return hour + us <= context.modified ? hour + us : hour + us - HOUR_US;
  },
  samples: [
    { record: 'TCF 29:47.191: 0: ---> C 2 RunControl getChildren null <eom>', time: '2026-06-15T11:29:47.191000Z', message: '---> C 2 RunControl getChildren null <eom>', attributes: { channel: 0 } },
  ],
});
