import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, parseArguments, UsageError, wholeNumber } from './arguments.ts';
import { COMMANDS } from './commands/registry.ts';
import { helpOf } from './command.ts';
import { caseAndQuery, explainError, scopeOf } from './scope.ts';
import { TidemarkError } from '../../shared/contract/rpc.ts';

const OPTIONS = { json: { help: '' }, limit: { value: 'N', help: '' } };

describe('parseArguments', () => {
  it('reads options before, between and after positionals', () => {
    const { positionals, values, switches } = parseArguments(['--json', 'a', '--limit', '5', 'b', '--limit=6'], OPTIONS);
    expect(positionals).toEqual(['a', 'b']);
    expect(values).toEqual({ limit: '6' });
    expect([...switches]).toEqual(['json']);
  });

  it('takes a query that starts with a dash', () => {
    expect(parseArguments(['c', '-host:web-3 error'], OPTIONS).positionals).toEqual(['c', '-host:web-3 error']);
    expect(parseArguments(['c', '--', '--json'], OPTIONS).positionals).toEqual(['c', '--json']);
  });

  it.each([[['--nope']], [['--limit']], [['--json=1']], [['--constructor']]])('refuses %j', (words) => {
    expect(() => parseArguments(words, OPTIONS)).toThrow(UsageError);
  });

  it('loses no word that is not an option', () => {
    fc.assert(
      fc.property(fc.array(fc.string().filter((word) => !word.startsWith('--') && word !== '-h')), (words) => {
        expect(parseArguments(words, OPTIONS).positionals).toEqual(words);
        expect(parseArguments(['--', ...words], OPTIONS).positionals).toEqual(words);
      }),
    );
  });
});

describe('values', () => {
  it('reads whole numbers', () => {
    expect(wholeNumber({ limit: '12' }, 'limit', 0)).toBe(12);
    expect(wholeNumber({}, 'limit', 0)).toBeUndefined();
    for (const wrong of ['-1', '1.5', 'x', '', '1e9', '0']) expect(() => wholeNumber({ limit: wrong }, 'limit', 1)).toThrow(UsageError);
  });

  it('reads lengths of time as microseconds', () => {
    expect([duration('1m', 'every'), duration('250ms', 'every'), duration('1.5h', 'every'), duration('1d', 'every')]).toEqual([60e6, 250e3, 5400e6, 86_400e6]);
    for (const wrong of ['', '1', 'm', '0s', '-1m', '1 m', '1y']) expect(() => duration(wrong, 'every')).toThrow(UsageError);
  });
});

describe('scope', () => {
  const now = Date.UTC(2026, 10, 21, 12) * 1000;
  const scope = (words: string[]) => scopeOf('q', parseArguments(words, { from: { value: 'T', help: '' }, to: { value: 'T', help: '' }, tz: { value: 'Z', help: '' } }), now);

  it('includes a day that is named whole, and goes up to a moment that is named', () => {
    expect(scope(['--from', '2026-11-20', '--to', '2026-11-20'])).toEqual({ query: 'q', from: Date.UTC(2026, 10, 20) * 1000, to: Date.UTC(2026, 10, 21) * 1000 });
    expect(scope(['--to', '2026-11-20T10:05:00Z']).to).toBe(Date.UTC(2026, 10, 20, 10, 5) * 1000);
    expect(scope(['--from', '-15m']).from).toBe(now - 15 * 60e6);
    expect(scope([])).toEqual({ query: 'q', from: null, to: null });
  });

  it('reads times in the zone', () => {
    expect(scope(['--from', '2026-07-01T12:00', '--tz', 'Europe/Berlin']).from).toBe(Date.UTC(2026, 6, 1, 10) * 1000);
  });

  it.each([[['--from', 'soon']], [['--tz', 'Mars/Base']], [['--from', '2026-11-20', '--to', '2026-11-19']]])('refuses %j', (words) => {
    expect(() => scope(words)).toThrow(UsageError);
  });

  it('joins the words of a query', () => {
    expect(caseAndQuery(parseArguments(['c', 'timed', 'out'], {}))).toEqual({ file: 'c', query: 'timed out' });
    expect(() => caseAndQuery(parseArguments([], {}))).toThrow(UsageError);
  });

  it('marks where in the query the trouble is', () => {
    expect(explainError(new TidemarkError('query', 'No value.', { from: 4, to: 6 }), 'abc >= x')).toBe('No value.\n  abc >= x\n      ^^');
    expect(explainError(new TidemarkError('no_case', 'No case.'), 'abc')).toBe('No case.');
  });
});

describe('help', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))('of %s names every option, and every option of its usage line exists', (_name, command) => {
    const help = helpOf(command);
    for (const option of Object.keys(command.options)) expect(help).toContain(`  --${option}`);
    for (const [, option] of command.usage.matchAll(/--([a-z-]+)/g)) expect(Object.keys(command.options)).toContain(option);
  });
});
