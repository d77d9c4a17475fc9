import { describe, expect, it } from 'vitest';
import { parseCidr } from './cidr.ts';

describe('parseCidr', () => {
  it.each([
    ['10.0.0.0/8', '10.255.1.2', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['192.168.4.0/22', '192.168.7.255', true],
    ['192.168.4.0/22', '192.168.8.0', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['0.0.0.0/0', '::1', false],
    ['fe80::/10', 'fe80::1', true],
    ['fe80::/10', 'fec0::1', false],
    ['2001:db8::/32', '2001:db8:1::2', true],
    ['10.0.0.0/8', 'not an address', false],
  ])('%s holds %s: %s', (block, address, held) => expect(parseCidr(block)?.(address)).toBe(held));

  it('refuses what is no block', () => {
    for (const text of ['10.0.0.0', '10.0.0.0/33', '300.1.1.1/8', '::/129', 'a/b', '1:2:3/16']) expect(parseCidr(text)).toBeNull();
  });
});
