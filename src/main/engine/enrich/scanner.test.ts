import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseCidr } from '../search/cidr.ts';
import { refang, understand, type IndicatorType } from './indicator.ts';
import { Scanner } from './scanner.ts';
import { IndicatorTable, TableBuilder } from './table.ts';

const encoder = new TextEncoder();

function tableOf(values: readonly (readonly [string, IndicatorType | null])[]): IndicatorTable {
  const builder = new TableBuilder();
  values.forEach(([value, hint], i) => {
    const known = understand(value, hint);
    if ('rejected' in known) throw new Error(`${value}: ${known.rejected}`);
    for (const { kind, bytes } of known.keys) builder.add(kind, bytes, i + 1);
  });
  return new IndicatorTable(builder.build(1));
}
/** Numbers (from 1) of the values that a text has. */
function found(values: readonly (string | readonly [string, IndicatorType])[], text: string): number[] {
  const hits = new Set<number>();
  const table = tableOf(values.map((value) => (typeof value === 'string' ? [value, null] : value)));
  const bytes = encoder.encode(text);
  new Scanner(table, (indicator) => hits.add(indicator)).scan(bytes, 0, bytes.length);
  return [...hits].sort((a, b) => a - b);
}

describe('what matches', () => {
  it.each([
    ['10.1.2.3', 'from 10.1.2.3 port 22', true],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', 'host=10.1.2.3:443', true],
    ['10.1.2.3', 'The end is at 10.1.2.3.', true],
    ['10.1.2.3', '10.1.2.3-10.1.2.9', true],
    ['10.1.2.3', '::ffff:10.1.2.3', true],
    ['::ffff:10.1.2.3', 'src 10.1.2.3', true],
    ['10.1.2.3', '110.1.2.3 10.1.2.33 10.1.2.3.4 v10.1.2.3 10.1.2.3x 10.1.02.3', false],
    ['10.1.2.0/24', 'a 10.1.2.255 b', true],
    ['10.1.2.0/24', 'a 10.1.3.0 b', false],
    ['10.0.0.0/7', '11.9.9.9', true],
    ['2001:db8::1', 'from 2001:DB8:0:0:0:0:0:1 to', true],
    ['2001:db8::1', '[2001:db8::1]:443', true],
    ['2001:db8::1', 'from 2001:db8::1: timed out', true],
    ['2001:db8::1', '2001:db8::11 2001:db8::1:1', false],
    ['2001:db8::/32', 'x 2001:db8:ffff::9 y', true],
    ['2001:db8::/32', 'x 2001:db9::9 y', false],
    ['evil.example', 'GET http://cdn.evil.example/x', true],
    ['evil.example', 'mail to bob@EVIL.example, please', true],
    ['evil.example', 'q=http%3A%2F%2Fevil.example%2Fx', true],
    ['evil.example', 'notevil.example evil.example.org evil-example evil.examples', false],
    ['sub.evil.example', 'evil.example', false],
    ['bücher.example', 'a xn--bcher-kva.example b', true],
    ['hxxp://evil[.]example/a', 'GET http://evil.example/a HTTP/1.1', true],
    ['http://evil.example/a', 'see "https://Evil.Example:443/a".', true],
    ['http://evil.example/a', 'see http://user:pw@evil.example/a?x=1#top', true],
    ['http://evil.example/a', 'see (http://evil.example/a).', true],
    ['http://evil.example/a', '{"u":"http:\\/\\/evil.example\\/a"}', true],
    ['http://evil.example/', 'http://evil.example', true],
    ['http://evil.example/a', 'http://evil.example/A http://evil.example/ab http://evil.example/ http://x.evil.example/a', false],
    ['http://evil.example/a?x=1', 'http://evil.example/a', false],
    ['D41D8CD98F00B204E9800998ECF8427E', 'md5:d41d8cd98f00b204e9800998ecf8427e.exe', true],
    ['d41d8cd98f00b204e9800998ecf8427e', 'd41d8cd98f00b204e9800998ecf8427e0 0d41d8cd98f00b204e9800998ecf8427e x_d41d8cd98f00b204e9800998ecf8427e', false],
  ])('%s in %s: %s', (value, text, hit) => expect(found([value], text)).toEqual(hit ? [1] : []));

  it('tells all of several, the same one of two lists and blocks inside blocks', () => {
    expect(found(['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '10.1.2.3', 'example', 'a.example'].filter((value) => value !== 'example'), 'a.example 10.1.2.3')).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('against a naive search', () => {
  const octet = fc.integer({ min: 0, max: 3 });
  const ip = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.')).filter((text) => text !== '0.0.0.0');
  const label = fc.constantFrom('a', 'b', 'x-y', 'c1', 'evil');
  const domain = fc.tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('example', 'test')).map(([labels, top]) => [...labels, top].join('.'));
  const cidr = fc.tuple(ip, fc.integer({ min: 6, max: 31 })).map(([address, bits]) => `${address}/${bits}`).filter((text) => !('rejected' in understand(text, null)));
  const hash = fc.constantFrom('a1', 'b1', 'c0ffee').map((seed) => seed.repeat(40).slice(0, 32));
  const indicator = fc.oneof(ip, domain, cidr, hash);
  const glue = fc.constantFrom(' ', '=', '"', ':', ',', '.', '-', '/', '@', 'x', '1', '%', '\u00e9', '\n');
  const text = fc.array(fc.oneof(ip, domain, hash, glue, glue)).map((parts) => parts.join(''));

  /** Every address, name and hash that stands alone in a text, found with expressions. */
  function naive(value: string, haystack: string): boolean {
    const known = understand(value, null);
    if ('rejected' in known) throw new Error(value);
    const lower = haystack.toLowerCase();
    if (known.type === 'ip' || known.type === 'cidr') {
      const inside = known.type === 'cidr' ? parseCidr(known.value) : (one: string): boolean => one === known.value;
      return lower.split(/[^\w.\u0080-\uffff]+/).some((run) => {
        const address = run.replace(/\.+$/, '');
        return parseAddress(address) !== null && !/(?:^|\.)0\d/.test(address) && inside?.(address) === true;
      });
    }
    if (known.type === 'hash') return lower.split(/[^\w\u0080-\uffff]+/).includes(known.value);
    return lower.split(/%..|[^\w.\-\u0080-\uffff]+/).some((run) => {
      const host = run.replace(/^[.-]+|[.-]+$/g, '');
      return host === known.value || host.endsWith(`.${known.value}`);
    });
  }

  it('finds the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(indicator, { minLength: 1, maxLength: 12 }), text, (values, haystack) => {
        // Behind a % two characters are one byte; what they are made of here says nothing about an address.
        fc.pre(!haystack.includes('%'));
        expect(found(values, haystack)).toEqual(values.flatMap((value, i) => (naive(value, haystack) ? [i + 1] : [])));
      }),
      { numRuns: 600 },
    );
  });

  it('finds nothing in any bytes that is not there, and survives them', () => {
    const table = tableOf([['203.0.113.7', null], ['bad.example', null], ['2001:db8::/32', null], ['http://bad.example/x', null], ['ab'.repeat(16), null]]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.constantFrom('://', '::', '%2', '..', 'http', ':/', '\\/', '2001:'), { maxLength: 6 }), (bytes, extra) => {
        const whole = Buffer.concat([bytes, encoder.encode(extra.join('')), bytes]);
        let hits = 0;
        new Scanner(table, () => hits++).scan(whole, 0, whole.length);
        if (!/203\.0|bad\.example|2001:|abab/i.test(whole.toString('latin1'))) expect(hits).toBe(0);
      }),
    );
  });
});

