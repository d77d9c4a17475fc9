import { describe, expect, it } from 'vitest';
import { nabScore, normalised, probationRows, scaledSigmoid } from './nab-score.ts';

describe('the score of the Numenta Anomaly Benchmark', () => {
  const windows = [{ first: 400, last: 499 }];

  it('follows the sigmoid of the paper', () => {
    expect(scaledSigmoid(0)).toBe(0);
    expect(scaledSigmoid(-1)).toBeCloseTo(0.98661, 5);
    expect(scaledSigmoid(1)).toBeCloseTo(-0.98661, 5);
    expect(scaledSigmoid(2.99)).toBeGreaterThan(-1);
    expect(scaledSigmoid(3)).toBe(-1);
  });

  it('gives 0 to silence and 100 to a flag on the first row of each window', () => {
    const nothing = nabScore(1000, windows, []);
    expect(nothing).toEqual({ score: -1, windows: 1, found: 0, falseAlarms: 0 });
    expect(normalised(nothing.score, 1)).toBe(0);
    expect(normalised(nabScore(1000, windows, [400]).score, 1)).toBe(100);
  });

  it('counts the best detection of a window once, and less the later it comes', () => {
    const early = nabScore(1000, windows, [410]).score;
    const late = nabScore(1000, windows, [480]).score;
    expect(early).toBeGreaterThan(late);
    expect(nabScore(1000, windows, [410, 420, 480]).score).toBe(early);
    // The last row of a window of 100: position -1/100.
    expect(nabScore(1000, windows, [499]).score).toBeCloseTo(scaledSigmoid(-0.01) / scaledSigmoid(-1), 12);
  });

  it('makes a false alarm cost 0.11, less shortly behind a window, nothing within the probation', () => {
    expect(nabScore(1000, windows, [300]).score).toBeCloseTo(-1.11, 12);
    expect(nabScore(1000, windows, [995]).score).toBeCloseTo(-1.11, 9);
    expect(nabScore(1000, windows, [509]).score).toBeCloseTo(-1 + 0.11 * scaledSigmoid(10 / 99), 12);
    expect(nabScore(1000, windows, [149]).score).toBe(-1);
    expect(nabScore(1000, windows, [150]).score).toBeCloseTo(-1.11, 12);
    expect(probationRows(1000)).toBe(150);
    expect(probationRows(20_000)).toBe(750);
  });
});
