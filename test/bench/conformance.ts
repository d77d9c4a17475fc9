/**
 * npm run bench:conformance -- [--data DIR] [--out FILE]
 * Reads every file of DIR/{log-formats,security,traces,metrics,ci-git} that has a ground truth there (expected.json, labels.csv, golden files),
 * prints a line for each with what is expected and what we make of it, sums, and the exceptions with their reasons; writes the same as JSON.
 * Exits with 1 when something differs that is no exception. DIR is ../shared/data unless given.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { byFile, type Finding, type Group } from '../support/conformance/ledger.ts';
import { JUDGES, judgeGroup } from '../support/conformance/judge.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } });
const data = path.resolve(values.data ?? '../shared/data');
const out = path.resolve(values.out ?? '.tidemark/bench/conformance.json');
const WIDTH = 150;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const wrong = (finding: Finding): boolean => !finding.ok && finding.exception === '';
const excused = (finding: Finding): boolean => !finding.ok && finding.exception !== '';

function tellFile(file: string, findings: readonly Finding[]): void {
  const told = findings.filter(({ ok }) => ok).map(({ what, expected }) => `${what} ${expected}`).join(', ');
  const verdict = findings.some(wrong) ? 'NO  ' : findings.some(excused) ? 'but ' : 'yes ';
  say(`${verdict} ${file}: ${told.length > WIDTH ? `${told.slice(0, WIDTH)}…` : told}`);
  for (const finding of findings.filter(({ ok }) => !ok)) {
    say(`       ${finding.what}: expected ${finding.expected}; ours ${finding.ours}${finding.exception === '' ? '' : ` (exception: ${finding.exception})`}`);
  }
}

function summaryOf({ findings }: Group): { files: number; alike: number; comparisons: number; equal: number; exceptions: number; different: number } {
  const files = new Set(findings.map(({ file }) => file));
  const differing = new Set(findings.filter(({ ok }) => !ok).map(({ file }) => file));
  return {
    files: files.size, alike: files.size - differing.size, comparisons: findings.length, equal: findings.filter(({ ok }) => ok).length,
    exceptions: findings.filter(excused).length, different: findings.filter(wrong).length,
  };
}

const begun = performance.now();
const groups: Group[] = [];
for (const id of Object.keys(JUDGES)) {
  const group = await judgeGroup(data, id);
  groups.push(group);
  say(`\n${id}${group.there ? '' : `: there is no folder ${path.join(data, id)}; nothing is compared`}`);
  for (const [file, findings] of byFile(group.findings)) tellFile(file, findings);
  for (const family of group.absent) say(`-    ${family} is not there; nothing of it is compared`);
}

say('');
const present = groups.filter(({ there }) => there);
for (const group of present) {
  const { files, alike, comparisons, equal, exceptions, different } = summaryOf(group);
  say(`${group.id}: ${alike} of ${files} files alike in everything; ${comparisons} comparisons: ${equal} equal, ${exceptions} exceptions, ${different} different`);
}
const all = present.flatMap(({ findings }) => findings);
const differences = all.filter(wrong).length;
say(`in all: ${all.length} comparisons, ${all.length - all.filter(({ ok }) => !ok).length} equal, ${all.filter(excused).length} exceptions, ${differences} different; ${((performance.now() - begun) / 1000).toFixed(1)} s`);
fs.mkdirSync(path.dirname(out), { recursive: true });
fs.writeFileSync(out, `${JSON.stringify({ data, groups: groups.map((group) => ({ id: group.id, there: group.there, absent: group.absent, summary: summaryOf(group), findings: group.findings })) }, null, 2)}\n`);
say(`written to ${out}`);
if (all.length === 0) {
  process.stderr.write(`There is nothing to measure in ${data}: it should have folders like ${Object.keys(JUDGES).join(', ')}.\n`);
  process.exitCode = 1;
}
if (differences > 0) process.exitCode = 1;
