/** The kernel's ring buffer as dmesg prints it: seconds since boot, with -T a date, with -r or -x priorities. */
import { FIELD, type Sink } from './format.ts';
import { lineFormat } from './lib/line-format.ts';
import { pattern } from './lib/pattern-parts.ts';
import { SYSLOG_FACILITIES, SYSLOG_LEVELS, syslogSeverity } from './lib/severity.ts';

function priority(text: (group: string) => string, sink: Sink): void {
  sink.text(FIELD.service, 'kernel');
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
  description: 'The kernel ring buffer. Seconds since boot are no time of day: without -T the events carry the time of the file.',
  what: 'kernel messages "[uptime] text"',
  weight: 0.9,
  starts: 'line',
  patterns: [
    pattern(String.raw`^(?:<(?<priority>\d{1,3})>)?\[ *(?<uptime>\d{1,8}\.\d{6})\](?:\[ *(?<caller>[TC]\d+)\])? ?(?<message>.*)`),
    pattern(String.raw`^(?:<(?<priority>\d{1,3})>)?\[(?<time>{CTIME})\] (?!\[)(?<message>.*)`),
    pattern(String.raw`^(?<facility>kern|user|daemon|auth|syslog) *:(?<level>\w+) *: \[ *(?:(?<uptime>\d{1,8}\.\d{6})|(?<time>{CTIME}))\] ?(?<message>.*)`),
    /^<(?<priority>\d{1,3})>(?<message>\S.*)/,
  ],
  also: priority,
  asks: ['priority'],
  samples: [
    { record: '[    1.234567] usb 1-1: new high-speed USB device number 2', time: null, message: 'usb 1-1: new high-speed USB device number 2', fields: { service: 'kernel' }, attributes: { uptime: '1.234567' } },
    { record: '<3>[12345.678901] ata1: failed command', severity: 'high', message: 'ata1: failed command', fields: { level: 'err' } },
    { record: '[Mon Oct 13 12:00:00 2025] eth0: link up', time: '2025-10-13T12:00:00.000000Z', message: 'eth0: link up' },
    { record: 'kern  :warn  : [    0.000000] ACPI: bug', severity: 'medium', message: 'ACPI: bug', attributes: { facility: 'kern' } },
    { record: '<6>systemd[1]: started', severity: 'info', message: 'systemd[1]: started' },
  ],
});
