import { expect, it } from 'vitest';
import { formats } from '../formats/registry.ts';
import { rehearse } from './rehearsal.ts';

it('goes through the formats it names, in steps short enough to be left', () => {
  let longest = 0;
  let steps = 0;
  for (let last = performance.now(), run = rehearse(formats); !run.next().done; last = performance.now()) {
    longest = Math.max(longest, performance.now() - last);
    steps++;
  }
  expect(steps).toBe(8);
  expect(longest).toBeLessThan(1000);
});
