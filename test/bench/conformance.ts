/**
 * npm run bench:conformance -- [--data DIR] [--out FILE]
 * Prints what each file of DIR/log-formats is recognised as and whether records, times and levels agree with the expectations that lie
 * beside it (lnav 0.11.1's figures for lnav/), and writes the same as JSON.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { judgeLogFormats, totals, type Verdict } from '../support/log-formats.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } }, allowPositionals: true });
const data = path.resolve(values.data ?? '../shared/data');
const out = path.resolve(values.out ?? '.tidemark/bench/conformance.json');
const folder = fs.existsSync(path.join(data, 'log-formats')) ? path.join(data, 'log-formats') : data;

const verdicts = judgeLogFormats(folder);
if (verdicts.length === 0) {
  console.error(`There is nothing to measure in ${folder}: it should be laid out like log-formats (lnav/, web/, zeek/, cloudtrail/, auditd/).`);
  process.exit(1);
}

const mark = (value: boolean | null): string => (value === null ? '-' : value ? 'yes' : 'NO');
const header = ['file', 'format', 'records', 'rejects', 'peer', 'peer records', 'records', 'times', 'levels', 'first', 'ms'];
const rows = verdicts.map((verdict: Verdict) => [
  verdict.file, verdict.recognised ? verdict.format : `(${verdict.format || 'none'})`, String(verdict.records), String(verdict.rejected),
  verdict.expected?.formats ?? '', verdict.expected ? String(verdict.expected.records) : '',
  mark(verdict.recordsMatch), mark(verdict.timesMatch), mark(verdict.levelsMatch), verdict.first, verdict.milliseconds.toFixed(1),
]);
const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd();
console.log(line(header));
for (const row of rows) console.log(line(row));

const groups = [...new Set(verdicts.map(({ file }) => file.split('/')[0]))];
console.log('');
const summary = Object.fromEntries(groups.map((group) => [group, totals(verdicts.filter(({ file }) => file.startsWith(`${group}/`)))]));
for (const [group, sum] of Object.entries(summary)) {
  const peer = group === 'lnav' ? `; lnav 0.11.1 recognises ${sum.peerRecognised}` : '';
  console.log(`${group}: recognised ${sum.recognised} of ${sum.files} files${peer}; of ${sum.compared} with expectations: records ${sum.recordsMatch}, times ${sum.timesMatch}${group === 'lnav' ? `, levels ${sum.levelsMatch}` : ''}`);
}
fs.mkdirSync(path.dirname(out), { recursive: true });
fs.writeFileSync(out, `${JSON.stringify({ data: folder, summary, files: verdicts }, null, 2)}\n`);
console.log(`\nwritten to ${out}`);
