/** The kernel's ring buffer as dmesg prints it: seconds since boot, with -T a date, with -r or -x priorities. */
import { FIELD, type Sink, type SourceContext } from './format.ts';
import { endOf } from './lib/incomplete-times.ts';
import { lineFormat } from './lib/line-format.ts';
import { byteText } from './lib/lines.ts';
import { pattern } from './lib/pattern-parts.ts';
import { SYSLOG_FACILITIES, SYSLOG_LEVELS, syslogSeverity } from './lib/severity.ts';

/** us since the epoch at which a source's seconds began, if its last message was written when the source was; NaN = unknown. */
const boots = new WeakMap<SourceContext, number>();
function bootOf(context: SourceContext): number {
  let boot = boots.get(context);
  if (boot === undefined) {
    const end = endOf(context);
    const last = end && [...byteText(end, 0, end.length).matchAll(/^(?:<\d{1,3}>|\w+ *:\w+ *: )?\[ *(\d{1,8}\.\d{6})\]/gm)].at(-1)?.[1];
    boot = last === undefined ? NaN : context.modified - Math.round(Number(last) * 1e6);
    boots.set(context, boot);
  }
  return boot;
}
/** Messages of an earlier boot may count further than the last one: their seconds say nothing. Several processors disorder them a little. */
const DISORDER_US = 10e6;

function report(text: (group: string) => string, sink: Sink, context: SourceContext): void {
  sink.text(FIELD.service, 'kernel');
  const uptime = text('uptime');
  if (uptime !== '') {
    const us = bootOf(context) + Math.round(Number(uptime) * 1e6);
    if (us <= context.modified + DISORDER_US) sink.time(us, 0, 0, false, true);
  }
  const value = text('priority');
  if (value === '') return;
  const code = Number(value);
  sink.severity(syslogSeverity(code & 7));
  sink.text(FIELD.level, SYSLOG_LEVELS[code & 7]);
  sink.attribute('facility', SYSLOG_FACILITIES[code >> 3] ?? '');
}

export const dmesg = lineFormat({
  id: 'dmesg',
  title: 'Kernel messages (dmesg)',
  description: 'The kernel ring buffer. Seconds since boot are no time of day: without -T the last message takes the time of the file and the others stand before it, marked as inferred.',
  what: 'kernel messages "[uptime] text"',
  weight: 0.9,
  starts: 'line',
  patterns: [
    pattern(String.raw`^(?:<(?<priority>\d{1,3})>)?\[ *(?<uptime>\d{1,8}\.\d{6})\](?:\[ *(?<caller>[TC]\d+)\])? ?(?<message>.*)`),
    pattern(String.raw`^(?:<(?<priority>\d{1,3})>)?\[(?<time>{CTIME})\] (?!\[)(?<message>.*)`),
    pattern(String.raw`^(?<facility>kern|user|daemon|auth|syslog) *:(?<level>\w+) *: \[ *(?:(?<uptime>\d{1,8}\.\d{6})|(?<time>{CTIME}))\] ?(?<message>.*)`),
    /^<(?<priority>\d{1,3})>(?<message>\S.*)/,
  ],
  also: report,
  asks: ['priority', 'uptime'],
  samples: [
    { record: '[    1.234567] usb 1-1: new high-speed USB device number 2', time: '2026-06-15T12:00:00.000000Z', message: 'usb 1-1: new high-speed USB device number 2', fields: { service: 'kernel' }, attributes: { uptime: '1.234567' } },
    {
      record: '[   10.500000] a: first\n[   12.000000] a: second',
      time: '2026-06-15T12:00:00.000000Z',
      message: 'a: second',
    },
    { record: '<3>[12345.678901] ata1: failed command', severity: 'high', message: 'ata1: failed command', fields: { level: 'err' } },
    { record: '[Mon Oct 13 12:00:00 2025] eth0: link up', time: '2025-10-13T12:00:00.000000Z', message: 'eth0: link up' },
    { record: 'kern  :warn  : [    0.000000] ACPI: bug', severity: 'medium', message: 'ACPI: bug', attributes: { facility: 'kern' } },
    { record: '<6>systemd[1]: started', severity: 'info', message: 'systemd[1]: started' },
  ],
});
