import { describe, expect, it } from 'vitest';
import { fileName } from './file-name.ts';

describe('fileName', () => {
  it.each([
    ['Checkout outage 21 November', 'checkout-outage-21-november'], ['../../etc/passwd', 'etc-passwd'], ['a/b\\c:d*?"<>|', 'a-b-c-d'], ['***', 'report'], ['x'.repeat(300), 'x'.repeat(80)],
  ])('%s', (title, name) => expect(fileName(title)).toBe(name));
});
