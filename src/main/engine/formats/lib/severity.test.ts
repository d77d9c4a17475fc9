import { describe, expect, it } from 'vitest';
import { otelSeverity, pinoSeverity, severityAt, severityOf, syslogSeverity } from './severity.ts';

const encoder = new TextEncoder();
const TABLE: readonly (readonly [string, number])[] = [
  ['EMERG', 4], ['Alert', 4], ['CRITICAL', 4], ['fatal', 4], ['panic', 4], ['SEVERE', 4],
  ['error', 3], ['ERR', 3], ['Failure', 3], ['E', 3],
  ['WARN', 2], ['warning', 2], ['W', 2],
  ['notice', 1],
  ['INFO', 0], ['debug', 0], ['Trace', 0], ['FINEST', 0], ['V', 0], [' info ', 0],
  ['', -1], ['hello', -1], ['informationally', -1], ['[info', -1], ['err0r', -1],
];

describe('levels', () => {
  it.each(TABLE)('%j is %i', (word, code) => {
    const buf = encoder.encode(`<${word}>`);
    expect(severityAt(buf, 1, buf.length - 1)).toBe(code);
    expect(severityOf(word)).toBe(code);
  });
  it('knows numbers', () => {
    expect([0, 3, 4, 5, 6, 7, 8].map(syslogSeverity)).toEqual([4, 3, 2, 1, 0, 0, -1]);
    expect([5, 10, 30, 40, 50, 60].map(pinoSeverity)).toEqual([-1, 0, 0, 2, 3, 4]);
    expect([0, 1, 9, 13, 17, 21, 24, 25].map(otelSeverity)).toEqual([-1, 0, 0, 2, 3, 4, 4, -1]);
    expect(['3', '50', '99'].map(severityOf)).toEqual([3, 3, -1]);
  });
});
