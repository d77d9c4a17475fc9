/** strace -t, -tt, -ttt, -f, -T: system calls with their times. */
import { FIELD, type Sink } from './format.ts';
import { lineFormat } from './lib/line-format.ts';

/** A call that failed is worth a look, but programs probe all the time: low, not high. */
function failure(text: (group: string) => string, sink: Sink): void {
  const failed = / = -1 (E[A-Z0-9]+) \(/.exec(text('message'));
  if (!failed) return;
  sink.severity(1);
  sink.text(FIELD.level, 'error');
  sink.attribute('errno', failed[1]);
}

export const strace = lineFormat({
  id: 'strace',
  title: 'strace output',
  description: 'System calls of a traced program, with times.',
  what: 'system calls as strace prints them',
  weight: 0.95,
  starts: 'line',
  patterns: [
    /^(?:\[pid +(?<pid>\d+)\] |(?<thread>\d+) +)?(?<time>\d\d:\d\d:\d\d(?:\.\d{6})?|\d{10}\.\d{6}) (?<message>(?<call>\w+)\(.*?(?:<(?<latency_s>\d+\.\d{6})>)?)$/,
    /^(?:\[pid +(?<pid>\d+)\] |(?<thread>\d+) +)?(?<time>\d\d:\d\d:\d\d(?:\.\d{6})?|\d{10}\.\d{6}) (?<message>(?:<\.\.\. \w+ resumed>|--- SIG|\+\+\+ ).*?(?:<(?<latency_s>\d+\.\d{6})>)?)$/,
  ],
  also: failure,
  samples: [
    { record: '08:09:33.815943 access("/etc/ld.so.nohwcap", F_OK) = -1 ENOENT (No such file or directory) <0.000019>', time: '2026-06-15T08:09:33.815943Z', severity: 'low', numbers: { latencyMs: 0.019 }, attributes: { call: 'access', errno: 'ENOENT' } },
    { record: '478760 12:21:46.308556 brk(NULL)        = 0x5584b006b000 <0.007753>', time: '2026-06-15T12:21:46.308556Z', attributes: { thread: 478760, call: 'brk' } },
    { record: '[pid  7] 10:21:46.308556 <... read resumed>"", 4096) = 0', attributes: { pid: 7 } },
  ],
});
