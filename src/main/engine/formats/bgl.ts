/** Reliability, availability and serviceability events of IBM Blue Gene/L. */
import { lineFormat } from './lib/line-format.ts';
import { readTime } from './lib/time.ts';

export const bgl = lineFormat({
  id: 'bgl',
  title: 'Blue Gene/L RAS log',
  description: 'RAS events of Blue Gene/L: label, epoch, node, local time with microseconds, type, component, severity, message.',
  what: '"label epoch date node time node type component level message" of Blue Gene/L',
  weight: 0.97,
  starts: 'line',
  // The epoch names the instant; the local time behind it, which names no zone, adds the microseconds.
  readTime(buf, start, end, clock) {
    const us = readTime(buf, start, end, clock);
    let dot = end - 1;
    while (dot > start && buf[dot] !== 46) dot--;
    let micros = 0;
    for (let i = dot + 1; i < end; i++) micros = micros * 10 + buf[i] - 48;
    return end - dot === 7 ? us + micros : us;
  },
  patterns: [
    /^(?<label>-|[A-Z]+) (?<time>\d{10} \d{4}\.\d\d\.\d\d (?<host>\S+) \d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d\.\d{6}) \S+ (?<type>\w+) (?<service>\w+) (?<level>\w+)(?: (?<message>.*))?/,
  ],
  samples: [
    { record: '- 1117838570 2005.06.03 R02-M1-N0-C:J12-U11 2005-06-03-15.42.50.675872 R02-M1-N0-C:J12-U11 RAS KERNEL INFO instruction cache parity error corrected', time: '2005-06-03T22:42:50.675872Z', severity: 'info', message: 'instruction cache parity error corrected', fields: { host: 'R02-M1-N0-C:J12-U11', service: 'KERNEL', level: 'INFO' }, attributes: { type: 'RAS', label: '-' } },
    { record: 'APPREAD 1117869872 2005.06.04 R04-M1-N4-I:J18-U11 2005-06-04-00.24.32.432192 R04-M1-N4-I:J18-U11 RAS APP FATAL ciod: failed to read', severity: 'critical', attributes: { label: 'APPREAD' } },
  ],
});
