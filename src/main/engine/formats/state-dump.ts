/** Dumps of a system's state that a job writes between ===== lines, one record each. */
import { lineFormat } from './lib/line-format.ts';
import { pattern } from './lib/pattern-parts.ts';

export const stateDump = lineFormat({
  id: 'state-dump',
  title: 'System state dumps',
  description: 'Output of ps and the like between "Start of system state dump at" lines.',
  what: 'starts of system state dumps',
  weight: 1,
  least: 0.01,
  starts: (buf, start, end) => end - start > 40 && buf[start] === 61 && buf[start + 9] === 61 && buf[start + 11] === 83,
  patterns: [pattern(String.raw`^={5,} Start of system state dump at (?<time>{CTIME}) =+`)],
  samples: [
    { record: '========== Start of system state dump at Thu Jun 2 00:01:01 UTC 2022 ==========\n\n/bin/ps auxww\nroot 1\n========== End of system state dump ==========', time: '2022-06-02T00:01:01.000000Z' },
  ],
});
