import { describe, expect, it } from 'vitest';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { inKnownOrder } from './lane-order.ts';

const reply = (...keys: string[]): WindowReply => ({
  from: 0, to: 1, step: 1, buckets: 1, more: 0, severities: [0, 0, 0, 0, 0], version: 1, total: 0, complete: true, scanned: 1, unreadable: 0,
  lanes: keys.map((key) => ({ key, label: key, total: 0, counts: new Uint32Array(5), gaps: [] })),
});

describe('inKnownOrder', () => {
  it('keeps lanes where they were first seen, and adds new ones below', () => {
    const known: string[] = [];
    const order = (...keys: string[]): string[] => inKnownOrder(reply(...keys), known).lanes.map((lane) => lane.key);
    expect(order('api', 'web')).toEqual(['api', 'web']);
    expect(order('web', 'db', 'api')).toEqual(['api', 'web', 'db']);
    expect(order('db')).toEqual(['db']);
    expect(order('db', 'api', 'web')).toEqual(['api', 'web', 'db']);
  });
});
