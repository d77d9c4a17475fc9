import { describe, expect, it } from 'vitest';
import { ArimaFitter, forecastArima } from './arima.ts';
import { needsDifference, searchArima } from './arima-order.ts';
import { forecastAutoregression, forecastSeasonalDifferences, lagsFor } from './autoregression.ts';
import { forecastCes } from './ces.ts';
import { solveSymmetric } from './cholesky.ts';
import { fitEtsForms, forecastEts } from './ets.ts';
import { minimise } from './nelder-mead.ts';
import { deseasonalise, isSeasonal, reseasonalise } from './season.ts';
import { forecastDrift, forecastNaive, forecastSeasonalNaive } from './simple.ts';
import { forecastTheta } from './theta.ts';

/** Standard normal numbers that are the same each time (Park-Miller, Box-Muller). */
function normals(n: number, seed = 7): Float64Array {
  let state = seed;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Float64Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()));
}
const line = (n: number, from: number, by: number): Float64Array => Float64Array.from({ length: n }, (_, t) => from + by * t);
const close = (actual: Float64Array | null, expected: ArrayLike<number>, within: number): void => {
  expect(actual).not.toBeNull();
  expect(actual?.length).toBe(expected.length);
  actual?.forEach((value, k) => expect(Math.abs(value - expected[k]), `step ${k}: ${value}, not ${expected[k]}`).toBeLessThanOrEqual(within));
};
const SEASON = [0.7, 0.9, 1.1, 1.3];

describe('minimise', () => {
  it("finds the bottom of Rosenbrock's valley", () => {
    const { x, value } = minimise(([a, b]) => (1 - a) ** 2 + 100 * (b - a * a) ** 2, Float64Array.of(-1.2, 1), [0.5, 0.5], { evaluations: 2000, tolerance: 1e-12 });
    expect(value).toBeLessThan(1e-8);
    close(x, [1, 1], 1e-3);
  });
  it('stays within a bound that the function answers with Infinity', () => {
    const { x } = minimise(([a]) => (a < 2 ? Number.POSITIVE_INFINITY : a * a), Float64Array.of(5), [-4], { evaluations: 300, tolerance: 1e-12 });
    expect(x[0]).toBeGreaterThanOrEqual(2);
    expect(x[0]).toBeLessThan(2.01);
  });
});

it('solves a symmetric system, and says so when it is singular', () => {
  close(solveSymmetric(Float64Array.of(4, 2, 2, 3), Float64Array.of(2, 1)), [0.5, 0], 1e-12);
  expect(solveSymmetric(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 2)).every(Number.isFinite)).toBe(false);
});

describe('seasons', () => {
  const trend = line(24, 100, 2);
  const seasonal = trend.map((value, t) => value * SEASON[t % 4]);
  it('takes a multiplicative season out and puts it back', () => {
    const parts = deseasonalise(seasonal, 4, 'multiplicative');
    close(parts.indices, SEASON, 0.01);
    close(reseasonalise(parts.adjusted, parts, 0), seasonal, 1e-9);
    close(parts.adjusted, trend, 2);
  });
  it('goes on at the position in the season where the history ended', () => {
    close(reseasonalise(Float64Array.of(10, 10, 10), { indices: Float64Array.of(1, 2, 3, 4), kind: 'additive' }, 7), [14, 11, 12], 0);
  });
  it('draws indices that may be chance towards no season, and leaves clear ones', () => {
    const noise = normals(24).map((value) => 100 + 10 * value);
    const spread = (indices: Float64Array): number => indices.reduce((sum, index) => sum + (index - 1) ** 2, 0);
    expect(spread(deseasonalise(noise, 6, 'multiplicative', true).indices)).toBeLessThan(0.6 * spread(deseasonalise(noise, 6, 'multiplicative').indices));
    close(deseasonalise(seasonal, 4, 'multiplicative', true).indices, deseasonalise(seasonal, 4, 'multiplicative').indices, 0.01);
  });
  it('tests for a season as the competitions do', () => {
    const flat = Float64Array.from({ length: 24 }, (_, t) => SEASON[t % 4]);
    expect(isSeasonal(flat, 4)).toBe(true);
    expect(isSeasonal(flat.subarray(0, 11), 4)).toBe(false);
    expect(isSeasonal(normals(60), 12)).toBe(false);
  });
});

describe('exponential smoothing', () => {
  it('goes on with a line', () => {
    const [best] = fitEtsForms(line(40, 50, 3), 1);
    expect(best.trend).not.toBe('none');
    close(forecastEts(best, 4), [170, 173, 176, 179], 1);
  });
  it('prefers a multiplicative season where swings grow with the level', () => {
    const y = Float64Array.from({ length: 60 }, (_, t) => (100 + 5 * t) * SEASON[t % 4]);
    const [best] = fitEtsForms(y.map((value, t) => value * (1 + 0.01 * normals(60)[t])), 4);
    expect(best.season).toBe('multiplicative');
    expect(best.trend).not.toBe('none');
    const ahead = forecastEts(best, 4);
    ahead.forEach((value, k) => expect(Math.abs(value / ((100 + 5 * (60 + k)) * SEASON[k % 4]) - 1)).toBeLessThan(0.05));
  });
  it('smooths noise around a level to its mean', () => {
    const y = normals(200).map((value) => 20 + value);
    const [best] = fitEtsForms(y, 1);
    expect(best.alpha).toBeLessThan(0.2);
    expect(forecastEts(best, 1)[0]).toBeCloseTo(20, 0);
  });
  it('fits nothing that has as many parameters as values', () => {
    expect(fitEtsForms(line(3, 1, 1), 1)).toEqual([]);
  });
});

