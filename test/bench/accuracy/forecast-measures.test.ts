/** Measures and splits are those of the competitions: what needs no model has the figures that were published for it. */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { naiveError, smapeOf } from '../../../src/main/engine/analysis/forecast/back-test.ts';
import { forecastNaive, forecastSeasonalNaive } from '../../../src/main/engine/analysis/forecast/simple.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/forecasting', import.meta.url));
const there = fs.existsSync(folder);
if (!there) console.log('skipped: there is no ../shared/data/forecasting beside the repository');

interface Line {
  frequency: number;
  h: number;
  train: number[];
  test: number[];
  period?: string;
}

/** Mean sMAPE and MASE of forecasts made by `said`. */
function measured(file: string, of: (line: Line) => boolean, said: (train: Float64Array, line: Line) => Float64Array): { series: number; smape: number; mase: number } {
  const lines = fs.readFileSync(`${folder}/${file}`, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Line).filter(of);
  let smape = 0;
  let mase = 0;
  for (const line of lines) {
    const { test, frequency, h } = line;
    const train = Float64Array.from(line.train);
    const forecast = said(train, line);
    smape += smapeOf(test, forecast);
    mase += test.reduce((sum, value, k) => sum + Math.abs(value - forecast[k]), 0) / h / naiveError(train, frequency);
  }
  return { series: lines.length, smape: smape / lines.length, mase: mase / lines.length };
}

it.skipIf(!there)('the last value has the figures of NAIVE2 on the yearly series of M3', () => {
  const { series, smape, mase } = measured('m3.jsonl', ({ period }) => period === 'YEARLY', (train, { h }) => forecastNaive(train, h));
  expect(series).toBe(323);
  expect(smape).toBeCloseTo(18.317, 3);
  expect(mase).toBeCloseTo(3.182, 3);
});

it.skipIf(!there)('the day before has the figures of the seasonal naive forecast on the hourly series of M4', () => {
  const { series, smape, mase } = measured('m4_hourly.jsonl', () => true, (train, { h, frequency }) => forecastSeasonalNaive(train, frequency, h));
  expect(series).toBe(207);
  expect(smape).toBeCloseTo(13.979, 3);
  expect(mase).toBeCloseTo(1.233, 3);
});
