/**
 * One step of the benchmark, run in a process of its own: its peak memory is the step's alone, and nothing is warm that a user
 * would find cold. The engine is used through its handlers only, as the command line uses it. All times are milliseconds.
 */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine, type Engine } from '../../../src/main/engine/engine.ts';
import type { PageReply, Progress, WindowReply } from '../../../src/shared/contract/events.ts';
import type { Scope } from '../../../src/shared/contract/scope.ts';
import { analyse, type AnalyseFigures } from './analyses.ts';
import { peakMemory } from './memory.ts';
import { receive, type ReceiveFigures } from './otlp-receive.ts';
import { Random } from './random.ts';
import { COMMON_WORDS, RARE_WORDS, REGEXES, SERVICES } from './templates.ts';

export type Step = { dataDir: string; caseFile: string } & (
  | { kind: 'ingest'; paths: string[]; events: number; lists?: [string, string] }
  | { kind: 'firstRows'; path: string }
  | { kind: 'ask' }
  | { kind: 'analyse'; question: string; rules: string[] }
  | { kind: 'receive' }
  | { kind: 'kafka'; broker: string; topic: string; messages: number }
);
export interface IngestFigures {
  seconds: number;
  formats: string[];
  /** highest resident memory of the process, and that before anything was read */
  peakBytes: number;
  idleBytes: number;
  caseBytes: number;
  /** indicators of the second list that were met */
  hits: number;
}
interface FirstRowsFigures {
  milliseconds: number;
}
export interface AskFigures {
  reopen: number;
  window: number[];
  filtered: number[];
  commonWord: number[];
  rareWord: number[];
  regex: number[];
  /** when the regular expression's first answer came, complete or not */
  regexFirst: number[];
  pages: number[];
}
export interface StreamFigures {
  seconds: number;
  /** when the first were stored, and how many */
  first: { seconds: number; stored: number };
  stored: number;
  rejected: number;
}
export interface Figures {
  ingest: IngestFigures;
  firstRows: FirstRowsFigures;
  ask: AskFigures;
  analyse: AnalyseFigures;
  kafka: StreamFigures;
  receive: ReceiveFigures;
}

const OPTIONS = { format: '', zone: 'UTC', service: '', dedupWindow: 0 };
const CONTEXT = { signal: new AbortController().signal };
const ROWS = 200;
const BUCKETS = 600;
/** A question that is not through by then is reported as that long. */
const PATIENCE = 60_000;

export async function runStep(step: Step): Promise<Figures[Step['kind']]> {
  if (step.kind === 'ingest') return await ingest(step.caseFile, step.dataDir, step.paths, step.events, step.lists);
  if (step.kind === 'firstRows') return await firstRows(step.caseFile, step.dataDir, step.path);
  if (step.kind === 'kafka') return await kafka(step.caseFile, step.dataDir, step.broker, step.topic, step.messages);
  if (step.kind === 'analyse') return await analyse(open(step.dataDir), step.caseFile, step.question, step.rules);
  if (step.kind === 'receive') return await receive(step.caseFile, step.dataDir);
  return await ask(step.caseFile, step.dataDir);
}

function open(dataDir: string): Engine {
  // The engine's workers are bundled beside this program; they are started with the case, as in the window.
  return createEngine({ dataDir, workerDir: new URL('./', import.meta.url), toolVersion: 'bench', user: 'bench', startWorkersEarly: true });
}

/** A new case, and the second that a person needs at least to choose files for it: the workers are up by then. */
async function newCase(engine: Engine, path: string): Promise<void> {
  await engine.handlers.cases.create({ path }, CONTEXT);
  await sleep(1000);
}

/** `lists`: of indicators that events are compared with while they are read; hits of the second are counted. */
async function ingest(caseFile: string, dataDir: string, paths: string[], events: number, lists?: [string, string]): Promise<IngestFigures> {
  const engine = open(dataDir);
  const { handlers } = engine;
  await newCase(engine, caseFile);
  for (const path of lists ?? []) await handlers.indicators.add({ path, name: '' }, CONTEXT);
  const idleBytes = peakMemory();
  let sampled = 0;
  const sampling = setInterval(() => (sampled = Math.max(sampled, process.memoryUsage.rss())), 50);
  const begun = performance.now();
  const { job } = await handlers.ingest.start({ paths, options: OPTIONS }, CONTEXT);
  const summary = await handlers.ingest.finished({ job }, CONTEXT);
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(sampling);
  if (summary.stored !== events) throw new Error(`${events} events were written, ${summary.stored} of them stored (${summary.rejected} rejected).`);
  const peakBytes = Math.max(sampled, peakMemory());
  const hits = lists === undefined ? 0 : (await handlers.indicators.hits({ text: '', list: 2, limit: 1 }, CONTEXT)).total;
  await engine.close();
  return { hits, seconds, formats: summary.sources.map(({ format }) => format), peakBytes, idleBytes, caseBytes: fs.statSync(caseFile).size };
}

