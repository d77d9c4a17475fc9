/**
 * Values that others published, to the digits that they give. NIST: Statistical Reference Datasets, itl.nist.gov/div898/strd, certified to
 * 15 digits. R: the help pages of stats and datasets, with what R 4 prints for their examples.
 */
import { describe as suite, expect, test } from 'vitest';
import { chiSquareIndependence } from './contingency.ts';
import { kendall, pearson, spearman } from './correlation.ts';
import { benjaminiHochberg, bonferroni } from './corrections.ts';
import { describe } from './descriptive.ts';
import { chiSquareUpper, fisherUpper, kolmogorovUpper, normalTwoSided, normalUpper, studentCritical, studentTwoSided } from './distributions.ts';
import { kolmogorovSmirnov, kruskalWallis, mannWhitney } from './ranks.ts';
import { linearRegression, logisticRegression } from './regression.ts';
import { hedgesG, oneSampleT, pairedT, studentT, welchT } from './t-tests.ts';
import { anova, welchAnova } from './variance-analysis.ts';

/** Relative, to so many digits. */
function near(actual: number, published: number, digits: number): void {
  expect(Math.abs(actual - published) / Math.abs(published), `${actual} is not ${published}`).toBeLessThan(0.5 * 10 ** (1 - digits));
}

const SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
const PLANTS = [
  [4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14],
  [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69],
  [6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26],
];

suite('distributions, by the tables of Abramowitz and Stegun and by R', () => {
  test('normal', () => {
    near(normalUpper(1.959963984540054), 0.025, 12);
    near(normalUpper(-1), 0.841344746068543, 12);
    near(normalTwoSided(6), 1.973175290075396e-9, 10);
  });
  test('Student', () => {
    near(studentTwoSided(2.2281388519862766, 10), 0.05, 10);
    near(studentCritical(0.05, 10), 2.2281388519862766, 12);
    // One degree of freedom is Cauchy's distribution.
    near(studentCritical(0.05, 1), Math.tan(0.475 * Math.PI), 12);
    expect(studentTwoSided(Number.POSITIVE_INFINITY, 3)).toBe(0);
  });
  test('chi-square and F', () => {
    near(chiSquareUpper(3.841458820694124, 1), 0.05, 10);
    near(chiSquareUpper(18.307038053275146, 10), 0.05, 10);
    near(fisherUpper(4.102821015, 2, 10), 0.05, 8);
  });
  test('Kolmogorov', () => {
    // Smirnov's table of the limit.
    near(kolmogorovUpper(1.3581), 0.05, 4);
    near(kolmogorovUpper(1.6276), 0.01, 4);
    expect(kolmogorovUpper(0.2)).toBeCloseTo(1, 9);
    // Both forms of the sum meet.
    expect(kolmogorovUpper(0.9999999)).toBeCloseTo(kolmogorovUpper(1.0000001), 6);
  });
});

