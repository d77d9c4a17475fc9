/**
 * Triage with a responder that marks ten alerts and ten other events of a log that says of each line whether it was an alert: how well the
 * model puts the other alerts in front. The label is in the lines; no feature reads it (features are of pattern, names, time and counts).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createEngine } from '../../../src/main/engine/engine.ts';
import { averagePrecision, rocAuc } from '../../../src/main/engine/analysis/models/metrics.ts';
import { Random } from '../../../src/main/engine/analysis/models/random.ts';
import type { AccuracyGroup, AccuracyLine } from './line.ts';

const MARKS = 10;
const RESPONDERS = 5;
const SCORED_AT_ONCE = 1000;
const context = { signal: new AbortController().signal };

/** Logs whose structured table has a column Label: '-' is no alert. */
function labelled(folder: string): { log: string; alert: boolean[] }[] {
  const tables = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log_structured.csv')).sort();
  return tables.flatMap((name) => {
    const table = path.join(folder, name);
    const log = table.replace(/_structured\.csv$/, '');
    const [head, ...lines] = fs.readFileSync(table, 'utf8').trimEnd().split(/\r?\n/);
    // It is the second of them, before anything that may have commas.
    if (head.split(',')[1] !== 'Label' || !fs.existsSync(log)) return [];
    return [{ log, alert: lines.map((line) => line.split(',')[1] !== '-') }];
  });
}

async function measure(log: string, alert: readonly boolean[]): Promise<{ auc: number; ap: number; unseen: number; severityAuc: number; severityAp: number; share: number; told: number; train: number; page: number }> {
  const sums = { auc: 0, ap: 0, unseen: 0, severityAuc: 0, severityAp: 0, share: 0, told: 0, train: 0, page: 0 };
  for (let responder = 0; responder < RESPONDERS; responder++) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-triage-'));
    const engine = createEngine({ dataDir: path.join(folder, 'data'), toolVersion: 'bench', user: 'bench' });
    try {
      const { cases, ingest, events, models } = engine.handlers;
      await cases.create({ path: path.join(folder, 'x.tidemark') }, context);
      const { job } = await ingest.start({ paths: [log], options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 } }, context);
      await ingest.finished({ job }, context);
      // Events stand in the order of the lines.
      const ids: number[] = [];
      const severity: number[] = [];
      const patterns: string[] = [];
      for (let i = 0; i < alert.length; i += SCORED_AT_ONCE) {
        const page = await events.page({ scope: { query: '', from: null, to: null }, order: 'asc', at: { rank: i }, limit: SCORED_AT_ONCE, columns: ['template'] }, context);
        ids.push(...page.rows.id);
        severity.push(...page.rows.severity);
        patterns.push(...page.extra[0]);
      }
      if (ids.length !== alert.length) throw new Error(`${ids.length} events of ${alert.length} lines`);
      const order = ids.map((_, i) => i).sort((a, b) => ids[a] - ids[b]);
      const truth = new Map(order.map((place, line) => [ids[place], alert[line]]));
      const random = new Random(responder + 1);
      const shuffled = random.shuffle(order.slice());
      const chosen = [true, false].flatMap((relevant) => shuffled.filter((i) => truth.get(ids[i]) === relevant).slice(0, MARKS));
      for (const relevant of [true, false]) await models.mark({ eventIds: chosen.filter((i) => truth.get(ids[i]) === relevant).map((i) => ids[i]), relevant }, context);
      let begun = performance.now();
      const model = await models.train({ run: '' }, context);
      sums.train += (performance.now() - begun) / RESPONDERS;
      const rest = order.filter((i) => !chosen.includes(i));
      const score = new Map<number, number>();
      begun = performance.now();
      for (let i = 0; i < rest.length; i += SCORED_AT_ONCE) {
        for (const { event, score: value } of await models.score({ eventIds: rest.slice(i, i + SCORED_AT_ONCE).map((k) => ids[k]) }, context)) score.set(event, value);
      }
      sums.page += (performance.now() - begun) / (rest.length / 200) / RESPONDERS;
      const y = rest.map((i) => Number(truth.get(ids[i])));
      const scores = rest.map((i) => score.get(ids[i]) ?? 0);
      const seen = new Set(chosen.map((i) => patterns[i]));
      const fresh = rest.filter((i) => !seen.has(patterns[i]));
      sums.auc += rocAuc(scores, y) / RESPONDERS;
      sums.ap += averagePrecision(scores, y) / RESPONDERS;
      sums.unseen += rocAuc(fresh.map((i) => score.get(ids[i]) ?? 0), fresh.map((i) => Number(truth.get(ids[i])))) / RESPONDERS;
      sums.severityAuc += rocAuc(rest.map((i) => severity[i]), y) / RESPONDERS;
      sums.severityAp += averagePrecision(rest.map((i) => severity[i]), y) / RESPONDERS;
      sums.share += y.reduce((sum, value) => sum + value, 0) / y.length / RESPONDERS;
      sums.told += (model.figures.rocAuc ?? 0.5) / RESPONDERS;
    } finally {
      await engine.close();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  return sums;
}

export const triage: AccuracyGroup = {
  id: 'triage',
  folder: 'log-parsing',
  async run(folder) {
    const lines: AccuracyLine[] = [];
    for (const { log, alert } of labelled(folder)) {
      const name = path.basename(log, '.log');
      const { auc, ap, unseen, severityAuc, severityAp, share, told, train, page } = await measure(log, alert);
      lines.push(
        { what: `${name}: alerts before other events, ${MARKS} of each marked, mean of ${RESPONDERS} responders`, ours: auc, unit: 'ROC AUC', higherIsBetter: true, peers: [{ name: 'by severity', value: severityAuc }, { name: 'guessing', value: 0.5 }], note: `The program itself told its user ${told.toFixed(3)}, by events of patterns that were kept apart. Training takes ${train.toFixed(0)} ms.` },
        { what: `${name}: the same, as average precision`, ours: ap, unit: '', higherIsBetter: true, peers: [{ name: 'by severity', value: severityAp }, { name: 'guessing', value: share }] },
        { what: `${name}: events of patterns none of which was marked`, ours: unseen, unit: 'ROC AUC', higherIsBetter: true, peers: [{ name: 'guessing', value: 0.5 }] },
        { what: `${name}: scores and reasons of a page of 200 events`, ours: page, unit: 'ms', must: 100, higherIsBetter: false, peers: [] },
      );
    }
    return lines;
  },
};
