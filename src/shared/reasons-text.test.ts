import { expect, test } from 'vitest';
import { reasonsText } from './reasons-text.ts';

test('what speaks for the verdict comes first, whichever it is', () => {
  const reasons = [{ text: 'its level is INFO', weight: -0.5 }, { text: 'it says "timeout"', weight: 0.3 }];
  expect(reasonsText(reasons, 0.9)).toBe('it says "timeout"; but its level is INFO');
  expect(reasonsText(reasons, 0.1)).toBe('its level is INFO; but it says "timeout"');
  expect(reasonsText([], 0.9)).toBe('');
});
