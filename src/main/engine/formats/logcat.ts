/** Android's logcat, in the threadtime and brief formats. */
import { lineFormat } from './lib/line-format.ts';

const NAMES: Readonly<Record<string, string>> = { V: 'verbose', D: 'debug', I: 'info', W: 'warn', E: 'error', F: 'fatal', A: 'assert', S: 'silent' };
/** Severity codes by the letter's byte: W 2, E 3, F and A 4. */
const CODES: Readonly<Record<number, number>> = { 87: 2, 69: 3, 70: 4, 65: 4 };

export const logcat = lineFormat({
  id: 'logcat',
  title: 'Android logcat',
  description: 'The log of Android devices (logcat -v threadtime, brief, time).',
  what: '"time pid tid level tag: message" as logcat writes them',
  weight: 0.95,
  starts: 'line',
  severityAt: (buf, start) => CODES[buf[start]] ?? 0,
  levelText: (letter) => NAMES[letter] ?? letter,
  patterns: [
    /^(?<time>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6}(?: [+-]\d{4})?) +(?:(?<uid>\w+) +)?(?<pid>\d+) +(?<tid>\d+) (?<level>[VDIWEFAS]) (?<service>[^:]*?) *:(?: (?<message>.*))?$/,
    /^(?:(?<time>\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) )?(?<level>[VDIWEFA])\/(?<service>[^(]{1,80}?) *\( *(?<pid>\d+)\): (?<message>.*)/,
  ],
  samples: [
    { record: '03-17 16:13:38.811  1702  2395 D WindowManager: printFreezingDisplayLogsopening app wtoken = x', time: '2026-03-17T16:13:38.811000Z', severity: 'info', message: 'printFreezingDisplayLogsopening app wtoken = x', fields: { service: 'WindowManager', level: 'debug' }, attributes: { pid: 1702, tid: 2395 } },
    { record: 'E/AndroidRuntime( 1234): FATAL EXCEPTION: main', time: null, severity: 'high', message: 'FATAL EXCEPTION: main', fields: { service: 'AndroidRuntime' } },
  ],
});
