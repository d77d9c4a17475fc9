import { expect, it } from 'vitest';
import type { ClockSetting } from '../../shared/clock.ts';
import { formOf, readForm, saysSomething } from './form.ts';

const START = Date.UTC(2026, 9, 1, 8) * 1000;
const set = (given: Partial<ClockSetting>): ClockSetting => ({ offset: 0, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '', ...given });

it('what is set comes back as it was, in any zone', () => {
  for (const zone of ['UTC', 'Asia/Kolkata']) {
    for (const setting of [set({ offset: -3_000_001, drift: 12.5, reference: START + 123_456, uncertainty: 1800, note: 'why' }), set({ zone: 'Europe/Berlin' }), set({ offset: 7200e6 })]) {
      expect(readForm(formOf(setting, START, zone), zone, START)).toEqual({ setting });
    }
  }
});

it('an empty form moves nothing, and a drift counts from the first event', () => {
  const empty = formOf(undefined, START, 'UTC');
  expect(readForm(empty, 'UTC', START)).toEqual({ setting: set({}) });
  expect(saysSomething(set({}))).toBe(false);
  expect(saysSomething(set({ uncertainty: 1 }))).toBe(true);
  expect(readForm({ ...empty, drift: '20' }, 'UTC', START)).toEqual({ setting: set({ drift: 20, reference: START }) });
});

it('what cannot be meant is told at its field', () => {
  const read = readForm({ offset: '3', drift: 'fast', reference: 'x', uncertainty: '-1s', zone: '', note: '' }, 'UTC', START);
  expect('errors' in read && [...read.errors.keys()].toSorted()).toEqual(['drift', 'offset', 'reference', 'uncertainty']);
});