describe('values of lists', () => {
  it.each([
    ['hxxps://evil[.]example[:]8080/a', 'https://evil.example:8080/a'],
    ['evil(dot)example', 'evil.example'],
    ['10[.]1[.]2[.]3', '10.1.2.3'],
    [' "10.1.2.3" ', '10.1.2.3'],
    ['2001[:]db8::1', '2001:db8::1'],
    ['hXXp[://]a.example', 'http://a.example'],
  ])('%s is %s', (defanged, value) => expect(refang(defanged)).toBe(value));

  it.each(['', 'localhost', '0.0.0.0', '0.0.0.0/0', '10.0.0.0/33', '300.1.1.1', 'bob@evil.example', 'a b', 'x'.repeat(3000), '-', '..', 'evil..example', '1.2.3'])('%s is refused with a reason', (value) => {
    const known = understand(value, null);
    expect('rejected' in known && known.rejected.length > 5).toBe(true);
  });
  it('of a type must be of it', () => {
    expect(understand('evil.example', 'ip')).toHaveProperty('rejected');
    expect(understand('nothex', 'hash')).toHaveProperty('rejected');
    expect(understand('00000000000000000000000000000000', 'hash')).toHaveProperty('rejected');
    expect(understand('evil.example/x', 'url')).toMatchObject({ type: 'url' });
    expect(understand('203.0.113.9:8080', null)).toMatchObject({ type: 'ip', value: '203.0.113.9' });
  });
});