suite('NIST, univariate', () => {
  test('Michelson: 100 measurements of the speed of light, in 1000 km/s', () => {
    const found = describe(MICHELSON.map((v) => 299 + v / 100));
    near(found?.mean ?? 0, 299.8524, 15);
    near(found?.sd ?? 0, 0.0790105478190518, 11);
  });
  test('NumAcc1, 3 and 4: differences far behind the first digit', () => {
    expect(describe([10000001, 10000003, 10000002])).toMatchObject({ mean: 10000002, sd: 1 });
    for (const [base, digits] of [[1000000, 9], [10000000, 8]]) {
      const found = describe([base + 0.2, ...Array.from({ length: 1000 }, (_, i) => base + (i % 2 === 0 ? 0.1 : 0.3))]);
      near(found?.mean ?? 0, base + 0.2, 15);
      near(found?.sd ?? 0, 0.1, digits);
    }
  });
  test('quantiles of type 7, as R gives them for 1..10', () => {
    expect(describe([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toMatchObject({ q1: 3.25, median: 5.5, q3: 7.75, mad: 2.5, skewness: 0, kurtosis: expect.closeTo(-1.2, 12) });
  });
});

suite('NIST, linear regression', () => {
  test('Norris', () => {
    const found = linearRegression(NORRIS.map(([y]) => y), [{ name: 'x', values: NORRIS.map(([, x]) => x) }]);
    near(found?.coefficients[0].value ?? 0, -0.262323073774029, 11);
    near(found?.coefficients[0].error ?? 0, 0.232818234301152, 11);
    near(found?.coefficients[1].value ?? 0, 1.00211681802045, 13);
    near(found?.coefficients[1].error ?? 0, 0.000429796848199937, 11);
    near(found?.residual ?? 0, 0.884796396144373, 11);
    near(found?.rSquared ?? 0, 0.999993745883712, 14);
    near(found?.f ?? 0, 5436385.54079785, 10);
  });
  test('Longley: predictors that say nearly the same', () => {
    const names = ['deflator', 'gnp', 'unemployed', 'forces', 'population', 'year'];
    const found = linearRegression(LONGLEY.map(([y]) => y), names.map((name, j) => ({ name, values: LONGLEY.map((row) => row[j + 1]) })));
    const certified = [
      [-3482258.63459582, 890420.383607373], [15.0618722713733, 84.9149257747669], [-0.035819179292591, 0.0334910077722432], [-2.02022980381683, 0.488399681651699],
      [-1.03322686717359, 0.214274163161675], [-0.0511041056535807, 0.22607320006937], [1829.15146461355, 455.478499142212],
    ];
    certified.forEach(([value, error], j) => {
      near(found?.coefficients[j].value ?? 0, value, 8);
      near(found?.coefficients[j].error ?? 0, error, 8);
    });
    near(found?.residual ?? 0, 304.854073561965, 9);
    near(found?.rSquared ?? 0, 0.995479004577296, 12);
    near(found?.f ?? 0, 330.285339234588, 9);
  });
  test('Wampler1: a polynomial of degree five with coefficients of one', () => {
    const x = Array.from({ length: 21 }, (_, i) => i);
    const found = linearRegression(x.map((v) => [0, 1, 2, 3, 4, 5].reduce((sum, k) => sum + v ** k, 0)), [1, 2, 3, 4, 5].map((k) => ({ name: `x${k}`, values: x.map((v) => v ** k) })));
    for (const { value } of found?.coefficients ?? []) near(value, 1, 7);
    expect(found?.rSquared).toBeCloseTo(1, 12);
  });
  test('a column that is twice another has no answer', () => {
    expect(linearRegression([1, 2, 3, 5, 4], [{ name: 'a', values: [1, 2, 3, 4, 6] }, { name: 'b', values: [2, 4, 6, 8, 12] }])).toBeNull();
  });
});

suite('R, means', () => {
  test('sleep', () => {
    const welch = welchT(SLEEP_1, SLEEP_2);
    near(welch.t, -1.8608, 5);
    near(welch.df, 17.776, 5);
    near(welch.p, 0.07939, 4);
    near(welch.lower, -3.3654832, 8);
    near(welch.upper, 0.2054832, 7);
    const paired = pairedT(SLEEP_1, SLEEP_2);
    near(paired.t, -4.0621, 5);
    near(paired.p, 0.002833, 4);
    near(paired.lower, -2.4598858, 8);
    const student = studentT(SLEEP_1, SLEEP_2);
    expect(student.df).toBe(18);
    near(student.p, 0.07919, 4);
    near(oneSampleT(SLEEP_1.map((v, i) => v - SLEEP_2[i]), 0).t, paired.t, 12);
    // Cohen's d of the same is -0.8321811; Hedges' factor for 18 degrees is 0.9577465.
    near(hedgesG(SLEEP_1, SLEEP_2), -0.8321811 * 0.9577465, 6);
  });
  test('PlantGrowth', () => {
    const found = anova(PLANTS);
    near(found.f, 4.846, 4);
    near(found.p, 0.01591, 4);
    expect([found.df1, found.df2]).toEqual([2, 27]);
    const welch = welchAnova(PLANTS);
    near(welch.f, 5.181, 4);
    near(welch.df2, 17.128, 5);
    near(welch.p, 0.01739, 4);
  });
});

suite('R, ranks', () => {
  test('Mann-Whitney: exact (Hollander and Wolfe, permeability of membranes), and with ties (sleep)', () => {
    const found = mannWhitney([0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.9, 0.74, 1.21]);
    expect(found).toMatchObject({ u: 35, exact: true });
    near(found.p / 2, 0.1272, 4);
    const tied = mannWhitney(SLEEP_1, SLEEP_2);
    expect(tied).toMatchObject({ u: 25.5, exact: false });
    near(tied.p, 0.06933, 4);
  });
  test('Kruskal-Wallis: PlantGrowth', () => {
    const found = kruskalWallis(PLANTS);
    near(found.h, 7.9882, 5);
    near(found.p, 0.01842, 4);
  });
  test('Kolmogorov-Smirnov: two of the orders of three and three have the largest distance', () => {
    const found = kolmogorovSmirnov([1, 2, 3], [4, 5, 6]);
    expect(found).toMatchObject({ d: 1, exact: true });
    near(found.p, 2 / 20, 10);
    // Ties: by the limit.
    expect(kolmogorovSmirnov([1, 1, 2, 3], [1, 1, 2, 3])).toMatchObject({ d: 0, p: 1, exact: false });
  });
});

suite('R, association', () => {
  const x = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
  const y = [2.6, 3.1, 2.5, 5, 3.6, 4, 5.2, 2.8, 3.8];
  test('cor.test: tuna (Hollander and Wolfe)', () => {
    const linear = pearson(x, y);
    near(linear.r, 0.5711816, 7);
    near(linear.p, 0.1082, 4);
    near(linear.interval?.lower ?? 0, -0.1497426, 7);
    near(linear.interval?.upper ?? 0, 0.8955795, 7);
    const tau = kendall(x, y);
    near(tau.r, 0.4444444, 7);
    near(tau.p, 0.1194, 4);
    const rho = spearman(x, y);
    near(rho.r, 0.6, 10);
    near(rho.p, 0.0968, 3);
  });
  test('chisq.test: gender and party (Agresti)', () => {
    const found = chiSquareIndependence([[762, 327, 468], [484, 239, 477]]);
    near(found.chiSquare, 30.07, 4);
    expect(found.df).toBe(2);
    near(found.p, 2.954e-7, 4);
  });
  test('glm: transmission by weight of 32 cars (mtcars)', () => {
    const found = logisticRegression(MTCARS_AM, [{ name: 'wt', values: MTCARS_WT }]);
    near(found?.coefficients[0].value ?? 0, 12.04, 4);
    near(found?.coefficients[0].error ?? 0, 4.51, 4);
    near(found?.coefficients[1].value ?? 0, -4.024, 4);
    near(found?.coefficients[1].p ?? 0, 0.00509, 3);
    near(found?.nullDeviance ?? 0, 43.23, 5);
    near(found?.deviance ?? 0, 19.176, 5);
    expect(found?.converged).toBe(true);
  });
  test('outcomes that a line separates do not converge', () => {
    expect(logisticRegression([0, 0, 0, 1, 1, 1], [{ name: 'x', values: [1, 2, 3, 7, 8, 9] }])?.converged).toBe(false);
  });
});

test('corrections: the example of Benjamini and Hochberg (1995)', () => {
  const p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
  expect(bonferroni(p).filter((value) => value <= 0.05)).toHaveLength(3);
  expect(benjaminiHochberg(p).filter((value) => value <= 0.05)).toHaveLength(4);
  for (const value of benjaminiHochberg([0.05, 0.01, 0.04, 0.02, 0.03])) expect(value).toBeCloseTo(0.05, 12);
});

const MICHELSON = [
  85, 74, 90, 107, 93, 85, 95, 98, 98, 88, 100, 98, 93, 65, 76, 81, 100, 100, 96, 96, 96, 94, 96, 94, 88, 80, 85, 88, 90, 84, 83, 79, 81, 88, 88, 83, 80, 79, 76, 80, 88, 88, 88, 86, 72, 72, 62, 86, 97, 95,
  88, 91, 85, 87, 84, 84, 85, 84, 84, 84, 89, 81, 81, 82, 80, 77, 76, 74, 75, 76, 91, 92, 89, 86, 88, 72, 84, 85, 85, 78, 89, 84, 78, 81, 76, 81, 79, 81, 82, 85, 87, 87, 81, 74, 81, 94, 95, 80, 81, 87,
];
const NORRIS = [
  [0.1, 0.2], [338.8, 337.4], [118.1, 118.2], [888, 884.6], [9.2, 10.1], [228.1, 226.5], [668.5, 666.3], [998.5, 996.3], [449.1, 448.6], [778.9, 777], [559.2, 558.2], [0.3, 0.4],
  [0.1, 0.6], [778.1, 775.5], [668.8, 666.9], [339.3, 338], [448.9, 447.5], [10.8, 11.6], [557.7, 556], [228.3, 228.1], [998, 995.8], [888.8, 887.6], [119.6, 120.2], [0.3, 0.3],
  [0.6, 0.3], [557.6, 556.8], [339.3, 339.1], [888, 887.2], [998.5, 999], [778.9, 779], [10.2, 11.1], [117.6, 118.3], [228.9, 229.2], [668.4, 669.1], [449.2, 448.9], [0.2, 0.5],
];
const LONGLEY = [
  [60323, 83, 234289, 2356, 1590, 107608, 1947], [61122, 88.5, 259426, 2325, 1456, 108632, 1948], [60171, 88.2, 258054, 3682, 1616, 109773, 1949], [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
  [63221, 96.2, 328975, 2099, 3099, 112075, 1951], [63639, 98.1, 346999, 1932, 3594, 113270, 1952], [64989, 99, 365385, 1870, 3547, 115094, 1953], [63761, 100, 363112, 3578, 3350, 116219, 1954],
  [66019, 101.2, 397469, 2904, 3048, 117388, 1955], [67857, 104.6, 419180, 2822, 2857, 118734, 1956], [68169, 108.4, 442769, 2936, 2798, 120445, 1957], [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
  [68655, 112.6, 482704, 3813, 2552, 123366, 1959], [69564, 114.2, 502601, 3931, 2514, 125368, 1960], [69331, 115.7, 518173, 4806, 2572, 127852, 1961], [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
];
const MTCARS_WT = [
  2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78,
];
const MTCARS_AM = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1];
