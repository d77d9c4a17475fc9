import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connector } from './connectors/connector.ts';
import { withoutSecrets } from './connections.ts';

describe('a configuration that is kept', () => {
  it('has no secrets in it', () => {
    const one = connector({
      id: 'x', title: '', description: '', signal: 'logs', format: 'jsonl', mode: 'pull', target: () => '', test: async () => await Promise.resolve(''),
      config: z.object({ url: z.string(), token: z.string().default('').meta({ secret: true }), password: z.string().optional().meta({ secret: true }) }),
      read: async function* () {},
    });
    expect(withoutSecrets(one, { url: 'http://127.0.0.1', token: 'abc', password: 'def' })).toEqual({ url: 'http://127.0.0.1' });
  });
});
