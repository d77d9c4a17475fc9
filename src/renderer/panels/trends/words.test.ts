import { expect, it } from 'vitest';
import { measureOf } from '../../../shared/measure.ts';
import { beyondWords, lookBackWords, trendWords, verdictWords } from './words.ts';

const percent = measureOf({ name: 'disk', unit: '%', kind: 'gauge', cumulative: false });
const row = { title: 'Combination of methods', reference: false, weight: 1, mase: 1, smape: 1 };

it('says a trend in words', () => {
  expect(trendWords({ direction: 'rising', p: 0.0001, slope: 1.5, lower: 1.25, upper: 1.75 }, percent)).toBe('Rises by 1.5 % an hour (95 %: 1.25 % to 1.75 %; Mann-Kendall p < 0.001, Theil-Sen).');
  expect(trendWords({ direction: 'falling', p: 0.012, slope: -2, lower: -3, upper: -1 }, percent)).toBe('Falls by 2 % an hour (95 %: 1 % to 3 %; Mann-Kendall p = 0.012, Theil-Sen).');
  expect(trendWords({ direction: 'none', p: 0.4, slope: 0, lower: -1, upper: 1 }, percent)).toBe('No trend beyond chance (Mann-Kendall p = 0.40).');
  expect(trendWords(null, percent)).toContain('Too few');
});
it('says whether the forecast is better than a simple rule', () => {
  const forecast = { method: 'combination', start: 0, values: new Float64Array(30), intervals: [] };
  const coverage = [{ level: 0.95, share: 0.94 }];
  const naive = { ...row, id: 'naive', title: 'Last value', reference: true };
  expect(verdictWords({ forecast, coverage, methods: [{ ...row, id: 'combination', mae: 1 }, { ...naive, mae: 2 }] }, percent)).toEqual({ good: true, text: 'Wrong by 1 % on average, "Last value" by 2 %; 94 % of what came lay in the interval of 95 %.' });
  expect(verdictWords({ forecast, coverage: [], methods: [{ ...row, id: 'combination', mae: 3 }, { ...naive, mae: 2 }] }, percent)).toMatchObject({ good: false, text: expect.stringContaining('Rather trust that rule') });
  expect(verdictWords({ forecast, coverage, methods: [] }, percent).text).toBe('');
  expect(lookBackWords({ origins: 8, step: 60e6, compared: 30 })).toBe('What each method would have said from 8 earlier moments, up to 30 min ahead');
  expect(beyondWords({ origins: 8, step: 60e6, compared: 30, forecast })).toBe('');
  expect(beyondWords({ origins: 8, step: 60e6, compared: 12, forecast })).toContain('more than 12 min');
});