describe('theta', () => {
  it('goes on with a line when theta is free, and with half of its slope at theta 2 as the method of the competition does', () => {
    close(forecastTheta(line(30, 10, 2), 3), [70, 72, 74], 0.5);
    const y = normals(60).map((value, t) => 100 + t + 0.01 * value);
    const ahead = forecastTheta(y, 11, 2);
    expect((ahead[10] - ahead[0]) / 10).toBeCloseTo(0.5, 1);
  });
});

describe('complex exponential smoothing', () => {
  it('keeps a level and follows a trend', () => {
    expect(forecastCes(normals(100).map((value) => 50 + value), 5)[4]).toBeCloseTo(50, -1);
    const ahead = forecastCes(line(60, 100, 2), 3);
    close(ahead, [220, 222, 224], 4);
  });
});

it('is not led astray by one wild value: a walk is still followed to its last value', () => {
  let sum = 100;
  const walk = normals(80).map((value) => (sum += value));
  walk[50] += 60;
  const last = walk[79];
  const forecasts = { ets: forecastEts(fitEtsForms(walk, 1, [{ error: 'additive', trend: 'none', season: 'none' }])[0], 1), theta: forecastTheta(walk, 1), ces: forecastCes(walk, 1) };
  for (const [id, [next]] of Object.entries(forecasts)) expect(Math.abs(next - last), id).toBeLessThan(1);
});

describe('ARIMA', () => {
  it('finds the coefficients of an AR(2) and of an MA(1)', () => {
    const e = normals(3000);
    const ar = new Float64Array(3000);
    for (let t = 2; t < 3000; t++) ar[t] = 0.5 * ar[t - 1] + 0.3 * ar[t - 2] + e[t];
    const none = { d: 0, P: 0, D: 0, Q: 0, period: 1, mean: false };
    close(new ArimaFitter(ar).fit({ ...none, p: 2, q: 0 })?.ar ?? null, [0.5, 0.3], 0.05);
    const ma = e.map((value, t) => value + 0.6 * (t > 0 ? e[t - 1] : 0));
    close(new ArimaFitter(ma).fit({ ...none, p: 0, q: 1 })?.ma ?? null, [0.6], 0.05);
  });
  it('takes the product of the ordinary and the seasonal polynomial', () => {
    const e = normals(2000, 11);
    const y = new Float64Array(2000);
    for (let t = 5; t < 2000; t++) y[t] = 0.5 * y[t - 1] + 0.4 * y[t - 4] - 0.2 * y[t - 5] + e[t];
    close(new ArimaFitter(y).fit({ p: 1, d: 0, q: 0, P: 1, D: 0, Q: 0, period: 4, mean: false })?.ar ?? null, [0.5, 0, 0, 0.4, -0.2], 0.06);
  });
  it('differences a random walk and leaves noise alone', () => {
    let sum = 0;
    const walk = normals(200).map((value) => (sum += value));
    expect(needsDifference(walk)).toBe(true);
    expect(needsDifference(normals(200))).toBe(false);
    expect(searchArima(walk, 1)[0].order.d).toBe(1);
  });
  it('sums up again what was differenced, ordinary and seasonal', () => {
    const y = Float64Array.from({ length: 60 }, (_, t) => 100 + 3 * t + 40 * SEASON[t % 4]);
    const [best] = searchArima(y.map((value, t) => value + 0.01 * normals(60)[t]), 4);
    expect(best.order.D).toBe(1);
    close(forecastArima(best, y, 6), Array.from({ length: 6 }, (_, k) => 100 + 3 * (60 + k) + 40 * SEASON[k % 4]), 0.5);
  });
});

describe('autoregression', () => {
  const y = Float64Array.from({ length: 600 }, (_, t) => 100 + 30 * Math.sin((2 * Math.PI * t) / 24) + 20 * Math.sin((2 * Math.PI * t) / 168));
  const next = Array.from({ length: 48 }, (_, k) => 100 + 30 * Math.sin((2 * Math.PI * (600 + k)) / 24) + 20 * Math.sin((2 * Math.PI * (600 + k)) / 168));
  it('follows the day and the week at once', () => {
    const lags = lagsFor(600, [24, 168]);
    expect(lags).toContain(24);
    expect(lags).toContain(168);
    close(forecastAutoregression(y, lags, 48), next, 4);
    close(forecastSeasonalDifferences(y, 168, lagsFor(432, [24]), 48), next, 4);
  });
  it('asks for no lag that the series does not bear', () => {
    expect(lagsFor(4, [])).toEqual([1]);
    expect(lagsFor(0, [24])).toEqual([]);
    const lags = lagsFor(100, [24, 168]);
    expect(100 - (lags.at(-1) ?? 0)).toBeGreaterThanOrEqual(3 * lags.length);
    expect(forecastAutoregression(y, [], 3)).toBeNull();
  });
});

it('has the simple ones', () => {
  const y = Float64Array.of(1, 2, 3, 5);
  close(forecastNaive(y, 2), [5, 5], 0);
  close(forecastSeasonalNaive(y, 2, 3), [3, 5, 3], 0);
  close(forecastDrift(y, 2), [5 + 4 / 3, 5 + 8 / 3], 1e-12);
});