/** From adding the connection until so many messages are stored, or none more come. */
async function kafka(caseFile: string, dataDir: string, broker: string, topic: string, messages: number): Promise<StreamFigures> {
  const engine = open(dataDir);
  const { connectors } = engine.handlers;
  await newCase(engine, caseFile);
  const begun = performance.now();
  const { id } = await connectors.add({ connector: 'kafka', name: '', config: { brokers: [broker], topics: [topic] } }, CONTEXT);
  let seconds = 0;
  let first = { seconds: 0, stored: 0 };
  for (let before = 0, changed = begun; performance.now() - changed < PATIENCE; await sleep(10)) {
    const now = (await connectors.list({}, CONTEXT)).find((one) => one.id === id);
    const stored = now?.stored ?? 0;
    if (now?.state === 'stopped') throw new Error(`The connection stopped: ${now.error}`);
    if (stored > before) {
      seconds = ((changed = performance.now()) - begun) / 1000;
      if (before === 0) first = { seconds, stored };
      before = stored;
    }
    if (stored >= messages) break;
  }
  // What would come twice comes now.
  await sleep(1500);
  const last = (await connectors.list({}, CONTEXT)).find((one) => one.id === id);
  if (last?.stored === 0) throw new Error(`Nothing came: ${last.state}; ${last.error || last.note}`);
  await engine.close();
  return { seconds, first, stored: last?.stored ?? 0, rejected: last?.rejected ?? 0 };
}

async function firstRows(caseFile: string, dataDir: string, path: string): Promise<FirstRowsFigures> {
  const engine = open(dataDir);
  const { handlers } = engine;
  await newCase(engine, caseFile);
  const begun = performance.now();
  const { job } = await handlers.ingest.start({ paths: [path], options: OPTIONS }, CONTEXT);
  const everything: Scope = { query: '', from: null, to: null };
  let rows = 0;
  while (rows < ROWS && performance.now() - begun < PATIENCE) {
    ({ length: rows } = (await handlers.events.page({ scope: everything, order: 'asc', at: { rank: 0 }, limit: ROWS }, CONTEXT)).rows.id);
    if (rows < ROWS) await sleep(2);
  }
  const milliseconds = performance.now() - begun;
  await handlers.ingest.cancel({ job }, CONTEXT);
  await handlers.ingest.finished({ job }, CONTEXT);
  await engine.close();
  return { milliseconds };
}

async function ask(caseFile: string, dataDir: string): Promise<AskFigures> {
  const begun = performance.now();
  const engine = open(dataDir);
  const { events, cases } = engine.handlers;
  const window = (scope: Scope): (() => Promise<WindowReply>) => async () => await events.window({ scope, buckets: BUCKETS, lanes: 'none', maxLanes: 12 }, CONTEXT);
  const page = (query: string, at: { rank: number } | { after: number } = { rank: 0 }): (() => Promise<PageReply>) => async () =>
    await events.page({ scope: { query, from: null, to: null }, order: 'asc', at, limit: ROWS }, CONTEXT);

  const info = await cases.open({ path: caseFile, readOnly: false }, CONTEXT);
  await until(window({ query: '', from: null, to: null }), through);
  const reopen = performance.now() - begun;
  const { from, to } = info;
  if (from === null || to === null) throw new Error('The case is empty.');

  // Every question is asked once only: an answer kept from before would measure nothing.
  const pan = (part: number): Scope => ({ query: '', from: from + (to - from) * 0.01 * part, to: to - (to - from) * 0.007 * part });
  const figures: AskFigures = { reopen, window: [], filtered: [], commonWord: [], rareWord: [], regex: [], regexFirst: [], pages: [] };
  for (let part = 1; part <= 21; part++) figures.window.push((await until(window(pan(part)), through)).last);
  for (const service of SERVICES) figures.filtered.push((await until(window({ query: `severity>=high service:${service}`, from: null, to: null }), through)).last);
  const enough = ({ rows, complete }: PageReply): boolean => complete || rows.id.length >= ROWS;
  for (const [words, into] of [[COMMON_WORDS, figures.commonWord], [RARE_WORDS, figures.rareWord]] as const) {
    for (const word of words) into.push(found(await until(page(word), enough), word).last);
  }
  for (const regex of REGEXES) {
    const { first, last } = found(await until(page(regex), through), regex);
    figures.regex.push(last);
    figures.regexFirst.push(first);
  }
  const random = new Random(1);
  for (let i = 0; i < 300; i++) {
    const jump = await until(page('', { rank: random.below(info.events - 2 * ROWS) }), enough);
    const next = await until(page('', { after: jump.reply.rows.id[ROWS - 1] }), enough);
    if (next.reply.rows.id.length !== ROWS || next.reply.rank !== jump.reply.rank + ROWS) throw new Error(`The page after rank ${jump.reply.rank} begins at ${next.reply.rank}.`);
    figures.pages.push(jump.last, next.last);
  }
  await engine.close();
  return figures;
}

interface Answer<R> {
  first: number;
  last: number;
  reply: R;
}
const through = ({ complete }: Progress): boolean => complete;

/** Asks again while the answer is partial, as the window does. */
async function until<R>(question: () => Promise<R>, enough: (reply: R) => boolean): Promise<Answer<R>> {
  const begun = performance.now();
  let reply = await question();
  const first = performance.now() - begun;
  while (!enough(reply) && performance.now() - begun < PATIENCE) reply = await question();
  return { first, last: performance.now() - begun, reply };
}

function found(answer: Answer<PageReply>, query: string): Answer<PageReply> {
  if (answer.reply.total === 0) throw new Error(`Nothing was found for ${query}: the question measures nothing.`);
  return answer;
}
