/**
 * npm run bench:accuracy -- [--data DIR] [--only ID,ID] [--out FILE]
 * How right the analyses are, on data whose truth is known: a line for each target with what must be reached, what is aimed at, and the figures of
 * others. DIR is laid out like ../shared/data, which it is unless given; folders that are not there are named and left out. Exits with 1 when a must is missed.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { AccuracyLine } from './accuracy/line.ts';
import { GROUPS } from './accuracy/registry.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, only: { type: 'string' }, out: { type: 'string' } } });
const data = path.resolve(values.data ?? '../shared/data');
const out = path.resolve(values.out ?? '.tidemark/bench/accuracy.json');
const only = values.only?.split(',');

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const figure = (value: number): string => (Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(3))));
const reaches = (line: AccuracyLine, bar: number): boolean => (line.higherIsBetter ? line.ours >= bar : line.ours <= bar);

function verdict(line: AccuracyLine): string {
  if (line.must !== undefined && !reaches(line, line.must)) return 'NO  ';
  if (line.aim !== undefined && reaches(line, line.aim)) return 'aim ';
  return line.must === undefined ? '    ' : 'must';
}

function tell(line: AccuracyLine): void {
  const { what, ours, unit, must, aim, higherIsBetter, peers, note } = line;
  const bars = [must === undefined ? '' : `must ${higherIsBetter ? '>=' : '<='} ${figure(must)}`, aim === undefined ? '' : `aim ${figure(aim)}`].filter(Boolean).join(', ');
  say(`${verdict(line)} ${what}: ${figure(ours)}${unit === '' ? '' : ` ${unit}`}${bars === '' ? '' : ` (${bars})`}`);
  if (peers.length > 0) say(`       beside: ${peers.map(({ name, value }) => `${name} ${figure(value)}`).join(', ')}`);
  if (note !== undefined) say(`       ${note}`);
}

const unknown = only?.filter((id) => !GROUPS.some((group) => group.id === id)) ?? [];
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there are ${GROUPS.map(({ id }) => id).join(', ')}.`);
const told: { id: string; seconds: number; lines: AccuracyLine[] }[] = [];
for (const group of GROUPS) {
  if (only && !only.includes(group.id)) continue;
  const folder = path.join(data, group.folder);
  if (!fs.existsSync(folder)) {
    say(`\n${group.id}: there is no folder ${folder}; nothing is measured`);
    continue;
  }
  const begun = performance.now();
  const lines = await group.run(folder);
  const seconds = (performance.now() - begun) / 1000;
  say(`\n${group.id} (${seconds.toFixed(1)} s)`);
  lines.forEach(tell);
  told.push({ id: group.id, seconds, lines });
}
const missed = told.flatMap(({ lines }) => lines).filter((line) => line.must !== undefined && !reaches(line, line.must));
fs.mkdirSync(path.dirname(out), { recursive: true });
fs.writeFileSync(out, `${JSON.stringify({ data, groups: told }, null, 2)}\n`);
say(`\n${told.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s; ${missed.length === 0 ? 'every must is met' : `${missed.length} below must`}; written to ${out}`);
if (told.length === 0) process.stderr.write(`There is nothing to measure in ${data}: it should have folders like ${GROUPS.map(({ folder }) => folder).join(', ')}.\n`);
if (missed.length > 0 || told.length === 0) process.exitCode = 1;
