/**
 * The parts that syslog's two wire formats share: the priority, and the header of the BSD one.
 */
import { FIELD, type Sink } from '../format.ts';
import { SYSLOG_FACILITIES, SYSLOG_LEVELS, syslogSeverity } from './severity.ts';

/** Where <PRI> at `p` ends, or -1. The value is 0..191 (RFC 5424 6.2.1). */
export function priorityEnd(buf: Uint8Array, p: number, end: number): number {
  if (buf[p] !== 60) return -1;
  let q = p + 1;
  let value = 0;
  while (q < end && q < p + 4 && buf[q] >= 48 && buf[q] <= 57) value = value * 10 + buf[q++] - 48;
  return q > p + 1 && q < end && buf[q] === 62 && value <= 191 ? q + 1 : -1;
}

/** The value of the priority that ends before `end` and starts at `p`. */
function priorityValue(buf: Uint8Array, p: number, end: number): number {
  let value = 0;
  for (let q = p + 1; q < end - 1; q++) value = value * 10 + buf[q] - 48;
  return value;
}

/** Reports severity, level and facility of the priority buf[p, end). */
export function reportPriority(buf: Uint8Array, p: number, end: number, sink: Sink): void {
  const priority = priorityValue(buf, p, end);
  sink.severity(syslogSeverity(priority & 7));
  sink.text(FIELD.level, SYSLOG_LEVELS[priority & 7]);
  if (sink.detail) {
    sink.attribute('priority', priority);
    sink.attribute('facility', SYSLOG_FACILITIES[priority >> 3]);
  }
}
