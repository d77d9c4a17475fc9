import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { StatisticsGroup, TestResult } from '../../../src/shared/contract/statistics.ts';

const TEST: TestResult = {
  id: 'mann-whitney', title: 'Mann-Whitney U test', statistic: 'U = 35', p: 0.0004, exact: false, effect: { name: "Cliff's delta", value: 0.41, size: 'medium' }, assumptions: ['Values do not depend on each other. Events close in time often do; then p is too small.'],
};
function group(name: string, median: number): StatisticsGroup {
  return {
    name, scope: { query: `service:${name}`, from: null, to: null }, whiskers: { low: median / 3, high: median * 2 }, outliers: 4, counts: Uint32Array.from({ length: 12 }, (_, i) => Math.round(100 * Math.exp(-((i - median / 20) ** 2) / 6))),
    described: { n: 400, mean: median * 1.2, sd: median / 2, min: 1, max: median * 6, q1: median * 0.7, median, q3: median * 1.4, p95: median * 3, p99: median * 5, mad: median * 0.3, skewness: 2.1, kurtosis: 6, meanInterval: { lower: median * 1.1, upper: median * 1.3 } },
  };
}

/** Two groups that differ, and a line. */
export function statisticsRoom(): EngineHandlers['statistics'] {
  return {
    fields: () => [{ name: 'latency_ms', title: 'Latency', unit: 'ms', share: 0.8 }, { name: 'status', title: 'Status', unit: '', share: 0.8 }, { name: 'metric:cpu_load', title: 'cpu_load', unit: '', share: 1 }],
    compare: ({ field, by, part }) => {
      const alone = by === '' && !part;
      return {
        field, unit: 'ms', kind: 'numbers', groups: alone ? [group('all', 60)] : [group(part ? 'selection' : 'payment', 120), group(part ? 'the rest' : 'cart', 40)], moreGroups: 0, bins: { from: 0, width: 40, n: 12, log: false }, contingency: null, test: alone ? null : TEST,
        chosen: alone ? '' : 'Ranks are compared, not means: values are very skewed (skewness 2.1).', also: alone ? [] : [{ ...TEST, id: 'welch-t', title: "Welch's t-test", statistic: 't = 4.1, df = 320' }], pairs: [],
        conclusion: alone ? 'Half of 400 values are 60 ms or less, one in twenty is more than 180 ms.' : "Hardly chance. The two groups differ (p = 0.0004, medium effect: Cliff's delta 0.41); medians 120 ms (payment) and 40 ms (cart).", total: 12_000, looked: 12_000, present: 800, unreadable: 0,
      };
    },
    relate: ({ y, x }) => ({
      y, x, unit: '', step: 0, n: 800, correlations: x.map((name) => ({ x: name, pearson: { r: 0.61, p: 1e-9, lower: 0.5, upper: 0.7 }, spearman: { r: 0.66, p: 1e-9 }, kendall: { r: 0.48, p: 1e-9 } })),
      regression: { kind: 'linear', outcome: null, coefficients: ['', ...x].map((name, i) => ({ name, value: 12 + i, error: 1.5, statistic: 8, p: 1e-6, lower: 9, upper: 15 })), rSquared: 0.37, adjusted: 0.36, p: 1e-9, statistic: 'F = 470, df = 1 and 798', residual: 22 },
      noRegression: '', paired: null, cautions: ['Going together is no cause: both may follow a third, such as load or the time of day.'], conclusion: `${y} and ${x[0]} closely go together: where one is high the other is (rank correlation 0.66, p < 0.0001, 800 pairs).`,
      points: { x: Float64Array.from({ length: 40 }, (_, i) => i), y: Float64Array.from({ length: 40 }, (_, i) => i * 2 + (i % 5)) }, total: 12_000, looked: 12_000, unreadable: 0,
    }),
  };
}
