/**
 * Sigma rules: each rule with regression data on its own Windows event log (expected.json says how many events it matches), all rules loaded, and what
 * 300 rules cost beside reading the same lines without any. Cost is processor time of the whole process, so that a busy machine does not show.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RuleSet, type SourceText } from '../../../src/main/engine/analysis/sigma/rule-set.ts';
import { createEngine, type Engine } from '../../../src/main/engine/engine.ts';
import type { AccuracyGroup, AccuracyLine } from './line.ts';

interface Expected {
  rule: string;
  evtx: string;
  expected_matches: number;
}
const RULES = 300;
/** Lines of each kind that cost is measured on. */
const LINES = 60_000;
const context = { signal: new AbortController().signal };
const scope = { query: '', from: null, to: null };

export const sigma: AccuracyGroup = {
  id: 'sigma',
  folder: 'security',
  async run(folder) {
    const work = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-sigma-'));
    try {
      return [...(await regression(folder, work)), loaded(folder), ...(await cost(folder, work))];
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
  },
};

function texts(folder: string): SourceText[] {
  const found = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name)).sort((a, b) => (a < b ? -1 : 1)) : [];
  return found.map((file) => ({ file, text: fs.readFileSync(path.join(folder, file), 'utf8') })).filter(({ text }) => /^detection:/m.test(text));
}
const every = (folder: string): SourceText[] => ['sigma-regression', 'sigma-rules'].flatMap((name) => texts(path.join(folder, name)));

async function withCase<R>(work: string, name: string, run: (engine: Engine) => Promise<R>): Promise<R> {
  const engine = createEngine({ dataDir: path.join(work, 'data'), toolVersion: 'bench', user: 'bench' });
  try {
    await engine.handlers.cases.create({ path: path.join(work, `${name}.tidemark`) }, context);
    return await run(engine);
  } finally {
    await engine.close();
    fs.rmSync(path.join(work, `${name}.tidemark`), { force: true });
  }
}
async function ingest({ handlers }: Engine, paths: string[]): Promise<void> {
  const { job } = await handlers.ingest.start({ paths, options: { format: '', zone: 'UTC', service: '', dedupWindow: 0, notes: false } }, context);
  await handlers.ingest.finished({ job }, context);
}

async function regression(folder: string, work: string): Promise<AccuracyLine[]> {
  const data = path.join(folder, 'sigma-regression');
  const file = path.join(data, 'expected.json');
  if (!fs.existsSync(file)) return [];
  const expected = JSON.parse(fs.readFileSync(file, 'utf8')) as Expected[];
  let exact = 0;
  let missed = 0;
  const others: string[] = [];
  // All logs in one case, told apart by their sources: a rule is counted on its own log alone.
  await withCase(work, 'regression', async (engine) => {
    await ingest(engine, expected.map((one) => path.join(data, one.rule, one.evtx)));
    for (const one of expected) {
      const query = `source:*${one.evtx}`;
      const found = await engine.handlers.sigma.detect({ paths: [path.join(data, one.rule, 'rule.yml')], scope: { ...scope, query }, run: '' }, context);
      if (found.event.length === one.expected_matches) exact++;
      else others.push(`${one.rule} ${found.event.length} instead of ${one.expected_matches}`);
      if (found.event.length < one.expected_matches) missed++;
    }
  });
  const note = others.length === 0 ? {} : { note: `not as labelled: ${others.join('; ')}. Labels are match_count of info.yml, which the project's own CI does not compare: it asks only whether the rule is met.` };
  return [
    { what: `Sigma regression: rules with exactly the labelled number of matches, of ${expected.length}`, ours: exact, unit: 'rules', must: expected.length, higherIsBetter: true, peers: [], ...note },
    { what: 'Sigma regression: rules with a match missed', ours: missed, unit: 'rules', must: 0, higherIsBetter: false, peers: [] },
  ];
}

function loaded(folder: string): AccuracyLine {
  const rules = every(folder);
  const set = new RuleSet(rules);
  return {
    what: `Sigma rules that load and compile, of ${rules.length}`, ours: set.count, unit: 'rules', must: rules.length, higherIsBetter: true, peers: [{ name: 'Chainsaw README: 129 of 327', value: 129 }],
    ...(set.problems.length > 0 ? { note: set.problems.slice(0, 5).map(({ file, line, code, message }) => `${file}:${line} ${code}: ${message}`).join('; ') } : {}),
  };
}

