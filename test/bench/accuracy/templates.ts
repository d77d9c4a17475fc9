/**
 * Patterns of log lines beside the ground truth: the share of lines whose group holds exactly the lines of their true group (group
 * accuracy; Zhu et al., ICSE-SEIP 2019). For every folder X with X_2k.log_structured.csv: its Content column, and, as a person would
 * have it, the raw lines. One setting for all; peers were tuned for each file.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { patternsOfFile } from '../../../src/main/engine/analysis/templates/file-patterns.ts';
import type { AccuracyGroup, AccuracyLine } from './line.ts';

const LINES_FOR_SPEED = 2_000_000;

export const templates: AccuracyGroup = {
  id: 'templates',
  folder: 'log-parsing',
  run(folder) {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-accuracy-'));
    try {
      return Promise.resolve(measure(folder, scratch));
    } finally {
      fs.rmSync(scratch, { recursive: true, force: true });
    }
  },
};

function measure(folder: string, scratch: string): AccuracyLine[] {
  const peers = readPeers(folder);
  const systems = fs.readdirSync(folder).filter((name) => fs.existsSync(structured(folder, name))).sort();
  const lines: AccuracyLine[] = [];
  const content: number[] = [];
  const raw: number[] = [];
  const parts: Buffer[] = [];
  for (const name of systems) {
    const rows = readCsv(fs.readFileSync(structured(folder, name), 'utf8'));
    const truth = rows.map((row) => row.EventId);
    const file = path.join(scratch, 'content.log');
    fs.writeFileSync(file, rows.map((row) => row.Content.replace(/[\r\n]/g, ' ')).join('\n') + '\n');
    const ours = groupAccuracy(patternsOfFile(file).ofLine, truth);
    const rawFile = path.join(folder, name, `${name}_2k.log`);
    const ofRaw = fs.existsSync(rawFile) ? groupAccuracy(patternsOfFile(rawFile).ofLine.subarray(0, truth.length), truth) : NaN;
    content.push(ours);
    if (!Number.isNaN(ofRaw)) {
      raw.push(ofRaw);
      parts.push(fs.readFileSync(rawFile), Buffer.from('\n'));
    }
    lines.push({ what: name, ours, unit: 'GA', higherIsBetter: true, peers: peers.get(name) ?? [], note: `raw lines ${ofRaw.toFixed(4)}` });
  }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const known = systems.filter((name) => peers.has(name));
  const peerNames = known.length > 0 ? (peers.get(known[0]) ?? []).map(({ name }) => name) : [];
  lines.push({
    what: `mean of ${systems.length}, Content column`, ours: mean(content), unit: 'GA', must: 0.92, aim: 0.97, higherIsBetter: true,
    peers: known.length === systems.length ? peerNames.map((name, i) => ({ name, value: Number(mean(known.map((system) => peers.get(system)?.[i]?.value ?? NaN)).toFixed(4)) })) : [],
    note: 'ours untuned; peers with settings of their own for each file',
  });
  lines.push({ what: 'mean, raw lines', ours: mean(raw), unit: 'GA', higherIsBetter: true, peers: [], note: 'headers are part of the line; the truth is about the message alone' });
  if (parts.length > 0) lines.push(speed(Buffer.concat(parts), scratch));
  return lines;
}

const structured = (folder: string, name: string): string => path.join(folder, name, `${name}_2k.log_structured.csv`);

function groupAccuracy(ofLine: ArrayLike<number>, truth: readonly string[]): number {
  const groups = new Map<number, number[]>();
  const sizes = new Map<string, number>();
  truth.forEach((event, line) => {
    sizes.set(event, (sizes.get(event) ?? 0) + 1);
    const group = groups.get(ofLine[line]);
    if (group) group.push(line);
    else groups.set(ofLine[line], [line]);
  });
  let right = 0;
  for (const group of groups.values()) if (sizes.get(truth[group[0]]) === group.length && group.every((line) => truth[line] === truth[group[0]])) right += group.length;
  return right / truth.length;
}

/** The files over and over with other digits, so that lines repeat no more than they do in the field. */
function speed(once: Buffer, scratch: string): AccuracyLine {
  const file = path.join(scratch, 'many.log');
  let seed = 1;
  let n = 0;
  const out = fs.openSync(file, 'w');
  while (n < LINES_FOR_SPEED) {
    const copy = Buffer.from(once);
    for (let i = 0; i < copy.length; i++) {
      if (copy[i] === 10) n++;
      else if (copy[i] >= 48 && copy[i] <= 57) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        copy[i] = 48 + ((seed >>> 16) % 10);
      }
    }
    fs.writeSync(out, copy);
  }
  fs.closeSync(out);
  const begun = performance.now();
  const { ofLine, patterns } = patternsOfFile(file);
  const seconds = (performance.now() - begun) / 1000;
  fs.rmSync(file);
  return { what: 'speed, reading and grouping', ours: ofLine.length / seconds, unit: 'lines/s', must: 200_000, higherIsBetter: true, peers: [], note: `${ofLine.length.toLocaleString('en')} lines, ${patterns.length} patterns, one core` };
}

/** The table of the folder's README: | dataset | Drain GA | Brain GA | Spell GA | */
function readPeers(folder: string): Map<string, { name: string; value: number }[]> {
  const file = path.join(folder, 'README.md');
  const peers = new Map<string, { name: string; value: number }[]>();
  if (!fs.existsSync(file)) return peers;
  const rows = fs.readFileSync(file, 'utf8').split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  const names = rows[0]?.slice(1).map((name) => name.replace(/ GA$/, '')) ?? [];
  for (const [system, ...values] of rows.slice(2)) if (values.length === names.length && values.every((value) => Number(value) > 0)) peers.set(system, values.map((value, i) => ({ name: names[i], value: Number(value) })));
  return peers;
}

function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n') {
      row.push(cell.replace(/\r$/, ''));
      cell = '';
      if (c === '\n') {
        rows.push(row);
        row = [];
      }
    } else cell += c;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  const [head, ...body] = rows;
  return body.filter((values) => values.length === head.length).map((values) => Object.fromEntries(head.map((name, i) => [name.trim(), values[i]])));
}
