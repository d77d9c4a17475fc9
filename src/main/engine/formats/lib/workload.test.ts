import { describe, expect, it } from 'vitest';
import { workloadOf } from './workload.ts';

describe('workloadOf', () => {
  it.each([
    ['shop-cart-64469b5b48-25zj6', 'shop-cart'],
    ['gateway-6f6cfc45b-h5m2n', 'gateway'],
    ['node-agent-x2v7k', 'node-agent'],
    ['db-0', 'db'],
    ['proxy-https', 'proxy-https'],
    ['web', 'web'],
    ['', ''],
  ])('%s runs %s', (pod, workload) => expect(workloadOf(pod)).toBe(workload));

  it('leaves what is longer than a name may be', () => {
    const long = `${'a'.repeat(300)}-x2v7k`;
    expect(workloadOf(long)).toBe(long);
  });
});
