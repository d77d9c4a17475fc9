/**
 * npm run bench -- [--events N] [--seed N] [--growth] [--only analyses,evtx,kafka,otlp] [--data DIR] [--folder DIR] [--out FILE]
 * Measures the engine against its targets and against lnav and DuckDB, prints a table and writes JSON. docs/benchmarks.md says how
 * to read it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureAnalyses } from './measure/analyses.ts';
import { measureEvtx } from './measure/evtx.ts';
import { measureIndicators } from './measure/indicators.ts';
import { jsonLines, mixedLogs, repeated, type Input } from './measure/inputs.ts';
import { measureKafka } from './measure/kafka.ts';
import { measureOtlp } from './measure/otlp.ts';
import { duckdb, lnav, type Peer, type PeerRun } from './measure/peers.ts';
import { rowsOf, type Measured } from './measure/rows.ts';
import { runStep, type Figures, type IngestFigures, type Step } from './measure/steps.ts';
import { median, tableOf, verdictOf, type Row } from './measure/table.ts';

const MILLION = 1_000_000;
const GIGABYTE = 1e9;

if (process.send && process.argv[2] === '--step') {
  process.send(await runStep(JSON.parse(process.argv[3]) as Step));
  process.disconnect();
} else {
  await main();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { events: { type: 'string' }, seed: { type: 'string' }, growth: { type: 'boolean' }, only: { type: 'string' }, data: { type: 'string' }, folder: { type: 'string' }, out: { type: 'string' } },
  });
  const events = wholeNumber('events', values.events, MILLION);
  const seed = wholeNumber('seed', values.seed, 7, 1);
  const folder = path.resolve(values.folder ?? path.join(os.tmpdir(), 'tidemark-bench'));
  const out = path.resolve(values.out ?? '.tidemark/bench/bench.json');
  const data = path.resolve(values.data ?? '../shared/data');
  /** What has a line of its own can be asked for alone. */
  const sources: Readonly<Record<string, () => Promise<Row[]>>> = {
    indicators: async () => {
      const input = jsonLines(folder, seed, events);
      return await measureIndicators(folder, seed, input, async (lists) => await inCase(folder, async (place) => await step({ ...place, kind: 'ingest', paths: input.paths, events, ...(lists ? { lists } : {}) })));
    },
    analyses: async () => await inCase(folder, async (place) => {
      await step({ ...place, kind: 'ingest', paths: jsonLines(folder, seed, events).paths, events });
      return await measureAnalyses(folder, events, data, async (question, rules) => await step({ ...place, kind: 'analyse', question, rules }));
    }),
    evtx: async () => await measureEvtx(path.join(data, 'security'), folder, seed, async (input) => await inCase(folder, async (place) => await step({ ...place, kind: 'ingest', paths: input.paths, events: input.events }))),
    kafka: async () => await measureKafka(folder, seed, async (broker, topic, messages) => await inCase(folder, async (place) => await step({ ...place, kind: 'kafka', broker, topic, messages }))),
    otlp: async () => await measureOtlp(async (told) => await inCase(folder, async (place) => await step({ ...place, kind: 'receive' }, told))),
  };
  const only = values.only?.split(',') ?? [];
  const unknown = only.find((name) => !(name in sources));
  if (unknown !== undefined) throw new Error(`--only wants some of ${Object.keys(sources).join(', ')}, not "${unknown}".`);
  fs.mkdirSync(folder, { recursive: true });
  const begun = performance.now();
  const load = os.loadavg()[0];
  const rows: Row[] = [];
  let measured: Measured | null = null;
  let versions: string[] = [];
  if (only.length === 0) ({ measured, versions } = await measureFiles({ events, seed, folder, growth: values.growth === true }));
  if (measured) rows.push(...rowsOf(measured));
  for (const [name, measure] of Object.entries(sources)) {
    if (only.length > 0 && !only.includes(name)) continue;
    say(name);
    rows.push(...(await measure()));
  }

  const seconds = (performance.now() - begun) / 1000;
  const runtime = `${process.versions.electron ? `Electron ${process.versions.electron}, ` : ''}Node ${process.versions.node}`;
  const machine = `${runtime}; ${os.availableParallelism()} cores, ${os.cpus()[0]?.model ?? ''}${['', ...versions].join('; ')}`;
  const busy = load > 0.5 ? `\nThe machine was busy when this began (load ${load.toFixed(1)}): figures are worse than they would be.` : '';
  process.stdout.write(`${tableOf(rows)}\n\n${machine}\nmedians; ${events} events, seed ${seed}; ${seconds.toFixed(0)} s${busy}\n`);
  fs.mkdirSync(path.dirname(out), { recursive: true });
  const result = { at: new Date().toISOString(), machine, load, seed, events, seconds, rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })), measured };
  fs.writeFileSync(out, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`written to ${out}\n`);
}