/** Rules until there are enough: those given, and again with other texts in them. */
function many(folder: string): SourceText[] {
  const given = every(folder);
  return Array.from({ length: given.length > 0 ? Math.max(RULES, given.length) : 0 }, (_, i): SourceText => {
    const { file, text } = given[i % given.length];
    const round = Math.floor(i / given.length);
    if (round === 0) return { file, text };
    const changed = text.replace(/^(\s+(?:- |[\w|.-]+: )')(.{3,})'$/gm, (_whole, before: string, value: string) => `${before}${value.slice(0, 2)}q${round}${value.slice(2)}'`);
    return { file: `${round}-${path.basename(file)}`, text: changed.replace(/^(id: .{8})/m, `$1${round}`).replace(/^title: /m, `title: ${round} `) };
  });
}

/** Lines of a file over and over, each a second after the one before only as far as it says so itself. */
function repeated(files: readonly string[], into: string): string | null {
  const lines = files.filter((file) => fs.existsSync(file)).flatMap((file) => fs.readFileSync(file, 'latin1').split('\n').filter(Boolean));
  if (lines.length === 0) return null;
  fs.writeFileSync(into, Buffer.from(`${Array.from({ length: LINES }, (_, i) => lines[i % lines.length]).join('\n')}\n`, 'latin1'));
  return into;
}
/** Windows events as JSON lines, as evtx_dump writes them. */
function windowsLines(folder: string, into: string): string | null {
  const data = path.join(folder, 'sigma-regression');
  const found = fs.existsSync(data) ? fs.readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json') && !name.endsWith('expected.json')) : [];
  const events = found.flatMap((name) => {
    try {
      return [JSON.stringify(JSON.parse(fs.readFileSync(path.join(data, name), 'utf8')))].filter((line) => line.startsWith('{"Event"'));
    } catch {
      // Several events in one file are no JSON: the others are enough.
      return [];
    }
  });
  if (events.length === 0) return null;
  // One event in a hundred is one that a rule is about; the rest are of the same shape and say nothing.
  const dull = events.map((line) => line.replaceAll(/[a-z]{4,}\.exe/gi, 'program.exe').replaceAll(/"CommandLine":"(?:[^"\\]|\\.)*"/g, '"CommandLine":"program.exe --serve"').replaceAll(/"TargetFilename":"(?:[^"\\]|\\.)*"/g, '"TargetFilename":"C:\\\\data\\\\a.txt"').replaceAll(/"TargetObject":"(?:[^"\\]|\\.)*"/g, '"TargetObject":"HKLM\\\\Software\\\\A"'));
  fs.writeFileSync(into, `${Array.from({ length: LINES / 4 }, (_, i) => (i % 100 === 0 ? events[(i / 100) % events.length] : dull[i % dull.length])).join('\n')}\n`);
  return into;
}

async function cost(folder: string, work: string): Promise<AccuracyLine[]> {
  const rules = path.join(work, 'rules');
  fs.mkdirSync(rules);
  const texts300 = many(folder);
  if (texts300.length === 0) return [];
  texts300.forEach(({ text }, i) => fs.writeFileSync(path.join(rules, `${i}.yml`), text));
  const beside = path.join(folder, '..');
  const logs = (...names: string[]): string[] => names.flatMap((name) => {
    const at = path.join(beside, name);
    return fs.existsSync(at) ? fs.readdirSync(at).filter((file) => file.endsWith('.log')).map((file) => path.join(at, file)) : [];
  });
  const kinds: [string, string | null][] = [
    ['web server', repeated(logs('log-formats/web'), path.join(work, 'access.log'))],
    ['syslog', repeated(logs('log-parsing/OpenSSH', 'log-parsing/Linux'), path.join(work, 'syslog.log'))],
    ['Windows events', windowsLines(folder, path.join(work, 'windows.jsonl'))],
  ];
  const there = kinds.flatMap(([name, file]) => (file === null ? [] : [{ name, file }]));
  // What V8 has to learn first is no cost of rules.
  await withCase(work, 'warm', async (engine) => await ingest(engine, there.map(({ file }) => file)));
  const parts: { name: string; without: number; with: number }[] = [];
  for (const { name, file } of there) {
    const without = await withCase(work, 'without', async (engine) => await measured(async () => await ingest(engine, [file])));
    const withRules = await withCase(work, 'with', async (engine) => {
      await engine.handlers.sigma.add({ paths: [rules] }, context);
      await engine.handlers.sigma.settled({}, context);
      return await measured(async () => {
        await ingest(engine, [file]);
        await engine.handlers.sigma.settled({}, context);
      });
    });
    parts.push({ name, without, with: withRules });
  }
  if (parts.length === 0) return [];
  const share = (without: number, withRules: number): number => (100 * (withRules - without)) / without;
  const sum = (of: (part: (typeof parts)[number]) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return [{
    what: `what ${texts300.length} rules cost, of the time to read the same lines without`, ours: share(sum((part) => part.without), sum((part) => part.with)), unit: '%', must: 30, higherIsBetter: false, peers: [],
    note: `processor time; ${parts.map((part) => `${part.name} ${share(part.without, part.with).toFixed(0)} %`).join(', ')}`,
  }];
}
async function measured(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
