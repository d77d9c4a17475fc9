/**
 * Root causes: each case is read by the engine and ranked by the analysis, as a person would do it. TrainTicket's cases (logs, traces and
 * metrics of Nezha's data) are asked with the time of the injection; each sock shop's two tables are asked without any time. Nothing but the
 * folder of a case is read: the fault-free recordings beside them are not used.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createEngine } from '../../../src/main/engine/engine.ts';
import type { AccuracyGroup, AccuracyLine } from './line.ts';

const context = { signal: new AbortController().signal };
const LADDER = [1, 3, 5] as const;

interface Labelled {
  folder: string;
  service: string;
  /** microseconds UTC, null = not given */
  at: number | null;
}

/** Rank of the true service, 0 = not among the suspects. */
async function rankOf({ folder, service, at }: Labelled): Promise<number> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-rootcause-'));
  const engine = createEngine({ dataDir: path.join(work, 'data'), toolVersion: 'bench', user: 'bench' });
  try {
    await engine.handlers.cases.create({ path: path.join(work, 'x.tidemark') }, context);
    const { job } = await engine.handlers.ingest.start({ paths: [folder], options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 } }, context);
    await engine.handlers.ingest.finished({ job }, context);
    const { suspects } = await engine.handlers.rootCause.rank({ at, normal: null, run: '' }, context);
    return suspects.findIndex((suspect) => suspect.service === service) + 1;
  } finally {
    await engine.close();
    fs.rmSync(work, { recursive: true, force: true });
  }
}

async function measure(cases: readonly Labelled[]): Promise<{ share: Record<(typeof LADDER)[number], number>; wrong: string[] }> {
  const ranks: number[] = [];
  for (const one of cases) ranks.push(await rankOf(one));
  const share = (k: number): number => (100 * ranks.filter((rank) => rank > 0 && rank <= k).length) / ranks.length;
  return { share: { 1: share(1), 3: share(3), 5: share(5) }, wrong: cases.flatMap(({ folder }, i) => (ranks[i] === 1 ? [] : [`${path.basename(path.dirname(folder))}/${path.basename(folder)} at ${ranks[i] || 'none'}`])) };
}

const TRAINTICKET_PEERS: Readonly<Record<number, { name: string; value: number }[]>> = {
  1: [{ name: 'Nezha (45 faults)', value: 86.67 }, { name: 'MicroRCA', value: 20 }, { name: 'MicroScope', value: 17.78 }, { name: 'MicroRank', value: 15.56 }, { name: 'TraceAnomaly', value: 13.33 }],
  3: [{ name: 'Nezha (45 faults)', value: 97.78 }, { name: 'MicroRCA', value: 31.11 }, { name: 'TraceAnomaly', value: 28.89 }],
  5: [{ name: 'Nezha (45 faults)', value: 97.78 }, { name: 'MicroRCA', value: 44.44 }],
};
const SOCKSHOP_PEERS: Readonly<Record<number, { name: string; value: number }[]>> = { 1: [{ name: 'N-sigma (20 cases)', value: 25 }], 3: [{ name: 'N-sigma (20 cases)', value: 75 }], 5: [{ name: 'N-sigma (20 cases)', value: 85 }] };

function trainTicket(folder: string): Labelled[] {
  const truth = path.join(folder, 'faults.json');
  if (!fs.existsSync(truth)) return [];
  const faults = JSON.parse(fs.readFileSync(truth, 'utf8')) as { case: string; service: string; inject_epoch: number }[];
  return faults.map((fault) => ({ folder: path.join(folder, fault.case), service: fault.service, at: fault.inject_epoch * 1e6 })).filter((one) => fs.existsSync(one.folder));
}
function sockShop(folder: string): Labelled[] {
  const truth = path.join(folder, 'labels.json');
  if (!fs.existsSync(truth)) return [];
  const labels = JSON.parse(fs.readFileSync(truth, 'utf8')) as { case: string; service: string }[];
  return labels.map((label) => ({ folder: path.join(folder, label.case), service: label.service, at: null })).filter((one) => fs.existsSync(one.folder));
}

export const rootCause: AccuracyGroup = {
  id: 'rootcause',
  folder: 'rca',
  async run(folder) {
    const lines: AccuracyLine[] = [];
    const tell = async (name: string, cases: Labelled[], bars: Readonly<Record<number, { must?: number; aim?: number }>>, peers: typeof SOCKSHOP_PEERS, note: string): Promise<void> => {
      if (cases.length === 0) return;
      const { share, wrong } = await measure(cases);
      for (const k of LADDER) {
        lines.push({ what: `${name}, true service among the first ${k} (${cases.length} cases)`, ours: share[k], unit: '%', ...bars[k], higherIsBetter: true, peers: peers[k] ?? [], ...(k === 1 && { note: `${note}${wrong.length === 0 ? '' : ` Not first: ${wrong.join(', ')}.`}` }) });
      }
    };
    await tell('TrainTicket', trainTicket(path.join(folder, 'trainticket')), { 1: { must: 60, aim: 90 }, 3: { must: 85 } }, TRAINTICKET_PEERS, 'Four kinds of injected faults in one system; on such sets simple rules come far (Fang et al., arXiv 2510.04711), on harder ones the best of eleven methods finds 37 %.');
    await tell('Sock shop, metrics only, no time given', sockShop(path.join(folder, 'sockshop')), { 1: { must: 26, aim: 60 } }, SOCKSHOP_PEERS, 'Processor and memory are used up on purpose: the service that does it stands out by far.');
    return lines;
  },
};
