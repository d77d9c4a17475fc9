import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeTicks } from './ticks.ts';

const at = (text: string): number => Date.parse(text) * 1000;
const labels = (from: string, to: string, zone: string, width = 900): string[] => timeTicks({ from: at(from), to: at(to) }, zone, width).map((tick) => tick.label);

describe('timeTicks', () => {
  it('labels hours, and the day where one begins', () => {
    expect(labels('2026-11-20T18:00:00Z', '2026-11-21T06:00:00Z', 'UTC', 500)).toEqual(['18:00', '20:00', '22:00', '21 Nov', '02:00', '04:00', '06:00']);
  });
  it('is round on the clock of the zone, not of UTC', () => {
    // India is five and a half hours ahead
    const ticks = timeTicks({ from: at('2026-11-20T18:00:00Z'), to: at('2026-11-21T06:00:00Z') }, 'Asia/Kolkata', 500);
    expect(ticks[0].label).toBe('21 Nov');
    expect(ticks[0].time).toBe(at('2026-11-20T18:30:00Z'));
    expect(ticks[1].label).toBe('02:00');
  });
  it('goes on in order where the clock is put back and forward', () => {
    for (const day of ['2026-10-25', '2026-03-29']) {
      const ticks = timeTicks({ from: at(`${day}T00:00:00Z`) - 6 * 3600e6, to: at(`${day}T12:00:00Z`) }, 'Europe/Berlin', 1600);
      expect(ticks.length).toBeGreaterThan(10);
      for (let i = 1; i < ticks.length; i++) expect(ticks[i].time).toBeGreaterThan(ticks[i - 1].time);
    }
  });
  it('reads years, months, milliseconds and microseconds', () => {
    expect(labels('1990-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'UTC', 600)).toEqual(['1990', '1995', '2000', '2005', '2010', '2015', '2020', '2025']);
    expect(labels('2026-10-15T00:00:00Z', '2027-03-15T00:00:00Z', 'UTC', 600)).toEqual(['Nov', 'Dec', '2027', 'Feb', 'Mar']);
    expect(labels('2026-11-21T14:02:33.000Z', '2026-11-21T14:02:33.020Z', 'UTC', 500)).toEqual(['14:02:33.000', '14:02:33.005', '14:02:33.010', '14:02:33.015', '14:02:33.020']);
    expect(timeTicks({ from: 1e15, to: 1e15 + 100 }, 'UTC', 800).map((tick) => tick.label.slice(-6))).toEqual(['000000', '000020', '000040', '000060', '000080', '000100']);
  });
  it('never draws labels over each other, never none, at any length, and stays inside the range', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 3.9e15 }), fc.double({ min: 2, max: 16, noNaN: true }), fc.integer({ min: 300, max: 3000 }), (from, exponent, width) => {
      const range = { from, to: from + Math.round(10 ** exponent) };
      const ticks = timeTicks(range, 'America/New_York', width);
      for (let i = 0; i < ticks.length; i++) {
        expect(ticks[i].time).toBeGreaterThanOrEqual(range.from);
        expect(ticks[i].time).toBeLessThanOrEqual(range.to);
        // a month may be shorter, and a changed clock an hour shorter, than the step says
        if (i > 0) expect(((ticks[i].time - ticks[i - 1].time) / (range.to - range.from)) * width).toBeGreaterThan(24);
      }
      expect(ticks.length).toBeLessThanOrEqual(width / 24);
    }));
  });
});
