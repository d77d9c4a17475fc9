/**
 * The streaming detector on the Numenta Anomaly Benchmark: standard profile, one setting and one threshold for all series. It is told neither
 * how long a series is nor what it ranges over.
 */
import fs from 'node:fs';
import path from 'node:path';
import { scoreSeries } from '../../../src/main/engine/analysis/anomalies/novelty-stream.ts';
import type { AccuracyGroup, AccuracyLine } from './line.ts';
import { nabScore, normalised } from './nab-score.ts';
import type { NabScore } from './nab-score.ts';

interface Scored extends NabScore {
  name: string;
  category: string;
  rows: number;
}

function score(folder: string, name: string, windows: readonly (readonly [string, string])[]): Scored {
  const rows = fs.readFileSync(path.join(folder, 'data', name), 'utf8').trim().split('\n').slice(1).map((row) => row.trim().split(','));
  // Of rows of the same time the first counts, as in the benchmark's sweeper.
  const place = new Map(rows.map(([timestamp], row) => [timestamp, row] as const).reverse());
  const rowOf = (label: string): number => {
    // Labels are written with microseconds, rows without.
    const row = place.get(label) ?? place.get(label.replace(/\.\d+$/, ''));
    if (row === undefined) throw new Error(`${name} has no row of ${label}.`);
    return row;
  };
  const flagged = scoreSeries(rows.map((row) => Number(row[1]))).flatMap(({ anomaly }, row) => (anomaly ? [row] : []));
  return { name, category: path.dirname(name), rows: rows.length, ...nabScore(rows.length, windows.map(([first, last]) => ({ first: rowOf(first), last: rowOf(last) })), flagged) };
}

/** Published scores, file by file, of those detectors that have one for every file here. */
function peersOf(folder: string, scored: readonly Scored[]): { name: string; value: number }[] {
  const file = path.join(folder, 'peer_scores_standard.csv');
  if (!fs.existsSync(file)) return [];
  const windows = new Map(scored.map(({ name, windows: n }) => [name, n]));
  const sums = new Map<string, { sum: number; windows: number; files: number }>();
  for (const line of fs.readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const [detector, name, , value] = line.split(',');
    const here = windows.get(name);
    if (here === undefined) continue;
    const peer = sums.get(detector) ?? { sum: 0, windows: 0, files: 0 };
    sums.set(detector, { sum: peer.sum + Number(value), windows: peer.windows + here, files: peer.files + 1 });
  }
  return [...sums]
    .filter(([name, { files }]) => files === scored.length && name !== 'null')
    .map(([name, { sum, windows: n }]) => ({ name, value: Number(normalised(sum, n).toFixed(2)) }))
    .sort((a, b) => b.value - a.value);
}

function total(scored: readonly Scored[]): { value: number; note: string } {
  const sum = (pick: (each: Scored) => number): number => scored.reduce((all, each) => all + pick(each), 0);
  const windows = sum((each) => each.windows);
  const found = `${sum((each) => each.falseAlarms)} false alarms in ${sum((each) => each.rows).toLocaleString('en')} rows`;
  if (windows === 0) return { value: sum((each) => each.falseAlarms), note: found };
  return { value: normalised(sum((each) => each.score), windows), note: `${sum((each) => each.found)} of ${windows} windows found, ${found}` };
}

export const anomaly: AccuracyGroup = {
  id: 'anomaly',
  folder: 'anomaly',
  run(folder) {
    const labels = JSON.parse(fs.readFileSync(path.join(folder, 'labels', 'combined_windows.json'), 'utf8')) as Record<string, [string, string][]>;
    const begun = performance.now();
    const scored = Object.entries(labels).filter(([name]) => fs.existsSync(path.join(folder, 'data', name))).map(([name, windows]) => score(folder, name, windows));
    const seconds = (performance.now() - begun) / 1000;
    const all = total(scored);
    const peers = peersOf(folder, scored);
    const lines: AccuracyLine[] = [
      { what: `NAB, standard profile, ${scored.length} series`, ours: all.value, unit: 'points', must: 60, aim: peers.find(({ name }) => name === 'ARTime')?.value ?? 74.85, higherIsBetter: true, peers, note: all.note },
    ];
    for (const category of [...new Set(scored.map((each) => each.category))].sort()) {
      const part = scored.filter((each) => each.category === category);
      const { value, note } = total(part);
      const labelled = part.some(({ windows }) => windows > 0);
      lines.push({ what: `  ${category} (${part.length})`, ours: value, unit: labelled ? 'points' : 'false alarms', higherIsBetter: labelled, peers: labelled ? peersOf(folder, part).slice(0, 4) : [], note });
    }
    lines.push({ what: '  rows a second, reading and labels included', ours: scored.reduce((sum, { rows }) => sum + rows, 0) / seconds, unit: 'rows/s', higherIsBetter: true, peers: [] });
    return Promise.resolve(lines);
  },
};
