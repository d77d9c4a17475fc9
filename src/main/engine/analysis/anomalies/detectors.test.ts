import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../models/random.ts';
import { changePoints, changes } from './change-points.ts';
import { scoreAt, VOTE } from './detector.ts';
import type { Detector, Series } from './detector.ts';
import { findStretches } from './ensemble.ts';
import { IsolationForest, meanDepth } from './isolation-forest.ts';
import { localOutlierFactors } from './local-outlier-factor.ts';
import { Network } from './network.ts';
import { periodOf } from './period.ts';
import { DETECTORS } from './registry.ts';
import { robustZ } from './robust-z.ts';
import { seasonal } from './seasonal.ts';
import { spreadOf } from './spread.ts';

const MINUTE = 60e6;
function series(values: ArrayLike<number>): Series {
  return { values: Float64Array.from(values), times: Float64Array.from({ length: values.length }, (_, i) => i * MINUTE), step: MINUTE };
}
function noise(n: number, seed: number, of: (i: number, noise: number) => number): number[] {
  const random = new Random(seed);
  // Sum of twelve: as good as normal, with standard deviation 1.
  return Array.from({ length: n }, (_, i) => of(i, Array.from({ length: 12 }, () => random.next()).reduce((sum, each) => sum + each, -6)));
}
function votesOf(detector: Detector, values: ArrayLike<number>): number[] {
  const said = detector.judge(series(values));
  if ('abstains' in said) throw new Error(said.abstains);
  return [...said.scores].flatMap((score, row) => (score >= VOTE ? [row] : []));
}

describe('every detector', () => {
  const value = fc.oneof(fc.double({ noNaN: true, min: -100, max: 100 }), fc.double(), fc.constantFrom(0, 0, 0, 5, 1e308, -1e308, 5e-324));
  const any = fc.oneof(fc.array(value, { maxLength: 150 }), fc.tuple(fc.array(value, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 15 })).map(([some, n]) => Array.from({ length: n }, () => some).flat()));

  it.each(DETECTORS.map((detector) => [detector.id, detector] as const))('%s gives scores from 0 to 1 or says why not, the same each time, whatever comes in', (_, detector) => {
    fc.assert(
      fc.property(any, (values) => {
        const said = detector.judge(series(values));
        expect(detector.judge(series(values))).toEqual('abstains' in said ? said : { scores: said.scores, why: expect.any(Function) });
        if ('abstains' in said) {
          expect(said.abstains).not.toBe('');
          return;
        }
        expect(said.scores.length).toBe(values.length);
        said.scores.forEach((score, row) => {
          expect(Number.isNaN(score) || (score >= 0 && score <= 1)).toBe(true);
          if (!Number.isFinite(values[row])) expect(score).toBeNaN();
          if (score >= VOTE) expect(said.why(row)).not.toMatch(/NaN|undefined|^$/);
        });
      }),
      { numRuns: detector.slow ? 25 : 100 },
    );
  });

  it.each(DETECTORS.map((detector) => [detector.id, detector] as const))('%s sees nothing in what never changes, and nothing in nothing', (_, detector) => {
    for (const values of [[], [1], Array.from({ length: 300 }, () => 4.2), Array.from({ length: 300 }, () => Number.NaN)]) {
      const said = detector.judge(series(values));
      if (!('abstains' in said)) expect([...said.scores].filter((score) => score >= VOTE)).toEqual([]);
    }
  });

  it.each(DETECTORS.filter(({ id }) => id !== 'change-points').map((detector) => [detector.id, detector] as const))('%s finds one wild value in a season with noise', (_, detector) => {
    const values = noise(600, 1, (i, n) => 20 + 8 * Math.sin((2 * Math.PI * i) / 48) + n / 2);
    values[451] = 90;
    const votes = votesOf(detector, values);
    expect(votes.some((row) => Math.abs(row - 451) <= 2)).toBe(true);
    expect(votes.filter((row) => row > 100 && Math.abs(row - 451) > 20).length).toBeLessThan(10);
  });
});

