/** The analyses over a whole case: seconds and memory of each in a process of its own, beside a plain scan of the same texts in the same minute. */
import fs from 'node:fs';
import path from 'node:path';
import { DEFAULT_RULES } from '../../../src/main/engine/analysis/alerts/default-rules.ts';
import type { Engine } from '../../../src/main/engine/engine.ts';
import { peakMemory } from './memory.ts';
import { count, megabytes, times, type Row } from './table.ts';

const CONTEXT = { signal: new AbortController().signal };
const scope = { query: '', from: null, to: null };
const run = '';
/** What the target of rules is written for; where there are fewer, copies of them under other ids are taken. */
const RULES = 300;

const QUESTIONS: Readonly<Record<string, (handlers: Engine['handlers'], rules: string[]) => Promise<unknown>>> = {
  patterns: async ({ patterns }) => await patterns.list({ scope, other: null, buckets: 48, run }, CONTEXT),
  anomalies: async ({ anomalies }) => await anomalies.find({ scope, run }, CONTEXT),
  'alert rule, back-test': async ({ alerts }) => await alerts.backtest({ rule: DEFAULT_RULES[0], from: null, to: null, buckets: 100, run }, CONTEXT),
  correlation: async ({ correlation }) => await correlation.find({ scope, kinds: [], run }, CONTEXT),
  'threat analysis': async ({ threat }) => await threat.overview({ scope, limit: 100, run }, CONTEXT),
  services: async ({ services }) => await services.get({ scope, buckets: 60, run }, CONTEXT),
  'root cause': async ({ rootCause }) => await rootCause.rank({ at: null, normal: null, run }, CONTEXT),
  triage: async ({ models }) => await models.triage({ scope, limit: 100, run }, CONTEXT),
  'statistics of latency by service': async ({ statistics }) => await statistics.compare({ scope, field: 'latency_ms', by: 'service', part: null, run }, CONTEXT),
  [`Sigma, ${RULES} rules`]: async ({ sigma }, rules) => await sigma.detect({ paths: rules, scope, run }, CONTEXT),
  'EventID:4625, which no event has': async ({ events }) => await events.count({ scope: { ...scope, query: 'EventID:4625' }, limit: 1 }, CONTEXT),
};

export interface AnalyseFigures {
  seconds: number;
  /** looking through all messages with an expression that none matches */
  scanSeconds: number;
  peakBytes: number;
}

/** Asks one question of a case that is opened for it. */
export async function analyse(engine: Engine, caseFile: string, question: string, rules: string[]): Promise<AnalyseFigures> {
  const { handlers } = engine;
  await handlers.cases.open({ path: caseFile, readOnly: false }, CONTEXT);
  const timed = async (ask: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await ask();
    return (performance.now() - begun) / 1000;
  };
  // Everything is in memory then, and the worker for analyses is up.
  await handlers.events.count({ scope, limit: 1 }, CONTEXT);
  await handlers.services.get({ scope: { ...scope, query: 'service:nobody' }, buckets: 1, run }, CONTEXT);
  const scanSeconds = await timed(async () => await handlers.events.count({ scope: { ...scope, query: '/(no such|text)$^/' }, limit: 1 }, CONTEXT));
  let sampled = 0;
  const sampling = setInterval(() => (sampled = Math.max(sampled, process.memoryUsage.rss())), 50);
  const seconds = await timed(async () => await QUESTIONS[question](handlers, rules));
  clearInterval(sampling);
  await engine.close();
  return { seconds, scanSeconds, peakBytes: Math.max(sampled, peakMemory()) };
}

/** A folder of so many rules, made of those in `data`; null when there are none. */
function ruleFolder(folder: string, data: string): string | null {
  const from = path.join(data, 'security', 'sigma-rules');
  const texts = fs.existsSync(from) ? fs.readdirSync(from).filter((file) => file.endsWith('.yml')).sort().map((file) => fs.readFileSync(path.join(from, file), 'utf8')) : [];
  if (texts.length === 0) return null;
  const into = path.join(folder, 'sigma-rules');
  fs.mkdirSync(into, { recursive: true });
  for (let i = 0; i < RULES; i++) fs.writeFileSync(path.join(into, `${i}.yml`), texts[i % texts.length].replace(/^id: .*$/m, `id: 00000000-0000-4000-8000-${String(i).padStart(12, '0')}`));
  return into;
}

/** @param ask puts one question in a process of its own */
export async function measureAnalyses(folder: string, events: number, data: string, ask: (question: string, rules: string[]) => Promise<AnalyseFigures>): Promise<Row[]> {
  const rules = ruleFolder(folder, data);
  const rows: Row[] = [];
  for (const question of Object.keys(QUESTIONS)) {
    if (question.startsWith('Sigma') && rules === null) continue;
    const { seconds, scanSeconds, peakBytes } = await ask(question, rules === null ? [] : [rules]);
    rows.push({ what: `${question}, ${count(events)} events`, value: null, figure: `${seconds.toFixed(1)} s`, better: 'less', note: `${times(seconds / scanSeconds)} the ${scanSeconds.toFixed(1)} s of looking through all messages; peak ${megabytes(peakBytes)}` });
  }
  return rows;
}
