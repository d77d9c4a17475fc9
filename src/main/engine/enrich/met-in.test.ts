import { expect, it } from 'vitest';
import { understand } from './indicator.ts';
import { metIn, type MetKeys } from './met-in.ts';

function keys(indicator: number, value: string): MetKeys {
  const known = understand(value, null);
  if ('rejected' in known) throw new Error(known.rejected);
  return { indicator, keys: known.keys };
}

it('names the parts that an indicator is in, also where it is a block or the name above', () => {
  const met = metIn([keys(1, '198.51.100.0/24'), keys(2, 'evil.example'), keys(3, '203.0.113.9')], [
    { name: 'message', text: 'lookup of a.EVIL.example by 198.51.100.7' }, { name: 'ip', text: '198.51.100.7' }, { name: 'dns.question', text: 'a.evil.example' }, { name: 'dns.question', text: 'evil.example' }, { name: 'host', text: 'notevil.example' },
  ]);
  expect([...met]).toEqual([[1, ['message', 'ip']], [2, ['message', 'dns.question']], [3, []]]);
});