describe('robust z-score', () => {
  it('has its bar at 3.5 robust standard deviations', () => {
    // Median 5, median deviation 2: sigma 2.9652.
    const values = [1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 5 + 3.5 * 2.9652, 5 + 3.6 * 2.9652];
    const { median, sigma } = spreadOf(values) ?? { median: 0, sigma: 0 };
    expect(scoreAt(Math.abs(values[11] - median) / sigma, 3.5)).toBeGreaterThan(0.4);
    expect(spreadOf([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual({ median: 5, sigma: 2 * 1.4826 });
    expect(spreadOf([0, 0, 0, 0, 5])?.sigma).toBeCloseTo(1.2533, 10);
    expect(spreadOf([Number.NaN])).toBeNull();
  });
  it('says it with numbers', () => {
    const said = robustZ.judge(series([...Array.from({ length: 20 }, (_, i) => i % 5), 100]));
    expect('why' in said && said.why(20)).toBe('100 is 66.1 robust standard deviations above the median of 2');
  });
});

describe('seasons', () => {
  it('are found at their length, in noise, among spikes and with gaps; noise and slopes have none', () => {
    const wave = noise(480, 2, (i, n) => Math.sin((2 * Math.PI * i) / 24) + n / 3);
    expect(periodOf(Float64Array.from(wave))).toBe(24);
    wave[50] = 1000;
    wave[100] = Number.NaN;
    expect(periodOf(Float64Array.from(wave))).toBe(24);
    expect(periodOf(Float64Array.from(noise(480, 3, (_, n) => n)))).toBe(0);
    expect(periodOf(Float64Array.from(noise(480, 4, (i, n) => i + n)))).toBe(0);
  });
  it('make a value odd that is usual at another time', () => {
    const values = noise(480, 5, (i, n) => (i % 24 < 12 ? 100 : 10) + n);
    values[400] = 101;
    expect(400 % 24).toBeGreaterThan(11);
    expect(votesOf(seasonal, values)).toEqual([400]);
  });
});

describe('change points', () => {
  it('are where the level changes, exactly, and nowhere in noise', () => {
    const levels = noise(300, 6, (i, n) => (i < 100 ? 0 : i < 220 ? 8 : 3) + n);
    expect(changePoints(Float64Array.from(levels), 6 * Math.log(300))).toEqual([100, 220]);
    expect(votesOf(changes, levels)).toEqual([100, 220]);
    expect(votesOf(changes, noise(300, 7, (_, n) => n))).toEqual([]);
  });
  it('are the best cut there is (checked against all of them)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 11 }), fc.integer({ min: 1, max: 40 }), (values, penalty) => {
        const cost = (cuts: readonly number[]): number => {
          const edges = [0, ...cuts, values.length];
          return edges.slice(1).reduce((sum, to, i) => {
            const part = values.slice(edges[i], to);
            const mean = part.reduce((a, b) => a + b, 0) / part.length;
            return sum + part.reduce((a, b) => a + (b - mean) ** 2, 0);
          }, cuts.length * penalty);
        };
        let best = Infinity;
        for (let mask = 0; mask < 2 ** (values.length - 1); mask++) {
          const cuts = values.map((_, i) => i).slice(1).filter((i) => (mask & (1 << (i - 1))) !== 0);
          const edges = [0, ...cuts, values.length];
          if (edges.every((edge, i) => i === 0 || edge - edges[i - 1] >= 2)) best = Math.min(best, cost(cuts));
        }
        expect(cost(changePoints(Float64Array.from(values), penalty, 2))).toBeCloseTo(best, 6);
      }),
    );
  });
});

