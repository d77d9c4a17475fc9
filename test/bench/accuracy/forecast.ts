/**
 * Forecasts beside what came, for every file of series in the folder (JSON lines: id, frequency, h, train, test; `period` and `peer` where known).
 * One method for all of them: the product's.
 */
import fs from 'node:fs';
import path from 'node:path';
import { naiveError, smapeOf } from '../../../src/main/engine/analysis/forecast/back-test.ts';
import { forecastPoints, forecastSeries } from '../../../src/main/engine/analysis/forecast/forecaster.ts';
import { shapeOf } from '../../../src/main/engine/analysis/forecast/shape.ts';
import { forecastSeasonalNaive } from '../../../src/main/engine/analysis/forecast/simple.ts';
import type { AccuracyGroup, AccuracyLine } from './line.ts';

interface Line {
  id: string;
  frequency: number;
  h: number;
  train: number[];
  test: number[];
  period?: string;
  peer?: Record<string, { smape: number }>;
}
interface Target {
  title: string;
  must: number;
  aim: number;
  /** published for the whole of the set, of which a folder may hold a part */
  peers: AccuracyLine['peers'];
  peersMase: AccuracyLine['peers'];
}

/** What was promised, by the name of the set. */
const TARGETS: Readonly<Record<string, Target>> = {
  m3: { title: 'M3', must: 12.76, aim: 12.3, peers: [], peersMase: [] },
  m4_hourly: {
    title: 'M4 hourly', must: 13.9, aim: 10,
    // The organisers' "Evaluation and Ranks", all 414 series.
    peers: [{ name: 'Smyl', value: 9.328 }, { name: 'Pawlikowski', value: 9.611 }, { name: 'Montero-Manso', value: 11.506 }, { name: 'Theta', value: 18.138 }],
    peersMase: [{ name: 'Smyl', value: 0.893 }, { name: 'Pawlikowski', value: 0.873 }, { name: 'Montero-Manso', value: 0.819 }, { name: 'Theta', value: 2.455 }],
  },
};
/** Methods of the M3 competition that are told. */
const M3_PEERS = ['THETA', 'ForecastPro', 'COMB S-H-D', 'B-J auto', 'NAIVE2'];
/** Every how manyth series of a large set is looked back on and given intervals, which costs five times a forecast. */
const SAMPLE = 8;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Figures of others by period ('ALL' for the whole), of the part of the set that has as many series as this one. */
function peerScores(file: string, series: number, measure: 'smape' | 'mase'): Map<string, AccuracyLine['peers']> {
  const scores = new Map<string, AccuracyLine['peers']>();
  if (!fs.existsSync(file)) return scores;
  const rows = fs.readFileSync(file, 'utf8').trim().split('\n').slice(1).map((row) => row.split(','));
  const part = rows.find(([, period, n]) => period === 'ALL' && Number(n) === series)?.[0];
  for (const name of M3_PEERS) {
    for (const [of, period, , method, smape, mase] of rows) {
      const value = Number(measure === 'smape' ? smape : mase);
      if (of !== part || method !== name || !Number.isFinite(value)) continue;
      const list = scores.get(period);
      if (list) list.push({ name, value });
      else scores.set(period, [{ name, value }]);
    }
  }
  return scores;
}

async function pointErrors(lines: readonly Line[]): Promise<{ smape: number; mase: number; naive: number }[]> {
  const errors = [];
  for (const { train, test, frequency, h } of lines) {
    const { shape } = shapeOf(train, frequency);
    const { values } = await forecastPoints(shape, h);
    const scale = naiveError(shape.values, frequency);
    errors.push({ smape: smapeOf(test, values), mase: mean(test.map((value, k) => Math.abs(value - values[k]))) / scale, naive: smapeOf(test, forecastSeasonalNaive(shape.values, Math.min(frequency, train.length), h)) });
  }
  return errors;
}

/** Share of what came inside the intervals. */
async function coverage(lines: readonly Line[]): Promise<{ level: number; share: number }[]> {
  const inside = new Map<number, { in: number; of: number }>();
  for (const { train, test, frequency, h } of lines) {
    const { intervals } = await forecastSeries(shapeOf(train, frequency).shape, h);
    for (const { level, lower, upper } of intervals) {
      const count = inside.get(level) ?? { in: 0, of: 0 };
      test.forEach((value, k) => {
        count.of++;
        if (value >= lower[k] && value <= upper[k]) count.in++;
      });
      inside.set(level, count);
    }
  }
  return [...inside].map(([level, count]) => ({ level, share: count.in / count.of }));
}

export const forecast: AccuracyGroup = {
  id: 'forecast',
  folder: 'forecasting',
  async run(folder) {
    const told: AccuracyLine[] = [];
    const lower = { unit: 'sMAPE', higherIsBetter: false };
    for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.jsonl')).sort()) {
      const base = path.basename(name, '.jsonl');
      const target = TARGETS[base] ?? { title: base, peers: [], peersMase: [] };
      const lines = fs.readFileSync(path.join(folder, name), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Line);
      const errors = await pointErrors(lines);
      if (lines.every(({ peer }) => peer)) {
        // Series that others were measured on one by one.
        const methods = Object.keys(lines[0].peer ?? {});
        const of = (line: Line): AccuracyLine['peers'] => methods.map((method) => ({ name: method, value: line.peer?.[method].smape ?? Number.NaN }));
        told.push({ ...lower, what: `${target.title}, mean of ${lines.length} series`, ours: mean(errors.map(({ smape }) => smape)), peers: methods.map((method) => ({ name: method, value: mean(lines.map((line) => line.peer?.[method].smape ?? Number.NaN)) })), note: 'peers: R forecast 8.20 on the same split' });
        lines.forEach((line, i) => told.push({ ...lower, what: `${target.title}, ${line.id}`, ours: errors[i].smape, peers: of(line) }));
        continue;
      }
      const published = path.join(folder, `${base}_peer_scores.csv`);
      const scores = peerScores(published, lines.length, 'smape');
      const naive = { name: 'seasonal naive, same series', value: mean(errors.map((error) => error.naive)) };
      told.push({ ...lower, ...('must' in target ? { must: target.must, aim: target.aim } : {}), what: `${target.title}, ${lines.length} series`, ours: mean(errors.map(({ smape }) => smape)), peers: [...(scores.get('ALL') ?? []), ...target.peers, naive] });
      told.push({ what: `${target.title}, MASE`, ours: mean(errors.map(({ mase }) => mase).filter(Number.isFinite)), unit: '', higherIsBetter: false, peers: peerScores(published, lines.length, 'mase').get('ALL') ?? target.peersMase });
      for (const period of new Set(lines.flatMap((line) => (line.period === undefined ? [] : [line.period])))) {
        const own = errors.filter((_, i) => lines[i].period === period);
        told.push({ ...lower, what: `${target.title} ${period.toLowerCase()}, ${own.length} series`, ours: mean(own.map(({ smape }) => smape)), peers: scores.get(period) ?? [] });
      }
      const sample = lines.filter((_, i) => i % SAMPLE === 0);
      for (const { level, share } of await coverage(sample)) {
        told.push({ what: `${target.title}, inside the interval of ${level * 100} %`, ours: share * 100, unit: '%', higherIsBetter: true, peers: [{ name: 'as it should be', value: level * 100 }], note: `of every ${SAMPLE}th series` });
      }
    }
    return told;
  },
};