interface Wanted {
  events: number;
  seed: number;
  folder: string;
  growth: boolean;
}
/** Files of lines to a searchable case, questions to it, beside lnav and DuckDB. */
async function measureFiles({ events, seed, folder, growth }: Wanted): Promise<{ measured: Measured; versions: string[] }> {
  say(`writing inputs to ${folder}`);
  const json = jsonLines(folder, seed, events);
  const mixed = mixedLogs(folder, seed, events);
  const peers = { lnav: await lnav(folder), duckdb: await duckdb(folder) };

  // One reading of many events says as much as three of few.
  const rounds = events > MILLION ? 1 : 3;
  const jsonRuns = await contest('JSON lines', json, [peers.lnav, peers.duckdb], rounds, folder);
  const mixedRuns = await contest('syslog and access log', mixed, [peers.lnav], rounds, folder);

  say('first rows of a 1 GB file');
  const long = repeated(json, GIGABYTE);
  const first: number[] = [];
  for (let i = 0; i < 3; i++) first.push(await inCase(folder, async (place) => (await step({ ...place, kind: 'firstRows', path: long })).milliseconds));
  if (!json.paths.includes(long)) fs.rmSync(long);

  say('questions');
  const asked = await inCase(folder, async (place) => {
    await step({ ...place, kind: 'ingest', paths: json.paths, events });
    return await step({ ...place, kind: 'ask' });
  });

  const grown: Measured['growth'] = [];
  const sizes = growth ? [...new Set([MILLION, 5 * MILLION, events])].sort((a, b) => a - b) : [];
  for (const size of sizes) {
    say(`growth: ${size} events`);
    const input = jsonLines(folder, seed, size);
    await inCase(folder, async (place) => grown.push({ events: size, ingest: await step({ ...place, kind: 'ingest', paths: input.paths, events: size }), ask: await step({ ...place, kind: 'ask' }) }));
  }

  const measured: Measured = { events, json: { ...json, ...jsonRuns }, mixed: { ...mixed, ...mixedRuns }, first, asked, growth: grown };
  const versions = [peers.lnav, peers.duckdb].map((peer, i) => (peer ? `${peer.name} ${peer.version}` : `${['lnav', 'DuckDB'][i]} not installed`));
  return { measured, versions };
}

/** The engine and its peers in turns, so that a busy minute of the machine hits all of them. */
async function contest(what: string, input: Input, others: readonly (Peer | null)[], rounds: number, folder: string): Promise<{ runs: IngestFigures[]; peers: (PeerRun | null)[] }> {
  const runs: IngestFigures[] = [];
  const reads: PeerRun[][] = others.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    say(`${what}: round ${round} of ${rounds}`);
    runs.push(await inCase(folder, async (place) => await step({ ...place, kind: 'ingest', paths: input.paths, events: input.events })));
    for (const [i, peer] of others.entries()) if (peer) reads[i].push(await peer.read(input.paths, input.events));
  }
  return { runs, peers: reads.map((list) => (list.length === 0 ? null : { seconds: median(list.map(({ seconds }) => seconds)), bytes: list[0].bytes })) };
}

/** A place for one case, gone afterwards. */
async function inCase<T>(folder: string, work: (place: { dataDir: string; caseFile: string }) => Promise<T>): Promise<T> {
  const dataDir = fs.mkdtempSync(path.join(folder, 'case-'));
  try {
    return await work({ dataDir, caseFile: path.join(dataDir, 'bench.tidemark') });
  } finally {
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Runs a step in a process of its own, on the runtime this one runs on. `told` hears what it says; the last of it is the answer. */
async function step<S extends Step>(wanted: S, told?: (child: ChildProcess, message: object) => void): Promise<Figures[S['kind']]> {
  return await new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--step', JSON.stringify(wanted)], { execArgv: process.execArgv, serialization: 'advanced' });
    let answer: Figures[S['kind']] | undefined;
    child.on('message', (message) => {
      told?.(child, message as object);
      answer = message as Figures[S['kind']];
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (answer === undefined) reject(new Error(`The step "${wanted.kind}" ended without an answer (${signal ?? `exit code ${code}`}).`));
      else resolve(answer);
    });
  });
}

function wholeNumber(name: string, text: string | undefined, otherwise: number, least = 1000): number {
  if (text === undefined) return otherwise;
  const value = Number(text.replaceAll(/[_,]/g, ''));
  if (!Number.isSafeInteger(value) || value < least) throw new Error(`--${name} wants a whole number of at least ${least}, not "${text}".`);
  return value;
}

function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}