describe('isolation forest', () => {
  it('measures paths by the depth of a search tree', () => {
    expect([0, 1, 2].map(meanDepth)).toEqual([0, 0, 1]);
    // 2 H(255) - 2 * 255 / 256
    expect(meanDepth(256)).toBeCloseTo(10.2448, 3);
  });
  it('puts what lies apart above all others, and the same each time', () => {
    const points = noise(2 * 500, 8, (_, n) => n);
    points[2 * 77] = 8;
    points[2 * 77 + 1] = -8;
    const table = Float64Array.from(points);
    const forest = new IsolationForest(table, 2, 3);
    const scores = Array.from({ length: 500 }, (_, row) => forest.score(table, row));
    expect(scores.indexOf(Math.max(...scores))).toBe(77);
    expect(scores[77]).toBeGreaterThan(0.7);
    expect(scores.reduce((sum, score) => sum + score, 0) / 500).toBeLessThan(0.5);
    expect(new IsolationForest(table, 2, 3).score(table, 5)).toBe(scores[5]);
  });
});

describe('local outlier factor', () => {
  it('is what the definition gives by hand', () => {
    // Points 0, 1, 2, 10 with two neighbours: reach 2, 1, 2, 9; densities 2/(1+2), 2/(2+2), 2/(1+2), 2/(8+9).
    const factors = localOutlierFactors(Float64Array.from([0, 1, 2, 10]), 1, 2);
    const density = [2 / 3, 2 / 4, 2 / 3, 2 / 17];
    expect(factors[3]).toBeCloseTo((density[2] + density[1]) / 2 / density[3], 10);
    expect(factors[0]).toBeCloseTo((density[1] + density[2]) / 2 / density[0], 10);
  });
  it('is 1 where everything is the same', () => {
    expect([...localOutlierFactors(new Float64Array(60).fill(3), 2, 20)]).toEqual(Array.from({ length: 30 }, () => 1));
  });
});

describe('the network', () => {
  it('learns what one layer cannot', () => {
    const network = new Network([2, 6, 1], 1);
    const inputs = [[0, 0], [0, 1], [1, 0], [1, 1]].map((each) => Float64Array.from(each));
    const wanted = [0, 1, 1, 0].map((each) => Float64Array.of(each));
    for (let i = 0; i < 1500; i++) network.train(inputs, wanted);
    inputs.forEach((input, i) => expect(network.forward(input)[0]).toBeCloseTo(wanted[i][0], 1));
  });
});

describe('all of them together', () => {
  const values = noise(500, 9, (i, n) => 50 + 10 * Math.sin((2 * Math.PI * i) / 50) + n);
  for (let i = 430; i < 440; i++) values[i] = 160;

  it('agree on what is odd and say each why', () => {
    const [stretch, ...others] = findStretches(series(values));
    expect(others).toEqual([]);
    expect(stretch.first).toBeGreaterThan(424);
    expect(stretch.last).toBeLessThan(446);
    expect(stretch.votes.map(({ detector }) => detector)).toEqual(DETECTORS.map(({ id }) => id));
    expect(stretch.voters).toBeGreaterThan(stretch.judges / 2);
    expect(stretch.score).toBeGreaterThan(VOTE);
    for (const vote of stretch.votes) expect(vote.why).not.toBe('');
  });

  it('take the vote from a detector that calls everything odd', () => {
    const everything: Detector = { id: 'all', title: 'All', explain: '', pastOnly: false, slow: false, judge: (given) => ({ scores: given.values.map(() => 1), why: () => 'because' }) };
    const [stretch] = findStretches(series(values), [...DETECTORS, everything]);
    expect(stretch.votes.at(-1)).toMatchObject({ score: null, voted: false, why: 'does not judge this series: it would call 100 % of it odd' });
  });

  it('find nothing where nothing is', () => {
    expect(findStretches(series(noise(500, 10, (i, n) => 50 + 10 * Math.sin((2 * Math.PI * i) / 50) + n)))).toEqual([]);
    expect(findStretches(series([]))).toEqual([]);
  });
});
