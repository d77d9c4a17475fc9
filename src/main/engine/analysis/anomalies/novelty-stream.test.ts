import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../models/random.ts';
import { ANOMALY_SCORE, NOVELTY_HORIZON, NoveltyStream, scoreSeries } from './novelty-stream.ts';

/** A day of 96 values with noise, `days` of them. */
function daily(days: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: days * 96 }, (_, i) => 50 + 30 * Math.sin((2 * Math.PI * i) / 96) + 4 * (random.next() - 0.5));
}
const flags = (values: readonly number[]): number[] => scoreSeries(values).flatMap(({ anomaly }, i) => (anomaly ? [i] : []));

describe('the streaming detector', () => {
  it('says nothing of what goes on as before', () => {
    expect(flags(daily(20, 1)).filter((row) => row > 400)).toEqual([]);
    expect(flags(Array.from({ length: 2000 }, () => 7))).toEqual([]);
    expect(flags([])).toEqual([]);
    expect(flags([1, 2, 3])).toEqual([]);
  });

  it('says nothing before it knows fifty values, however wild one is', () => {
    const some = fc.array(fc.double({ noNaN: true, min: -100, max: 100 }), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(some, fc.nat(47), fc.constantFrom(-1e300, 1e9, 400), (values, at, wild) => {
        expect(flags(values.with(at, wild))).toEqual([]);
      }),
    );
  });

  it('flags one wild value, at that value and once', () => {
    const values = daily(20, 2);
    values[1500] = 400;
    expect(flags(values).filter((row) => row > 400)).toEqual([1500]);
  });

  it('flags a lasting change of level soon after it began, and gets used to it', () => {
    const random = new Random(3);
    const values = Array.from({ length: 4000 }, (_, i) => (i < 1500 ? 10 : 25) + random.next());
    const found = flags(values).filter((row) => row >= 1500);
    expect(found[0]).toBeLessThan(1510);
    expect(found.filter((row) => row > 2100)).toEqual([]);
  });

  it('takes noise for what it is, but for once in ten thousand values', () => {
    let alarms = 0;
    for (let seed = 10; seed < 16; seed++) {
      const random = new Random(seed);
      alarms += flags(Array.from({ length: 4000 }, () => random.next())).filter((row) => row > 400).length;
    }
    expect(alarms).toBeLessThanOrEqual(2);
  });

  it('flags a stretch whose values are all usual but whose shape is not', () => {
    const values = daily(20, 4);
    for (let i = 1500; i < 1570; i++) values[i] = 50;
    const found = flags(values).filter((row) => row > 400);
    expect(found[0]).toBeGreaterThanOrEqual(1500);
    expect(found[0]).toBeLessThan(1600);
  });

  it('flags the first change of a series that never changed', () => {
    expect(flags(Array.from({ length: 600 }, (_, i) => (i < 500 ? 3 : 4)))[0]).toBe(500);
  });

  it('says why in units of the series', () => {
    const stream = new NoveltyStream();
    const values = daily(10, 5).map((value) => value * 1000);
    for (const value of values) stream.push(value);
    stream.push(900_000);
    const [strongest] = stream.reasons();
    expect(strongest.span).toBe(2);
    expect(strongest.distance).toBeGreaterThan(400_000);
    expect(strongest.usual).toBeLessThan(10_000);
    expect(strongest.spreads).toBeGreaterThan(50);
  });

  const value = fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.double(), fc.constantFrom(0, 1e308, -1e308, 5e-324, Number.NaN, Infinity));
  const series = fc.array(value, { maxLength: 400 });

  it('gives scores from 0 to 1, flagged exactly where they reach the bar, whatever comes in', () => {
    fc.assert(
      fc.property(series, (values) => {
        for (const { score, anomaly, strength } of scoreSeries(values)) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(strength).not.toBeNaN();
          expect(anomaly).toBe(score >= ANOMALY_SCORE);
        }
      }),
    );
  });

  it('knows no future: cutting a series changes no score before the cut', () => {
    fc.assert(
      fc.property(series, fc.nat(400), (values, cut) => {
        expect(scoreSeries(values.slice(0, cut))).toEqual(scoreSeries(values).slice(0, cut));
      }),
    );
  });

  it('does not ask for the unit of a series', () => {
    const values = daily(10, 6);
    values[700] = 300;
    expect(scoreSeries(values.map((each) => each * 1024))).toEqual(scoreSeries(values));
    expect(flags(values.map((each) => each / 3 - 1e6))).toEqual(flags(values));
  });

  /** Scores of the values behind the cut, by a stream that was put away there, as JSON. */
  const resumed = (values: readonly number[], cut: number, kept: number): unknown[] => {
    const stream = new NoveltyStream();
    for (const value of values.slice(0, cut)) stream.push(value);
    const again = NoveltyStream.resume(JSON.parse(JSON.stringify(stream.state())) as ReturnType<NoveltyStream['state']>, values.slice(Math.max(0, cut - kept), cut));
    return values.slice(cut).map((value) => again.push(value));
  };

  it('goes on as if it had never been put away, wherever that was', () => {
    const finite = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(finite, fc.nat(600), (values, at) => {
        const cut = Math.min(at, values.length);
        expect(resumed(values, cut, Infinity)).toEqual(scoreSeries(values).slice(cut));
      }),
      { numRuns: 40 },
    );
  });

  it('needs no more than its horizon for that', () => {
    const cut = NOVELTY_HORIZON + 2500;
    const values = daily(Math.ceil((cut + 300) / 96), 8).slice(0, cut + 300);
    expect(resumed(values, cut, NOVELTY_HORIZON)).toEqual(scoreSeries(values).slice(cut));
  }, 120_000);

  it('tells a later one when a row was not worth a word', () => {
    const values = daily(20, 9);
    values[1500] = 400;
    values[1510] = 500;
    const told: number[] = [];
    const stream = new NoveltyStream();
    for (const [row, value] of values.entries()) if (stream.push(value, () => row >= 1510).anomaly) told.push(row);
    expect(told).toEqual([1510]);
  });
});
