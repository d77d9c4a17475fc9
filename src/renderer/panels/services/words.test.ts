import { describe, expect, it } from 'vitest';
import type { ServiceRow } from '../../../shared/contract/services.ts';
import { barsOf, budgetWords, ms, ordered, percent, summaryOf } from './words.ts';

const row = (service: string, edit: Partial<ServiceRow>): ServiceRow => ({ service, health: 'healthy', errors: 0, latency: null, ...edit }) as ServiceRow;

describe('numbers of services', () => {
  it('are written as people read them', () => {
    expect([percent(0.5), percent(null), percent(Number.NaN)]).toEqual(['50 %', '', '']);
    expect([0.4213, 12.34, 1883.4].map(ms)).toEqual(['0.421', '12.3', '1,883']);
  });
  it('say what is left of a budget, or how often it was spent', () => {
    expect(budgetWords({ left: 0.25, allowed: 8, failed: 6 })).toBe('25 % left');
    expect(budgetWords({ left: 1, allowed: 8, failed: 0 })).toBe('nothing spent');
    expect(budgetWords({ left: -1.5, allowed: 8, failed: 20 })).toBe('spent 2.5 times');
  });
  it('are in the order that is asked for', () => {
    const rows = [row('a10', { errors: 2 }), row('a9', { errors: 5, latency: { count: 1, p50: 1, p95: 9, p99: 9, max: 9 } }), row('b', {})];
    expect(ordered(rows, 'errors').map(({ service }) => service)).toEqual(['a9', 'a10']);
    expect(ordered(rows, 'slowest').map(({ service }) => service)).toEqual(['a9']);
    expect(summaryOf([...rows, row('c', { health: 'silent' })], 3)).toBe('7 services: 1 silent, 3 healthy, 3 not listed');
    expect(barsOf({ line: { total: Uint32Array.of(0, 10, 4), errors: Uint32Array.of(0, 0, 1) } })).toEqual([null, 0, 0.25]);
  });
});
