/** Shell histories with times: bash (HISTTIMEFORMAT), tcsh (#+), zsh (EXTENDED_HISTORY). */
import { lineFormat } from './lib/line-format.ts';

export const shellHistory = lineFormat({
  id: 'shell-history',
  title: 'Shell history',
  description: 'Commands with the time they were typed: bash with HISTTIMEFORMAT, tcsh, zsh with EXTENDED_HISTORY.',
  what: 'time stamps of a shell history',
  weight: 1,
  least: 0.2,
  spans: 2,
  starts: (buf, start, end) => {
    let p = start;
    if (buf[p] === 35) p += buf[p + 1] === 43 ? 2 : 1;
    else if (buf[p] === 58 && buf[p + 1] === 32) p += 2;
    else return false;
    let digits = 0;
    while (p + digits < end && buf[p + digits] >= 48 && buf[p + digits] <= 57) digits++;
    return digits === 10 && (p + 10 === end || buf[p + 10] === 58);
  },
  patterns: [/^#\+?(?<time>\d{10})\r?\n(?<message>.*)/, /^: (?<time>\d{10}):(?<seconds>\d+);(?<message>.*)/],
  samples: [
    { record: '#+1162490366\n./drive_vt52_curses', time: '2006-11-02T17:59:26.000000Z', message: './drive_vt52_curses' },
    { record: '#1162490385\nfor i in a b; do\n  echo $i\ndone', time: '2006-11-02T17:59:45.000000Z', message: 'for i in a b; do\n  echo $i\ndone' },
    { record: ': 1162490385:0;ls -l', time: '2006-11-02T17:59:45.000000Z', message: 'ls -l', attributes: { seconds: 0 } },
  ],
});
