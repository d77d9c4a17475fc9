/** Series of a file of JSON lines, each with its own horizon. */
import { forecastPoints } from './forecaster.ts';
import { frequencyOf } from './frequency.ts';
import { shapeOf } from './shape.ts';

/** Steps ahead that are forecast at most. */
export const MOST_STEPS = 10_000;

export interface LineForecast {
  id: string | number;
  forecast: number[];
  method: string;
}

/**
 * Forecasts the series of one line: {"id","frequency","h","train":[..]}; null among the values is a gap. Throws an Error with what is wrong.
 * @param horizon for lines that say none
 */
export async function forecastLine(text: string, horizon?: number): Promise<LineForecast> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('it is not a JSON object');
  const { id, frequency, h = horizon, train } = parsed as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number') throw new Error('"id" is missing');
  if (typeof h !== 'number' || !Number.isInteger(h) || h < 1 || h > MOST_STEPS) throw new Error(`"h" is not a whole number from 1 to ${MOST_STEPS}`);
  if (!Array.isArray(train)) throw new Error('"train" is not a list of numbers');
  const values = Float64Array.from(train, (value: unknown, i) => {
    if (value === null) return Number.NaN;
    if (typeof value !== 'number') throw new Error(`"train" has ${JSON.stringify(value).slice(0, 40)} at position ${i}, which is no number`);
    return value;
  });
  const { shape } = shapeOf(values, frequencyOf(frequency));
  if (shape.values.length === 0) throw new Error('"train" has no value');
  const { values: forecast, method } = await forecastPoints(shape, h);
  return { id, forecast: Array.from(forecast), method };
}
